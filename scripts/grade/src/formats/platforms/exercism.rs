//! `exercism-NN-topic.json`, for `results.json` of Exercism's test runner, version 3: one for each lesson.
//!
//! sources: exercism/docs, 19e037f (2026-05-30), building/tooling/test-runners/interface.md.

use anyhow::Result;
use serde_json::{Value, json};

use super::{cut, text, told, why};
use crate::formats::feedback::for_student;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// The longest that a student's output may be, and what follows it when it is cut.
const LONGEST_OUTPUT: usize = 500;
const CUT: &str = "Output was truncated. Please limit to 500 chars";
const LONGEST_MESSAGE: usize = 60_000;

/// Of each lesson, its name and the file's text.
///
/// # Errors
///
/// None that a verdict can cause.
pub fn of(verdict: &SubmissionVerdict) -> Result<Vec<(String, String)>> {
    let verdict = for_student(verdict);
    verdict
        .lessons
        .iter()
        .map(|lesson| Ok((lesson.lesson.clone(), text(&of_lesson(&verdict, lesson))?)))
        .collect()
}

fn of_lesson(verdict: &SubmissionVerdict, lesson: &LessonVerdict) -> Value {
    let open = if verdict.repetition { verdict.open() } else { lesson.open() };
    let error =
        |message: &str| json!({ "version": 3, "status": "error", "message": cut(message, LONGEST_MESSAGE) });
    if let Some(open) = open {
        return error(&why(&open));
    }
    let has_not_run = |gate: &GateVerdict| matches!(gate.verdict, Verdict::BuildError | Verdict::Unreadable);
    if let Some(gate) = lesson.gates.first().filter(|_| lesson.gates.iter().all(has_not_run)) {
        // The compiler's own words, so that they can be searched for.
        let told = || told(lesson, gate);
        let said = lesson.diagnostics.clone().filter(|said| !said.trim().is_empty());
        return error(&said.unwrap_or_else(told));
    }
    let is_passed = lesson.first_not_passed().is_none();
    let tests: Vec<_> = lesson.gates.iter().map(|gate| test(lesson, gate)).collect();
    json!({
        "version": 3, "status": if is_passed { "pass" } else { "fail" }, "message": null, "tests": tests,
    })
}

fn test(lesson: &LessonVerdict, gate: &GateVerdict) -> Value {
    let status = match gate.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail | Verdict::Waiting | Verdict::Policy | Verdict::Tamper => "fail",
        _ => "error",
    };
    let message = (status != "pass").then(|| told(lesson, gate));
    let output = gate.got.as_ref().map(|got| match got.chars().count() {
        0..=LONGEST_OUTPUT => got.clone(),
        _ => {
            let kept: String = got.chars().take(LONGEST_OUTPUT - CUT.len() - 1).collect();
            format!("{kept}\n{CUT}")
        }
    });
    json!({
        "name": gate.title, "test_code": gate.name, "status": status, "message": message, "output": output,
        "task_id": gate.number,
    })
}
