//! `verdict.json`: the model itself.

use std::path::Path;

use anyhow::Result;
use kata::files;
use serde_json::Value;

use crate::text;
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

/// One that was written earlier, if it is there and of this version. Its texts are harmless, whoever has written it.
///
/// # Errors
///
/// When there is a file that cannot be read.
pub fn read(path: &Path) -> Result<Option<SubmissionVerdict>> {
    let Some(text) = files::text_if_there(path)? else { return Ok(None) };
    let verdict: Option<SubmissionVerdict> = serde_json::from_str(&text).ok();
    let verdict = verdict.filter(|verdict| verdict.schema == SCHEMA);
    verdict.map(|verdict| with_texts(&verdict, &text::clean)).transpose()
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
