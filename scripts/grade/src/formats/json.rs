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
    let bytes = match untrusted::read(path, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let verdict: Option<SubmissionVerdict> = serde_json::from_slice(&bytes).ok();
    Ok(verdict.filter(|verdict| verdict.schema == SCHEMA))
}
