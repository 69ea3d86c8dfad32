//! What lies in a course's folder and is not the course's stays there.

use crate::course::Copy;
use crate::handing_out::{git, newer, update};

/// What private files hold, in two parts: this file is handed out, too.
const SECRET: &str = concat!("nobody else ", "may read this\n");

/// What a course's folder may hold that nobody else may get.
const PRIVATE: [&str; 9] = [
    "submissions/ann/lessons/05-crud/src/books.rs",
    "verdicts/gradebook.csv",
    "exam-answers.md",
    "solutions-old/05-crud/src/books.rs",
    "solutions/05-crud/answers.txt",
    "lessons/05-crud/answers.md",
    "lessons/old-05/src/books.rs",
    "tests/src/notes.txt",
    ".env.backup",
];

/// Exports in both ways, and expects that no copy holds what is private and that all of it is named.
fn expect_private(course: &Copy, private: &[&str]) {
    for options in [&["--no-solutions"][..], &[]] {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("course");
        let ran = course.kata(&[&["export", to.to_str().unwrap()], options].concat());
        assert!(ran.code == 0 && to.join("Cargo.toml").exists(), "{}", ran.text);
        for path in private {
            assert!(!to.join(path).exists(), "{path}");
            // Or the folder that it is in.
            let names = std::path::Path::new(path).ancestors().filter(|part| part.parent().is_some());
            let mut names = names.map(|part| format!("    {}", part.display()));
            assert!(names.any(|name| ran.text.lines().any(|line| line == name)), "{path}: {}", ran.text);
        }
        for file in walkdir::WalkDir::new(&to) {
            let file = file.unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            assert!(!text.contains(SECRET.trim()), "{}", file.path().display());
        }
    }
}

#[test]
fn files_beside_the_course_are_reported_and_not_handed_out() {
    let course = Copy::new();
    for path in PRIVATE {
        course.write(path, SECRET);
    }
    expect_private(&course, &PRIVATE);
}

#[test]
fn untracked_files_of_a_course_in_git_are_not_handed_out() {
    let course = Copy::new();
    // These would pass for the course's own.
    let untracked = ["tests/src/answers.rs", "solutions/05-crud/src/notes.rs", "NOTICE"];
    git(&course, &["init", "--quiet"]);
    git(&course, &["add", "."]);
    // And what somebody has added to git by accident is not in the course's layout.
    course.write("exam-answers.md", SECRET);
    git(&course, &["add", "exam-answers.md"]);
    for path in untracked {
        course.write(path, SECRET);
    }
    expect_private(&course, &[&untracked[..], &["exam-answers.md"]].concat());
    std::fs::remove_dir_all(course.path(".git")).unwrap();
}

#[test]
fn files_beside_a_newer_course_are_reported_and_not_copied() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    let new = newer(&course, |new| new.edit("README.md", "# Order Up", "# Order Up, second edition"));
    // And what lies beside the student's own course stays there.
    let own = "submissions/mine.zip";
    course.write(own, "mine");
    for path in PRIVATE {
        new.write(path, SECRET);
    }
    let ran = update(&course, &new);
    assert!(ran.code == 0 && course.read("README.md").contains("second edition"), "{}", ran.text);
    for path in PRIVATE {
        assert!(!course.exists(path) && !course.exists(&format!(".kata/base/{path}")), "{path}");
    }
    assert!(ran.text.contains("not part of the course:\n    .env.backup\n"), "{}", ran.text);
    assert!(course.exists(own) && !course.exists(&format!(".kata/base/{own}")));
}
