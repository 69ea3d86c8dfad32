//! One submission's verdict as platforms read it that run the grader themselves.
//!
//! Each of these files is shown to the student, so it holds what [`super::feedback`] holds. None lets a fault of the
//! grader's look like a zero that somebody has earned.

pub mod annotations;
pub mod check50;
pub mod classroom50;
pub mod exercism;
pub mod gradescope;
pub mod prairielearn;

use anyhow::Result;
use serde_json::Value;

use crate::open::Open;
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// The longest text in such a file, in characters: PrairieLearn takes 1 MB in all.
const LONGEST: usize = 4_000;

/// The file's text.
fn text(value: &Value) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// `5.9 Authors of long books`, as the READMEs name a gate.
fn title(lesson: &LessonVerdict, gate: &GateVerdict) -> String {
    format!("{} {}", number(lesson, gate), gate.title)
}

/// `5.9`
fn number(lesson: &LessonVerdict, gate: &GateVerdict) -> String {
    let lesson = lesson.lesson.split('-').next().unwrap_or_default().trim_start_matches('0');
    format!("{lesson}.{}", gate.number)
}

/// Why there is no number, if there is none.
fn open(verdict: &SubmissionVerdict) -> Option<String> {
    verdict.open().map(|open| why(&open))
}

fn why(open: &Open) -> String {
    match open {
        Open::Again => OPEN.to_owned(),
        Open::Held(reason) => cut(&format!("{HELD} {reason}"), LONGEST),
    }
}

const ADVISORY: &str = "These verdicts are advisory: a person looks at them.";

const HELD: &str =
    "There is no grade yet: a person looks at this submission first. Ask whoever teaches the course.";

const OPEN: &str = "The grader itself failed, or its verdict is not a grade. Nobody loses points by that: it will be \
                    graded again.";

/// What somebody is told about a gate.
fn told(lesson: &LessonVerdict, gate: &GateVerdict) -> String {
    let mut parts = vec![format!("{}: {}", gate.verdict.name(), gate.reason)];
    if gate.verdict == Verdict::BuildError {
        match (&lesson.explanation, &lesson.diagnostics) {
            (Some(explanation), _) => {
                parts.push(format!("{}:{}", explanation.file.display(), explanation.line));
                parts.push(explanation.lines.join("\n"));
            }
            (None, Some(diagnostics)) => parts.push(diagnostics.clone()),
            (None, None) => {}
        }
    }
    parts.extend(gate.label.clone());
    parts.extend(gate.expected.as_ref().map(|text| format!("Expected:\n{text}")));
    parts.extend(gate.got.as_ref().map(|text| format!("Got:\n{text}")));
    if !gate.sql.is_empty() {
        parts.push(format!("SQL that ran:\n{}", gate.sql.join("\n")));
    }
    cut(&parts.join("\n\n"), LONGEST)
}

fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest).collect();
    format!("{kept}\n… (cut)")
}
