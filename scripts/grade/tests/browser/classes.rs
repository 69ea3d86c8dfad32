//! Classes of every size, with the names and texts that make trouble on a page.

use std::fs;
use std::path::Path;

use grade::class::grades::Grades;
use grade::class::record::Record;
use grade::class::rules::Rules;
use grade::formats::letter::{Letter, page};
use grade::formats::{gradebook, json};
use grade::text::clean;
use grade::verdict::SubmissionVerdict;
use kata::course::Course;
use serde_json::Value;

use crate::material::{course, place};
use crate::verdicts::verdict;

/// The pages of a class, as `--book` writes them.
pub struct Written {
    pub folder: tempfile::TempDir,
    /// The pages for students, by path.
    pub letters: Vec<String>,
}

/// How the gates of lessons come out, from best to worst.
const MARKS: [&[(&str, &str)]; 6] = [
    &[("1", "PPPPPPP"), ("5", "PPPPPPPPPPPPPPPP"), ("8", "PPPP")],
    &[("1", "PPPPPPP"), ("5", "PPPF"), ("8", "F")],
    &[("1", "PPF"), ("5", "B"), ("8", "N")],
    &[("1", "PPPPPPP"), ("5", "PPN"), ("8", "B")],
    &[("1", "N"), ("5", "F"), ("8", "N")],
    &[("1", "PP?"), ("5", "PP"), ("8", "F")],
];

/// Names as people have them, and as somebody gives themselves who wants to be seen.
const NAMES: [&str; 12] = [
    "Ann Lee",
    "Zoë Łukasiewicz",
    "محمد عبد الله",
    "山田 太郎",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\u{202e}esrever",
    "=HYPERLINK(\"https://example.com\")",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafewarenwohlgepflege",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👩‍🚀 Rosa",
    "O'Hara & Söhne; `code`",
];

/// A class of this many students, of whom a roster knows unless there are only one or none.
pub fn class(students: usize) -> Written {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let verdicts: Vec<_> = (0..students).map(|number| (name(number), of_student(&course, number))).collect();
    let rules = if students > 1 { rules(folder.path(), &verdicts) } else { Rules::default() };
    let records = verdicts.iter().map(|(name, verdict)| Record::of(name, verdict)).collect();
    let grades = Grades::of(&rules, records, &course).unwrap();
    let answer = |index: usize, lesson: &str, gate: &str| {
        let (_, verdict): &(String, SubmissionVerdict) = &verdicts[index];
        let lesson = verdict.lessons.iter().find(|own| own.lesson == lesson);
        let gate = lesson.and_then(|own| own.gates.iter().find(|own| own.name == gate));
        Ok(gate.and_then(|gate| Some((gate.got.clone()?, gate.expected.clone()))))
    };
    let text = gradebook::text(&grades, &answer).unwrap();
    fs::write(folder.path().join("gradebook.html"), text).unwrap();
    let mut letters = Vec::new();
    for student in grades.listed() {
        let Some(main) = student.main_record() else { continue };
        let own: Vec<_> = student.records.iter().map(|index| (*index, verdicts[*index].1.clone())).collect();
        let text = page::text(&Letter::of(&grades, student, &own, &course)).unwrap();
        let path = format!("{}/{}", grades.records[main].folder, student.feedback_file("html"));
        place(folder.path(), &path, text.as_bytes());
        letters.push(path);
    }
    Written { folder, letters }
}

/// A submission's name, which is a folder's.
fn name(number: usize) -> String {
    format!("s{number:03}_& #1%2f")
}

fn of_student(course: &Course, number: usize) -> SubmissionVerdict {
    let marks = MARKS[number % MARKS.len()];
    let mut value = verdict(course, &name(number), marks);
    let lessons = value["lessons"].as_array_mut().unwrap();
    for gate in lessons.iter_mut().flat_map(|lesson| lesson["gates"].as_array_mut().unwrap()) {
        if gate["verdict"] == "FAIL" && number % 4 == 1 {
            let long = "a_name_without_a_blank_".repeat(12);
            gate["reason"] = format!("it panicked: called `unwrap` on {long} <b>&amp;</b>").into();
            gate["got"] = format!("| id | title |\n| 1 | {long} |\n{}", "row\n".repeat(40)).into();
            gate["label"] = "You get this result when the books come in no order.".into();
            gate["sql"] = serde_json::json!([format!("SELECT {long} FROM `books`"), "SELECT 1"]);
        }
        if gate["verdict"] == "FAIL" && number % 7 == 3 {
            gate["verdict"] = "TAMPER".into();
            gate["reason"] = "it wrote a snapshot that the gate did not seal".into();
        }
    }
    for lesson in lessons {
        if lesson["gates"][0]["verdict"] == "BUILD_ERROR" {
            lesson["diagnostics"] =
                format!("error[E0308]: mismatched types\n{}", "  | here\n".repeat(30)).into();
            if number.is_multiple_of(2) {
                lesson["explanation"] = serde_json::json!({
                    "id": "field-type", "file": "lessons/05-crud/src/books.rs", "line": 12, "error": 0,
                    "lines": ["`title` is a `String`, and the query returns an `i32`.", "Select `books::title`."],
                });
            }
        }
    }
    json::with_texts(&serde_json::from_value::<SubmissionVerdict>(value).unwrap(), &clean).unwrap()
}

/// A roster with two who have handed in nothing, a policy, and points by hand. Every tenth submission is nobody's.
fn rules(folder: &Path, verdicts: &[(String, SubmissionVerdict)]) -> Rules {
    let mut roster = csv::Writer::from_writer(Vec::new());
    roster.write_record(["id", "name", "email", "section", "folder", "handed_in"]).unwrap();
    for (number, (submission, _)) in verdicts.iter().enumerate().filter(|(number, _)| number % 10 != 9) {
        let name = format!("{} {number}", NAMES[number % NAMES.len()]);
        let time = format!("2026-05-0{}T12:00:00Z", number % 3 + 1);
        let (id, email) =
            (format!("id{number}"), format!("a.very.long.address.{number}@students.example.org"));
        roster.write_record([&id, &name, &email, "A, Tuesday", submission, &time]).unwrap();
    }
    for number in [900, 901] {
        roster.write_record([&format!("id{number}"), NAMES[number % 12], "", "", "", ""]).unwrap();
    }
    place(folder, "roster.csv", &roster.into_inner().unwrap());
    place(
        folder,
        "policy.toml",
        b"zone = 'Europe/Berlin'\ndue = 2026-05-02T00:00:00Z\n[late]\nper_day = 10\n",
    );
    let given = Value::from("Shown in class: <i>NULL</i> & 'quotes'").to_string();
    let overrides = format!(
        "[[override]]\nstudent = 'id1'\nlesson = '5'\ngate = '4'\npoints = 1\nwhy = {given}\nwho = 'Prof. Kim'\n"
    );
    place(folder, "overrides.toml", overrides.as_bytes());
    let path = |name: &str| folder.join(name);
    let [roster, policy, overrides] = ["roster.csv", "policy.toml", "overrides.toml"].map(path);
    Rules::read(Some(&roster), Some(&policy), Some(&overrides), &course()).unwrap()
}
