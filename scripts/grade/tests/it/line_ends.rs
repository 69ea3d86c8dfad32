//! The course and the submissions where lines end with CR LF, as Git for Windows and editors leave them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use grade::verdict::{SubmissionVerdict, Verdict};
use kata::derive::Files;

use crate::material::{completed, course, grade_with, root, untouched, write};

/// The lessons to grade: files that are compiled in as text, migrations, and templates.
const LESSONS: &str = "1,3,7";

/// What is compared of a verdict: the gates' verdicts, the digest, and what was handed in without effect.
type Said = (Vec<(String, Verdict)>, String, Vec<String>);

/// Changes a text as some editor does when it saves it.
type Save = fn(&str) -> String;

const SAVED: [(&str, Save); 3] = [
    ("lf", str::to_owned),
    ("crlf", |text| text.replace('\n', "\r\n")),
    ("mark", |text| format!("\u{feff}{}", text.replace('\n', "\r\n"))),
];

/// A course in `folder` whose texts are saved in this way.
fn copy(folder: &Path, version: &str, saved: Save) {
    for file in kata::course::layout::contents(&root()).unwrap().files {
        let mut text = kata::files::read_text(&root().join(&file)).unwrap();
        if file == Path::new("Cargo.toml") {
            // Cargo must not take this course's builds, which it finds in the same folder, for the copy's.
            text = text.replace("\"0.0.0\"", &format!("\"{version}\""));
        }
        kata::files::write(&folder.join(file), saved(&text)).unwrap();
    }
}

/// Grades all submissions in the course at `root`.
fn graded(root: &Path, submissions: &Path, out: &Path) -> BTreeMap<String, Said> {
    let arguments = [submissions.to_str().unwrap(), "--lesson", LESSONS, "--seed", "7150312345"];
    let arguments = [&arguments[..], &["--min-tier", "C", "--out", out.to_str().unwrap()]].concat();
    let target = self::root().join("target");
    let output = grade_with(&arguments, &[("CARGO_MANIFEST_DIR", root), ("CARGO_TARGET_DIR", &target)]);
    assert_eq!(output.status.code(), Some(1), "some submissions are wrong, and all are graded");
    let verdict = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path().join("verdict.json")).ok()?;
        let verdict: SubmissionVerdict = serde_json::from_str(&text).unwrap();
        let gates = verdict.lessons.iter().flat_map(|lesson| &lesson.gates);
        let gates = gates.map(|gate| (gate.name.clone(), gate.verdict)).collect();
        Some((
            entry.file_name().into_string().unwrap(),
            (gates, verdict.digest.clone(), verdict.ignored.clone()),
        ))
    };
    fs::read_dir(out).unwrap().filter_map(verdict).collect()
}

#[test]
fn line_endings_of_the_course_and_of_submissions_change_no_verdict() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let submissions = folder.path().join("submissions");
    let lessons: Vec<_> = LESSONS.split(',').map(|number| course.lesson(number).unwrap()).collect();
    let of_all = |files: &dyn Fn(usize) -> Files| -> Files { (0..lessons.len()).flat_map(files).collect() };
    let right = of_all(&|index| completed(&course, lessons[index]));
    let mut wrong = right.clone();
    let setup = wrong.get_mut(Path::new("lessons/01-database/setup.sql")).unwrap();
    *setup = setup.replace("WITH OWNER book_user", "");
    let migration = "migrations/sqlite/2026-01-03-000000_create_books/up.sql";
    let migration = wrong.get_mut(&Path::new("lessons/03-models").join(migration)).unwrap();
    *migration = migration.replace("NOT NULL", "");
    let to_do = of_all(&|index| untouched(&course, lessons[index]));
    for (work, files) in [("right", &right), ("wrong", &wrong), ("to-do", &to_do)] {
        for (how, saved) in SAVED {
            let saved: Files = files.iter().map(|(path, text)| (path.clone(), saved(text))).collect();
            write(&submissions.join(format!("{work}-{how}")), &saved);
        }
    }

    let crlf = folder.path().join("crlf");
    copy(&crlf, "0.0.0-grade-crlf", SAVED[1].1);
    let here = graded(&root(), &submissions, &folder.path().join("here"));
    let there = graded(&crlf, &submissions, &folder.path().join("there"));
    assert_eq!(here.len(), 9);
    assert_eq!(here, there, "a course with CRLF grades as the same course with LF");
    for work in ["right", "wrong", "to-do"] {
        for (how, _) in SAVED {
            assert_eq!(here[&format!("{work}-lf")], here[&format!("{work}-{how}")], "{work}, {how}");
        }
    }
    let passes = |work: &str| here[work].0.iter().filter(|(_, verdict)| *verdict == Verdict::Pass).count();
    assert_eq!(passes("right-lf"), here["right-lf"].0.len());
    assert!(passes("wrong-lf") < passes("right-lf") && passes("to-do-lf") < passes("wrong-lf"));
    assert!(here["right-lf"].2.is_empty(), "{:?}", here["right-lf"].2);
}
