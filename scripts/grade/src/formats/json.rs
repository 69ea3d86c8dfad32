//! `verdict.json`: the model itself.

use std::path::Path;

use anyhow::{Context, Result};

use crate::verdict::{SCHEMA, SubmissionVerdict};

pub const NAME: &str = "verdict.json";

pub fn text(verdict: &SubmissionVerdict) -> Result<String> {
    let mut text = serde_json::to_string_pretty(verdict)?;
    text.push('\n');
    Ok(text)
}

/// One that was written earlier, if it is there and of this version.
pub fn read(path: &Path) -> Result<Option<SubmissionVerdict>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let verdict: Option<SubmissionVerdict> = serde_json::from_str(&text).ok();
    Ok(verdict.filter(|verdict| verdict.schema == SCHEMA))
}
