//! `gradescope.json`, for `/autograder/results/results.json`.
//!
//! sources: gradescope/autograder_samples, af5dee4 (2025-01-15), docs/specs.md.

use anyhow::Result;
use serde_json::{Value, json};

use super::{ADVISORY, number, open, text, title, told};
use crate::class::points::Points;
use crate::formats::feedback::for_student;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// What a submission is worth by the policy, in the points of Gradescope's assignment.
#[derive(Clone, Copy)]
pub struct Score {
    pub points: Points,
    pub max: Points,
    /// What being late has cost.
    pub penalty: Points,
}

impl Score {
    /// What the student reads about it, where the score is not the sum of the gates.
    fn told(&self, verdict: &SubmissionVerdict) -> Vec<String> {
        let mut told = Vec::new();
        if self.max != Points::from(verdict.max_points) {
            let gates = verdict.max_points;
            told.push(format!("All gates together are worth {gates} points, which count as {}.", self.max));
        }
        if self.penalty > Points::ZERO {
            told.push(format!("It was handed in late, so {} points are subtracted.", self.penalty));
        }
        told
    }
}

/// Without a `score`, the points are those of the gates.
///
/// # Errors
///
/// None that a verdict can cause.
pub fn of(verdict: &SubmissionVerdict, score: Option<&Score>) -> Result<String> {
    let verdict = for_student(verdict);
    let score = score.filter(|_| verdict.open().is_none());
    let mut output = score.map(|score| score.told(&verdict)).unwrap_or_default();
    output.extend(verdict.advisory.then(|| ADVISORY.to_owned()));
    let mut value = json!({
        "execution_time": verdict.milliseconds / 1000,
        "output": output.join("\n"),
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
    if let Some(score) = score {
        value["score"] = json!(score.points.to_string().parse::<f64>()?);
    }
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
