//! `classroom50.json`, for `result.json` of Classroom 50.
//!
//! sources: foundation50/classroom50, 0c49903 (cli/gh-teacher/skeleton/dotgithub/scripts/runner.py, `validate_result`).

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{open, text, title};
use crate::formats::feedback::for_student;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// What Classroom 50 has put into the environment of the autograder.
struct Given {
    submission: String,
    commit: String,
    review: String,
    classroom: String,
    assignment: String,
    assignment_type: String,
    owner: String,
    release: String,
}

/// A variable that Classroom 50 sets for its autograder, and that is not as it sets it.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum Variable {
    #[error("`--format classroom50` needs the variable {0}, which Classroom 50 sets for its autograder")]
    Missing(&'static str),
    #[error("`--format classroom50`: SUBMISSION_TAG is `{0}`, and does not begin with `submit/`")]
    NoTag(String),
}

impl Given {
    fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Variable> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let needed = |name| set(name).ok_or(Variable::Missing(name));
        let submission = needed("SUBMISSION_TAG")?;
        if !submission.starts_with("submit/") {
            return Err(Variable::NoTag(submission));
        }
        let commit = needed("COMMIT_URL")?;
        Ok(Self {
            submission,
            review: set("REVIEW_URL").unwrap_or_else(|| commit.clone()),
            commit,
            classroom: needed("CLASSROOM")?,
            assignment: needed("ASSIGNMENT")?,
            assignment_type: needed("ASSIGNMENT_TYPE")?,
            owner: needed("USERNAME")?,
            release: needed("RELEASE_URL")?,
        })
    }
}

/// Checks, before anything is graded, that every variable is there.
///
/// # Errors
///
/// When one is missing or wrong.
pub fn check(variable: &dyn Fn(&str) -> Option<String>) -> Result<(), Variable> {
    Given::read(variable).map(drop)
}

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
    let given = Given::read(variable)?;
    let tests =
        verdict.lessons.iter().flat_map(|lesson| lesson.gates.iter().map(move |gate| test(lesson, gate)));
    text(&json!({
        "schema": "classroom50/result/v1",
        "classroom": given.classroom,
        "assignment": given.assignment,
        "assignment_type": given.assignment_type,
        "owner": given.owner,
        "submission": given.submission,
        "commit": given.commit,
        "release": given.release,
        "review": given.review,
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
