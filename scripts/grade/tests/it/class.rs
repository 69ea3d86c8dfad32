//! A class's roster, policy and points by hand: what they say, and what is said where they make no sense.

use std::fs;
use std::path::{Path, PathBuf};

use grade::class::attempt::State;
use grade::class::grades::{Grades, Student};
use grade::class::record::Record;
use grade::class::rules::Rules;
use kata::course::Course;

use crate::material::course;
use crate::verdicts::verdict;

fn record(course: &Course, name: &str, lessons: &[(&str, &str)]) -> Record {
    Record::of(name, &serde_json::from_value(verdict(course, name, lessons)).unwrap())
}

/// The files of a class in a folder of their own; an empty text is no file.
struct Files {
    folder: tempfile::TempDir,
    paths: [Option<PathBuf>; 3],
}

impl Files {
    fn new(roster: &str, policy: &str, overrides: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            (!text.is_empty()).then_some(path)
        };
        let paths =
            [place("roster.csv", roster), place("policy.toml", policy), place("overrides.toml", overrides)];
        Self { folder, paths }
    }

    fn rules(&self, course: &Course) -> Result<Rules, String> {
        let [roster, policy, overrides] = self.paths.each_ref().map(Option::as_deref);
        let shown = |error: grade::class::fault::Fault| {
            error
                .to_string()
                .replace(&format!("{}{}", self.folder.path().display(), std::path::MAIN_SEPARATOR), "")
        };
        Rules::read(roster, policy, overrides, course).map_err(shown)
    }
}

/// The grades of these records by these files.
fn grades(
    course: &Course,
    [roster, policy, overrides]: [&str; 3],
    records: Vec<Record>,
) -> Result<Grades, String> {
    let files = Files::new(roster, policy, overrides);
    let rules = files.rules(course)?;
    Grades::of(&rules, records, course).map_err(|error| error.to_string())
}

fn student<'a>(grades: &'a Grades, id: &str) -> &'a Student {
    grades.students.iter().find(|student| student.person.id == id).unwrap()
}

/// Raw, penalty and final.
fn total(grades: &Grades, id: &str) -> Option<[String; 3]> {
    let total = student(grades, id).total?;
    Some([total.raw, total.penalty, total.points()].map(|points| points.to_string()))
}

const ROSTER: &str = "id;name;email;folder\nann;Ann Lee;ann@x.org;\nbob;Bob Ray;;\ncy;Cy Fox;;\n";

#[test]
fn a_roster_says_who_is_missing_and_whose_folder_is_nobodys() {
    let course = course();
    let records = ["Ann Lee_12345_assignsubmission_file_", "bob", "zoe"];
    let records = records.map(|name| record(&course, name, &[("1", "PPP")])).into();
    let grades = grades(&course, [ROSTER, "", ""], records).unwrap();
    let missing: Vec<_> = grades.missing().map(|student| student.person.id.as_str()).collect();
    assert_eq!(missing, ["cy"]);
    let strays: Vec<_> = grades.strays().map(|student| student.person.id.as_str()).collect();
    assert_eq!(strays, ["zoe"]);
    assert_eq!(total(&grades, "ann"), Some(["3", "0", "3"].map(str::to_owned)));
    assert_eq!(total(&grades, "cy"), None, "nothing is no zero");
    let grades =
        self::grades(&course, [ROSTER, "missing = 'zero'", ""], vec![record(&course, "bob", &[("1", "P")])]);
    assert_eq!(total(&grades.unwrap(), "cy"), Some(["0", "0", "0"].map(str::to_owned)));
}

#[test]
fn a_time_is_the_platforms_and_no_part_of_a_file_that_a_student_has_named() {
    let course = course();
    let policy = "due = 2026-05-01T12:00:00Z\nzone = 'UTC'\n[late]\nper_day = 10";
    let early = "HW1_x_attempt_2020-01-01-00-00-00_x";
    let status = |names: &[&str]| {
        let records = names.iter().map(|name| record(&course, name, &[("1", "PPP")])).collect();
        let grades = grades(&course, [ROSTER, policy, ""], records).unwrap();
        let ann = student(&grades, "ann");
        assert_eq!(ann.records, [0], "{names:?}");
        ann.handed_in().map(|moment| moment.to_string()[..10].to_owned())
    };
    let late = format!("HW1_ann_attempt_2026-05-09-12-00-00_{early}");
    assert_eq!(status(&[&late]).as_deref(), Some("2026-05-09"));
    for name in
        ["Ann Lee_12_assignsubmission_file_", "leeann_9_10_", "1-2 - Ann Lee - May 1, 2026 1200 PM - "]
    {
        assert_eq!(status(&[&format!("{name}{early}")]), None, "{name}");
    }
    // Among folders that Blackboard has not named, its form is what somebody has typed.
    let roster_names = ["HW1_ann_attempt_2020-01-01-00-00-00_x", "bob", "cy"];
    assert_eq!(status(&roster_names), None);
}

