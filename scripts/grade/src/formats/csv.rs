//! `gradebook.csv`: one line for each submission, one column for each lesson.

use anyhow::{Context, Result};

use crate::verdict::{SubmissionVerdict, Verdict};

pub fn text(verdicts: &[SubmissionVerdict]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let lessons = verdicts.iter().max_by_key(|verdict| verdict.lessons.len());
    let lessons: Vec<_> = lessons.iter().flat_map(|verdict| &verdict.lessons).collect();
    let mut header = vec!["submission".to_owned(), "points".to_owned(), "max_points".to_owned()];
    header.extend(lessons.iter().map(|lesson| lesson.lesson.clone()));
    header.extend(["first_not_passed", "verdict", "advisory", "digest"].map(str::to_owned));
    table.write_record(&header)?;
    for verdict in verdicts {
        let mut row =
            vec![cell(&verdict.submission), verdict.points.to_string(), verdict.max_points.to_string()];
        for lesson in &lessons {
            let own = verdict.lessons.iter().find(|own| own.lesson == lesson.lesson);
            row.push(own.map_or_else(String::new, |own| own.points.to_string()));
        }
        let first = verdict.lessons.iter().find_map(|lesson| Some((lesson, lesson.first_not_passed()?)));
        row.push(
            first.map_or_else(String::new, |(lesson, gate)| format!("{}: {}", lesson.lesson, gate.name)),
        );
        row.push(first.map_or(Verdict::Pass, |(_, gate)| gate.verdict).name().to_owned());
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
