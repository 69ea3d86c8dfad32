//! `cargo kata check`: do lessons, gates, tasks, hints and snapshots fit together?
//!
//! Each problem names the file and the command or edit that fixes it.

mod behavior;
mod circles;
mod dependencies;
mod edits;
mod explanations;
mod gates;
mod instructor;
mod labels;
mod mistakes;
mod problems;
mod promises;
mod readmes;
mod stages;
mod style;
mod texts;
pub mod variant;
mod what;

use std::sync::Mutex;
use std::time::Instant;

use anstream::println;
use anyhow::{Context, Result, bail};

use crate::build::place;
use crate::course::{Course, Lesson};
use crate::derive;
use crate::locks::{Tried, try_alone};
use crate::parallel::{cores, in_order};
use crate::record::{self, Record};
use crate::server::Server;
use crate::{Database, NOT_PASSED, PASSED};
pub use edits::{Noticed, noticed};
use problems::Problems;
pub use what::What;

/// Checks everything; of the lessons' behavior, only that of `lesson` if one is named.
///
/// # Errors
///
/// When something cannot be read or run; what is wrong with the course is printed.
pub fn check(course: &Course, lesson: Option<&str>, what: What) -> Result<u8> {
    let What { seeds, sqlite_only, explanations, mistakes, .. } = what;
    course.check_solutions("check", "compares the lessons and the gates with the solutions")?;
    let lessons = lessons(course, lesson)?;
    let _lock = alone(course)?;
    let problems = Problems::default();
    let start = Instant::now();
    let heading = |text: &str| println!("[{:>4} s] {text}", start.elapsed().as_secs());

    if explanations {
        heading("Mistakes get the explanations that their files name");
        check_explanations(course, &lessons, &servers(sqlite_only)?, what, &problems)?;
        heading(&format!("Problems: {}", problems.count()));
        return Ok(if problems.count() == 0 { PASSED } else { NOT_PASSED });
    }
    if mistakes {
        heading("The gates catch the typical mistakes");
        let databases = servers(sqlite_only)?;
        each(&lessons, |lesson| mistakes::check(course, lesson, &databases, what, &problems))?;
        heading(&format!("Problems: {}", problems.count()));
        return Ok(if problems.count() == 0 { PASSED } else { NOT_PASSED });
    }
    heading("Derived files are up to date");
    let files = derive::derived(course)?;
    let record = Record::read(&course.root)?;
    for (path, how) in derive::stale(course, &files, &record) {
        problems.add(&path, derive::fix(&how));
    }
    // A file that was edited in both places is as it would be derived, but the record does not know it.
    let mut renewed = record.clone();
    renewed.update(&files, |_| false);
    if problems.count() == 0 && renewed != record {
        problems.add(
            record::FILE.as_ref(),
            "run `cargo kata derive`: it lists other contents than the files have",
        );
    }
    heading("Gates, tasks, hints, snapshots and READMEs match");
    texts::check(course, &files, &problems)?;
    instructor::check(course, &problems)?;
    heading("Texts keep to STYLE.md");
    style::check(course, &problems)?;
    if !style::check_spelling(course, &problems)? {
        println!("  Spelling is not checked: cargo install typos-cli --locked");
    }
    heading("No modules use each other in a circle");
    circles::check(&course.root, &problems)?;
    if problems.count() > 0 {
        heading(&format!("Problems: {}", problems.count()));
        println!("Fix these first; the other checks have not run.");
        return Ok(NOT_PASSED);
    }
    heading("The stated version of Rust is enough for all dependencies");
    dependencies::check_rust_version(course, &problems)?;

    let databases = servers(sqlite_only)?;
    // That is a question about the whole workspace.
    for server in databases.iter().filter(|_| lesson.is_none()) {
        heading(&format!("On {}: no dependency is built twice", server.database.name()));
        dependencies::check_built_twice(course, server.database, &problems)?;
    }
    // Before the first build: what is older than it is not built again for every lesson.
    for lesson in &lessons {
        variant::prepare(course, lesson)?;
    }
    heading(&format!(
        "Skeletons fail with an explanation; empty bodies and typical mistakes fail; correct answers pass (on {seeds} \
         seeds)"
    ));
    each(&lessons, |lesson| {
        for (place, server) in databases.iter().enumerate() {
            behavior::check_lesson(course, lesson, server, &problems)?;
            behavior::check_submissions(course, lesson, server, &problems)?;
            edits::check_right(course, lesson, (place, &databases), what, &problems)?;
        }
        mistakes::check(course, lesson, &databases, what, &problems)?;
        behavior::check_seeds(course, lesson, &databases, what, &problems)?;
        heading(&format!("Lesson {} is done", lesson.number));
        Ok(())
    })?;
    heading("Mistakes get the explanations that their files name");
    check_explanations(course, &lessons, &databases, what, &problems)?;

    heading(&format!("Problems: {}", problems.count()));
    Ok(if problems.count() == 0 { PASSED } else { NOT_PASSED })
}

