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

pub fn record(course: &Course, name: &str, lessons: &[(&str, &str)]) -> Record {
    Record::of(name, &serde_json::from_value(verdict(course, name, lessons)).unwrap())
}

/// The files of a class in a folder of their own; an empty text stands for no file.
pub struct Files {
    folder: tempfile::TempDir,
    paths: [Option<PathBuf>; 3],
}

impl Files {
    pub fn new(roster: &str, policy: &str, overrides: &str) -> Self {
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

    pub fn rules(&self, course: &Course) -> Result<Rules, String> {
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
pub fn grades(
    course: &Course,
    [roster, policy, overrides]: [&str; 3],
    records: Vec<Record>,
) -> Result<Grades, String> {
    let files = Files::new(roster, policy, overrides);
    let rules = files.rules(course)?;
    Grades::of(&rules, records, course).map_err(|error| error.to_string())
}

pub fn student<'a>(grades: &'a Grades, id: &str) -> &'a Student {
    grades.students.iter().find(|student| student.person.id == id).unwrap()
}

/// Raw, penalty and final.
pub fn total(grades: &Grades, id: &str) -> Option<[String; 3]> {
    let total = student(grades, id).total?;
    Some([total.raw, total.penalty, total.points()].map(|points| points.to_string()))
}

pub const ROSTER: &str = "id;name;email;folder\nann;Ann Lee;ann@x.org;\nbob;Bob Ray;;\ncy;Cy Fox;;\n";

#[test]
fn a_roster_reveals_missing_students_and_folders_without_an_owner() {
    let course = course();
    let records = ["Ann Lee_12345_assignsubmission_file_", "bob", "zoe"];
    let records = records.map(|name| record(&course, name, &[("1", "PPP")])).into();
    let grades = grades(&course, [ROSTER, "", ""], records).unwrap();
    let missing: Vec<_> = grades.missing().map(|student| student.person.id.as_str()).collect();
    assert_eq!(missing, ["cy"]);
    let strays: Vec<_> = grades.strays().map(|student| student.person.id.as_str()).collect();
    assert_eq!(strays, ["zoe"]);
    assert_eq!(total(&grades, "ann"), Some(["3", "0", "3"].map(str::to_owned)));
    assert_eq!(total(&grades, "cy"), None, "a missing submission is not a zero");
    let grades =
        self::grades(&course, [ROSTER, "missing = 'zero'", ""], vec![record(&course, "bob", &[("1", "P")])]);
    assert_eq!(total(&grades.unwrap(), "cy"), Some(["0", "0", "0"].map(str::to_owned)));
}

#[test]
fn participant_lists_of_platforms_work_as_rosters() {
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
fn weights_lateness_extensions_and_manual_points_give_three_numbers() {
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
fn only_the_stages_that_a_class_has_reached_count_in_a_project() {
    let course = course();
    let lesson = course.lesson("8").unwrap();
    let all = lesson.manifest.gates.len();
    let in_two = (1..=all).filter(|number| lesson.stage_of(*number).unwrap() < 2).count();
    let records = || vec![record(&course, "ann", &[("8", &"P".repeat(all))])];
    let of = |policy: &str| {
        let grades = grades(&course, ["id\nann\n", policy, ""], records()).unwrap();
        total(&grades, "ann").unwrap()[0].clone()
    };
    assert!(0 < in_two && in_two < all);
    assert_eq!(of(""), all.to_string());
    assert_eq!(of("[lesson.8]\nstages = 2"), in_two.to_string());
    assert_eq!(of("[lesson.8]\nstages = 9"), all.to_string());
    // What is said of one gate counts before what is said of all.
    assert_eq!(of(&format!("[lesson.8]\nstages = 2\ngates = {{ {all} = 3 }}")), (in_two + 3).to_string());
}

#[test]
fn the_best_or_the_last_of_several_submissions_counts_for_each_lesson() {
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
fn a_gate_that_the_grader_could_not_judge_is_not_a_zero() {
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
fn an_invalid_file_is_an_error_with_its_line() {
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
        (
            [ROSTER, "[lesson.5]\nstages = 2", ""],
            "policy.toml:2: lesson 05-crud has no stages; leave this line out",
        ),
        (
            [ROSTER, "[lesson.8]\nstages = 0", ""],
            "policy.toml:2: lesson 08-order-up has 9 stages; write a number",
        ),
        (
            [ROSTER, "[lesson.8]\nstages = 10", ""],
            "policy.toml:2: lesson 08-order-up has 9 stages; write a number",
        ),
        ([ROSTER, "[lesson.5.gates]\n99 = 1", ""], "policy.toml:2: lesson 05-crud has no gate `99`"),
        (
            [ROSTER, "[[extension]]\nstudent = 'an'\ndue = 2026-05-01T10:00:00Z\nwhy = 'x'", ""],
            "policy.toml:2: no student has the id `an`; did you mean `ann`?",
        ),
        // Points by hand.
        ([ROSTER, "", &given("points = nan")], "overrides.toml:4: NaN is not a number from 0"),
        ([ROSTER, "", &given("points = inf")], "overrides.toml:4: inf is not a number from 0"),
        ([ROSTER, "", &given("points = -1")], "overrides.toml:4: -1 is not a number from 0"),
        ([ROSTER, "", &given("points = -0.5")], "overrides.toml:4: -0.5 is not a number from 0"),
        ([ROSTER, "", &given("points = '3'")], "overrides.toml:4: invalid type: string \"3\""),
        ([ROSTER, "", &given("points = true")], "overrides.toml:4: invalid type: boolean"),
        ([ROSTER, "", &given("points = 8")], "overrides.toml:1: 8 points are too many: the lesson counts 7"),
        (
            [ROSTER, "", &given("points = 1.5\ngate = '2'")],
            "overrides.toml:1: 1.5 points are too many: gate 2 counts 1",
        ),
        (
            [ROSTER, "[lesson.1]\nweight = 3", &given("points = 3.5")],
            "overrides.toml:1: 3.5 points are too many: the lesson counts 3",
        ),
        (
            [ROSTER, "", &[given("points = 1"), given("points = 1\ngate = '2'")].concat()],
            "overrides.toml:7: the points on line 1 are for the same",
        ),
        (
            [
                ROSTER,
                "",
                &[given("points = 1"), given("points = 2").replace("'ann'", "'ANN@x.org'")].concat(),
            ],
            "overrides.toml:7: the points on line 1 are for the same",
        ),
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
