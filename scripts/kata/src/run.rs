//! `cargo kata run 8`: the lesson's program, as the student has written it.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::{Build, build_program};
use crate::course::{Course, Lesson};
use crate::gate_name::named_or_current;
use crate::view::{self, BOLD, Page};
use crate::{
    Database, NOT_PASSED, USAGE_ERROR, encoding, guide, lesson_runner, process, progress, reset, warm,
};

/// Builds the program and runs it in the place of this one: Ctrl-C and the exit code are the program's.
///
/// # Errors
///
/// When no such lesson exists, or its program cannot be built or started.
pub fn run(course: &Course, name: Option<&str>, database: Database, arguments: &[OsString]) -> Result<u8> {
    let lesson = named_or_current(course, name, database)?;
    if !course.root.join(lesson.folder()).join("Cargo.toml").is_file() {
        return Err(reset::missing(lesson));
    }
    if !has_program(course, lesson) {
        no_program(course, lesson);
        return Ok(USAGE_ERROR);
    }
    let build = build(course, lesson, database)?;
    let Some(program) = &build.executable else {
        let report = lesson_runner::not_compiled(course, lesson, database, build);
        let progress = progress::read(&course.root)?;
        let background = guide::background(course, lesson, &progress, &report, Vec::new())?;
        let mut page = Page::new(&course.root);
        view::lesson(&mut page, course, lesson, &report, &background);
        page.print();
        return Ok(NOT_PASSED);
    };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&course.root);
    in_lesson(&mut command, course, lesson);
    drop(build);
    process::replace(&mut command)
}

fn build(course: &Course, lesson: &Lesson, database: Database) -> Result<Build> {
    let _quiet = warm::quiet(&course.root)?;
    encoding::build_if_readable(course, lesson, database, || {
        build_program(&course.root, &lesson.package(), &lesson.folder(), database)
            .with_context(|| format!("the program of lesson {}", lesson.number))
    })
}

/// What cargo has told this program about itself is not about the student's.
fn in_lesson(command: &mut Command, course: &Course, lesson: &Lesson) {
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(&name);
        }
    }
    command.env("CARGO_MANIFEST_DIR", course.root.join(lesson.folder()));
}

fn has_program(course: &Course, lesson: &Lesson) -> bool {
    course.root.join(lesson.folder()).join("src/main.rs").is_file()
}

fn no_program(course: &Course, lesson: &Lesson) {
    let mut page = Page::new(&course.root);
    page.line(format_args!(
        "Lesson {} has no program: its gates call your code, and `cargo kata test {0}` runs them.",
        lesson.number
    ));
    if let Some(other) = course.lessons.iter().find(|other| has_program(course, other)) {
        page.line(format_args!(
            "Lesson {}, {}, has one: {BOLD}cargo kata run {0}{BOLD:#}.",
            other.number, other.manifest.title
        ));
    }
    page.print();
}
