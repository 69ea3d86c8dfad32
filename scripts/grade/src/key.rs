//! The key by which a later run knows a verdict for its own.
//!
//! Whoever can write into the folder of the verdicts could write a verdict. The key is beside that folder, for the
//! grader's user alone, so it is not handed around with the verdicts.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gates::seal;
use kata::files;

/// The file beside a verdict that says whose it is.
pub const SEAL: &str = "verdict.seal";

/// What the name of the key's file ends with.
pub const ENDING: &str = "key";

pub struct Key(String);

impl Key {
    /// The key of the folder `out`; a new one, if there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written.
    pub fn beside(out: &Path) -> Result<Self> {
        let file = file(out)?;
        if let Some(text) = files::text_if_there(&file)? {
            let key = text.trim();
            if key.len() < 64 {
                bail!("{} does not hold a key; delete it, and no earlier verdict is kept", file.display());
            }
            return Ok(Self(key.to_owned()));
        }
        let key = random()?;
        // Whole or not at all, and for nobody else: that is how temporary files are made.
        let write = || -> io::Result<()> {
            let mut new = tempfile::Builder::new().prefix(".key-").tempfile_in(folder_of(&file))?;
            new.write_all(key.as_bytes())?;
            new.as_file().sync_all()?;
            new.persist(&file)?;
            Ok(())
        };
        write().with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Self(key))
    }

    /// What this key makes of the text of a submission's verdict.
    pub fn seal(&self, submission: &str, verdict: &str) -> String {
        seal::of(&self.0, &format!("{submission}\n{verdict}"))
    }
}

/// The file with the key of the results in `out`.
///
/// # Errors
///
/// For the top folder, which has nothing beside it.
pub fn file(out: &Path) -> Result<PathBuf> {
    let mut name = out.file_name().context("verdicts cannot be written to the top folder")?.to_owned();
    name.push(".");
    name.push(ENDING);
    Ok(out.with_file_name(name))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

/// A text that nobody can guess.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn random() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("there are no random numbers")?;
    Ok(kata::digest::hex(&bytes))
}
