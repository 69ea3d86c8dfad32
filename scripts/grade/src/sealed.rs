//! A verdict in its folder, and beside it the seal of the key with which it was graded.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::formats::{self, feedback, json};
use crate::key::{Key, SEAL};
use crate::verdict::SubmissionVerdict;

/// Writes the verdict on the submission of this name into `folder`, with its seal, and what its student may see of it.
/// `text` is the verdict as it is stored. Returns the file of the verdict.
///
/// # Errors
///
/// When a file cannot be written.
pub fn write(
    folder: &Path,
    name: &str,
    verdict: &SubmissionVerdict,
    text: &str,
    key: &Key,
) -> Result<PathBuf> {
    let file = folder.join(json::NAME);
    formats::write(&file, text.as_bytes())?;
    formats::write(&folder.join(SEAL), key.seal(name, text).as_bytes())?;
    formats::write(&folder.join(feedback::NAME), feedback::text(verdict)?.as_bytes())?;
    Ok(file)
}

/// The verdict in `folder`, and the text of it; nothing if it is missing, damaged, or not sealed with this key.
pub fn read(folder: &Path, name: &str, key: &Key) -> Option<(String, SubmissionVerdict)> {
    let text = json::text_at(&folder.join(json::NAME)).ok()??;
    if !is_sealed(folder, name, &text, key) {
        return None;
    }
    let verdict = json::of(&text)?;
    Some((text, verdict))
}

/// Whether the seal in `folder` is that of this text.
pub fn is_sealed(folder: &Path, name: &str, text: &str, key: &Key) -> bool {
    json::text_at(&folder.join(SEAL)).ok().flatten().is_some_and(|seal| seal == key.seal(name, text))
}
