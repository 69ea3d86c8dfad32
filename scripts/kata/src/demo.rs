//! `cargo kata demo 5`: the finished step, shown.

use anyhow::{Context, Result, bail};

use crate::build::cargo;
use crate::course::Course;
use crate::{Database, NOT_PASSED, PASSED};

/// # Errors
///
/// When there is no such lesson or no solution, or cargo cannot be started.
pub fn demo(course: &Course, name: &str, database: Database, arguments: &[String]) -> Result<u8> {
    let lesson = course.lesson(name)?;
    if !course.root.join(lesson.solution_folder()).is_dir() {
        bail!(
            "this copy of the course has no solutions, so it cannot run the demo of {}; ask your \
             instructor to show it to you",
            lesson.name
        );
    }
    let mut command = cargo();
    command.args(["run", "--package", &lesson.solution_package()]).args(database.cargo_options());
    let status = command.arg("--").args(arguments).current_dir(&course.root).status();
    Ok(if status.context("cannot start cargo")?.success() { PASSED } else { NOT_PASSED })
}
