//! `cargo kata diff --steps 4 5`: what one finished step changes in another.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use similar::{ChangeTag, TextDiff};

use crate::course::{Course, Lesson};
use crate::derive::{self, Files, tasks};
use crate::solution_diff::{check_solutions, may_see};
use crate::view::{BOLD, DIM, Page};
use crate::{Database, NOT_PASSED, PASSED};

const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// Shows what the step `to` changes in the step `from`, on `database`.
///
/// # Errors
///
/// When there is no such lesson, or the course has no solutions.
pub fn diff(course: &Course, from: &str, to: &str, database: Database, spoil: bool) -> Result<u8> {
    let (from, to) = (course.lesson(from)?, course.lesson(to)?);
    for lesson in [from, to] {
        check_solutions(course, lesson)?;
        if !spoil && !may_see(course, lesson, database)? {
            anstream::println!(
                "Lesson {} is not passed yet. Add --spoil to see finished steps before you have passed them.",
                lesson.number
            );
            return Ok(NOT_PASSED);
        }
    }
    let mut page = Page::new(&course.root);
    page.blank();
    page.line(format_args!(
        "{BOLD}From lesson {} to lesson {}: {}{BOLD:#}",
        from.number, to.number, to.manifest.title
    ));
    let (before, after) = (finished(course, from, database)?, finished(course, to, database)?);
    for (path, old) in &before {
        match after.get(path) {
            Some(new) if new != old => changed(&mut page, path, old, new),
            Some(_) => {}
            // Its code is in the groundwork by now, or the step does not need it.
            None => page.line(format_args!("{DIM}without {}{DIM:#}", path.display())),
        }
    }
    for (path, new) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        changed(&mut page, path, "", new);
    }
    page.print();
    Ok(PASSED)
}

/// What is new in a finished step, by path in its folder, without the markers of tasks.
fn finished(course: &Course, lesson: &Lesson, database: Database) -> Result<Files> {
    let migrations = Path::new("migrations").join(database.name());
    let is_shown = |path: &Path| {
        path.starts_with(&migrations)
            || ["src", "templates", "static", "setup.sql"].iter().any(|part| path.starts_with(part))
    };
    let mut finished = Files::new();
    for (path, text) in derive::completed(course, lesson)? {
        let path = path.strip_prefix(lesson.folder())?;
        if is_shown(path) {
            // The name of the package differs in every step.
            let text = tasks::without_markers(&text).replace(&lesson.package(), "lesson");
            finished.insert(path.to_owned(), text);
        }
    }
    Ok(finished)
}

fn changed(page: &mut Page, path: &Path, old: &str, new: &str) {
    page.line(format_args!("{BOLD}{}{BOLD:#}", path.display()));
    let diff = TextDiff::from_lines(old, new);
    for change in diff.iter_all_changes() {
        let line = change.value().trim_end();
        match change.tag() {
            ChangeTag::Equal => {}
            ChangeTag::Delete => page.line(format_args!("  {REMOVED}- {line}{REMOVED:#}")),
            ChangeTag::Insert => page.line(format_args!("  {ADDED}+ {line}{ADDED:#}")),
        }
    }
}
