//! What is compared to find copies: what each student has written, and nothing that was given.

use std::fs;
use std::path::Path;

use crate::material::{completed, course, grade, place, untouched, write};
use crate::verdicts::{put, verdict};

/// The table of a dataset: by file, the name that is shown.
fn table(folder: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(folder.join("info.csv")).unwrap();
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        ["filename", "full_name", "label", "created_at", "submission", "ignored"]
    );
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn code_that_was_handed_out_does_not_count_as_copied() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    let (crud, models) = (course.lesson("5").unwrap(), course.lesson("3").unwrap());
    let right = completed(&course, crud);
    for name in ["right", "=1+1", "moved"] {
        write(&all.join(name), &right);
    }
    write(&all.join("right"), &completed(&course, models));
    write(&all.join("untouched"), &untouched(&course, crud));
    place(&all, "cut.zip", b"PK\x03\x04");
    // One has moved what was given to a file of their own, and adds a line.
    let file = "lessons/05-crud/src/books.rs";
    let given = untouched(&course, crud)[Path::new(file)].clone();
    fs::remove_file(all.join("moved").join(file)).unwrap();
    let own = format!("{given}\nfn my_own(of: &str) -> usize {{ of.len() }}\n");
    place(&all, "moved/lessons/05-crud/src/other.rs", own.as_bytes());
    for name in ["right", "=1+1", "moved", "untouched", "cut"] {
        put(&out, name, &verdict(&course, name, &[("3", "P"), ("5", "P")]));
    }
    place(
        folder.path(),
        "roster.csv",
        b"id,name,section,handed_in,folder\n1,Ann @1,A,2026-05-01T12:00:00Z,right\n2,Bob,B,,moved\n",
    );
    let [dir, submissions, roster] =
        [&out, &all, &folder.path().join("roster.csv")].map(|path| path.display().to_string());
    let arguments = ["--book", &dir, "--format", "dolos", "--roster", &roster];
    let refused = grade(&arguments);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--submissions"));
    let arguments = [&arguments[..], &["--submissions", &submissions]].concat();
    assert_eq!(grade(&arguments).status.code(), Some(0));

    let rust = out.join("dolos/05-crud");
    let rows = table(&rust);
    let shown: Vec<_> =
        rows.iter().map(|row| [&row[1], &row[4], &row[2], &row[5]].map(String::as_str)).collect();
    assert_eq!(
        shown,
        [
            ["given", "", "", "true"],
            ["'=1+1", "'=1+1", "", ""],
            ["Bob", "moved", "B", ""],
            ["Ann @1", "right", "A", ""],
        ]
    );
    assert_eq!(rows[3][3], "2026-05-01T12:00:00Z");
    let read = |row: &[String]| fs::read_to_string(rust.join(&row[0])).unwrap();
    let solution = &right[Path::new(file)];
    let written = read(&rows[3]);
    assert!(!written.trim().is_empty() && written == read(&rows[1]));
    let given_lines: Vec<_> = given.lines().map(str::trim).filter(|line| line.len() > 3).collect();
    for line in written.lines() {
        assert!(solution.contains(line), "`{line}` is what they have written");
        assert!(!given_lines.contains(&line.trim()), "`{line}` was given");
    }
    assert!(written.contains("insert_into") && !written.contains("todo!") && !written.contains("pub fn"));
    assert_eq!(read(&rows[2]).trim(), "fn my_own(of: &str) -> usize { of.len() }");
    let template = read(&rows[0]);
    assert!(template.contains(given.trim()) && template.contains(solution.trim()));

    // Migrations are SQL, and so apart from Rust.
    let sql = table(&out.join("dolos/03-models-text"));
    assert_eq!(sql.len(), 2);
    let text = fs::read_to_string(out.join("dolos/03-models-text").join(&sql[1][0])).unwrap();
    assert!(text.contains("PRIMARY KEY") && sql[0][0] == "given.txt", "{text}");
    assert!(!out.join("dolos/05-crud-text").exists(), "nobody has written any");

    // What is written again holds nothing of before.
    fs::remove_dir_all(all.join("=1+1")).unwrap();
    assert_eq!(grade(&arguments).status.code(), Some(0));
    assert_eq!(table(&rust).len(), 3);
    assert_eq!(fs::read_dir(&rust).unwrap().count(), 4);
}

#[test]
fn a_file_that_is_expensive_to_compare_is_compared_quickly() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    write(&all.join("eve"), &completed(&course, course.lesson("5").unwrap()));
    // As many lines as fit, in which those of the skeleton are far apart.
    let given = &untouched(&course, course.lesson("5").unwrap())[Path::new("lessons/05-crud/src/books.rs")];
    let lines: Vec<_> = given.lines().collect();
    let own: String = (0..30_000)
        .map(|at| format!("{}\n", if at % 2 == 0 { lines[at % lines.len()] } else { "x" }))
        .collect();
    place(&all, "eve/lessons/05-crud/src/books.rs", &own.as_bytes()[..own.len().min(250 << 10)]);
    put(&out, "eve", &verdict(&course, "eve", &[("5", "P")]));
    let [dir, submissions] = [&out, &all].map(|path| path.display().to_string());
    let arguments = ["--book", &dir, "--format", "dolos", "--submissions", &submissions];
    assert_eq!(grade(&arguments).status.code(), Some(0));
    assert!(out.join("dolos/05-crud/info.csv").is_file());
}
