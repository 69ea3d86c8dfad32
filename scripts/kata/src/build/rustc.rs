//! One `rustc` command as cargo ran it, and what it becomes elsewhere.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// One `rustc` command as cargo ran it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Rustc {
    /// The programs that cargo starts in rustc's place, each of which starts the next.
    #[serde(default)]
    pub wrappers: Vec<PathBuf>,
    pub program: PathBuf,
    /// The source's path is relative to `folder`; those of other crates are absolute.
    pub arguments: Vec<String>,
    pub variables: BTreeMap<String, String>,
    /// The workspace's root.
    pub folder: PathBuf,
}

impl Rustc {
    /// The value of an argument of two words: `-C metadata=…` has the name `-C` and the key `metadata`.
    fn code_generation(&self, key: &str) -> Option<&str> {
        let mut pairs = self.arguments.windows(2).filter(|pair| pair[0] == "-C");
        pairs.find_map(|pair| pair[1].strip_prefix(key)?.strip_prefix('='))
    }

    pub(super) fn crate_name(&self) -> Result<&str> {
        let mut pairs = self.arguments.windows(2);
        let found = pairs.find(|pair| pair[0] == "--crate-name").map(|pair| pair[1].as_str());
        found.context("a rustc command without a name for its crate")
    }

    /// The crates that it takes in, by the paths of their files.
    pub fn externs(&self) -> impl Iterator<Item = &Path> {
        let pairs = self.arguments.windows(2).filter(|pair| pair[0] == "--extern");
        pairs.filter_map(|pair| pair[1].split_once('=')).map(|(_, path)| Path::new(path))
    }

    /// Where cargo keeps what rustc remembers of this crate from one run to the next.
    pub(super) fn incremental(&self) -> Option<&Path> {
        self.code_generation("incremental").map(Path::new)
    }

    /// The file that comes of it: a library, or a program to run.
    ///
    /// # Errors
    ///
    /// When the command does not name its crate, or the folder for what it makes.
    pub fn output(&self, is_library: bool) -> Result<PathBuf> {
        let mut pairs = self.arguments.windows(2);
        let folder = pairs.find(|pair| pair[0] == "--out-dir").map(|pair| &pair[1]);
        let folder = folder.context("a rustc command without a folder for what it makes")?;
        let (name, suffix) = (self.crate_name()?, self.code_generation("extra-filename").unwrap_or_default());
        let file = match is_library {
            true => format!("lib{name}{suffix}.rlib"),
            false => format!("{name}{suffix}{}", env::consts::EXE_SUFFIX),
        };
        Ok(Path::new(folder).join(file))
    }

    /// The file in which rustc lists what it has read: in rustc's words, the dependency information.
    ///
    /// # Errors
    ///
    /// When the command does not say where that is.
    pub fn dependency_file(&self) -> Result<PathBuf> {
        Ok(self.output(false)?.with_extension("d"))
    }

    /// The files that rustc has read for this crate, or `None` when there is no list of them.
    ///
    /// # Errors
    ///
    /// When the command does not say where the list is.
    pub(super) fn files_read(&self) -> Result<Option<Vec<PathBuf>>> {
        let Ok(text) = std::fs::read_to_string(self.dependency_file()?) else { return Ok(None) };
        // Each file has a line of its own at the end: `src/lib.rs:`. A blank in a name is written `\ `.
        let files = text.lines().filter_map(|line| line.strip_suffix(':'));
        let files = files.map(|file| self.folder.join(file.replace("\\ ", " ")));
        Ok(Some(files.collect()))
    }

    /// All programs that it starts.
    pub(super) fn programs(&self) -> impl Iterator<Item = &PathBuf> {
        self.wrappers.iter().chain([&self.program])
    }

    /// The same command with what it makes put into `out`, and what it remembers into `incremental`.
    #[must_use]
    pub fn into_folder(&self, out: &Path, incremental: &Path) -> Self {
        let mut command = self.clone();
        command.arguments.clear();
        let mut words = self.arguments.iter().peekable();
        while let Some(word) = words.next() {
            let value = words.peek().map(|value| value.as_str());
            match (word.as_str(), value) {
                ("--out-dir", Some(_)) => {
                    words.next();
                    command.arguments.extend(["--out-dir".into(), out.display().to_string()]);
                }
                ("-C", Some(value)) if value.starts_with("incremental=") => {
                    words.next();
                }
                _ => command.arguments.push(word.clone()),
            }
        }
        command.arguments.extend(["-C".into(), format!("incremental={}", incremental.display())]);
        command
    }

    /// The same command with the step's own library, which was at `from`, taken from `to`.
    ///
    /// # Errors
    ///
    /// When it does not take in the library from there: it would go on with the one that it does.
    pub fn with_library(&self, from: &Path, to: &Path) -> Result<Self> {
        let mut command = self.clone();
        let ending = format!("={}", from.display());
        let mut words = command.arguments.iter_mut();
        let Some(word) = words.find(|word| word.ends_with(&ending)) else {
            bail!("{} is not compiled with {}", self.crate_name()?, from.display());
        };
        word.replace_range(word.len() - ending.len() + 1.., &to.display().to_string());
        Ok(command)
    }

    /// The process that runs it.
    pub fn command(&self) -> Command {
        let mut programs = self.programs();
        let mut command = Command::new(programs.next().unwrap_or(&self.program));
        command.args(programs).args(&self.arguments).envs(&self.variables).current_dir(&self.folder);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_library_of_the_command_can_be_replaced() {
        let words =
            "--crate-name gate --extern step=/deps/libstep-1f.rlib --extern gates=/deps/libgates.rlib";
        let command = Rustc {
            wrappers: Vec::new(),
            program: "rustc".into(),
            arguments: words.split(' ').map(str::to_owned).collect(),
            variables: BTreeMap::new(),
            folder: "/".into(),
        };
        let from = |from: &str| command.with_library(Path::new(from), Path::new("/out/libstep-1f.rlib"));
        let taken = from("/deps/libstep-1f.rlib").unwrap().arguments.join(" ");
        assert_eq!(taken, words.replace("/deps/libstep", "/out/libstep"));
        let other = from("/deps/libstep-2e.rlib").unwrap_err().to_string();
        assert_eq!(other, "gate is not compiled with /deps/libstep-2e.rlib");
    }
}
