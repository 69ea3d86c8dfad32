//! `feedback.json`: of a verdict, what its student may see.
//!
//! Not the seeds, nor what was seen on the fresh ones: an answer could be written down for them.

use anyhow::Result;
use serde_json::Value;

use crate::verdict::{SubmissionVerdict, Verdict};

pub const NAME: &str = "feedback.json";

/// What happened, without a word of the student's code.
fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "it saw what it should",
        Verdict::Fail => "it saw something else than it should, or panicked",
        Verdict::Waiting => "it needs a gate that did not pass",
        Verdict::BuildError => "it does not compile",
        Verdict::Timeout => "it took longer than it may",
        Verdict::Resource => "it asked for more than it may have",
        Verdict::Crash => "it ended before the gate was at its end",
        Verdict::Unreadable => "it could not be read",
        Verdict::Policy => "it holds what no lesson allows",
        Verdict::Tamper => "it wrote what only the gate may write",
        Verdict::GraderError => "the grader itself failed",
    }
}

/// # Errors
///
/// None that a verdict can cause: it has no keys but texts.
pub fn text(verdict: &SubmissionVerdict) -> Result<String> {
    let mut verdict = verdict.clone();
    for gate in verdict.lessons.iter_mut().flat_map(|lesson| &mut lesson.gates) {
        if gate.seed.take().is_some_and(|seed| seed != verdict.seeds.published) {
            gate.got = None;
            gate.sql.clear();
            // The reason may quote what the code printed or left behind.
            gate.reason = format!("on data that it has not seen before, {}", said(gate.verdict));
        }
    }
    let mut value = serde_json::to_value(verdict)?;
    if let Value::Object(fields) = &mut value {
        fields.remove("seeds");
        fields.insert("schema".to_owned(), "kata-feedback/v1".into());
    }
    Ok(format!("{value:#}\n"))
}
