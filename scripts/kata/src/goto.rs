//! `cargo kata goto 5` and `cargo kata next`: which lesson `cargo kata` shows.

use anyhow::{Context, Result};

use crate::content::Content;
use crate::course::{Course, Lesson};
use crate::progress::{self, State};
use crate::view::{BOLD, Page};
use crate::{Database, PASSED};

/// Makes the named lesson the one to work on.
///
/// # Errors
///
/// When no such lesson exists, or the progress cannot be written.
pub fn goto(course: &Course, name: &str, database: Database) -> Result<u8> {
    go(course, course.lesson(name)?, database)
}

/// Makes the lesson after the one to work on the one to work on.
///
/// # Errors
///
/// When the progress cannot be read or written.
pub fn next(course: &Course, database: Database) -> Result<u8> {
    let progress = progress::read(&course.root)?;
    let Some(to_do) = progress.to_do(course, database)? else {
        anstream::println!("Every lesson is passed.");
        return Ok(PASSED);
    };
    let gone_to = course.lessons.iter().find(|lesson| Some(&lesson.name) == progress.current.as_ref());
    let current = gone_to.unwrap_or(to_do);
    let next = course.lessons.iter().find(|lesson| lesson.number > current.number);
    let next = next.or(course.lessons.first()).context("the course has no lessons")?;
    go(course, next, database)
}

fn go(course: &Course, lesson: &Lesson, database: Database) -> Result<u8> {
    progress::change(&course.root, |progress| progress.current = Some(lesson.name.clone()))?;
    let mut page = Page::new(&course.root);
    page.line(format_args!("{BOLD}Lesson {}: {}{BOLD:#}", lesson.number, lesson.manifest.title));
    let state = progress::read(&course.root)?.state(&Content::new(course), lesson, database)?;
    if state == State::Passed {
        page.line(format_args!(
            "You have already passed it. To see it again, run {BOLD}cargo kata test {0}{1}{BOLD:#}, or press l and then {0} in \
             an open guide. To start over, run {BOLD}cargo kata reset {0}{BOLD:#}.",
            lesson.number,
            database.option()
        ));
    } else {
        let readme = page.place(&lesson.readme(), None);
        page.line(format_args!(
            "Read {readme}, then run {BOLD}cargo kata{}{BOLD:#}. In an open guide, press l and then {}.",
            database.option(),
            lesson.number
        ));
    }
    page.print();
    Ok(PASSED)
}
