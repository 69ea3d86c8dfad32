//! What Canvas and Moodle take, and what has changed since an earlier gradebook.

use std::fs;
use std::path::Path;

use crate::material::{course, grade, place};
use crate::verdicts::{put, verdict};

/// A table of this folder, by Canvas's and Moodle's own rule: cells between commas.
fn table(out: &Path, name: &str) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(out.join(name)).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn row<'a>(table: &'a [Vec<String>], cell: &str) -> &'a [String] {
    table.iter().find(|row| row.iter().any(|other| other == cell)).unwrap()
}

#[test]
fn canvas_and_moodle_get_the_points_of_the_gradebook() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let names = ["doejane_901_77_course", "Zoe Kim_12345_assignsubmission_file_", "ray"];
    for (name, marks) in names.iter().zip(["PPPPPPP", "PPF", "PP?"]) {
        let mut own = verdict(&course, name, &[("1", marks)]);
        if *name == names[1] {
            // What the code printed on rows that nobody has seen is not for the student.
            let gate = &mut own["lessons"][0]["gates"][2];
            gate["seed"] = 2.into();
            gate["reason"] = "on data that it has not seen before, it panicked: SECRET".into();
        }
        put(&out, name, &own);
    }
    let roster = "Student,ID,SIS User ID,SIS Login ID,Section\n\
        \"Doe, Jane\",901,s1,jdoe,A\n\"Kim, Zoe\",902,s2,zkim@x.org,A\n\
        \"=Ray, Bo\",903,s3,ray,A\n\"Fox, Cy\",904,s4,cfox,A\n";
    place(folder.path(), "roster.csv", roster.as_bytes());
    place(folder.path(), "policy.toml", b"[lesson.1]\nweight = 3.5\ncolumn = 'Lesson 1 (4711)'\n");
    let worksheet = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
        Last modified (submission),Last modified (grade),Feedback comments\n\
        \"Participant 12345\",\"Zoe Kim\",zkim@x.org,\"Submitted\",,3.50,Yes,\"Friday, 1 May 2026\",-,\n\
        \"Participant 99\",\"Old Hand\",old@x.org,,2.00,3.50,Yes,-,\"Friday, 1 May 2026\",\"kept, as it is\"\n";
    place(folder.path(), "worksheet.csv", worksheet.as_bytes());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (dir, roster, policy, sheet) =
        (path("out"), path("roster.csv"), path("policy.toml"), path("worksheet.csv"));
    let book = ["--book", &dir, "--policy", &policy, "--format", "canvas,moodle,csv"];
    let files = ["--roster", &roster, "--worksheet", &sheet];
    let output = grade(&[&book[..], &files].concat());
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("moodle-worksheet.csv: 1 rows have a grade."), "{said}");
    assert!(said.contains("Without a row in it (1): Doe, Jane"), "{said}");

    let canvas = table(&out, "canvas.csv");
    assert_eq!(canvas[0], ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 1 (4711)"]);
    assert_eq!(canvas[1], ["    Points Possible", "", "", "", "", "3.5"]);
    assert_eq!(row(&canvas, "901"), ["Doe, Jane", "901", "s1", "jdoe", "A", "3.5"]);
    assert_eq!(row(&canvas, "902")[5], "1");
    assert_eq!(row(&canvas, "903")[5], "", "a grader error is not a zero");
    assert_eq!(row(&canvas, "903")[0], "'=Ray, Bo");
    assert_eq!(row(&canvas, "904")[5], "", "and neither is what is not there");
    let moodle = table(&out, "moodle.csv");
    assert_eq!(moodle[0], ["username", "email", "idnumber", "Lesson 1 (4711)", "Lesson 1 (4711) feedback"]);
    let zoe = row(&moodle, "902");
    assert_eq!(zoe[3], "1");
    assert!(zoe[4].starts_with("on new data") || zoe[4].starts_with("gate 3: on new data"));
    assert_eq!(row(&moodle, "903")[3..], ["", ""], "feedback alone would delete a grade");
    let sheet = table(&out, "moodle-worksheet.csv");
    assert_eq!(sheet[1][4], "1");
    assert!(sheet[1][9].starts_with("01-database: 1 of 3.5: gate 3: "), "{:?}", sheet[1]);
    assert_eq!(sheet[2][4..], ["2.00", "3.50", "Yes", "-", "Friday, 1 May 2026", "kept, as it is"]);
    for name in ["canvas.csv", "moodle.csv", "moodle-worksheet.csv"] {
        assert!(!fs::read_to_string(out.join(name)).unwrap().contains("SECRET"), "{name}");
    }
    // The same number everywhere.
    let gradebook = table(&out, "gradebook.csv");
    assert_eq!(row(&gradebook, "902")[5..8], ["1", "0", "1"]);

    for (arguments, why) in [
        (vec!["--book", &dir, "--format", "canvas"], "--roster roster.csv"),
        (
            vec!["--book", &dir, "--roster", &roster, "--worksheet", &roster],
            "has no column `Identifier`, but `Student`",
        ),
        (
            vec!["--book", &dir, "--roster", &roster, "--worksheet", &path("worksheet.csv")],
            "worksheet.csv:2: counts 3.5, and the lessons here count 7",
        ),
    ] {
        let output = grade(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why), "{why}\n{said}");
    }
}

#[test]
fn a_comparison_shows_whose_points_changed_and_why() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    for (name, old, new) in [("ann", "PPF", "PPP"), ("bob", "PPP", "PPP"), ("cy", "PP?", "PPF")] {
        put(&before, name, &verdict(&course, name, &[("1", old)]));
        put(&after, name, &verdict(&course, name, &[("1", new)]));
    }
    put(&before, "dee", &verdict(&course, "dee", &[("1", "P")]));
    let [old, new] = [&before, &after].map(|path| path.display().to_string());
    let output = grade(&["--book", &new, "--compare", &old]);
    assert_eq!(output.status.code(), Some(0));
    let changes = table(&after, "changes.csv");
    let changes: Vec<_> = changes.iter().map(|row| row.join("|")).collect();
    assert_eq!(
        changes,
        [
            "id|name|lesson|before|after|why",
            "ann|ann|01-database|2|3|gate 3: FAIL → PASS",
            "cy|cy|01-database|?|2|gate 3: GRADER_ERROR → FAIL",
            "dee|dee|01-database|1||not graded any more",
        ]
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("changes.csv: 3 lessons of students have changed."), "{said}");
    let rows: Vec<Vec<_>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.contains(&vec!["Student", "Lesson", "Before", "After", "Why"]), "{said}");
    assert!(rows.contains(&"ann 01-database 2 3 gate 3: FAIL → PASS".split(' ').collect()), "{said}");
    assert!(rows.contains(&"dee 01-database 1 – not graded any more".split(' ').collect()), "{said}");
}
