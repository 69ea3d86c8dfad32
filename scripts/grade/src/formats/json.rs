//! `verdict.json`: the model itself.

use std::path::Path;

use anyhow::{Context, Result};

use crate::untrusted;
use crate::verdict::{SCHEMA, SubmissionVerdict};

pub const NAME: &str = "verdict.json";
/// Far more than a verdict on all lessons has.
const LARGEST: u64 = 64 << 20;

/// # Errors
///
/// None that a verdict can cause: it has no keys but texts.
pub fn text(verdict: &SubmissionVerdict) -> Result<String> {
    let mut text = serde_json::to_string_pretty(verdict)?;
    text.push('\n');
    Ok(text)
}

/// One that was written earlier, if it is there and of this version.
///
/// # Errors
///
/// When there is a file that cannot be read.
pub fn read(path: &Path) -> Result<Option<SubmissionVerdict>> {
    Ok(text_at(path)?.as_deref().and_then(of))
}

/// The text of a file that an earlier run wrote, if there is one.
///
/// # Errors
///
/// When there is a file that cannot be read.
pub fn text_at(path: &Path) -> Result<Option<String>> {
    match untrusted::read(path, LARGEST) {
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The verdict in a text, if it is one of this version.
pub fn of(text: &str) -> Option<SubmissionVerdict> {
    let verdict: Option<SubmissionVerdict> = serde_json::from_str(text).ok();
    verdict.filter(|verdict| verdict.schema == SCHEMA)
}
