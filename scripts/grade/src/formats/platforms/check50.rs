//! `check50.json`: the report of check50, which submit50 and others read.
//!
//! sources: cs50/check50, f6aa5de (2024-05-02), docs/source/json_specification.rst.

use anyhow::Result;
use serde_json::{Value, json};

use super::{open, text, title, told};
use crate::formats::feedback::for_student;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// # Errors
///
/// None that a verdict can cause.
pub fn of(verdict: &SubmissionVerdict) -> Result<String> {
    let verdict = for_student(verdict);
    let mut value =
        json!({ "slug": "cargo-kata", "version": verdict.course_version.as_deref().unwrap_or("0") });
    if let Some(why) = open(&verdict) {
        value["error"] = json!({ "type": "GraderError", "value": why, "traceback": [], "data": {} });
    } else {
        let gates =
            verdict.lessons.iter().flat_map(|lesson| lesson.gates.iter().map(move |gate| (lesson, gate)));
        value["results"] = gates.map(|(lesson, gate)| result(lesson, gate, verdict.advisory)).collect();
    }
    text(&value)
}

fn result(lesson: &LessonVerdict, gate: &GateVerdict, advisory: bool) -> Value {
    // Nothing: it was skipped, since another one failed.
    let passed = (gate.verdict != Verdict::Waiting).then_some(gate.verdict == Verdict::Pass);
    let cause = (passed != Some(true)).then(|| {
        let rationale = format!("{}: {}", gate.verdict.name(), gate.reason);
        let mut cause = json!({ "rationale": rationale, "help": told(lesson, gate) });
        if let (Some(expected), Some(got)) = (&gate.expected, &gate.got) {
            cause["expected"] = expected.as_str().into();
            cause["actual"] = got.as_str().into();
        }
        cause
    });
    json!({
        "name": format!("{}/{}", lesson.lesson, gate.name), "description": title(lesson, gate), "passed": passed,
        "log": gate.sql, "cause": cause, "data": { "points": gate.points, "max_points": gate.max_points, "advisory": advisory },
        "dependency": null,
    })
}
