//! `gradebook.csv`: one line for each submission, one column for each lesson.

use anyhow::{Context, Result};

use crate::verdict::{SubmissionVerdict, Verdict};

/// `lessons`: those that were graded, by name.
///
/// # Errors
///
/// The first of `verdicts`.
pub fn text(lessons: &[&str], verdicts: impl Iterator<Item = Result<SubmissionVerdict>>) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = ["submission", "points", "max_points"].into_iter().chain(lessons.iter().copied());
    table.write_record(header.chain(["first_not_passed", "verdict", "reason", "advisory", "digest"]))?;
    for verdict in verdicts {
        let verdict = verdict?;
        let mut row =
            vec![cell(&verdict.submission), verdict.points.to_string(), verdict.max_points.to_string()];
        for lesson in lessons {
            let own = verdict.lessons.iter().find(|own| own.lesson == *lesson);
            row.push(own.map_or_else(String::new, |own| own.points.to_string()));
        }
        let first = verdict.lessons.iter().find_map(|lesson| Some((lesson, lesson.first_not_passed()?)));
        row.push(
            first.map_or_else(String::new, |(lesson, gate)| format!("{}: {}", lesson.lesson, gate.name)),
        );
        row.push(first.map_or(Verdict::Pass, |(_, gate)| gate.verdict).name().to_owned());
        row.push(first.map_or_else(String::new, |(_, gate)| cell(&gate.reason)));
        row.push(verdict.advisory.to_string());
        row.push(verdict.digest.clone());
        table.write_record(&row)?;
    }
    table.into_inner().context("cannot write the gradebook")
}

/// A cell that no spreadsheet takes for a formula.
pub fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}
