//! Finds, reads, writes and copies files.

pub mod text;
pub mod tracked;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::course::layout;

pub use text::{read as read_text, read_if_there as text_if_there};

/// All files at or below `folder`, by path in it, in order.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if entry.file_type().is_file() {
            files.push(entry.path().strip_prefix(folder)?.to_owned());
        }
    }
    Ok(files)
}

/// All files of the course at `root`, by path in it, in order; see [`crate::course::layout`].
pub fn of_course(root: &Path) -> Result<Vec<PathBuf>> {
    Ok(layout::contents(root)?.files)
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
