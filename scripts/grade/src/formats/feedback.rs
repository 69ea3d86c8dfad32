//! `feedback.json`: of a verdict, what its student may see.
//!
//! Not the seeds, nor what was seen on the fresh ones: an answer could be written down for them.

use anyhow::Result;
use serde_json::Value;

use crate::verdict::{SubmissionVerdict, Verdict};

pub const NAME: &str = "feedback.json";

/// How the reason begins where a gate did not pass on a fresh seed.
const UNSEEN: &str = "on new data";

/// What happened, without a word of the student's code.
fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "its output is as expected",
        Verdict::Fail => "its output differs from the expected output, or it panicked",
        Verdict::Waiting => "it needs a gate that did not pass",
        Verdict::BuildError => "it does not compile",
        Verdict::Timeout => "it exceeded the time limit",
        Verdict::Resource => "it exceeded a limit, such as that for memory",
        Verdict::Crash => "it exited before the gate finished",
        Verdict::Unreadable => "it could not be read",
        Verdict::Policy => "it contains something that no lesson allows",
        Verdict::Tamper => "it wrote a file that only the gate may write",
        Verdict::GraderError => "the grader itself failed",
    }
}

/// Why a gate did not pass on a fresh seed.
pub fn unseen(verdict: Verdict) -> String {
    format!("{UNSEEN}, {}", said(verdict))
}

/// The verdict as its student may see it.
pub fn for_student(verdict: &SubmissionVerdict) -> SubmissionVerdict {
    let mut verdict = verdict.clone();
    for gate in verdict.lessons.iter_mut().flat_map(|lesson| &mut lesson.gates) {
        gate.left.clear();
        if gate.seed.take().is_some_and(|seed| seed != verdict.seeds.published) {
            gate.got = None;
            gate.sql.clear();
            // The reason may quote what the code printed or left behind.
            gate.reason = unseen(gate.verdict);
        }
    }
    verdict
}

/// # Errors
///
/// None that a verdict can cause: it has no keys but texts.
pub fn text(verdict: &SubmissionVerdict) -> Result<String> {
    let mut value = serde_json::to_value(for_student(verdict))?;
    if let Value::Object(fields) = &mut value {
        fields.remove("seeds");
        fields.insert("schema".to_owned(), "kata-feedback/v1".into());
    }
    Ok(format!("{value:#}\n"))
}
