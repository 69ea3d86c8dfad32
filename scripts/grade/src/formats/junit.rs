//! JUnit's XML, as nextest writes it.

use std::time::Duration;

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

/// # Errors
///
/// When a text is not one that XML can hold.
pub fn text(verdict: &SubmissionVerdict) -> Result<String> {
    let mut report = Report::new(kept(&verdict.submission));
    report.set_time(Duration::from_millis(verdict.milliseconds));
    for lesson in &verdict.lessons {
        let mut suite = TestSuite::new(kept(&lesson.lesson));
        suite.set_time(Duration::from_millis(lesson.gates.iter().map(|gate| gate.milliseconds).sum()));
        if verdict.repetition {
            suite.add_property(("repetition", "true"));
        }
        if let Some(version) = &verdict.course_version {
            suite.add_property(("course_version", kept(version).as_str()));
        }
        suite.add_test_cases(lesson.gates.iter().map(|gate| case(lesson, gate)));
        report.add_test_suite(suite);
    }
    report.to_string().context("cannot write JUnit's XML")
}

fn case(lesson: &LessonVerdict, gate: &GateVerdict) -> TestCase {
    let mut status = match gate.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Waiting => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if gate.verdict != Verdict::Pass {
        status.set_type(gate.verdict.name()).set_message(kept(&gate.reason));
    }
    let mut case = TestCase::new(kept(&gate.name), status);
    case.set_classname(kept(&lesson.lesson)).set_time(Duration::from_millis(gate.milliseconds));
    if let Some(got) = &gate.got {
        case.set_system_out(kept(got));
    }
    if let Some(diagnostics) = &lesson.diagnostics {
        case.set_system_err(kept(diagnostics));
    }
    case
}

/// A text of which `quick_junit` leaves nothing out: it takes a tab for a control character.
fn kept(text: &str) -> String {
    text.replace('\t', "    ")
}
