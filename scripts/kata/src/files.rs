//! Finds, writes and copies files; knows which of them the course consists of.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

use crate::build::place;

/// All files at or below `folder`, by path in it, in order.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    list(WalkDir::new(folder).sort_by_file_name().into_iter(), folder)
}

/// All files of the course at `root`, by path in it, in order: what git would have, without asking git.
/// What is built, a person's own settings and what the guide keeps are none of them.
pub fn of_course(root: &Path) -> Result<Vec<PathBuf>> {
    of_course_but(root, &place::target(root))
}

/// Settings may have cargo build into a folder of another name in the course: that of `target`.
fn of_course_but(root: &Path, target: &Path) -> Result<Vec<PathBuf>> {
    let is_wanted = |entry: &DirEntry| is_courses(entry) && entry.path() != target;
    list(WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_wanted), root)
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

/// The text of a file, if there is one.
pub fn text_if_there(path: &Path) -> Result<Option<String>> {
    unless_missing(fs::read_to_string(path)).with_context(|| format!("cannot read {}", path.display()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_builds_is_not_the_courses_whatever_its_folder_is_called() {
        let root = tempfile::tempdir().unwrap();
        for path in ["Cargo.toml", "built/debug/deps/one.rlib", "lessons/built/note.md", "target/debug/one"] {
            write(&root.path().join(path), "").unwrap();
        }
        let files = of_course_but(root.path(), &root.path().join("built")).unwrap();
        assert_eq!(files, ["Cargo.toml", "lessons/built/note.md"].map(PathBuf::from));
    }
}
