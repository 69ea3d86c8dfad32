//! The latest verdict on each lesson, kept as a file for the page that shows it; and whether a guide is there to make
//! the next one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::build::place;
use crate::locks::{Lock, Tried, try_alone, wait_shared};
use crate::report::Report;
use crate::{Database, files};

/// The folder of the files, for `database`.
///
/// # Errors
///
/// When the course's folder is gone.
pub fn folder(root: &Path, database: Database) -> Result<PathBuf> {
    Ok(place::own(root)?.join("verdicts").join(database.name()))
}

/// Keeps a verdict in the place of the one before. A reader of the file finds a whole one at any time.
///
/// # Errors
///
/// When it cannot be written.
pub fn keep(root: &Path, report: &Report) -> Result<()> {
    let folder = folder(root, report.database)?;
    let file = folder.join(format!("{}.json", report.lesson));
    let new = folder.join(format!("{}.{}", report.lesson, std::process::id()));
    files::write(&new, serde_json::to_string(report)?)?;
    fs::rename(&new, &file).with_context(|| format!("cannot write {}", file.display()))
}

/// The latest verdict on a lesson, if there is one.
pub fn latest(root: &Path, lesson: &str, database: Database) -> Option<Report> {
    let file = folder(root, database).ok()?.join(format!("{lesson}.json"));
    serde_json::from_str(&fs::read_to_string(file).ok()?).ok()
}

/// What a guide holds while it watches.
const WATCHING: &str = "watching.lock";
/// What the page holds while it is served.
const SHOWN: &str = "shown.lock";

/// Says that a guide watches, until the result is dropped.
///
/// # Errors
///
/// When the folder that cargo builds into cannot be written.
pub fn watching(root: &Path) -> Result<Lock> {
    hold(root, WATCHING)
}

/// Says that a page shows the verdicts, until the result is dropped.
///
/// # Errors
///
/// As [`watching`].
pub fn showing(root: &Path) -> Result<Lock> {
    hold(root, SHOWN)
}

fn hold(root: &Path, lock: &str) -> Result<Lock> {
    let folder = place::own(root)?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    wait_shared(&folder.join(lock))
}

/// Whether a guide watches, here or in another terminal, and so judges every save.
pub fn is_watched(root: &Path) -> bool {
    is_held(root, WATCHING)
}

/// Whether a page shows the verdicts, and so the tables, too.
pub fn is_shown(root: &Path) -> bool {
    is_held(root, SHOWN)
}

fn is_held(root: &Path, lock: &str) -> bool {
    let lock = place::own(root).and_then(|folder| try_alone(&folder.join(lock)));
    matches!(lock, Ok(Tried::Taken))
}
