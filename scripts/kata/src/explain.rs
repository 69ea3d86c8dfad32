//! Explains what rustc refuses, and why a gate could not go on, in the names of the lesson.
//!
//! A rule reads one error, or one gate's report, and the lesson's own code: the trait that is missing and for which
//! type, the place in the source, the columns of the table, the fields of the struct. It explains only what it is sure
//! of, because a wrong explanation costs more than none: where no rule fits, rustc's own text stands alone.

mod changes;
mod code;
mod columns;
mod connections;
mod dsl;
mod endless;
mod errors;
mod failure;
mod found;
mod gate;
mod given;
mod groups;
mod handlers;
mod heads;
mod imports;
mod instead;
mod joined_text;
mod joins;
mod keys;
mod migrations;
mod models;
mod moves;
mod names;
mod nesting;
mod order;
mod other_libraries;
mod panics;
mod parents;
mod queries;
mod question_marks;
mod references;
mod results;
mod returns;
mod routes;
mod rules;
mod schema;
mod schema_and_table;
mod settings;
mod setup;
mod shorten;
mod source;
mod sql;
mod sql_order;
mod structs;
mod templates;
mod text;
mod text_for_column;
mod trouble;
mod unloaded;
mod values;
mod web;
mod write;

use std::path::Path;

use cargo_metadata::diagnostic::Diagnostic;

use crate::Database;
use crate::course::Lesson;
use crate::report::{Explanation, GateReport};
use code::{Code, Source};
use failure::Failure;
use found::{Found, MOST_LINES};
pub use given::edited;
use rules::{FAILURE_RULES, RULES};
pub use settings::of_workspace as wrong_settings;
pub use shorten::shorten;
use trouble::Trouble;

/// The names of all rules, causes first.
pub fn rules() -> impl Iterator<Item = &'static str> {
    let failures = FAILURE_RULES.iter().map(|(id, _)| *id);
    [GIVEN].into_iter().chain(RULES.iter().map(|(id, _)| *id)).chain(failures)
}

/// What stands behind a line that is as it is now, where the next one is how it should be.
pub const NOW: &str = "← now";

/// The name of the rule for given files, which comes before all others: what follows from an edit there is no mistake
/// in the lesson.
const GIVEN: &str = "given-file";

/// Explains why a gate of the lesson does not pass, where a rule knows. `root` is the workspace that was judged.
pub fn explain_failure(
    root: &Path,
    lesson: &Lesson,
    database: Database,
    report: &GateReport,
) -> Option<Explanation> {
    // What is not written yet is not a mistake.
    if report.reached_gap().is_some() {
        return None;
    }
    let gate = lesson.manifest.gates.get(report.number.checked_sub(1)?)?;
    let code = Code::read(root, lesson, database);
    let failure = Failure { report, gate };
    let (id, found) = FAILURE_RULES.iter().find_map(|(id, rule)| Some((id, rule(&failure, &code)?)))?;
    explanation(id, found, None)
}

/// Explains the first error that a rule knows, in the order of the rules. `root` is the workspace that does not
/// compile.
pub fn explain(
    root: &Path,
    lesson: &Lesson,
    database: Database,
    errors: &[Diagnostic],
) -> Option<Explanation> {
    if errors.is_empty() {
        return None;
    }
    if let Some((found, error)) = given::in_given(root, lesson, errors) {
        return explanation(GIVEN, found, Some(error));
    }
    first(&Code::read(root, lesson, database), errors)
}

/// Explains why cargo cannot build at all, from what it said, where somebody has edited one of its files.
pub fn explain_refusal(root: &Path, said: &str) -> Option<Explanation> {
    explanation(GIVEN, given::unbuildable(root, said)?, Some(0))
}

fn explanation(id: &str, found: Found, error: Option<usize>) -> Option<Explanation> {
    let (file, line) = found.place?;
    debug_assert!(found.lines.len() <= MOST_LINES, "{id}: {:?}", found.lines);
    Some(Explanation { id: id.to_owned(), lines: found.lines, file, line, error })
}

/// The same for files that are in no workspace: they are named by their paths in the lesson's folder.
pub fn explain_files<'a>(
    lesson: &Lesson,
    database: Database,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
    handed_out: impl Iterator<Item = (&'a str, &'a [u8])>,
    errors: &[Diagnostic],
) -> Option<Explanation> {
    let folder = lesson.folder().to_string_lossy().replace('\\', "/");
    let source = |(path, bytes): (&str, &[u8])| {
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        Some(Source { file: format!("{folder}/{path}"), text })
    };
    let (files, handed_out) = (files.filter_map(source).collect(), handed_out.filter_map(source).collect());
    first(&Code::of(lesson, database, files, handed_out), errors)
}

fn first(code: &Code, errors: &[Diagnostic]) -> Option<Explanation> {
    let troubles: Vec<_> = errors.iter().map(|error| Trouble::new(error, code)).collect();
    let (id, found, error) = RULES.iter().find_map(|(id, rule)| {
        troubles.iter().enumerate().find_map(|(at, trouble)| Some((id, rule(trouble, code)?, at)))
    })?;
    let place = found.place.or_else(|| troubles[error].place());
    explanation(id, Found { place, ..found }, Some(error))
}
