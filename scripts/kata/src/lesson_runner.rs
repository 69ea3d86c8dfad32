//! Builds a lesson and runs its gates.

use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use gate_contract::PUBLISHED_SEED;

use crate::build::{Build, rebuild_gate};
use crate::course::{Course, Gate, Lesson};
use crate::explain::{explain, explain_failure, explain_refusal};
use crate::gate_runner::GateRunner;
use crate::judge::{expected, judge};
use crate::labels::add_label;
use crate::parallel::{gates_at_once, in_order};
use crate::record::Record;
use crate::report::{Edit, FORMAT, GateReport, Report, Status};
use crate::server::Server;
use crate::task_places::Places;
use crate::{Database, encoding, progress, reset, verdicts, warm};

/// Which gates of a lesson are run.
#[derive(Clone, Copy, PartialEq)]
pub enum Gates {
    UpToFailure,
    All,
    /// The one of this number.
    One(usize),
    /// Those of the stage at this index, up to a failure.
    Stage(usize),
}

impl Gates {
    fn has(self, lesson: &Lesson, number: usize) -> bool {
        match self {
            Self::UpToFailure | Self::All => true,
            Self::One(one) => one == number,
            Self::Stage(index) => lesson.stage_of(number) == Some(index),
        }
    }

    /// Whether those that were to run have passed.
    pub fn passed(self, lesson: &Lesson, report: &Report) -> bool {
        let is_wanted = |gate: &&GateReport| self.has(lesson, gate.number);
        report.build_errors.is_empty()
            && report.gates.iter().filter(is_wanted).all(|gate| gate.status == Status::Pass)
    }
}

/// Builds the lesson and runs these of its gates, in order.
///
/// With `early`, the gates from the first that has not passed yet come before the others: it gets a report as soon as
/// one of them fails, in which those that have passed before count as passed.
///
/// # Errors
///
/// When the lesson cannot be run; a lesson that does not compile or pass is a report.
pub fn run_lesson(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    wanted: Gates,
    early: Option<&dyn Fn(&Report)>,
) -> Result<Report> {
    let database = server.database;
    if !course.root.join(lesson.folder()).join("Cargo.toml").is_file() {
        return Err(reset::missing(lesson));
    }
    let quiet = warm::quiet(&course.root)?;
    let build = encoding::build_if_readable(course, lesson, database, || {
        rebuild_gate(&course.root, &lesson.package(), &lesson.folder(), database)
    });
    let build = match build {
        Ok(build) => build,
        Err(error) => return refused(course, lesson, database, error),
    };
    let Some(executable) = &build.executable else {
        return with_places(course, lesson, not_compiled(course, lesson, database, build));
    };
    let gates = lesson.gates_on(database);
    let wanted_gates: Vec<_> = (0..gates.len()).filter(|index| wanted.has(lesson, gates[*index].0)).collect();
    let runner = GateRunner {
        executable,
        folder: course.root.join(lesson.folder()),
        module: lesson.topic(),
        seed: PUBLISHED_SEED,
        server: server.url.as_deref(),
        tables: verdicts::is_shown(&course.root),
    };
    let run = |part: Range<usize>| {
        let part = &wanted_gates[part];
        in_order(gates_at_once(), part.len(), |index, is_wanted| {
            let (number, gate) = gates[part[index]];
            let run = runner.run_while(&gate.name, is_wanted)?;
            let report = judge(number, gate, expected(course, lesson, gate)?, run);
            let go_on = wanted == Gates::All || report.status == Status::Pass;
            Ok((report, go_on))
        })
    };
    let report = |ran: &[GateReport]| {
        let mut report = with_places(course, lesson, of_gates(lesson, database, ran))?;
        add_label(course, lesson, &mut report);
        let failure = report.first_failure().filter(|gate| !gate.is_to_do());
        let explanation = failure.and_then(|gate| explain_failure(&course.root, lesson, database, gate));
        anyhow::Ok(Report { explanation, ..report })
    };
    let begin = match early {
        Some(_) => first_to_pass(course, lesson, database)?,
        None => 0,
    };
    let ahead = run(begin..wanted_gates.len())?;
    if let Some(early) = early
        && begin > 0
        && ahead.iter().any(|gate| gate.status != Status::Pass)
    {
        let passed = gates[..begin]
            .iter()
            .map(|(number, gate)| GateReport { status: Status::Pass, ..GateReport::waiting(*number, gate) });
        let so_far: Vec<_> = passed.chain(ahead.iter().cloned()).collect();
        early(&Report { is_early: true, ..report(&so_far)? });
    }
    let mut ran = run(0..begin)?;
    if ran.iter().all(|gate| gate.status == Status::Pass) {
        ran.extend(ahead);
    }
    drop(quiet);
    report(&ran)
}

