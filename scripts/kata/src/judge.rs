//! Says whether what a gate saw is what it should have seen.

use anyhow::{Context, Result};
use gates::trace::Event;

use crate::course::{Course, Gate, Lesson};
use crate::files;
use crate::files::detours::without_detours;
use crate::gate_runner::{End, GateRun, body};
use crate::report::{GateReport, Panic, Status};

/// The snapshot in the tree: what the solution sees on the published seed.
///
/// # Errors
///
/// When the snapshot cannot be read.
pub fn expected(course: &Course, lesson: &Lesson, gate: &Gate) -> Result<String> {
    let file = lesson.snapshot_file(&gate.name);
    let text = files::read_text(&course.root.join(&file))
        .with_context(|| format!("{} holds what the gate `{}` should see", file.display(), gate.name))?;
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
            Event::Panic { .. } | Event::Step(_) => {}
        }
    }
    report.printed = distinct(&run.printed);
    if let (Status::Crash, End::Crashed(end)) = (status, run.end) {
        report.end = Some(format!("{end}\n{}", last_lines(&run.log)));
    } else if report.panic.is_none() {
        report.log = distinct(&run.log);
    }
    report
}

/// Each line once: forty requests that fail alike are one piece of news.
fn distinct(log: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in log.lines().filter(|line| !line.trim().is_empty()) {
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

fn last_lines(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
