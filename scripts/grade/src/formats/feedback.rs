//! `feedback.json`: of a verdict, what its student may see.
//!
//! Not the seeds, nor what was seen on the fresh ones: an answer could be written down for them.

use anyhow::Result;
use serde_json::Value;

use crate::verdict::SubmissionVerdict;

pub const NAME: &str = "feedback.json";

/// # Errors
///
/// None that a verdict can cause: it has no keys but texts.
pub fn text(verdict: &SubmissionVerdict) -> Result<String> {
    let mut verdict = verdict.clone();
    for gate in verdict.lessons.iter_mut().flat_map(|lesson| &mut lesson.gates) {
        if gate.seed.take().is_some_and(|seed| seed != verdict.seeds.published) {
            gate.got = None;
            gate.sql.clear();
        }
    }
    let mut value = serde_json::to_value(verdict)?;
    if let Value::Object(fields) = &mut value {
        fields.remove("seeds");
        fields.insert("schema".to_owned(), "kata-feedback/v1".into());
    }
    Ok(format!("{value:#}\n"))
}
