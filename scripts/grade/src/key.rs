//! The key by which a later run knows a verdict for its own.
//!
//! Anyone with write access to the folder of the verdicts could write a verdict. The key is beside that folder, for the
//! grader's user alone, so it is not handed around with the verdicts.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gate_contract::seal;
use tempfile::NamedTempFile;

use crate::untrusted;

/// The file beside a verdict that says whose it is.
pub const SEAL: &str = "verdict.seal";

/// What the name of the key's file ends with.
pub const ENDING: &str = "key";

/// 256 bits in hexadecimal digits, and far more than any key has.
const SHORTEST: usize = 64;
const LONGEST: u64 = 4096;

pub struct Key(String);

/// Why the file for `--key` is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error(
        "cannot read the key {}: {error}. `cargo kata grade --new-key FILE` makes one; each machine needs a copy of \
         the same file",
        .file.display()
    )]
    Unreadable { file: PathBuf, error: io::Error },
    #[error(
        "{} is not a key: it needs at least {SHORTEST} characters and no blanks. `cargo kata grade --new-key FILE` \
         makes one",
        .0.display()
    )]
    NotAKey(PathBuf),
    #[error(
        "other users can read or change the key {file}, and so write verdicts: run `chmod 600 {file}`", file = .0.display()
    )]
    Open(PathBuf),
    #[error(
        "{} is not a valid key. Delete it and grade again; earlier verdicts will not be reused", .0.display()
    )]
    Damaged(PathBuf),
    #[error(
        "the verdicts in {} have another key, in the file beside that folder: choose a different folder for `--out`, \
         or name that file for `--key`",
        .0.display()
    )]
    OtherKey(PathBuf),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Key {
    /// The key of the folder `out`; a new one, if there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written.
    pub fn beside(out: &Path) -> Result<Self, Unusable> {
        if let Some(key) = Self::of(out)? {
            return Ok(key);
        }
        let key = Self(random()?);
        key.keep_beside(out)?;
        Ok(key)
    }

    /// Makes the key of a run that several machines share. `file` is new.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or there is something already.
    pub fn create(file: &Path) -> Result<()> {
        let put = |new: NamedTempFile, file: &Path| {
            new.persist_noclobber(file).map(drop).map_err(|error| error.error)
        };
        Self(random()?).write(file, put)
    }

    /// The key of a run, in a file that somebody has named. Later runs on the verdicts in `out` need it, too, so a copy
    /// is kept beside that folder.
    ///
    /// # Errors
    ///
    /// When it is not a key, or the verdicts in `out` have another.
    pub fn named(file: &Path, out: &Path) -> Result<Self, Unusable> {
        let key = Self::read(file)?;
        key.fits(out)?;
        key.keep_beside(out)?;
        Ok(key)
    }

    /// A key in a file that somebody has named.
    ///
    /// # Errors
    ///
    /// When it is not a key, or others can read it.
    pub fn read(file: &Path) -> Result<Self, Unusable> {
        let unreadable = |error| Unusable::Unreadable { file: file.to_owned(), error };
        let opened = untrusted::open_named(file).map_err(unreadable)?;
        if is_open(&opened).map_err(unreadable)? {
            return Err(Unusable::Open(file.to_owned()));
        }
        let mut text = String::new();
        opened.take(LONGEST).read_to_string(&mut text).map_err(unreadable)?;
        of_text(&text).ok_or_else(|| Unusable::NotAKey(file.to_owned()))
    }

    /// Whether the verdicts in `out` may have this key.
    ///
    /// # Errors
    ///
    /// When they have another.
    pub fn fits(&self, out: &Path) -> Result<(), Unusable> {
        match Self::of(out)? {
            Some(other) if other.0 != self.0 => Err(Unusable::OtherKey(out.to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether this file is in a folder of results, with the key beside them.
    pub fn is_beside_results_of(verdict: &Path) -> bool {
        let folder = verdict.parent().and_then(Path::parent);
        folder.is_some_and(|folder| file(folder).is_ok_and(|key| key.is_file()))
    }

    /// Keeps a copy for later runs on the verdicts in `out`.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn keep_beside(&self, out: &Path) -> Result<()> {
        self.write(&file(out)?, |new, file| new.persist(file).map(drop).map_err(|error| error.error))
    }

    /// Whole or not at all, and for nobody else: that is how temporary files are made.
    fn write(&self, file: &Path, put: impl Fn(NamedTempFile, &Path) -> io::Result<()>) -> Result<()> {
        let write = || -> io::Result<()> {
            let mut new = tempfile::Builder::new().prefix(".key-").tempfile_in(folder_of(file))?;
            new.write_all(self.0.as_bytes())?;
            new.as_file().sync_all()?;
            put(new, file)
        };
        write().with_context(|| format!("cannot write {}", file.display()))
    }

    /// A fresh seed of the run with this key, which every machine that shares it draws alike. Below 2^53, so that every
    /// reader of JSON reads the same number.
    pub fn seed(&self, place: usize) -> u64 {
        // No submission has this name.
        let digits = self.seal("seed/", &place.to_string());
        u64::from_str_radix(digits.get(..16).unwrap_or_default(), 16).unwrap_or_default() >> 11
    }

    /// The key of the folder `out`, if there is one: not where the verdicts are a copy.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn of(out: &Path) -> Result<Option<Self>, Unusable> {
        let file = file(out)?;
        match Self::read(&file) {
            Ok(key) => Ok(Some(key)),
            Err(Unusable::Unreadable { error, .. }) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(Unusable::NotAKey(file)) => Err(Unusable::Damaged(file)),
            Err(error) => Err(error),
        }
    }

    /// What this key makes of the text of a submission's verdict.
    pub fn seal(&self, submission: &str, verdict: &str) -> String {
        seal::of(&self.0, &format!("{submission}\n{verdict}"))
    }
}

fn of_text(text: &str) -> Option<Key> {
    let is_key = |key: &&str| key.len() >= SHORTEST && key.bytes().all(|byte| byte.is_ascii_graphic());
    Some(text.trim()).filter(is_key).map(|key| Key(key.to_owned()))
}

/// Whether other users than its owner may use a file.
#[cfg(unix)]
fn is_open(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// The file with the key of the results in `out`.
///
/// # Errors
///
/// For the top folder, which has nothing beside it.
pub fn file(out: &Path) -> Result<PathBuf> {
    let mut name = out.file_name().context("`--out` cannot be the root folder")?.to_owned();
    name.push(".");
    name.push(ENDING);
    Ok(out.with_file_name(name))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// A text that nobody can guess.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn random() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the system cannot generate random numbers")?;
    Ok(kata::digest::hex(&bytes))
}
