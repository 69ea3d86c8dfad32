//! Says whether what a gate saw is what it should have seen.

use anyhow::{Context, Result};
use gate_contract::provoked;
use gate_contract::trace::Event;

use crate::course::{Course, Gate, Lesson};
use crate::files;
use crate::files::detours::without_detours;
use crate::gate_runner::{End, GateRun, body};
use crate::report::{GateReport, Panic, Status};

/// Some gates have more statements than anybody reads.
const MOST_RUNS: usize = 400;

/// The snapshot in the tree: what the solution sees on the published seed.
///
/// # Errors
///
/// When the snapshot cannot be read.
pub fn expected(course: &Course, lesson: &Lesson, gate: &Gate) -> Result<String> {
    let file = lesson.snapshot_file(&gate.name);
    let text = files::read_text(&course.root.join(&file)).with_context(|| {
        format!("{} is the expected snapshot of the gate `{}`", file.display(), gate.name)
    })?;
    Ok(body(&text).trim_end().to_owned())
}

/// Compares what the `run` left behind with what was `expected`.
pub fn judge(number: usize, gate: &Gate, expected: String, run: GateRun) -> GateReport {
    let got = match &run.snapshots[..] {
        [(_, body)] => Some(body.trim_end().to_owned()),
        _ => None,
    };
    let status = match run.end {
        End::TimedOut => Status::Timeout,
        End::Abandoned => Status::Waiting,
        End::Crashed(_) => Status::Crash,
        End::Finished if got.as_ref() == Some(&expected) => Status::Pass,
        End::Finished => Status::Fail,
    };
    let mut report = GateReport::waiting(number, gate);
    report.status = status;
    report.seconds = run.seconds;
    report.expected = Some(expected);
    // A gate that stopped half-way has recorded how far it came.
    report.got = got.or_else(|| steps(&run.events));
    for event in run.events {
        match event {
            Event::Sql(statement) => report.sql.push(statement),
            Event::Panic { message, file, line } if report.panic.is_none() => {
                report.panic = Some(Panic { message, file: without_detours(&file), line });
            }
            Event::Page(file) => report.page = Some(file),
            // A gate may have several databases; the last is the one that it got to.
            Event::Tables { is_before: true, tables } => report.tables_before = tables,
            Event::Tables { is_before: false, tables } => report.tables = tables,
            Event::Ran(ran) if report.runs.len() < MOST_RUNS => report.runs.push(ran),
            Event::Refused { connection } => {
                if let Some(ran) = report.runs.iter_mut().rfind(|ran| ran.connection == connection) {
                    ran.is_refused = true;
                }
            }
            Event::Plan(plan) => report.plans.push(plan),
            Event::Ran(_) | Event::Panic { .. } | Event::Step(_) => {}
        }
    }
    report.printed = distinct(run.printed.lines());
    let log = provoked::lines(&run.log);
    if let (Status::Crash, End::Crashed(end)) = (status, run.end) {
        report.end = Some(format!("{end}\n{}", last_lines(&log)));
    } else if report.panic.is_none() {
        let (provoked, own): (Vec<_>, Vec<_>) = log.into_iter().partition(|(_, is_provoked)| *is_provoked);
        report.log = distinct(own.into_iter().map(|(line, _)| line));
        report.provoked = distinct(provoked.into_iter().map(|(line, _)| line));
    }
    report
}

/// Each line once: forty requests that fail alike are one piece of news.
fn distinct<'a>(log: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in log.into_iter().filter(|line| !line.trim().is_empty()) {
        if !lines.iter().any(|known| known == line) {
            lines.push(line.to_owned());
        }
    }
    lines
}

fn steps(events: &[Event]) -> Option<String> {
    let parts: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Step(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    if parts.is_empty() { None } else { Some(parts.join("\n").trim_end().to_owned()) }
}

fn last_lines(log: &[(&str, bool)]) -> String {
    let lines: Vec<_> = log.iter().map(|(line, _)| *line).collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

#[cfg(test)]
mod tests {
    use gate_contract::trace::Ran;

    use super::*;
    use crate::course::find_root;

    #[test]
    fn a_refusal_belongs_to_its_connections_last_statement_and_few_times_are_kept() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let gate = &course.lesson("5").unwrap().manifest.gates[0];
        let ran = |statement: usize, connection| {
            Event::Ran(Ran { statement: Some(statement), connection, from: 0, to: 1, is_refused: false })
        };
        let mut events = vec![ran(0, 1), ran(1, 1), ran(2, 2), Event::Refused { connection: 1 }];
        events.extend((3..1000).map(|statement| ran(statement, 2)));
        let run = GateRun {
            snapshots: Vec::new(),
            events,
            end: End::Finished,
            log: String::new(),
            printed: String::new(),
            seconds: 0.0,
        };
        let report = judge(1, gate, String::new(), run);
        let refused: Vec<_> =
            report.runs.iter().filter(|ran| ran.is_refused).map(|ran| ran.statement).collect();
        assert_eq!(refused, [Some(1)]);
        assert_eq!(report.runs.len(), MOST_RUNS);
    }

    #[test]
    fn what_a_gate_provokes_is_not_in_the_log() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let gate = &course.lesson("7").unwrap().manifest.gates[9];
        let run = GateRun {
            snapshots: Vec::new(),
            events: Vec::new(),
            end: End::Finished,
            log: "GET /: mine\n--- The gate provokes an error. ---\nGET /: no such table\nGET /: no such table\n\
                  --- The gate provokes no more errors. ---\nGET /: mine\n"
                .to_owned(),
            printed: String::new(),
            seconds: 0.0,
        };
        let report = judge(10, gate, String::new(), run);
        assert_eq!(report.log, ["GET /: mine"]);
        assert_eq!(report.provoked, ["GET /: no such table"]);
    }
}
