//! `gradescope.json`, for `/autograder/results/results.json`.
//!
//! sources: gradescope/autograder_samples, af5dee4 (2025-01-15), docs/specs.md.

use anyhow::Result;
use serde_json::{Value, json};

use super::{ADVISORY, number, open, text, title, told};
use crate::formats::feedback::for_student;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// # Errors
///
/// None that a verdict can cause.
pub fn of(verdict: &SubmissionVerdict) -> Result<String> {
    let verdict = for_student(verdict);
    let advisory = if verdict.advisory { ADVISORY } else { "" };
    let mut value = json!({
        "execution_time": verdict.milliseconds / 1000,
        "output": advisory,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "canonical": verdict.canonical, "course_version": verdict.course_version, "digest": verdict.digest,
            "tier": verdict.tier.to_string(),
        },
    });
    value["tests"] = if let Some(why) = open(&verdict) {
        // A test without a score: Gradescope shows it, and adds up nothing.
        json!([{ "name": "There is no grade yet", "output": why, "status": "failed", "visibility": "visible" }])
    } else {
        let tests =
            verdict.lessons.iter().flat_map(|lesson| lesson.gates.iter().map(move |gate| (lesson, gate)));
        tests.map(|(lesson, gate)| test(lesson, gate)).collect()
    };
    text(&value)
}

fn test(lesson: &LessonVerdict, gate: &GateVerdict) -> Value {
    let is_passed = gate.verdict == Verdict::Pass;
    json!({
        "name": title(lesson, gate),
        "number": number(lesson, gate),
        "score": gate.points,
        "max_score": gate.max_points,
        "status": if is_passed { "passed" } else { "failed" },
        "output": if is_passed { String::new() } else { told(lesson, gate) },
        "tags": [lesson.lesson],
        "visibility": "visible",
    })
}