/// The index of the first gate that has not passed when it was run last, or 0.
fn first_to_pass(course: &Course, lesson: &Lesson, database: Database) -> Result<usize> {
    let progress = progress::read(&course.root)?;
    let Some(entry) = progress.entry(lesson, database) else { return Ok(0) };
    let mut gates = lesson.gates_on(database).into_iter();
    Ok(gates.position(|(_, gate)| !entry.passed.contains(&gate.name)).unwrap_or(0))
}

/// The report on a lesson of whose gates these have run.
pub(crate) fn of_gates(lesson: &Lesson, database: Database, ran: &[GateReport]) -> Report {
    let report = |(number, gate): (usize, &Gate)| {
        let ran = ran.iter().find(|ran| ran.number == number);
        ran.cloned().unwrap_or_else(|| GateReport::waiting(number, gate))
    };
    let gates: Vec<_> = lesson.gates_on(database).into_iter().map(report).collect();
    Report {
        format: FORMAT,
        lesson: lesson.name.clone(),
        database,
        seed: PUBLISHED_SEED,
        passed: gates.iter().filter(|gate| gate.status == Status::Pass).count(),
        total: gates.len(),
        build_errors: Vec::new(),
        error_places: Vec::new(),
        explanation: None,
        gates,
        is_early: false,
    }
}

/// The report on a lesson that cargo does not begin to build because of an edit that can be named.
fn refused(course: &Course, lesson: &Lesson, database: Database, error: anyhow::Error) -> Result<Report> {
    let said = format!("{error:#}");
    let Some(explanation) = explain_refusal(&course.root, &said) else { return Err(error) };
    let error_places = vec![(explanation.file.clone(), explanation.line)];
    let report = of_gates(lesson, database, &[]);
    with_places(
        course,
        lesson,
        Report { build_errors: vec![said], error_places, explanation: Some(explanation), ..report },
    )
}

/// The report on a lesson that does not compile.
pub fn not_compiled(course: &Course, lesson: &Lesson, database: Database, build: Build) -> Report {
    let explanation = explain(&course.root, lesson, database, &build.diagnostics);
    let (build_errors, error_places) = (build.errors, build.error_places);
    Report { build_errors, error_places, explanation, ..of_gates(lesson, database, &[]) }
}

/// The same report with where each gate's tasks are.
fn with_places(course: &Course, lesson: &Lesson, mut report: Report) -> Result<Report> {
    let record = Record::read(&course.root)?;
    let places = Places::of(course, lesson);
    for (gate_report, (_, gate)) in report.gates.iter_mut().zip(lesson.gates_on(report.database)) {
        let as_handed_out = |edit: &Edit| record.is_as_written(&course.root, Path::new(&edit.file));
        let edits = places.of_gate(gate, report.database);
        let now = gate_report.reached_gap().and_then(|gap| places.up_to_gap(gap, &edits));
        gate_report.edit = now.unwrap_or(edits);
        gate_report.untouched = !gate_report.edit.is_empty() && gate_report.edit.iter().all(as_handed_out);
    }
    Ok(report)
}