#[test]
fn lists_of_platforms_are_rosters() {
    let course = course();
    for roster in [
        "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (77)\n    Points Possible,,,,,7\n\
         \"Lee, Ann\",901234,s-1,alee,Rust 1,\n",
        "\u{feff}First name,Last name,ID number,Email address\r\nAnn,Lee,901234,ann@x.org\r\n",
        "\"identifier\",\"github_username\",\"github_id\",\"name\"\n\"901234\",\"alee\",\"5\",\"Ann Lee\"\n",
        "username\tname\n901234\tAnn Lee\n",
    ] {
        let records = vec![record(&course, "leeann_901234_55_course", &[("1", "PP")])];
        let grades = grades(&course, [roster, "", ""], records).unwrap();
        assert_eq!(total(&grades, "901234"), Some(["2", "0", "2"].map(str::to_owned)), "{roster}");
        assert!(!student(&grades, "901234").person.forms_of_name.is_empty(), "{roster}");
    }
}

#[test]
fn weights_lateness_extensions_and_points_by_hand_make_three_numbers() {
    let course = course();
    let policy = "
        zone = 'Europe/Berlin'
        due = 2026-05-01T23:59:00
        grace = '15 min'
        [late]
        per_day = 10
        most = 25
        closed_after = '7 days'
        [lesson.1]
        weight = 10.5
        gates = { 1 = 0 }
        [lesson.05-crud]
        due = 2026-06-01T23:59:00
        [[extension]]
        student = 'CY'
        due = 2026-05-03T23:59:00
        why = 'ill'
        [handed_in]
        bob = 2026-05-03T00:10:00
        cy = 2026-05-03T00:10:00
        ann = 2026-05-02T00:13:00
        dan = 2026-05-05T12:00:00
        eve = 2026-05-09T12:00:00
        ";
    let roster = "id\nann\nbob\ncy\ndan\neve\n";
    let overrides = "
        [[override]]
        student = 'dan'
        lesson = 'crud'
        gate = '2'
        points = 1
        why = 'The gate was wrong about NULL'
        who = 'Prof. Kim'
        [[override]]
        student = 'eve'
        lesson = 5
        points = 4
        why = 'Shown in class'
        who = 'Prof. Kim'
        ";
    let overrides = overrides.replace("lesson = 5", "lesson = '5'");
    let lessons = [("1", "PPPP"), ("5", "P")];
    let records = ["ann", "bob", "cy", "dan", "eve"].map(|name| record(&course, name, &lessons)).into();
    let grades = grades(&course, [roster, policy, &overrides], records).unwrap();
    // Three of six gates that count are half of 10.5; and one of lesson 5.
    for (id, expected) in [
        ("ann", ["6.25", "0", "6.25"]),
        // A day and eleven minutes late: two days of 5.25. Half a hundredth counts as one.
        ("bob", ["6.25", "1.05", "5.2"]),
        ("cy", ["6.25", "0", "6.25"]),
        ("dan", ["7.25", "1.31", "5.94"]),
        ("eve", ["9.25", "5.25", "4"]),
    ] {
        assert_eq!(total(&grades, id), Some(expected.map(str::to_owned)), "{id}");
        let student = student(&grades, id);
        let sum: grade::class::points::Points = student.lessons.iter().map(|lesson| lesson.points()).sum();
        assert_eq!(sum.to_string(), expected[2], "{id}");
    }
    assert_eq!(student(&grades, "bob").status(), "late");
    assert_eq!(student(&grades, "ann").status(), "graded", "within the grace");
    let given = &student(&grades, "dan").lessons[1].by_hand[0];
    assert_eq!((given.why.as_str(), given.who.as_str()), ("The gate was wrong about NULL", "Prof. Kim"));
    assert_eq!(given.before.map(|points| points.to_string()).as_deref(), Some("0"));
}

