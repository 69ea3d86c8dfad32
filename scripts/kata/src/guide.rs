//! Runs lessons and shows how they went.

mod near;

use std::path::PathBuf;

use anyhow::Result;

use crate::base;
use crate::content::Content;
use crate::course::{Course, Gate, Lesson};
use crate::explain::edited;
use crate::gate_name::{self, Named};
use crate::lesson_runner::{Gates, run_lesson};
use crate::progress::{self, Progress, State};
use crate::report::{GateReport, Report};
use crate::server::Server;
use crate::view::{self, Background, Page};
use crate::{Database, NOT_PASSED, PASSED, update, verdicts};

/// `cargo kata` without a terminal: runs the lesson to work on, once.
///
/// # Errors
///
/// When the lesson cannot be run.
pub fn once(course: &Course, database: Database) -> Result<u8> {
    let progress = progress::read(&course.root)?;
    let content = Content::new(course);
    let to_do = progress.to_do(course, database)?;
    let mut page = Page::new(&course.root);
    for lesson in &course.lessons {
        if progress.state(&content, lesson, database)? == State::Passed {
            view::passed(&mut page, lesson, database);
        }
    }
    let Some(lesson) = to_do else {
        page.blank();
        view::finished(&mut page, course);
        page.print();
        return Ok(PASSED);
    };
    page.print();
    run_and_show(course, lesson, &Server::for_gates(database)?, Gates::UpToFailure, false)
}

/// What `cargo kata test` is to do.
#[derive(Clone, Copy, Default)]
pub struct Test<'a> {
    /// A lesson or a gate.
    pub name: Option<&'a str>,
    pub stage: Option<&'a str>,
    /// The gates behind a failure, too.
    pub all: bool,
    pub json: bool,
    /// All of the compiler's errors, in its own words.
    pub rustc: bool,
    /// For the guide that watches: each report is a line, and the first may come early.
    pub early: bool,
}

/// `cargo kata test 5`, `cargo kata test 3.6`, `cargo kata test 8 board`.
///
/// # Errors
///
/// When no such lesson, stage or gate exists, or it cannot be run.
pub fn test(course: &Course, test: Test<'_>, database: Database) -> Result<u8> {
    let Test { name, stage, all, json, rustc, early } = test;
    if all {
        gate_name::refuse("test --all", name)?;
    }
    if let Some(stage) = stage {
        gate_name::refuse_beside_stage(name, stage)?;
    }
    let Named { lesson, gate } = gate_name::named(course, name, database)?;
    let stage = stage.map(|stage| lesson.stage(stage)).transpose()?;
    let gates = match (gate, stage) {
        (Some(number), _) => Gates::One(number),
        (None, Some(index)) => Gates::Stage(index),
        (None, None) if all => Gates::All,
        (None, None) => Gates::UpToFailure,
    };
    let server = Server::for_gates(database)?;
    if early {
        let print = |report: &Report| println!("{}", serde_json::to_string(report).unwrap_or_default());
        print(&run_and_note_early(course, lesson, &server, gates, Some(&print))?.report);
        return Ok(PASSED);
    }
    if !json {
        return run_and_show(course, lesson, &server, gates, rustc);
    }
    let report = run_and_note(course, lesson, &server, gates)?.report;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(if gates.passed(lesson, &report) { PASSED } else { NOT_PASSED })
}

fn run_and_show(course: &Course, lesson: &Lesson, server: &Server, gates: Gates, rustc: bool) -> Result<u8> {
    let Outcome { report, background } = run_and_note(course, lesson, server, gates)?;
    let background = Background { rustc, ..background };
    let mut page = Page::new(&course.root);
    match gates {
        Gates::One(number) => view::gate(&mut page, lesson, number, &report, &background),
        Gates::Stage(index) => view::stage(&mut page, lesson, index, &report, &background),
        Gates::UpToFailure | Gates::All => view::lesson(&mut page, course, lesson, &report, &background),
    }
    page.print();
    Ok(if gates.passed(lesson, &report) { PASSED } else { NOT_PASSED })
}

/// A report, and what is known besides.
pub struct Outcome {
    pub report: Report,
    pub background: Background,
}

/// Runs a lesson, and remembers what passed.
///
/// # Errors
///
/// When the lesson cannot be run; a lesson that does not compile or pass is a report.
pub fn run_and_note(course: &Course, lesson: &Lesson, server: &Server, gates: Gates) -> Result<Outcome> {
    run_and_note_early(course, lesson, server, gates, None)
}

/// The same, with an early report for whoever wants one; see [`run_lesson`].
fn run_and_note_early(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    gates: Gates,
    early: Option<&dyn Fn(&Report)>,
) -> Result<Outcome> {
    base::keep(course);
    // What is edited while the gates run is not what they have seen.
    let content = Content::new(course).of(lesson)?;
    let before = progress::read(&course.root)?;
    let early = early.map(|print| {
        move |report: &Report| {
            print(report);
            keep(course, report);
        }
    });
    let report =
        run_lesson(course, lesson, server, gates, early.as_ref().map(|early| early as &dyn Fn(&Report)))?;
    let new = progress::change(&course.root, |progress| progress.note(lesson, &report, content))?;
    if !matches!(gates, Gates::One(_) | Gates::Stage(_)) {
        keep(course, &report);
    }
    let background = background(course, lesson, &before, &report, new)?;
    Ok(Outcome { report, background })
}

