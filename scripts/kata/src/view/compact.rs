//! The top of a failing verdict in the guide: few rows, so that the diagnosis is on the first screen of a small
//! terminal. What does not fit there comes below the diagnosis.

use std::ops::RangeInclusive;

use super::background::Background;
use super::gates::{gate_mark, marks};
use super::page::Page;
use super::style::{BOLD, DIM, GOOD};
use super::text;
use crate::course::Lesson;
use crate::report::{GateReport, Report};

/// The most gates whose lessons are shown when several pass at once.
const NEWS: usize = 3;
/// Where nobody knows how wide the terminal is.
const COLUMNS: usize = 80;

/// The lesson, and how its gates stand, in two rows.
pub fn heading(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    let columns = page.columns.unwrap_or(COLUMNS);
    let gates = match report.build_errors.len() {
        0 => format!("{} of {} gates pass", report.passed, report.total),
        _ => format!("{} gates, not run", report.total),
    };
    let title = &lesson.manifest.title;
    let database = report.database.name();
    page.line(text::cut(
        &format!("{BOLD}Lesson {}: {title}{BOLD:#} {DIM}· {database} · {gates}{DIM:#}", lesson.number),
        columns,
    ));
    if report.build_errors.is_empty() {
        let (passed, total) = background.course;
        let of_course = format!(" {DIM}· course {passed} of {total}{DIM:#}");
        let each = marks(report);
        let fits = |line: &str| text::width(line) <= columns;
        let line = if fits(&each) { each } else { text::cut(&runs(report), columns) };
        let whole = format!("{line}{of_course}");
        page.line(if fits(&whole) { whole } else { line });
    }
}

/// The gates of a lesson that has too many for a row: those that stand alike are one mark.
fn runs(report: &Report) -> String {
    let alike = report.gates.chunk_by(|one, next| one.status == next.status);
    let run = |gates: &[GateReport]| {
        let (mark, style) = gate_mark(&gates[0]);
        format!("{style}{mark}{style:#} {}", numbers(gates[0].number..=gates[gates.len() - 1].number))
    };
    format!("Gates {}", alike.map(run).collect::<Vec<_>>().join("  "))
}

fn numbers(run: RangeInclusive<usize>) -> String {
    let (first, last) = run.into_inner();
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// What passes and did not before, in a row. Returns whether there is more to tell below.
pub fn praise(page: &mut Page, lesson: &Lesson, background: &Background) -> bool {
    let columns = page.columns.unwrap_or(COLUMNS);
    let line = match &background.new[..] {
        [] => return false,
        [only] => {
            let passes = format!("{GOOD}✓ Gate {only} passes.{GOOD:#}");
            let whole = format!("{passes} {}", learnt(lesson, *only));
            if text::width(&whole) <= columns {
                page.line(whole);
                return false;
            }
            passes
        }
        several => format!("{GOOD}✓ {} more gates pass.{GOOD:#}", several.len()),
    };
    page.line(format_args!("{line} {DIM}What you have learned is below.{DIM:#}"));
    true
}

/// What the student has learned by passing gates, below the diagnosis.
pub fn news(page: &mut Page, lesson: &Lesson, background: &Background) {
    page.blank();
    page.line(format_args!("{BOLD}What you have learned{BOLD:#}"));
    page.blank();
    for number in last(&background.new) {
        page.line(format_args!("  {GOOD}✓{GOOD:#} Gate {number}: {}", learnt(lesson, *number)));
    }
}

/// The last of several gates that pass at once: the next task has to stay in sight.
pub fn last(gates: &[usize]) -> &[usize] {
    &gates[gates.len().saturating_sub(NEWS)..]
}

/// What a student has learned who passes the gate.
pub fn learnt(lesson: &Lesson, number: usize) -> &str {
    &lesson.manifest.gates[number - 1].learnt
}

/// The gate's tasks: the first as it is, and a row for each of the others. The files have all of them in full.
pub fn tasks(page: &mut Page, lesson: &Lesson, gate: &GateReport) {
    let [first, others @ ..] = &gate.edit[..] else { return };
    let columns = page.columns.unwrap_or(COLUMNS);
    page.line(format_args!("{BOLD}Your task{BOLD:#}, in {}", page.place(&first.file, first.line)));
    page.line(format_args!("    {}", first.task));
    let folder = lesson.folder().display().to_string();
    for edit in others {
        let place = page.place_below(&folder, &edit.file, edit.line);
        let room = columns.saturating_sub(text::width(&place) + 8);
        page.line(format_args!("  {DIM}also{DIM:#} {place} {}", text::shorten(&edit.task, room)));
    }
    page.blank();
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn gates_that_stand_alike_are_a_range() {
        assert_eq!(numbers(4..=4), "4");
        assert_eq!(numbers(1..=13), "1–13");
    }
}