#[test]
fn an_extension_gives_more_time_and_never_less() {
    let course = course();
    let policy = |extensions: &str| {
        format!(
            "due = 2026-05-01T12:00:00Z\n[late]\nper_day = 10\n[lesson.5]\ndue = 2026-06-01T12:00:00Z\n{extensions}"
        )
    };
    let extension = |lesson: &str, due: &str| {
        let lesson = if lesson.is_empty() { String::new() } else { format!("lesson = '{lesson}'\n") };
        format!("[[extension]]\nstudent = 'ann'\n{lesson}due = {due}\nwhy = 'ill'\n")
    };
    let times = "[handed_in]\nann = 2026-05-20T12:00:00Z\n";
    for (extensions, penalty) in [
        (String::new(), "3"),
        // For all lessons, and earlier than one of them is due.
        (extension("", "2026-05-25T12:00:00Z"), "0"),
        // Of two, the later one.
        ([extension("1", "2026-05-02T12:00:00Z"), extension("", "2026-05-25T12:00:00Z")].concat(), "0"),
        ([extension("1", "2026-05-25T12:00:00Z"), extension("", "2026-05-02T12:00:00Z")].concat(), "0"),
        (extension("1", "2026-05-18T13:00:00Z"), "0.6"),
    ] {
        let records = vec![record(&course, "ann", &[("1", "PPP"), ("5", "PPP")])];
        let grades =
            grades(&course, ["id\nann\n", &policy(&(extensions.clone() + times)), ""], records).unwrap();
        let lessons = &student(&grades, "ann").lessons;
        assert_eq!(lessons[0].penalty.to_string(), penalty, "{extensions}");
        assert_eq!(lessons[1].penalty.to_string(), "0", "{extensions}");
        assert!(lessons[1].extended.is_none(), "{extensions}");
    }
    for (lesson, due, why) in [
        (
            "1",
            "2026-04-30T12:00:00Z",
            "gives no more time: lesson 01-database is due at 2026-05-01 12:00 UTC",
        ),
        ("5", "2026-05-25T12:00:00Z", "gives no more time: lesson 05-crud is due at 2026-06-01 12:00 UTC"),
        ("", "2026-04-30T12:00:00Z", "gives no more time: nothing is due before 2026-05-01 12:00 UTC"),
    ] {
        let error = Files::new(ROSTER, &policy(&extension(lesson, due)), "").rules(&course).err().unwrap();
        assert!(error.starts_with("policy.toml:7: ") && error.contains(why), "{error}");
    }
    let error = Files::new(ROSTER, &extension("", "2026-04-30T12:00:00Z"), "").rules(&course).err().unwrap();
    assert!(error.contains("gives no more time: nothing is due"), "{error}");
}

#[test]
fn a_late_day_is_a_day_on_the_clocks_of_the_class() {
    let course = course();
    for (handed_in, penalty) in [
        ("2026-10-24T23:59:00", "0"),
        ("2026-10-25T00:14:00", "0"),
        ("2026-10-25T00:15:00", "0.7"),
        // 25 hours later, since the clocks were put back.
        ("2026-10-25T23:59:00", "0.7"),
        ("2026-10-26T00:00:00", "1.4"),
        ("2026-10-31T23:59:00", "4.9"),
        ("2026-11-01T00:00:00", "7"),
    ] {
        let policy = format!(
            "zone = 'Europe/Berlin'\ndue = 2026-10-24T23:59:00\ngrace = '15 min'\n[late]\nper_day = 10\n\
             closed_after = '7 days'\n[handed_in]\nann = {handed_in}\n"
        );
        let records = vec![record(&course, "ann", &[("1", "PPPPPPP")])];
        let grades = grades(&course, ["id\nann\n", &policy, ""], records).unwrap();
        assert_eq!(student(&grades, "ann").lessons[0].penalty.to_string(), penalty, "{handed_in}");
    }
}

