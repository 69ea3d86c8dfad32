//! Finds, reads, writes and copies files.

pub mod detours;
pub mod text;
pub mod tracked;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

use crate::leftovers::{has_mark, is_leftover};

/// All files at or below `folder`, by path in it, in order.
///
/// # Errors
///
/// When a folder cannot be read.
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

/// The files at or below `folder` that may be somebody's work, by path in it, in order. What other programs
/// leave there is not among them, nor what is in a folder that cannot be read: somebody else's, such as a
/// database container's. No folder has no files.
pub fn of_work(folder: &Path) -> Vec<PathBuf> {
    let is_work = |entry: &DirEntry| {
        entry.depth() == 0
            || !(is_leftover(&entry.file_name().to_string_lossy())
                || (entry.file_type().is_dir() && has_mark(entry.path())))
    };
    readable(WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_work), folder)
}

/// Those of the entries that are files, or links to files, by path in `folder`.
fn readable(entries: impl Iterator<Item = walkdir::Result<DirEntry>>, folder: &Path) -> Vec<PathBuf> {
    let is_file = |entry: &DirEntry| {
        entry.file_type().is_file() || (entry.file_type().is_symlink() && entry.path().is_file())
    };
    let files = entries.filter_map(Result::ok).filter(is_file);
    files.filter_map(|entry| Some(entry.path().strip_prefix(folder).ok()?.to_owned())).collect()
}

/// The text of a file.
///
/// # Errors
///
/// When it cannot be read or is not text; the error names the file.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    text::decode(&bytes).with_context(|| format!("cannot read {}", path.display()))
}

/// The text of a file, if there is one.
///
/// # Errors
///
/// As [`read_text`], but for a file that does not exist.
pub fn text_if_there(path: &Path) -> Result<Option<String>> {
    let bytes = unless_missing(fs::read(path));
    let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
    bytes
        .map(|bytes| text::decode(&bytes))
        .transpose()
        .with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file, and makes the folder it is in.
///
/// # Errors
///
/// When the file or its folder cannot be written.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    make_parent(path)
        .and_then(|()| fs::write(path, content))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// As [`write`], and leaves alone what holds the same: a newer time would have it compiled again.
///
/// # Errors
///
/// When the file or its folder cannot be written.
pub fn write_changed(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    match fs::read(path) {
        Ok(now) if now == content.as_ref() => Ok(()),
        _ => write(path, content),
    }
}

/// Copies a file, and makes the folder that it gets into.
///
/// # Errors
///
/// When one cannot be read or the other cannot be written.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    make_parent(to)
        .and_then(|()| fs::copy(from, to))
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Deletes a file, if there is one.
///
/// # Errors
///
/// When the file cannot be deleted.
pub fn delete_if_there(path: &Path) -> Result<()> {
    unless_missing(fs::remove_file(path)).with_context(|| format!("cannot delete {}", path.display()))?;
    Ok(())
}

/// The result, or `None` if the file does not exist.
///
/// # Errors
///
/// Each error but that the file does not exist.
pub fn unless_missing<T>(done: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        done => done.map(Some),
    }
}

/// Deletes a file, and the folders that are empty without it.
///
/// # Errors
///
/// When the file cannot be deleted.
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

/// Deletes the folders below `folder` that hold nothing. No course has one, and a migration's would be read as
/// a migration.
pub fn delete_empty_folders(folder: &Path) {
    for entry in WalkDir::new(folder).min_depth(1).contents_first(true).into_iter().flatten() {
        if entry.file_type().is_dir() {
            // One that is not empty refuses.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

fn make_parent(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use walkdir::WalkDir;

    use super::{delete_empty_folders, of_work, readable, write};

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            super::write(&folder.path().join(file), "x").unwrap();
        }
        folder
    }

    fn names(files: &[PathBuf]) -> Vec<&str> {
        files.iter().map(|file| file.to_str().unwrap()).collect()
    }

    #[test]
    fn work_is_distinguished_from_leftovers() {
        let folder = folder(&[
            "src/lib.rs",
            "src/target/mod.rs",
            "src/.lib.rs.swp",
            ".idea/workspace.xml",
            "data/PG_VERSION",
            "data/base/1/1259",
            "pgdata/base/1/1259",
            "pgdata.rs",
        ]);
        assert_eq!(names(&of_work(folder.path())), ["pgdata.rs", "src/lib.rs", "src/target/mod.rs"]);
    }

    #[test]
    fn a_folder_that_does_not_exist_has_no_work() {
        assert!(of_work(Path::new("/no/such/folder")).is_empty());
    }

    #[test]
    fn an_unreadable_folder_does_not_hide_others() {
        let folder = folder(&["src/lib.rs"]);
        // `walkdir` reports a folder that it may not read as it does one that does not exist.
        let unreadable = WalkDir::new(folder.path().join("no-such-folder")).into_iter();
        let entries = unreadable.chain(WalkDir::new(folder.path()));
        assert_eq!(names(&readable(entries, folder.path())), ["src/lib.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn an_unreadable_folder_is_skipped() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder(&["src/lib.rs", "volume/17/base"]);
        let volume = folder.path().join("volume");
        fs::set_permissions(&volume, PermissionsExt::from_mode(0o000)).unwrap();
        let files = of_work(folder.path());
        fs::set_permissions(&volume, PermissionsExt::from_mode(0o700)).unwrap();
        // Root may read everything.
        assert!(files.contains(&PathBuf::from("src/lib.rs")), "{files:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_is_work_and_a_broken_link_is_not() {
        let folder = folder(&["elsewhere.rs"]);
        fs::create_dir(folder.path().join("src")).unwrap();
        std::os::unix::fs::symlink("../elsewhere.rs", folder.path().join("src/lib.rs")).unwrap();
        std::os::unix::fs::symlink("ann@laptop.4711:1767225600", folder.path().join("src/broken.rs"))
            .unwrap();
        assert_eq!(names(&of_work(folder.path())), ["elsewhere.rs", "src/lib.rs"]);
    }

    #[test]
    fn empty_folders_are_deleted_and_others_stay() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("migrations/sqlite/1_books")).unwrap();
        write(&root.path().join("migrations/postgres/1_books/up.sql"), "").unwrap();
        delete_empty_folders(root.path());
        assert!(!root.path().join("migrations/sqlite").exists());
        assert!(root.path().join("migrations/postgres/1_books/up.sql").exists());
    }
}
