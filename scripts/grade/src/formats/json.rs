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
    Ok(files::text_if_there(path)?.as_deref().and_then(of))
}

/// The verdict in a text, if it is one of this version.
pub fn of(text: &str) -> Option<SubmissionVerdict> {
    let verdict: Option<SubmissionVerdict> = serde_json::from_str(text).ok();
    verdict.filter(|verdict| verdict.schema == SCHEMA)
}
