//! `verdict.json`: the model itself.

use std::path::Path;

use anyhow::Result;
use kata::files;

use crate::verdict::{SCHEMA, SubmissionVerdict};

pub const NAME: &str = "verdict.json";

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
    let Some(text) = files::text_if_there(path)? else { return Ok(None) };
    let verdict: Option<SubmissionVerdict> = serde_json::from_str(&text).ok();
    Ok(verdict.filter(|verdict| verdict.schema == SCHEMA))
}
