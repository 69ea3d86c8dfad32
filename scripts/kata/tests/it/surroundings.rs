//! The guide on computers with other settings. Each test here runs in a folder of an unusual name; see `course`.

use std::process::Command;

use crate::course::Copy;

fn kata(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command.args(arguments);
    command
}

#[test]
fn unusual_environment_variables_do_not_matter() {
    let course = Copy::of_fixture();
    for (name, value) in [
        // Its `i` has another capital letter.
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LC_ALL", "C"),
        ("TERM", "dumb"),
        ("HOME", "/dev/null/home"),
        ("SHELL", ""),
        ("EDITOR", "'not closed"),
    ] {
        for arguments in [&["test", "1"][..], &["list"], &["hint", "1.2"]] {
            let ran = course.kata_with(arguments, &[(name, value)]);
            let expected = i32::from(arguments[0] == "test");
            assert_eq!(ran.code, expected, "{name}={value} {arguments:?}: {}", ran.text);
        }
    }
    let ran = course.kata_by(kata(&["test", "1"]).env_remove("HOME"));
    assert!(ran.code == 1 && ran.text.contains("✗ Gate 2"), "{}", ran.text);
}

#[test]
fn a_read_only_folder_is_named_with_what_to_do() {
    let course = Copy::of_fixture();
    // As root nothing is read-only, but a file is no folder for anybody.
    course.write("in-the-way", "");
    let ran = course.kata_by(kata(&["test", "1"]).env("CARGO_TARGET_DIR", course.path("in-the-way")));
    assert_eq!(ran.code, 3, "{}", ran.text);
    for text in ["cannot write to /course/in-the-way", "The variable CARGO_TARGET_DIR names this folder"] {
        assert!(ran.text.contains(text), "{}", ran.text);
    }
}
