//! `gradebook.csv`: one line for each submission, one column for each lesson.

use anyhow::{Context, Result};

use crate::text::line;
use crate::verdict::{SubmissionVerdict, Verdict};

/// `lessons`: those that were graded, by name.
///
/// # Errors
///
/// The first of `verdicts`.
pub fn text(lessons: &[&str], verdicts: impl Iterator<Item = Result<SubmissionVerdict>>) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = ["submission", "points", "max_points"].into_iter().chain(lessons.iter().copied());
    table.write_record(header.chain([
        "first_not_passed",
        "verdict",
        "reason",
        "advisory",
        "repetition",
        "digest",
    ]))?;
    for verdict in verdicts {
        let verdict = verdict?;
        let mut row =
            vec![cell(&verdict.submission), verdict.points.to_string(), verdict.max_points.to_string()];
        for lesson in lessons {
            let own = verdict.lessons.iter().find(|own| own.lesson == *lesson);
            row.push(own.map_or_else(String::new, |own| own.points.to_string()));
        }
        let first = verdict.most_telling();
        row.push(
            first.map_or_else(String::new, |(lesson, gate)| {
                cell(&format!("{}: {}", lesson.lesson, gate.name))
            }),
        );
        row.push(first.map_or(Verdict::Pass, |(_, gate)| gate.verdict).name().to_owned());
        row.push(first.map_or_else(String::new, |(_, gate)| cell(&gate.reason)));
        row.push(verdict.advisory.to_string());
        row.push(verdict.repetition.to_string());
        row.push(verdict.digest.clone());
        table.write_record(&row)?;
    }
    table.into_inner().context("cannot write the gradebook")
}

/// How a formula begins, also on a keyboard of East Asia.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// Between what two cells some spreadsheet puts such a character: which one, depends on the country.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A cell that no spreadsheet takes for a formula, nor any part of it: a `'` makes it text.
pub fn cell(text: &str) -> String {
    let mut cell = String::new();
    let mut at_start = true;
    for character in line(text).chars() {
        if at_start && FORMULA.contains(&character) {
            cell.push('\'');
        }
        cell.push(character);
        let is_nothing = character.is_whitespace() || matches!(character, '"' | '\'');
        at_start = SEPARATORS.contains(&character) || (at_start && is_nothing);
    }
    cell
}