#[test]
fn two_people_who_could_be_taken_for_one_are_an_error_that_names_both() {
    let course = course();
    for (roster, why) in [
        ("id,name\nann,Ann Lee\nANN,Bob Ray\n", "line 2 has the same id, `ANN`: Ann Lee and Bob Ray"),
        ("id,name\nzo\u{eb},Zoe A\nzoe\u{308},Zoe B\n", "line 2 has the same id"),
        ("id,name\nann lee,A\nann  lee,B\n", "line 2 has the same id"),
        ("id,name\nann,A\nann~2,B\n", "line 2 has the same id"),
        ("id,name\n\u{ff41}nn,A\nann,B\n", "line 2 has the same id"),
        (
            "id,name,username\n4711,Ann Lee,bob\nbob,Bob Ray,ray\n",
            "line 2 has as username the id, `bob`: Ann Lee and",
        ),
        (
            "id,name,username,email\n1,Ann Lee,a,x@y.org\n2,Bob Ray,X@y.org,\n",
            "line 2 has as email the username, `X@y.org`: Ann Lee and Bob Ray",
        ),
        (
            "id,name,folder\nann,Ann Lee,Bob.zip\nbob,Bob Ray,\n",
            "gives Ann Lee the folder `Bob.zip`, which is the id of Bob Ray on line 3",
        ),
    ] {
        let error = Files::new(roster, "", "").rules(&course).err().unwrap_or_default();
        assert!(error.starts_with("roster.csv:") && error.contains(why), "{roster}\n{error}");
    }
    for roster in [
        "id,name,username,email\nann,Ann Lee,ann,ann@x.org\nbob,Bob Ray,bob,bob@x.org\n",
        "id,name,folder\nann,Ann Lee,bob\nbob,Bob Ray,bob\n",
        "id,name\n1,Jan Li\n2,Jan Li\n",
    ] {
        assert_eq!(Files::new(roster, "", "").rules(&course).err(), None, "{roster}");
    }
    // Without a roster, names of submissions are ids.
    let given = |id: &str| {
        format!("[[override]]\nstudent = '{id}'\nlesson = '1'\npoints = 7\nwhy = 'a'\nwho = 'b'\n")
    };
    let records = || ["Joe", "joe~2", "JOE"].map(|name| record(&course, name, &[("1", "P")])).into();
    let exact = grades(&course, ["", "", &given("joe~2")], records()).unwrap();
    assert_eq!(total(&exact, "joe~2").unwrap()[2], "7");
    let error = grades(&course, ["", "", &given("joe")], records()).err().unwrap();
    assert!(error.contains("overrides.toml:2: `joe` may be `Joe` or `JOE`"), "{error}");
}

#[test]
fn of_several_submissions_the_best_counts_or_the_last_for_each_lesson() {
    let course = course();
    let records = || {
        vec![
            record(&course, "ann", &[("1", "PPPP"), ("5", "P")]),
            record(&course, "ann~2", &[("1", "PP"), ("5", "PPP")]),
        ]
    };
    let roster = "id\nann\n";
    let best = grades(&course, [roster, "", ""], records()).unwrap();
    assert_eq!(total(&best, "ann"), Some(["7", "0", "7"].map(str::to_owned)));
    let last = "several = 'last'\n[handed_in]\nann = 2026-05-01T12:00:00Z\n'ann~2' = 2026-05-01T11:00:00Z\n";
    let last = grades(&course, [roster, last, ""], records()).unwrap();
    assert_eq!(total(&last, "ann"), Some(["5", "0", "5"].map(str::to_owned)));
    let unknown = grades(&course, [roster, "several = 'last'", ""], records()).err().unwrap();
    assert!(unknown.contains("needs the time at which `ann` was handed in"), "{unknown}");
}

#[test]
fn what_the_grader_could_not_say_is_no_zero() {
    let course = course();
    let records = vec![record(&course, "ann", &[("1", "PPP?")]), record(&course, "bob", &[("1", "PPPB")])];
    let graded = grades(&course, ["id\nann\nbob\n", "", ""], records.clone()).unwrap();
    assert_eq!(total(&graded, "ann"), None);
    assert!(matches!(student(&graded, "ann").lessons[0].state, State::GradeAgain(_)));
    assert_eq!(total(&graded, "bob"), Some(["3", "0", "3"].map(str::to_owned)));
    // Points by hand for that gate settle it.
    let overrides =
        "[[override]]\nstudent = 'ann'\nlesson = '1'\ngate = '4'\npoints = 1\nwhy = 'seen'\nwho = 'Kim'\n";
    let graded = grades(&course, ["id\nann\nbob\n", "", overrides], records).unwrap();
    assert_eq!(total(&graded, "ann"), Some(["4", "0", "4"].map(str::to_owned)));
}

