//! A lesson as somebody has it who has passed it.

use anyhow::{Context, Result};
use kata::Database;
use kata::course::{Course, Lesson};
use kata::derive::{self, Files};
use kata::submission::Submission;

/// The solution or, of a project, an app that somebody has built in the place of the skeleton: the one with this
/// name, or the first. Also its name.
///
/// # Errors
///
/// When there is none, or a file cannot be read.
#[cfg(unix)]
pub fn named(course: &Course, lesson: &Lesson, submission: Option<&str>) -> Result<(String, Files)> {
    if !lesson.is_project() {
        return Ok((lesson.name.clone(), derive::completed(course, lesson)?));
    }
    let submission = match submission {
        Some(name) => Submission::named(course, lesson, name)?,
        None => on_sqlite(course, lesson)?.into_iter().next().context("there are no submissions")?,
    };
    Ok((format!("{}/{}", lesson.name, submission.name), submission.in_lesson(course, lesson)?))
}

/// The same for one of many who hand it in: of a project, they have built different apps.
///
/// # Errors
///
/// As [`named`].
pub fn of_student(course: &Course, lesson: &Lesson, number: usize) -> Result<Files> {
    if !lesson.is_project() {
        return derive::completed(course, lesson);
    }
    let submissions = on_sqlite(course, lesson)?;
    let submission =
        submissions.get(number % submissions.len().max(1)).context("there are no submissions")?;
    submission.in_lesson(course, lesson)
}

fn on_sqlite(course: &Course, lesson: &Lesson) -> Result<Vec<Submission>> {
    let mut submissions = Submission::all(course, lesson)?;
    submissions.retain(|submission| submission.databases.contains(&Database::Sqlite));
    Ok(submissions)
}
