//! What belongs to a course, and what does not.

use super::*;
use crate::files;

/// A folder with these files, which the record of the lessons knows if they are a lesson's code.
fn course(paths: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        files::write(&folder.path().join(path), "").unwrap();
    }
    folder
}

fn shown(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string().replace('\\', "/")).collect()
}

const OF_COURSE: [&str; 22] = [
    ".cargo/config.toml",
    ".ci/run",
    ".env.example",
    ".github/workflows/ci.yml",
    ".vscode/settings.json",
    "CHANGELOG.md",
    "Cargo.toml",
    "INSTRUCTOR.md",
    "lessons/.derived",
    "lessons/05-crud/INSTRUCTOR.md",
    "lessons/05-crud/README.md",
    "lessons/05-crud/src/books.rs",
    "lessons/GLOSSARY.md",
    "lessons/README.md",
    "order-up/templates/base.html",
    "scripts/README.md",
    "scripts/grade/fleet/Containerfile",
    "scripts/grade/fleet/kubernetes.yaml",
    "scripts/grade/verdict.schema.json",
    "solutions/05-crud/migrations/sqlite/1_a/up.sql",
    "tests/gates/05_crud.toml",
    "tests/gates/snapshots/gate__crud__a.snap",
];

#[test]
fn files_beside_the_course_are_not_part_of_it() {
    // Each with what is named of it.
    let others = [
        (".cargo/credentials.toml", ".cargo/credentials.toml"),
        (".ci/old/run", ".ci/old"),
        (".env.backup", ".env.backup"),
        (".vscode/notes.json", ".vscode/notes.json"),
        ("exam-answers.md", "exam-answers.md"),
        ("lessons/05-crud/answers.md", "lessons/05-crud/answers.md"),
        ("lessons/05-crud/old/books.rs", "lessons/05-crud/old"),
        ("lessons/05-crud/src/notes.rs", "lessons/05-crud/src/notes.rs"),
        ("lessons/old-05/src/books.rs", "lessons/old-05"),
        ("order-up/grades/all.json", "order-up/grades"),
        ("scripts/grades/ann.json", "scripts/grades"),
        ("solutions/05-crud.zip", "solutions/05-crud.zip"),
        ("solutions/06-old/Cargo.toml", "solutions/06-old"),
        ("solutions-old/05-crud/src/books.rs", "solutions-old"),
        ("submissions/ann/lessons/05-crud/src/books.rs", "submissions"),
        ("tests/answers/05.rs", "tests/answers"),
        ("tests/gates/grades.csv", "tests/gates/grades.csv"),
        ("tests/src/notes.txt", "tests/src/notes.txt"),
        ("verdicts/gradebook.csv", "verdicts"),
    ];
    let own = [".kata/base/x", ".kata-progress.toml", ".env", "books.db", "target/debug/x", ".git/config"];
    let all: Vec<_> = OF_COURSE.into_iter().chain(others.map(|(path, _)| path)).chain(own).collect();
    let folder = course(&all);
    let record = format!("{:064}  lessons/05-crud/src/books.rs\n", 0);
    files::write(&folder.path().join("lessons/.derived"), record).unwrap();
    let contents = contents(folder.path()).unwrap();
    assert_eq!(shown(&contents.files), OF_COURSE);
    assert_eq!(shown(&contents.others), others.map(|(_, named)| named));
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let (folder, elsewhere) = (course(&OF_COURSE), course(&["src/secret.rs"]));
    let links =
        [("tests/src", elsewhere.path().join("src")), ("NOTICE", elsewhere.path().join("src/secret.rs"))];
    for (link, to) in &links {
        std::os::unix::fs::symlink(to, folder.path().join(link)).unwrap();
    }
    assert_eq!(shown(&contents(folder.path()).unwrap().others)[..2], ["NOTICE", "lessons/05-crud/src"]);
    assert_eq!(shown(&contents(folder.path()).unwrap().others)[2..], ["tests/src"]);
}

#[test]
fn a_long_list_of_files_left_out_ends_with_a_count() {
    let paths: Vec<_> = (0..25).map(|number| PathBuf::from(format!("{number}.md"))).collect();
    let text = named(&paths);
    assert!(text.contains("    19.md\n    and 5 more") && !text.contains("20.md"), "{text}");
}