#[test]
fn a_file_that_makes_no_sense_is_an_error_with_its_line() {
    let course = course();
    let given =
        |text: &str| format!("[[override]]\nstudent = 'ann'\nlesson = '1'\n{text}\nwhy = 'a'\nwho = 'b'\n");
    for (files, expected) in [
        // The roster.
        (["a,b\n1,2\n", "", ""], "roster.csv:1: no column names a student: call one `id`"),
        (["", "", ""], ""),
        (["id\n", "", ""], "roster.csv: names nobody"),
        (
            ["id,name\n\nann,Ann\nbob,Bob,3\n", "", ""],
            "roster.csv:4: has 3 cells, and the first line names 2 columns",
        ),
        (["id,name\nann,Ann\nANN,Bob\n", "", ""], "roster.csv:3: line 2 has the same id, `ANN`"),
        (["id,email\n,\n,a@x.org\n1,A@x.org\n", "", ""], "roster.csv:4: line 3 has the same email"),
        (["id,handed_in\nann,yesterday\n", "", ""], "roster.csv:2: `yesterday` is not a day and a time"),
        (
            ["id,handed_in\nann,2026-05-01 12:00\n", "", ""],
            "roster.csv:2: `2026-05-01 12:00` has no time zone",
        ),
        // The policy.
        ([ROSTER, "due =", ""], "policy.toml:1: "),
        ([ROSTER, "\n\ndu = 1", ""], "policy.toml:3: unknown field `du`"),
        ([ROSTER, "zone = 'Mars/Base'", ""], "policy.toml:1: `Mars/Base` is not a time zone"),
        ([ROSTER, "due = 2026-05-01T10:00:00", ""], "policy.toml:1: `2026-05-01T10:00:00` has no time zone"),
        ([ROSTER, "due = 2026-05-01", ""], "policy.toml:1: `2026-05-01` is a day without a time"),
        ([ROSTER, "grace = 'soon'", ""], "policy.toml:1: `soon` is not a length of time"),
        ([ROSTER, "several = 'first'", ""], "policy.toml:1: unknown variant `first`"),
        ([ROSTER, "[late]\nper_day = 101", ""], "policy.toml:2: 101 percent is more than all"),
        ([ROSTER, "[late]\nper_day = -1", ""], "policy.toml:2: -1 is not a number from 0"),
        (
            [ROSTER, "\n[lesson.crudd]\nweight = 1", ""],
            "policy.toml:2: there is no lesson `crudd`; did you mean `05-crud`?",
        ),
        ([ROSTER, "[lesson.5]\nweight = 1\n[lesson.crud]\nweight = 2", ""], "lesson 05-crud is there twice"),
        (
            [ROSTER, "[lesson.5.gates]\na_new_book_is_sored = 1", ""],
            "policy.toml:2: lesson 05-crud has no gate `a_new_book_is_sored`; did you mean `a_new_book_is_stored`?",
        ),
        ([ROSTER, "[lesson.5.gates]\n99 = 1", ""], "policy.toml:2: lesson 05-crud has no gate `99`"),
        (
            [ROSTER, "[[extension]]\nstudent = 'an'\ndue = 2026-05-01T10:00:00Z\nwhy = 'x'", ""],
            "policy.toml:2: no student has the id `an`; did you mean `ann`?",
        ),
        // Points by hand.
        ([ROSTER, "", &given("points = 0.333")], "overrides.toml:4: 0.333 is not a number from 0"),
        (
            [ROSTER, "", &given("points = 1\ngate = 'x'")],
            "overrides.toml:5: lesson 01-database has no gate `x`",
        ),
        ([ROSTER, "", &given("points = 1").replace("'a'", "' '")], "overrides.toml:5: `why` is empty"),
        ([ROSTER, "", &given("points = 1").replace("who = 'b'", "")], "missing field `who`"),
        (
            [ROSTER, "", &given("points = 1").replace("ann", "anne")],
            "overrides.toml:2: no student has the id `anne`; did you mean `ann`?",
        ),
        (
            [ROSTER, "", &[given("points = 1"), given("points = 2")].concat()],
            "overrides.toml:7: the points on line 1 are for the same",
        ),
    ] {
        let rules = Files::new(files[0], files[1], files[2]).rules(&course);
        match rules {
            Ok(_) => assert!(expected.is_empty(), "{files:?} is taken"),
            Err(error) => assert!(!expected.is_empty() && error.contains(expected), "{error}\n{expected}"),
        }
    }
    // What is only known when the lesson was graded.
    let records = || vec![record(&course, "ann", &[("1", "P")])];
    let too_many = grades(&course, [ROSTER, "", &given("points = 99")], records()).err().unwrap();
    assert!(too_many.contains("overrides.toml:1: 99 points are too many: the lesson counts 7"), "{too_many}");
    let waiting =
        grades(&course, [ROSTER, "", &given("points = 1").replace("'1'", "'5'")], records()).unwrap();
    assert!(
        waiting.notes.iter().any(|note| note.contains("overrides.toml:1: lesson 05-crud is not graded here"))
    );
    let missing = Rules::read(Some(Path::new("no-such.csv")), None, None, &course).err().unwrap().to_string();
    assert!(missing.starts_with("no-such.csv: cannot be read"), "{missing}");
}
