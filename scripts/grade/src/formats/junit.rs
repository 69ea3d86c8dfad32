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
        if verdict.advisory {
            suite.add_property(("advisory", "true"));
        }
        if let Some(version) = &verdict.course_version {
            suite.add_property(("course_version", kept(version).as_str()));
        }
        suite.add_test_cases(lesson.gates.iter().map(|gate| case(verdict, lesson, gate)));
        report.add_test_suite(suite);
    }
    report.to_string().context("cannot write JUnit's XML")
}

fn case(verdict: &SubmissionVerdict, lesson: &LessonVerdict, gate: &GateVerdict) -> TestCase {
    // What is not a number is neither a pass nor a failure: counting these would make a grade of it.
    let is_open = verdict.repetition || (gate.verdict == Verdict::Pass && lesson.open().is_some());
    let mut status = match gate.verdict {
        _ if is_open => TestCaseStatus::skipped(),
        Verdict::GraderError => TestCaseStatus::skipped(),
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Waiting => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if is_open {
        status.set_type("NOT_A_GRADE").set_message(kept(&format!(
            "there is no grade yet; here it is {}: {}",
            gate.verdict.name(),
            gate.reason
        )));
    } else if gate.verdict != Verdict::Pass {
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
