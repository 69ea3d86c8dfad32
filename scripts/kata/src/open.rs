//! `cargo kata open`: the place to edit, in the student's editor.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::course::{Course, Lesson};
use crate::editor::Editor;
use crate::gate_name::{self, Named};
use crate::guide::run_and_note;
use crate::lesson_runner::Gates;
use crate::report::{GateReport, Report};
use crate::server::Server;
use crate::task_places::Places;
use crate::{Database, NOT_PASSED, PASSED};

/// # Errors
///
/// When no such gate exists, the lesson cannot be run, or no editor starts.
pub fn open(course: &Course, name: Option<&str>, database: Database) -> Result<u8> {
    let Named { lesson, gate } = gate_name::named(course, name, database)?;
    let (file, line) = match gate {
        Some(number) => place_of_gate(course, lesson, number, database),
        None => {
            let server = Server::for_gates(database)?;
            let report = run_and_note(course, lesson, &server, Gates::UpToFailure)?.report;
            places(lesson, &report).swap_remove(0)
        }
    };
    // First: an editor may not start, or not know how to go to a line.
    anstream::println!("{file}:{line}");
    let editor = Editor::of_student()?;
    if editor.needs_instructions() {
        anstream::eprintln!(
            "note: the guide does not know how to open `{editor}` at a line; set the variable KATA_EDITOR to the full command, \
             such as `{editor} --line {{line}} {{file}}`"
        );
    }
    let status = editor.command(&course.root, &file, line).status();
    let status = status.with_context(|| format!("cannot start the editor {}", editor.described()))?;
    Ok(if status.success() { PASSED } else { NOT_PASSED })
}

/// Where the gate's first task is, or the text about it where it has none.
fn place_of_gate(course: &Course, lesson: &Lesson, number: usize, database: Database) -> (String, usize) {
    let gate = &lesson.manifest.gates[number - 1];
    let edits = Places::of(course, lesson).of_gate(gate, database);
    let first = edits.into_iter().next().map(|edit| (edit.file, edit.line.unwrap_or(1)));
    first.unwrap_or_else(|| (text_of(lesson, Some(number)), 1))
}

/// The text to read at a gate: the card of its stage where the lesson is a project, or else the README.
fn text_of(lesson: &Lesson, gate: Option<usize>) -> String {
    let stage = gate.and_then(|number| lesson.stage_of(number)).filter(|_| lesson.is_project());
    stage.map_or_else(|| lesson.readme(), |index| lesson.card(index))
}

/// Where to edit, at least one place: what explains the compiler's error, or the first of its errors, or where
/// the first failing gate's code panicked, or the first of its tasks that is still to do; or, since the mistake
/// may be in any of them, all of its tasks; or what to read where there is no task. A `todo!` counts as a task,
/// not as a panic.
pub fn places(lesson: &Lesson, report: &Report) -> Vec<(String, usize)> {
    if let Some(explanation) = &report.explanation {
        return vec![(explanation.file.display().to_string(), explanation.line)];
    }
    // A gate that does not compile stays as it is: what it uses is in the lesson.
    let is_lessons = |(file, _): &&(PathBuf, usize)| !file.starts_with("tests");
    if let Some((file, line)) = report.error_places.iter().find(is_lessons) {
        return vec![(file.display().to_string(), *line)];
    }
    if !report.build_errors.is_empty() {
        return vec![(lesson.readme(), 1)];
    }
    let failure = report.first_failure();
    let panic = failure.filter(|gate| gate.reached_gap().is_none()).and_then(|gate| gate.panic.as_ref());
    if let Some(panic) = panic.filter(|panic| Path::new(&panic.file).starts_with(lesson.folder())) {
        return vec![(panic.file.clone(), panic.line as usize)];
    }
    let most = if failure.is_some_and(GateReport::is_to_do) { 1 } else { usize::MAX };
    let edits = failure.into_iter().flat_map(|gate| &gate.edit).take(most);
    let places: Vec<_> = edits.map(|edit| (edit.file.clone(), edit.line.unwrap_or(1))).collect();
    match places.is_empty() {
        true => vec![(text_of(lesson, failure.map(|gate| gate.number)), 1)],
        false => places,
    }
}
