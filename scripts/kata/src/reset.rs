//! `cargo kata reset`: a lesson as it was handed out.

use std::fs;
use std::io::{BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};

use crate::backup::Backup;
use crate::course::{Course, Lesson};
use crate::derive::Files;
use crate::files::{self, text};
use crate::{NOT_PASSED, PASSED, base, content, progress};

/// What to do about a lesson that is gone.
pub fn missing(lesson: &Lesson) -> anyhow::Error {
    anyhow!(
        "the folder {} or its Cargo.toml is missing; `cargo kata reset {}` restores the original \
         lesson",
        lesson.folder().display(),
        lesson.number
    )
}

/// What has to change so that a lesson is as it was handed out.
struct Plan<'a> {
    lesson: &'a Lesson,
    /// To be written.
    write: Files,
    /// Files of the student's own, to be moved away.
    superfluous: Vec<PathBuf>,
}

/// `cargo kata reset 5`, `cargo kata reset --all`.
///
/// # Errors
///
/// When no such lesson exists, or what was handed out cannot be written.
pub fn reset(course: &Course, name: Option<&str>, is_yes: bool) -> Result<u8> {
    let lessons = match name {
        Some(name) => vec![course.lesson(name)?],
        None => course.lessons.iter().collect(),
    };
    let mut plans = Vec::new();
    for lesson in lessons {
        files::delete_empty_folders(&course.root.join(lesson.folder()));
        match plan(course, lesson) {
            Ok(plan) => plans.push(plan),
            // There may be no way back to a project's skeleton; the others have one all the same.
            Err(error) if name.is_none() && lesson.is_project() => {
                anstream::eprintln!("warning: lesson {} stays as it is: {error:#}", lesson.number);
            }
            Err(error) => return Err(error),
        }
    }
    plans.retain(|plan| !plan.write.is_empty() || !plan.superfluous.is_empty());
    if plans.is_empty() {
        forget(course, name)?;
        anstream::println!("Nothing to do: every file is unchanged.");
        return Ok(PASSED);
    }
    for plan in &plans {
        anstream::println!("Lesson {}: {}", plan.lesson.number, plan.lesson.manifest.title);
        for path in plan.write.keys() {
            let what = if course.root.join(path).exists() { "reset to the original" } else { "restored" };
            anstream::println!("    {}: {what}", path.display());
        }
        for path in &plan.superfluous {
            anstream::println!("    {}: your own file, moved to the backup", path.display());
        }
    }
    let is_yours = |path: &PathBuf| course.root.join(path).exists();
    let has_yours = plans.iter().any(|plan| plan.write.keys().chain(&plan.superfluous).any(is_yours));
    if has_yours && !is_yes && !ask("Reset these files? Your versions will be backed up.")? {
        anstream::println!("Nothing was changed.");
        return Ok(NOT_PASSED);
    }
    let mut backup = Backup::new(&course.root);
    for path in plans.iter().flat_map(|plan| plan.write.keys().chain(&plan.superfluous)) {
        backup.keep(path)?;
    }
    for plan in &plans {
        for (path, text) in &plan.write {
            files::write(&course.root.join(path), text)?;
        }
        for path in &plan.superfluous {
            files::delete(&course.root.join(path))?;
        }
    }
    forget(course, name)?;
    if let Some(place) = backup.place() {
        anstream::println!("Your old files are saved in {}", place.display());
    }
    anstream::println!("Begin again with `cargo kata`.");
    Ok(PASSED)
}

fn plan<'a>(course: &Course, lesson: &'a Lesson) -> Result<Plan<'a>> {
    let mut handed_out = base::lesson(course, lesson)?;
    let folder = course.root.join(lesson.folder());
    let superfluous = content::sources(&folder)
        .into_iter()
        .map(|file| lesson.folder().join(file))
        .filter(|path| !handed_out.contains_key(path))
        .collect();
    // A file that differs only by a byte order mark is written again: not every tool skips the mark.
    let is_as_handed_out = |bytes: Vec<u8>, handed_out: &str| {
        let has_mark = text::is_utf_16(&bytes) || text::has_utf_8_mark(&bytes);
        !has_mark && text::is_same(&bytes, handed_out.as_bytes())
    };
    handed_out.retain(|path, handed_out| {
        !fs::read(course.root.join(path)).is_ok_and(|bytes| is_as_handed_out(bytes, handed_out))
    });
    Ok(Plan { lesson, write: handed_out, superfluous })
}

fn forget(course: &Course, name: Option<&str>) -> Result<()> {
    let lesson = name.map(|name| course.lesson(name)).transpose()?;
    progress::change(&course.root, |progress| match lesson {
        Some(lesson) => progress.lessons.retain(|(name, _), _| *name != lesson.name),
        None => *progress = progress::Progress::default(),
    })
}

/// Asks for a yes or no. Without a terminal, it counts as a no.
///
/// # Errors
///
/// When the terminal cannot be read.
pub fn ask(question: &str) -> Result<bool> {
    anstream::print!("{question} [y/N] ");
    std::io::stdout().flush().context("cannot ask")?;
    let mut answer = String::new();
    let length = std::io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
    if length == 0 {
        anstream::println!("\nThere was no answer. To skip the question, add `--yes`.");
    }
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
