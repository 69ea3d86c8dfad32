//! `prairielearn.json`, for `/grade/results/results.json`.
//!
//! sources: PrairieLearn/PrairieLearn, 88fb855 (2026-08-21), docs/externalGrading.md.

use anyhow::Result;
use serde_json::json;

use super::{ADVISORY, cut, open, text, title, told};
use crate::formats::feedback::for_student;
use crate::verdict::{SubmissionVerdict, Verdict};

/// PrairieLearn takes 1 MB: 94 gates with so many characters are less, whatever JSON makes of each.
const LONGEST: usize = 1_000;

/// What does not compile, or cannot be read, costs no attempt there.
///
/// # Errors
///
/// None that a verdict can cause.
pub fn of(verdict: &SubmissionVerdict) -> Result<String> {
    let verdict = for_student(verdict);
    let is_refused = |refused: &Verdict| verdict.gates().all(|gate| gate.verdict == *refused);
    if let Some(why) = open(&verdict) {
        return text(&json!({ "gradable": false, "format_errors": cut(&why, LONGEST) }));
    }
    if [Verdict::BuildError, Verdict::Unreadable].iter().any(is_refused) {
        let faults = verdict.lessons.iter().filter_map(|lesson| {
            let gate = lesson.first_not_passed()?;
            Some(format!("{}: {}", lesson.lesson, cut(&told(lesson, gate), LONGEST)))
        });
        return text(&json!({ "gradable": false, "format_errors": faults.collect::<Vec<_>>() }));
    }
    let tests = verdict.lessons.iter().flat_map(|lesson| {
        lesson.gates.iter().map(move |gate| {
            let is_passed = gate.verdict == Verdict::Pass;
            json!({
                "name": title(lesson, gate), "points": gate.points, "max_points": gate.max_points,
                "message": if is_passed { "" } else { gate.verdict.name() },
                "output": if is_passed { String::new() } else { cut(&told(lesson, gate), LONGEST) },
            })
        })
    });
    let tests: Vec<_> = tests.collect();
    let score = f64::from(verdict.points) / f64::from(verdict.max_points.max(1));
    let mut value = json!({ "gradable": true, "score": score, "tests": tests });
    if verdict.advisory {
        value["message"] = ADVISORY.into();
    }
    text(&value)
}
