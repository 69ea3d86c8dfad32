//! Finds, reads, writes and copies files; knows which of them the course consists of.

pub mod text;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

pub use text::{read as read_text, read_if_there as text_if_there};

/// All files at or below `folder`, by path in it, in order.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    list(WalkDir::new(folder).sort_by_file_name().into_iter(), folder)
}

/// All files of the course at `root`, by path in it, in order: what git would have, without asking git.
/// What is built, a person's own settings and what the guide keeps are none of them.
pub fn of_course(root: &Path) -> Result<Vec<PathBuf>> {
    list(WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_courses), root)
}

fn list(entries: impl Iterator<Item = walkdir::Result<DirEntry>>, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if entry.file_type().is_file() {
            files.push(entry.path().strip_prefix(folder)?.to_owned());
        }
    }
    Ok(files)
}

/// Writes a file, and makes the folder it is in.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    make_parent(path)
        .and_then(|()| fs::write(path, content))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// As [`write`], and leaves alone what holds the same: a newer time would have it compiled again.
pub fn write_changed(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    match fs::read(path) {
        Ok(now) if now == content.as_ref() => Ok(()),
        _ => write(path, content),
    }
}

/// Copies a file, and makes the folder that it gets into.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    make_parent(to)
        .and_then(|()| fs::copy(from, to))
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Deletes a file, if there is one.
pub fn delete_if_there(path: &Path) -> Result<()> {
    unless_missing(fs::remove_file(path)).with_context(|| format!("cannot delete {}", path.display()))?;
    Ok(())
}

/// What was done to a file, or nothing, if there is none.
pub fn unless_missing<T>(done: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        done => done.map(Some),
    }
}

/// Deletes a file, and the folders that are empty without it.
pub fn delete(path: &Path) -> Result<()> {
    fs::remove_file(path).with_context(|| format!("cannot delete {}", path.display()))?;
    // The first that is not empty refuses.
    for folder in path.ancestors().skip(1) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

fn make_parent(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

fn is_courses(entry: &DirEntry) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name().to_str().unwrap_or_default();
    let extension = entry.path().extension().and_then(OsStr::to_str).unwrap_or_default();
    let is_own =
        matches!(name, "target" | ".git" | ".jj" | ".idea" | "node_modules" | ".env" | crate::OWN_FOLDER)
            || name.starts_with(".kata-progress");
    let is_left_behind = matches!(extension, "db" | "db-shm" | "db-wal" | "pending-snap" | "swp")
        || name.ends_with(".snap.new");
    !is_own && !is_left_behind
}
