//! `classroom50.json`, for `result.json` of Classroom 50.
//!
//! sources: foundation50/classroom50, 0c49903 (cli/gh-teacher/skeleton/dotgithub/scripts/runner.py, `validate_result`).

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{open, text, title};
use crate::formats::feedback::for_student;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// `variable` returns what Classroom 50 has put into the environment of the autograder.
///
/// # Errors
///
/// When a variable is missing, or there is no grade: an autograder that fails publishes nothing, and so no zero.
pub fn of(verdict: &SubmissionVerdict, variable: &dyn Fn(&str) -> Option<String>) -> Result<String> {
    let verdict = for_student(verdict);
    if let Some(why) = open(&verdict) {
        bail!("there is no result for Classroom 50. {why}");
    }
    let needed = |name: &str| {
        variable(name).filter(|value| !value.is_empty()).with_context(|| {
            format!(
                "`--format classroom50` needs the variable {name}, which Classroom 50 sets for its autograder"
            )
        })
    };
    let submission = needed("SUBMISSION_TAG")?;
    if !submission.starts_with("submit/") {
        bail!("SUBMISSION_TAG is `{submission}`, and does not begin with `submit/`");
    }
    let commit = needed("COMMIT_URL")?;
    let review = variable("REVIEW_URL").filter(|url| !url.is_empty()).unwrap_or_else(|| commit.clone());
    let tests =
        verdict.lessons.iter().flat_map(|lesson| lesson.gates.iter().map(move |gate| test(lesson, gate)));
    text(&json!({
        "schema": "classroom50/result/v1",
        "classroom": needed("CLASSROOM")?,
        "assignment": needed("ASSIGNMENT")?,
        "assignment_type": needed("ASSIGNMENT_TYPE")?,
        "owner": needed("USERNAME")?,
        "submission": submission,
        "commit": commit,
        "release": needed("RELEASE_URL")?,
        "review": review,
        // Its runner writes the commit's own time here.
        "datetime": verdict.started,
        "score": verdict.points,
        "max-score": verdict.max_points,
        "tests": tests.collect::<Vec<_>>(),
    }))
}

fn test(lesson: &LessonVerdict, gate: &GateVerdict) -> Value {
    json!({
        "test-name": title(lesson, gate), "passed": gate.verdict == Verdict::Pass, "score": gate.points,
        "max-score": gate.max_points, "verdict": gate.verdict.name(), "reason": gate.reason,
    })
}
