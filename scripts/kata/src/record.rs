//! `lessons/.derived`: a SHA-256 for each file that was written, as `sha256sum` prints it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::digest::hex;
use crate::files;

/// Where it is in the course.
pub const FILE: &str = "lessons/.derived";

/// What is derived, by path in the workspace.
pub type Files = BTreeMap<PathBuf, String>;

#[derive(Clone, PartialEq)]
pub struct Record(BTreeMap<PathBuf, String>);

impl Record {
    /// # Errors
    ///
    /// When the file cannot be read, or a line of it is not a hash and a path.
    pub fn read(root: &Path) -> Result<Self> {
        let text = files::text_if_there(&root.join(FILE))?.unwrap_or_default();
        let mut hashes = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let Some((hash, path)) = line.split_once("  ") else {
                bail!("{FILE}, line {}: not a hash and a path; take the file from git again", number + 1);
            };
            hashes.insert(PathBuf::from(path), hash.to_owned());
        }
        Ok(Self(hashes))
    }

    /// Whether `text`, as [`files::read_text`] returns it, is what was last written to `path`.
    pub fn wrote(&self, path: &Path, text: &str) -> bool {
        self.0.get(path).is_some_and(|hash| *hash == sha256(text))
    }

    /// Whether the file at `path` is as it was written.
    pub fn is_as_written(&self, root: &Path, path: &Path) -> bool {
        files::read_text(&root.join(path)).is_ok_and(|text| self.wrote(path, &text))
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// From here on `files` are what was written, but for those that were left as they were.
    pub fn update(&mut self, files: &Files, is_left: impl Fn(&Path) -> bool) {
        self.0.retain(|path, _| is_left(path));
        let written = files.iter().filter(|(path, _)| !is_left(path));
        self.0.extend(written.map(|(path, text)| (path.clone(), sha256(text))));
    }

    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&self, root: &Path) -> Result<()> {
        let line = |(path, hash): (&PathBuf, &String)| {
            // One form on every system: the file is in git.
            format!("{hash}  {}\n", path.display().to_string().replace('\\', "/"))
        };
        let text: String = self.0.iter().map(line).collect();
        fs::write(root.join(FILE), text).with_context(|| format!("cannot write {FILE}"))
    }
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}
