//! `cargo kata check`: do lessons, gates, tasks, hints and snapshots fit together?
//!
//! Each problem names the file and the command or edit that mends it.

mod behaviour;
mod dependencies;
mod texts;
mod variant;

use std::fmt::Display;
use std::path::Path;
use std::time::Instant;

use anstream::println;
use anyhow::Result;

use crate::course::Course;
use crate::derive;
use crate::derive::record::Record;
use crate::guide::Server;
use crate::{Database, NOT_PASSED, PASSED};

/// The problems found so far.
#[derive(Default)]
pub struct Problems(Vec<String>);

impl Problems {
    /// `what` is wrong with the file at `path`, and how it is mended.
    pub fn add(&mut self, path: &Path, what: impl Display) {
        let problem = format!("{}: {what}", path.display());
        println!("  ✗ {problem}");
        self.0.push(problem);
    }
}

/// Checks everything; of the lessons' behaviour, only that of `lesson` if one is named.
pub fn check(course: &Course, lesson: Option<&str>, seeds: u64, sqlite_only: bool) -> Result<u8> {
    let lessons = match lesson {
        Some(name) => vec![course.lesson(name)?],
        None => course.lessons.iter().collect(),
    };
    let mut problems = Problems::default();
    let start = Instant::now();
    let heading = |text: &str| println!("[{:>4} s] {text}", start.elapsed().as_secs());

    heading("Derived files are as they should be");
    let files = derive::derived(course)?;
    for (path, how) in derive::stale(course, &files, &Record::read(&course.root)?) {
        problems.add(&path, derive::mend(&how));
    }
    heading("Gates, tasks, hints, snapshots and READMEs belong together");
    texts::check(course, &files, &mut problems)?;
    if !problems.0.is_empty() {
        println!("Mend these first; the other checks have not begun.");
        return Ok(NOT_PASSED);
    }
    heading("The stated version of Rust is enough for all dependencies");
    dependencies::check_rust_version(course, &mut problems)?;

    let mut databases = vec![Server::for_gates(Database::Sqlite)?];
    if !sqlite_only {
        databases.push(Server::for_gates(Database::Postgres)?);
    }
    for server in &databases {
        heading(&format!(
            "On {}: skeletons fail, the emptiest bodies fail, solutions pass",
            server.database.name()
        ));
        for &lesson in &lessons {
            behaviour::check_lesson(course, lesson, server, &mut problems)?;
        }
        heading(&format!("On {}: typical mistakes fail at their gates", server.database.name()));
        for &lesson in &lessons {
            behaviour::check_mistakes(course, lesson, server, &mut problems)?;
        }
        heading(&format!("On {}: other right answers pass", server.database.name()));
        for &lesson in &lessons {
            behaviour::check_submissions(course, lesson, server, &mut problems)?;
        }
    }
    heading(&format!("{seeds} seeds: other rows, other snapshots; the same on every database, twice"));
    for &one in &lessons {
        behaviour::check_seeds(course, one, &databases, seeds, &mut problems)?;
    }
    // That is a question about the whole workspace.
    for server in databases.iter().filter(|_| lesson.is_none()) {
        heading(&format!("On {}: no dependency is built twice", server.database.name()));
        dependencies::check_built_twice(course, server.database, &mut problems)?;
    }

    heading(&format!("{} problem(s)", problems.0.len()));
    Ok(if problems.0.is_empty() { PASSED } else { NOT_PASSED })
}
