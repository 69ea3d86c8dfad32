//! A class, from the download of a platform to the file that the platform imports, as the README describes it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::material::{completed, course, grade, place, untouched};
use crate::pack::{Form, packed};

const STUDENTS: usize = 30;
/// What they are: all others hand in what is right, in time.
const LATE: [usize; 2] = [5, 6];
const TWICE: usize = 7;
/// The name of the file has the next one's id and name in it; that one has done nothing yet.
const NAMED_AS_THE_NEXT: usize = 8;
const UNREADABLE: usize = 10;
const MISSING: usize = 30;

/// The points of a student: of seven, and a tenth less if late. A missing submission is not a zero.
fn points(number: usize) -> &'static str {
    match number {
        _ if LATE.contains(&number) => "6.3",
        9 => "1",
        UNREADABLE => "0",
        MISSING => "",
        _ => "7",
    }
}

struct Class {
    folder: tempfile::TempDir,
    right: Vec<u8>,
    to_do: Vec<u8>,
}

impl Class {
    fn new() -> Self {
        let course = course();
        let zip = |files: kata::derive::Files| {
            let files = files.into_iter();
            let path = |path: PathBuf| path.to_str().unwrap().replace('\\', "/");
            packed(Form::Zip, &files.map(|(name, text)| (path(name), text.into_bytes())).collect())
        };
        let right = zip(completed(&course, &course.lessons[0]));
        let to_do = zip(untouched(&course, &course.lessons[0]));
        Self { folder: tempfile::tempdir().unwrap(), right, to_do }
    }

