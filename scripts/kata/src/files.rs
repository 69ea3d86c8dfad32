//! The files that the course consists of: what git would have, without asking git.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

/// All files of the course at `root`, by path in it, in order. What is built, a person's own settings and
/// what the guide keeps are none of them.
pub fn of_course(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_courses) {
        let entry = entry.with_context(|| format!("cannot read {}", root.display()))?;
        if entry.file_type().is_file() {
            files.push(entry.path().strip_prefix(root)?.to_owned());
        }
    }
    Ok(files)
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
