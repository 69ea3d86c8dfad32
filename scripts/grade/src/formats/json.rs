//! `verdict.json`: the model itself.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::verdict::{SCHEMA, SubmissionVerdict};
use crate::{text, untrusted};

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

/// One that was written earlier, if it is there and of this version. Its texts are harmless, whoever has written it.
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
    let verdict = verdict.filter(|verdict| verdict.schema == SCHEMA)?;
    with_texts(&verdict, &text::clean).ok()
}

/// The verdict with each of its texts as `shown` returns it: no field is forgotten.
///
/// # Errors
///
/// When a text that has to have a certain form does not have it any more.
pub fn with_texts(verdict: &SubmissionVerdict, shown: &dyn Fn(&str) -> String) -> Result<SubmissionVerdict> {
    let mut value = serde_json::to_value(verdict)?;
    change(&mut value, shown);
    Ok(serde_json::from_value(value)?)
}

fn change(value: &mut Value, shown: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = shown(text),
        Value::Array(values) => values.iter_mut().for_each(|value| change(value, shown)),
        Value::Object(values) => values.values_mut().for_each(|value| change(value, shown)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