    /// Hands in everything; `name` is what the platform calls a file of a student's.
    fn hand_in(&self, name: &dyn Fn(usize, usize, &str) -> String) {
        for number in (1..=STUDENTS).filter(|number| *number != MISSING) {
            let put = |file: &str, place_of: usize, content: &[u8]| {
                place(self.folder.path(), &format!("all/{}", name(number, place_of, file)), content);
            };
            match number {
                TWICE => {
                    put("first.zip", 1, &self.to_do);
                    put("second.zip", 2, &self.right);
                }
                NAMED_AS_THE_NEXT => put("Bea Lee9_9009_9109_lee9.zip", 1, &self.right),
                9 => put("course.zip", 1, &self.to_do),
                UNREADABLE => put("course.rar", 1, b"Rar!\x1a\x07\x01\0"),
                _ => put("course.zip", 1, &self.right),
            }
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Grades, and then makes the grades, as often as an instructor likes.
    fn grade(&self, of_class: &[&str]) -> Output {
        let (all, out) = (self.path("all"), self.path("verdicts"));
        let output = grade(&[&all, "--lesson", "1", "--min-tier", "C", "--out", &out]);
        assert_eq!(output.status.code(), Some(2), "one cannot be read");
        let rules = [self.path("roster.csv"), self.path("policy.toml")];
        let book = ["--book", &out, "--roster", &rules[0], "--policy", &rules[1]];
        let output = grade(&[&book[..], of_class].concat());
        assert_eq!(output.status.code(), Some(0));
        output
    }

    fn table(&self, name: &str) -> Vec<Vec<String>> {
        let file = Path::new(&self.path("verdicts")).join(name);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).unwrap();
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }
}

#[test]
fn a_class_is_imported_from_canvas_and_its_grades_are_exported_back() {
    let class = Class::new();
    class.hand_in(&|number, place, file| {
        let late = if LATE.contains(&number) { "LATE_" } else { "" };
        format!("lee{number}bea_{late}{}_{}_{file}", 9000 + number, 9100 + 40 * place + number)
    });
    let mut roster =
        "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (4711)\n    Points Possible,,,,,7\n".to_owned();
    for number in 1..=STUDENTS {
        let _ = writeln!(roster, "\"Lee{number}, Bea\",{},s{number},blee{number},Rust 1,", 9000 + number);
    }
    place(class.folder.path(), "roster.csv", roster.as_bytes());
    let policy = "zone = 'Europe/Berlin'\ndue = 2026-05-01T23:59:00\n[late]\nper_day = 10\n\
        [lesson.1]\ncolumn = 'Lesson 1 (4711)'\n";
    place(class.folder.path(), "policy.toml", policy.as_bytes());
    let said = String::from_utf8(class.grade(&["--format", "canvas,csv"]).stdout).unwrap();
    // Canvas writes who is late, and not when: somebody has to.
    assert!(
        said.contains(
            "Canvas marks `lee5bea_LATE_9005_9145_course`, `lee6bea_LATE_9006_9146_course` as late"
        ),
        "{said}"
    );
    let times = "[handed_in]\nlee5bea_LATE_9005_9145_course = 2026-05-02T00:30:00\n\
        lee6bea_LATE_9006_9146_course = 2026-05-02T12:00:00\n";
    place(class.folder.path(), "policy.toml", [policy, times].concat().as_bytes());
    let said = String::from_utf8(class.grade(&["--format", "canvas,csv"]).stdout).unwrap();
    assert!(said.contains("Handed in nothing (1 of 30): Lee30, Bea (9030)"), "{said}");
    assert!(!said.contains("Nobody's") && !said.contains("No number"), "{said}");
    let canvas = class.table("canvas.csv");
    assert_eq!(canvas[0], ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 1 (4711)"]);
    assert_eq!(canvas.len(), STUDENTS + 2);
    for number in 1..=STUDENTS {
        let row = &canvas[number + 1];
        assert_eq!(row[..2], [format!("Lee{number}, Bea"), (9000 + number).to_string()]);
        assert_eq!(row[5], points(number), "student {number}");
    }
}

#[test]
fn a_class_is_imported_from_moodle_and_its_worksheet_is_exported_back() {
    let class = Class::new();
    class.hand_in(&|number, _, file| {
        format!("Bea Lee{number}_{}_assignsubmission_file_/{file}", 9000 + number)
    });
    let mut roster = "First name,Last name,ID number,Email address\n".to_owned();
    let mut worksheet = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
        Last modified (submission),Last modified (grade),Feedback comments\n"
        .to_owned();
    for number in 1..=STUDENTS {
        let _ = writeln!(roster, "Bea,Lee{number},{},b{number}@x.org", 100_000 + number);
        let _ = writeln!(
            worksheet,
            "Participant {},Bea Lee{number},b{number}@x.org,Submitted,,7.00,Yes,\"Friday, 1 May 2026, 9:00 PM\",-,",
            9000 + number
        );
    }
    place(class.folder.path(), "roster.csv", roster.as_bytes());
    place(class.folder.path(), "worksheet.csv", worksheet.as_bytes());
    let policy = "zone = 'Europe/Berlin'\ndue = 2026-05-01T23:59:00\n[late]\nper_day = 10\n[handed_in]\n\
        'Bea Lee5_9005_assignsubmission_file_' = 2026-05-02T00:30:00\n\
        'Bea Lee6_9006_assignsubmission_file_' = 2026-05-02T12:00:00\n";
    place(class.folder.path(), "policy.toml", policy.as_bytes());
    let sheet = class.path("worksheet.csv");
    let said = String::from_utf8(class.grade(&["--worksheet", &sheet]).stdout).unwrap();
    assert!(said.contains("Handed in nothing (1 of 30): Bea Lee30 (100030)"), "{said}");
    assert!(!said.contains("Nobody's") && !said.contains("Without a row"), "{said}");
    let rows = class.table("moodle-worksheet.csv");
    assert_eq!(rows.len(), STUDENTS + 1);
    for (number, row) in rows.iter().enumerate().skip(1) {
        assert_eq!(row[0], format!("Participant {}", 9000 + number));
        // Of two copies in one folder, nobody knows which one is meant: the reason says so.
        let expected = if number == TWICE { "0" } else { points(number) };
        assert_eq!(row[4], expected, "student {number}: {}", row[9]);
    }
    assert!(rows[TWICE][9].contains("UNREADABLE"), "{:?}", rows[TWICE]);
    assert!(fs::read_to_string(class.path("verdicts/gradebook.html")).unwrap().contains("Bea Lee30"));
}
