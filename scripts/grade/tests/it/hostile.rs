//! Submissions that are made to stop whoever reads them: each costs one row.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use grade::intake::Intake;
use grade::reading::{Handed, Reader};
use kata::course::Course;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::material::{completed, course, grade, place, write};
use crate::pack::{Form, packed};

/// Right work for lesson 1 in a folder of this name.
fn right(all: &Path, name: &OsStr) -> PathBuf {
    let course = course();
    let folder = all.join(name);
    write(&folder, &completed(&course, &course.lessons[0]));
    folder.join(course.lessons[0].folder())
}

/// Puts a link in the place of whatever is there.
fn link(to: &Path, path: &Path) {
    let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
    symlink(to, path).unwrap();
}

fn read(course: &Course, path: &Path) -> Handed {
    Reader { helper: Path::new(env!("CARGO_BIN_EXE_grade")), course, lessons: vec![0] }.read(path)
}

/// What is wrong with it; nothing, if it is taken.
fn fault(course: &Course, path: &Path) -> String {
    match &read(course, path).lesson(&course.lessons[0]).unwrap().intake {
        Intake::Taken(_) => String::new(),
        Intake::Unreadable(why) => why.clone(),
        Intake::Nothing(what) => panic!("{what}"),
        Intake::ReaderFailed(why) => panic!("{why}"),
    }
}

#[test]
fn every_submission_is_read_or_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (all, course) = (folder.path(), course());
    let nested = |text: &str| [text.repeat(131_000), text.replace('(', ")").repeat(131_000)].concat();

    let brackets = right(all, OsStr::new("brackets"));
    fs::write(brackets.join("src/unused.rs"), nested("(")).unwrap();
    let fifo_inside = right(all, OsStr::new("fifo inside"));
    fs::remove_file(fifo_inside.join("src/connect.rs")).unwrap();
    mkfifo(&fifo_inside.join("src/connect.rs"), Mode::S_IRWXU).unwrap();
    let devices = right(all, OsStr::new("devices"));
    link(Path::new("/dev/zero"), &devices.join("Cargo.toml"));
    let no_text = right(all, OsStr::from_bytes(b"name \xff"));
    mkfifo(&all.join("fifo.zip"), Mode::S_IRWXU).unwrap();
    link(Path::new("/dev/zero"), &all.join("endless.tar"));
    link(Path::new("/nowhere"), &all.join("gone"));
    let zeros = vec![0; 60 << 20];
    let inner = (0..16).map(|number| (format!("{number}.zip"), zeros.clone())).collect();
    fs::write(all.join("inner.zip"), packed(Form::Zip, &inner)).unwrap();
    drop(inner);
    for (name, expected) in [
        (OsStr::new("brackets"), ""),
        (OsStr::new("devices"), ""),
        (no_text.ancestors().nth(2).unwrap().as_os_str(), ""),
        (OsStr::new("fifo inside"), "`src/connect.rs` is not a regular file"),
        (OsStr::new("fifo.zip"), "it is not a regular file"),
        (OsStr::new("endless.tar"), "it is not a regular file"),
        (OsStr::new("gone"), "it cannot be read"),
        (OsStr::new("inner.zip"), ".zip` is "),
    ] {
        let got = fault(&course, &all.join(name));
        assert!(got.contains(expected) && got.is_empty() == expected.is_empty(), "{name:?}: {got}");
    }
}

#[test]
fn a_reader_that_crashes_affects_only_its_submission() {
    let folder = tempfile::tempdir().unwrap();
    let course = course();
    for (name, script) in [("dies", "kill -9 $$"), ("overflows", "kill -ABRT $$"), ("says nothing", "exit 0")]
    {
        let helper = folder.path().join(name);
        fs::write(&helper, format!("#!/bin/sh\ncat > /dev/null\n{script}\n")).unwrap();
        fs::set_permissions(&helper, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let handed = Reader { helper: &helper, course: &course, lessons: vec![0] }.read(folder.path());
        let Intake::Unreadable(why) = &handed.lesson(&course.lessons[0]).unwrap().intake else {
            panic!("{name}: it was read");
        };
        assert!(why.contains("exceeded the time or memory limit"), "{name}: {why}");
    }
    // Where it cannot begin, no student is to blame.
    let handed =
        Reader { helper: Path::new("/nowhere"), course: &course, lessons: vec![0] }.read(folder.path());
    assert!(matches!(handed.lesson(&course.lessons[0]).unwrap().intake, Intake::ReaderFailed(_)));
}

/// A link in the place of a folder of tests, or of tools, shows nobody what is behind it.
#[test]
fn files_behind_a_link_are_not_in_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let course = course();
    place(folder.path(), "private/exam.txt", b"secret");
    for name in ["tests", ".cargo", ".config", "lessons/01-database/tests"] {
        let all = folder.path().join(name.replace('/', "-"));
        right(&all, OsStr::new("ann"));
        link(&folder.path().join("private"), &all.join("ann").join(name));
        let ignored = read(&course, &all.join("ann")).ignored;
        assert!(!ignored.iter().any(|name| name.contains("exam")), "{ignored:?}");
    }
}

/// An earlier verdict that is not a file, or not this submission's, is neither waited for nor followed.
#[test]
fn invalid_earlier_verdicts_are_not_trusted() {
    const NAMES: [&str; 5] = ["ann", "bob", "eve", "joe", "zoe"];
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    for name in NAMES {
        let lesson = right(&all, OsStr::new(name));
        fs::write(lesson.join("src/lib.rs"), format!("// {name}\nfn {{")).unwrap();
    }
    let arguments =
        [all.to_str().unwrap(), "--lesson", "1", "--min-tier", "C", "--out", out.to_str().unwrap()];
    assert_eq!(grade(&arguments).status.code(), Some(1));
    let file = |name: &str| out.join(name).join("verdict.json");
    let text = fs::read_to_string(file("ann")).unwrap();
    fs::write(file("ann"), text.replace("\"submission\": \"ann\"", "\"submission\": \"../elsewhere\""))
        .unwrap();
    fs::remove_file(file("bob")).unwrap();
    mkfifo(&file("bob"), Mode::S_IRWXU).unwrap();
    link(Path::new("/dev/zero"), &file("eve"));
    fs::write(file("joe"), "[".repeat(1 << 20)).unwrap();
    let text = fs::read_to_string(file("zoe")).unwrap();
    fs::write(file("zoe"), text.replace("\"points\": 0", "\"points\": 100")).unwrap();
    assert_eq!(grade(&[&arguments[..], &["--resume"]].concat()).status.code(), Some(1));
    assert!(!folder.path().join("elsewhere").exists());
    for name in NAMES {
        assert!(fs::symlink_metadata(file(name)).unwrap().is_file(), "{name}");
        let text = fs::read_to_string(file(name)).unwrap();
        assert!(text.contains("BUILD_ERROR") && !text.contains("\"points\": 100"), "{name}");
    }
}
