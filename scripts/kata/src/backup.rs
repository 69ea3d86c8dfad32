//! Copies of what a command is about to write over, in `.kata/backup`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{OWN_FOLDER, files, own_folder, stamp};

/// A folder of its own for one command's copies, made when the first comes.
pub struct Backup<'a> {
    root: &'a Path,
    folder: PathBuf,
    count: usize,
}

impl<'a> Backup<'a> {
    pub fn new(root: &'a Path) -> Self {
        Self { root, folder: Path::new(OWN_FOLDER).join("backup").join(stamp()), count: 0 }
    }

    /// Keeps a copy of the file at `path`, if there is one.
    ///
    /// # Errors
    ///
    /// When the file cannot be copied.
    pub fn keep(&mut self, path: &Path) -> Result<()> {
        let from = self.root.join(path);
        if !from.is_file() {
            return Ok(());
        }
        own_folder(self.root)?;
        let to = self.root.join(&self.folder).join(path);
        files::copy(&from, &to)
            .with_context(|| format!("cannot back up {}; nothing was changed", path.display()))?;
        self.count += 1;
        Ok(())
    }

    /// Takes the folder at `path` away, whole.
    ///
    /// # Errors
    ///
    /// When the folder cannot be moved.
    pub fn take(&mut self, path: &Path) -> Result<()> {
        own_folder(self.root)?;
        let to = self.root.join(&self.folder).join(path);
        let parent = to.parent().context("a folder of the course is in another one")?;
        fs::create_dir_all(parent).and_then(|()| fs::rename(self.root.join(path), &to)).with_context(
            || format!("cannot move {} to {}; nothing was changed", path.display(), to.display()),
        )?;
        self.count += 1;
        Ok(())
    }

    /// Where the copies are, if any were made.
    pub fn place(&self) -> Option<&Path> {
        Some(self.folder.as_path()).filter(|_| self.count > 0)
    }
}