/// Keeps a verdict for the page. One that cannot be kept is shown here all the same.
fn keep(course: &Course, report: &Report) {
    let _ = verdicts::keep(&course.root, report);
}

/// What there is to know about a lesson that has been run; `before` is what was remembered until then.
///
/// # Errors
///
/// When the progress or a lesson cannot be read.
pub fn background(
    course: &Course,
    lesson: &Lesson,
    before: &Progress,
    report: &Report,
    new: Vec<usize>,
) -> Result<Background> {
    let database = report.database;
    let entry = before.entry(lesson, database);
    let passed = |gate: &&GateReport| entry.is_some_and(|entry| entry.passed.contains(&gate.name));
    let mut after = progress::read(&course.root)?;
    let passed_for_nothing = course.lessons.iter().flat_map(|lesson| &lesson.manifest.gates);
    let passed_for_nothing = passed_for_nothing.filter(|gate| gate.passes_untouched).count();
    let course_passed = after.of_course(course, database);
    after.current = Some(lesson.name.clone());
    Ok(Background {
        watching: false,
        running: false,
        rustc: false,
        course: course_passed,
        gate: if report.build_errors.is_empty() { None } else { gate_to_pass(course, lesson, report) },
        lost: report.failures().filter(passed).map(|gate| gate.number).collect(),
        new,
        newcomer: before.of_course(course, database).0 <= passed_for_nothing,
        unmerged: update::unmerged(course, lesson),
        edited: match report.all_passed() {
            true => Vec::new(),
            false => edited(&course.root, lesson).iter().map(|file| file.display().to_string()).collect(),
        },
        next: after
            .to_do(course, database)?
            .map(|next| next.number)
            .filter(|number| *number != lesson.number),
    })
}

/// `cargo kata hint`, `cargo kata hint 3.6`.
///
/// # Errors
///
/// When no such gate exists, or the lesson cannot be run.
pub fn hint(course: &Course, name: Option<&str>, database: Database, level: u8) -> Result<u8> {
    let Named { lesson, gate } = gate_name::named(course, name, database)?;
    let mut page = Page::new(&course.root);
    if let Some(number) = gate {
        view::hints(&mut page, lesson, number, level, database, false);
        page.print();
        return Ok(PASSED);
    }
    let server = Server::for_gates(database)?;
    let Outcome { report, background } = run_and_note(course, lesson, &server, Gates::UpToFailure)?;
    match gate_to_pass(course, lesson, &report) {
        Some(number) => {
            if !report.build_errors.is_empty() {
                view::lesson(&mut page, course, lesson, &report, &background);
            }
            view::hints(&mut page, lesson, number, level, database, false);
        }
        None => page.line(format_args!(
            "Every gate of lesson {} passes, so there is no hint to show.",
            lesson.number
        )),
    }
    page.print();
    Ok(PASSED)
}

/// The number of the gate to work on: the first that fails, or the one that does not compile.
pub fn gate_to_pass(course: &Course, lesson: &Lesson, report: &Report) -> Option<usize> {
    match report.first_failure() {
        Some(failure) => Some(failure.number),
        None if report.build_errors.is_empty() => None,
        None => Some(gate_of_error(course, lesson, report)),
    }
}

/// The number of the gate whose task the compiler's first error is about: the task is in the same function, or above
/// the error. Where it is several gates' task, the first of them that has not passed. Else the first gate with
/// something to write.
fn gate_of_error(course: &Course, lesson: &Lesson, report: &Report) -> usize {
    let task_of = |(file, line): &(PathBuf, usize)| {
        near::task_near(&crate::files::read_text(&course.root.join(file)).ok()?, *line)
    };
    let explained = report.explanation.iter().map(|explanation| (explanation.file.clone(), explanation.line));
    let about = explained.chain(report.error_places.iter().cloned()).find_map(|place| task_of(&place));
    let progress = progress::read_quietly(&course.root).map(|(progress, _)| progress).unwrap_or_default();
    let entry = progress.entry(lesson, report.database);
    let has_passed = |gate: &Gate| entry.is_some_and(|entry| entry.passed.contains(&gate.name));
    let is_about = |gate: &Gate| match &about {
        Some(task) => gate.tasks.contains(task),
        None => lesson.is_project() || !gate.tasks.is_empty(),
    };
    let mut gates = lesson.gates_on(report.database);
    gates.retain(|(_, gate)| is_about(gate));
    let open = gates.iter().find(|(_, gate)| !has_passed(gate)).or(gates.first());
    open.map_or(1, |(number, _)| *number)
}
