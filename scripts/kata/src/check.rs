//! `cargo kata check`: do lessons, gates, tasks, hints and snapshots fit together?
//!
//! Each problem names the file and the command or edit that mends it.

mod behaviour;
mod dependencies;
mod readmes;
mod texts;
mod variant;

use std::fmt::Display;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use anstream::println;
use anyhow::Result;

use crate::course::{Course, Lesson};
use crate::derive;
use crate::derive::record::Record;
use crate::guide::{Server, in_order};
use crate::{Database, NOT_PASSED, PASSED};

/// The problems found so far, by whoever looks for them.
#[derive(Default)]
pub struct Problems(Mutex<Vec<String>>);

impl Problems {
    /// `what` is wrong with the file at `path`, and how it is mended.
    pub fn add(&self, path: &Path, what: impl Display) {
        let problem = format!("{}: {what}", path.display());
        println!("  ✗ {problem}");
        self.0.lock().expect("nobody panics while they hold this").push(problem);
    }

    fn count(&self) -> usize {
        self.0.lock().expect("nobody panics while they hold this").len()
    }
}

/// Checks everything; of the lessons' behaviour, only that of `lesson` if one is named.
pub fn check(course: &Course, lesson: Option<&str>, seeds: u64, sqlite_only: bool) -> Result<u8> {
    course.check_solutions("check", "compares the lessons and the gates with them")?;
    let lessons = match lesson {
        Some(name) => vec![course.lesson(name)?],
        None => course.lessons.iter().collect(),
    };
    let problems = Problems::default();
    let start = Instant::now();
    let heading = |text: &str| println!("[{:>4} s] {text}", start.elapsed().as_secs());

    heading("Derived files are as they should be");
    let files = derive::derived(course)?;
    for (path, how) in derive::stale(course, &files, &Record::read(&course.root)?) {
        problems.add(&path, derive::mend(&how));
    }
    heading("Gates, tasks, hints, snapshots and READMEs belong together");
    texts::check(course, &files, &problems)?;
    if problems.count() > 0 {
        println!("Mend these first; the other checks have not begun.");
        return Ok(NOT_PASSED);
    }
    heading("The stated version of Rust is enough for all dependencies");
    dependencies::check_rust_version(course, &problems)?;

    let mut databases = vec![Server::for_gates(Database::Sqlite)?];
    if !sqlite_only {
        databases.push(Server::for_gates(Database::Postgres)?);
    }
    // Before the first build: what is older than it is not built again for every lesson.
    for lesson in &lessons {
        variant::prepare(course, lesson)?;
    }
    for server in &databases {
        heading(&format!(
            "On {}: skeletons fail, the emptiest bodies fail, solutions pass",
            server.database.name()
        ));
        each(&lessons, |lesson| behaviour::check_lesson(course, lesson, server, &problems))?;
        heading(&format!("On {}: typical mistakes fail at their gates", server.database.name()));
        each(&lessons, |lesson| behaviour::check_mistakes(course, lesson, server, &problems))?;
        heading(&format!("On {}: other right answers pass", server.database.name()));
        each(&lessons, |lesson| behaviour::check_submissions(course, lesson, server, &problems))?;
    }
    heading(&format!("{seeds} seeds: other rows, other snapshots; the same on every database, twice"));
    each(&lessons, |lesson| behaviour::check_seeds(course, lesson, &databases, seeds, &problems))?;
    // That is a question about the whole workspace.
    for server in databases.iter().filter(|_| lesson.is_none()) {
        heading(&format!("On {}: no dependency is built twice", server.database.name()));
        dependencies::check_built_twice(course, server.database, &problems)?;
    }

    heading(&format!("{} problem(s)", problems.count()));
    Ok(if problems.count() == 0 { PASSED } else { NOT_PASSED })
}

/// Does `work` for each lesson, as many at a time as there are cores: rustc spends much of its time on one.
/// The last lesson is by far the largest, so it comes first.
fn each(lessons: &[&Lesson], work: impl Fn(&Lesson) -> Result<()> + Sync) -> Result<()> {
    let last = lessons.len().saturating_sub(1);
    in_order(lessons.len(), |index| Ok((work(lessons[last - index])?, true))).map(drop)
}
