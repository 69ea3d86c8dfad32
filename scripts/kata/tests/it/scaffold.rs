//! `cargo kata new`: a lesson that works, with marks for what is left to write in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::course::Copy;

const SNAPSHOT: &str = "tests/gates/snapshots/gate__search__all_titles_come_in_order.snap";

/// The number of the next lesson.
fn next(course: &Copy) -> usize {
    let manifests = std::fs::read_dir(course.path("tests/gates")).unwrap().map(Result::unwrap);
    1 + manifests.filter(|file| file.path().extension().is_some_and(|kind| kind == "toml")).count()
}

#[test]
fn a_new_lesson_works_and_the_check_lists_what_is_left_to_write() {
    let course = Copy::new();
    let number = next(&course);
    let name = &format!("{number:02}-search");
    let gates = format!("tests/gates/{number:02}_search");
    let ran = course.kata(&["new", name]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let package = format!("solution-{name}");
    let gate = ["test", "--offline", "--quiet", "--package", &package, "--test", "gate"];
    let mut cargo = Command::new("cargo");
    cargo.args(gate).current_dir(course.path("")).envs(course.variables());
    // Where cargo runs these tests, the variable names another copy.
    cargo.env_remove("INSTA_WORKSPACE_ROOT").env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
    let accepted = cargo.output().unwrap();
    assert!(accepted.status.success(), "{}", String::from_utf8_lossy(&accepted.stderr));
    assert!(course.read(SNAPSHOT).contains("all_titles"));
    // The skeleton is a lesson like any other.
    let lesson = course.kata(&["test", &number.to_string()]);
    assert!(lesson.code == 1 && lesson.text.contains("Read all titles"), "{}", lesson.text);
    let checked = course.kata(&["check"]);
    let problems: Vec<_> = checked.text.lines().filter(|line| line.contains('✗')).collect();
    // Its minutes change the plans. Its program, and what sees its promises, are the author's.
    let is_expected = |line: &&str| {
        [
            " is still to write: ",
            "`cargo kata plan`",
            "write the program that",
            "run `cargo kata promises ",
            "that the lessons take about",
        ]
        .iter()
        .any(|it| line.contains(it))
    };
    assert!(problems.iter().all(|line| is_expected(&line.trim())), "{problems:#?}");
    let readme = format!("lessons/{name}/README.md");
    for path in [&format!("{gates}.toml"), &readme, "lessons/README.md"] {
        assert!(
            problems.iter().any(|line| line.contains(&format!("✗ {path}: line "))),
            "{path}: {problems:#?}"
        );
    }
    let program = format!("✗ tests/programs/{number:02}_search.rs: write the program");
    assert!(problems.iter().any(|line| line.contains(&program)), "{problems:#?}");
    for file in ["lib.rs", "main.rs"].map(|file| format!("solutions/{name}/src/{file}")) {
        assert_formatted(&course, &file);
    }
    assert_formatted(&course, &format!("{gates}.rs"));
    let again = course.kata(&["new", &format!("{number:02}-other")]);
    let taken = format!("lesson {number} already exists: {name}");
    assert!(again.code == 3 && again.text.contains(&taken), "{}", again.text);
}

fn assert_formatted(course: &Copy, file: &str) {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", file]).current_dir(course.path(""));
    let output = rustfmt.output().unwrap();
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stdout));
}

/// Cargo's home with the registry's index and cargo's settings, and nothing else.
fn home_without_packages(folder: &Path) -> String {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let own = own.unwrap_or_else(|| std::env::home_dir().unwrap().join(".cargo"));
    let index = Path::new("registry/index");
    for file in walkdir::WalkDir::new(own.join(index)).into_iter().map(Result::unwrap) {
        let to = folder.join(index).join(file.path().strip_prefix(own.join(index)).unwrap());
        match file.file_type().is_dir() {
            true => std::fs::create_dir_all(to).unwrap(),
            false => drop(std::fs::copy(file.path(), to).unwrap()),
        }
    }
    for settings in ["config", "config.toml"].map(|name| own.join(name)).iter().filter(|file| file.is_file())
    {
        std::fs::copy(settings, folder.join(settings.file_name().unwrap())).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// Modules are in order, whatever the topic is; and a long one makes two lines of one.
#[test]
fn the_code_of_a_new_lesson_is_formatted_and_numbers_have_no_gaps() {
    let course = Copy::new();
    let number = next(&course);
    let gap = course.kata(&["new", &format!("{:02}-auth", number + 3)]);
    let right = format!("`cargo kata new {number:02}-auth`");
    assert!(gap.code == 3 && gap.text.contains(&right), "{}", gap.text);
    let same = course.kata(&["new", &format!("{number:02}-crud")]);
    assert!(same.code == 3 && same.text.contains("05-crud; choose another topic"), "{}", same.text);
    // A lesson is added without a package of the registry: those of other systems are on nobody's disk.
    let home = tempfile::tempdir().unwrap();
    let home = home_without_packages(home.path());
    for (number, topic) in (number..).zip(["auth", "a-topic-with-a-name-that-is-rather-long"]) {
        let name = &format!("{number:02}-{topic}");
        let ran = course.kata_with(&["new", name], &[("CARGO_HOME", &home), ("CARGO_NET_OFFLINE", "true")]);
        assert_eq!(ran.code, 0, "{}", ran.text);
        assert_formatted(&course, &format!("solutions/{name}/src/lib.rs"));
        assert_formatted(&course, &format!("solutions/{name}/src/main.rs"));
        assert_formatted(&course, &format!("solutions/{name}/tests/gate.rs"));
        // The skeleton, too.
        assert_formatted(&course, &format!("lessons/{name}/src/lib.rs"));
        assert!(course.read("lessons/README.md").contains(&format!("| {number} | [")));
    }
}
