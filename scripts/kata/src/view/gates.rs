//! How the gates of a lesson stand.

use anstyle::Style;

use super::page::Page;
use super::stages;
use super::style::{BAD, DIM, GOOD};
use crate::course::{Gate, Lesson};
use crate::report::{GateReport, Report, Status};

/// A bar of which as much is filled as `done` is of `all`.
pub fn bar(done: usize, all: usize, columns: usize) -> String {
    let filled = (done.min(all) * columns).checked_div(all).unwrap_or(0);
    format!("{GOOD}{}{GOOD:#}{DIM}{}{DIM:#}", "█".repeat(filled), "░".repeat(columns - filled))
}

/// All gates in one line, for a view that has to fit a screen.
pub fn marks(report: &Report) -> String {
    let mark = |gate: &GateReport| {
        let (mark, style) = gate_mark(gate);
        format!("{style}{mark}{style:#}")
    };
    let marks: Vec<_> = report.gates.iter().map(mark).collect();
    let waiting = report.gates.iter().filter(|gate| gate.status == Status::Waiting).count();
    let waiting = if waiting == 0 { String::new() } else { format!(" {DIM}({waiting} waiting){DIM:#}") };
    format!("Gates {}{waiting}", marks.join(" "))
}

/// Every gate with its title.
pub fn gates(page: &mut Page, lesson: &Lesson, report: &Report) {
    let mut stage = None;
    for (index, gate) in lesson.manifest.gates.iter().enumerate() {
        let this = lesson.stage_of(index + 1);
        if this != stage {
            stage = this;
            let is_of_stage = |gate: &&GateReport| lesson.stage_of(gate.number) == this;
            let gates = report.gates.iter().filter(is_of_stage);
            this.into_iter().for_each(|index| stages::heading(page, lesson, index, gates.clone()));
        }
        match report.gates.iter().find(|report| report.number == index + 1) {
            Some(report) => summary(page, report),
            None => elsewhere(page, index + 1, gate),
        }
    }
}

/// A gate's mark, and the style of it.
pub fn gate_mark(gate: &GateReport) -> (&'static str, Style) {
    match gate.status {
        Status::Pass => ("✓", GOOD),
        Status::Waiting => ("·", DIM),
        _ => ("✗", BAD),
    }
}

pub fn summary(page: &mut Page, gate: &GateReport) {
    let (mark, style) = gate_mark(gate);
    let waiting = if gate.status == Status::Waiting { " (waiting)" } else { "" };
    page.line(format_args!(
        "  {style}{mark}{style:#} {:>2}  {}{DIM}{waiting}{DIM:#}",
        gate.number, gate.title
    ));
}

/// A gate that makes no sense on this database.
fn elsewhere(page: &mut Page, number: usize, gate: &Gate) {
    let databases = gate.database_names();
    page.line(format_args!("  {DIM}– {number:>2}  {} (only with --db {databases}){DIM:#}", gate.title));
}