/// Writes what typical mistakes leave at the gates that notice them, of all lessons or of one.
///
/// # Errors
///
/// When a mistake cannot be tried; what is wrong with one is printed.
pub fn write_labels(course: &Course, lesson: Option<&str>, sqlite_only: bool) -> Result<u8> {
    course.check_solutions("labels", "puts typical mistakes into the solutions")?;
    let lessons = lessons(course, lesson)?;
    let _lock = alone(course)?;
    let problems = Problems::default();
    let databases = servers(sqlite_only)?;
    let what = What { sqlite_only, ..What::everything() };
    each(&lessons, |lesson| mistakes::write_labels(course, lesson, &databases, what, &problems))?;
    Ok(if problems.count() == 0 { PASSED } else { NOT_PASSED })
}

/// Writes the lists of what the lessons' texts promise, of all lessons or of one.
///
/// # Errors
///
/// When a text cannot be read, or a list cannot be written.
pub fn write_promises(course: &Course, lesson: Option<&str>) -> Result<u8> {
    course.check_solutions("promises", "lists what the texts promise, beside the typical mistakes")?;
    for lesson in lessons(course, lesson)? {
        promises::write(course, lesson)?;
    }
    Ok(PASSED)
}

/// The lesson of this name, or all.
fn lessons<'a>(course: &'a Course, name: Option<&str>) -> Result<Vec<&'a Lesson>> {
    match name {
        Some(name) => Ok(vec![course.lesson(name)?]),
        None => Ok(course.lessons.iter().collect()),
    }
}

/// Wrong answers are built in one place, so two commands that build them would judge each other's.
fn alone(course: &Course) -> Result<Tried> {
    let folder = place::own(&course.root)?;
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let tried = try_alone(&folder.join("variants"))?;
    if matches!(tried, Tried::Taken) {
        bail!(
            "`cargo kata check` or `cargo kata labels` is running in this copy of the course; wait until it has ended"
        );
    }
    Ok(tried)
}

fn servers(sqlite_only: bool) -> Result<Vec<Server>> {
    let databases = [Database::Sqlite, Database::Postgres].into_iter();
    databases
        .filter(|database| !sqlite_only || *database == Database::Sqlite)
        .map(Server::for_gates)
        .collect()
}

/// All rules are tried where all lessons are.
fn check_explanations(
    course: &Course,
    lessons: &[&Lesson],
    servers: &[Server],
    what: What,
    problems: &Problems,
) -> Result<()> {
    let used = Mutex::new(explanations::Used::default());
    each(lessons, |lesson| {
        for server in servers {
            let shown = explanations::check_explanations(course, lesson, server, what, problems)?;
            used.lock().expect("nobody panics while they hold this").add(shown);
        }
        Ok(())
    })?;
    let mut used = used.into_inner().expect("nobody panics while they hold this");
    if lessons.len() == course.lessons.len() {
        explanations::check_tried(&used.rules, problems);
    }
    if let Some((usual, longest)) = used.milliseconds() {
        println!("  An explanation takes {usual:.1} ms, and {longest:.1} ms at most.");
    }
    Ok(())
}

/// Does `work` for each lesson, one more at a time than there are cores: a lesson waits for its database and its gates.
/// The last lesson is by far the largest, so it comes first.
fn each(lessons: &[&Lesson], work: impl Fn(&Lesson) -> Result<()> + Sync) -> Result<()> {
    let last = lessons.len().saturating_sub(1);
    in_order(cores() + 1, lessons.len(), |index, _| Ok((work(lessons[last - index])?, true))).map(drop)
}
