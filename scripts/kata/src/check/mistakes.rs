//! The typical mistakes of a lesson: the gates notice them, and labels tell them apart.

use std::collections::BTreeSet;

use anyhow::Result;

use super::edits;
use super::labels::{self, Trace};
use super::problems::Problems;
use super::what::What;
use crate::course::{Course, Lesson};
use crate::server::Server;

/// Tries the mistakes on these databases, and compares what they leave with the labels.
///
/// # Errors
///
/// When a mistake cannot be tried.
pub fn check(
    course: &Course,
    lesson: &Lesson,
    servers: &[Server],
    what: What,
    problems: &Problems,
) -> Result<()> {
    let traces = traces(course, lesson, servers, what, problems)?;
    labels::check(course, lesson, &traces, &untried(course, lesson, &traces)?, problems)
}

/// Tries the mistakes on these databases, and writes what they leave. Whatever is wrong with one is reported.
///
/// # Errors
///
/// When a mistake cannot be tried, or the file cannot be written.
pub fn write_labels(
    course: &Course,
    lesson: &Lesson,
    servers: &[Server],
    what: What,
    problems: &Problems,
) -> Result<()> {
    if lesson.is_project() {
        return Ok(());
    }
    let traces = traces(course, lesson, servers, what, problems)?;
    labels::write(course, lesson, &traces, &untried(course, lesson, &traces)?)
}

fn traces(
    course: &Course,
    lesson: &Lesson,
    servers: &[Server],
    what: What,
    problems: &Problems,
) -> Result<Vec<Trace>> {
    let mut traces = Vec::new();
    for server in servers {
        traces.extend(edits::check_mistakes(course, lesson, server, what, problems)?);
    }
    Ok(traces)
}

/// The sentences of mistakes that have left nothing: those of another database, or of another part of the check.
fn untried(course: &Course, lesson: &Lesson, traces: &[Trace]) -> Result<BTreeSet<String>> {
    let mut all = edits::mistakes(course, lesson, What::everything())?;
    all.retain(|(path, _)| traces.iter().all(|trace| trace.path != *path));
    Ok(all.into_iter().map(|(_, mistake)| mistake.says).collect())
}
