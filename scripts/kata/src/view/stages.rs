//! Stages of a lesson: where somebody is, and what they have finished.

use super::background::Background;
use super::page::Page;
use super::style::{BOLD, DIM, GOOD};
use crate::course::Lesson;
use crate::report::{GateReport, Report, Status};

/// `Stage 3 of 9: The board · gate 14`, where the lesson has stages.
pub fn place(lesson: &Lesson, gate: usize) -> Option<String> {
    let stage = lesson.stage_title(lesson.stage_of(gate)?);
    Some(format!("{BOLD}{stage}{BOLD:#} {DIM}· gate {gate}{DIM:#}"))
}

/// The stages whose last gate passes now and did not before: a project is committed there.
pub fn finished(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    if praise(page, lesson, report, background) {
        page.blank();
        commit(page, lesson, report, background);
    }
}

/// A row for each of these stages. Returns whether there is one.
pub fn praise(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) -> bool {
    let done = done(lesson, report, background);
    for index in &done {
        let (number, title) = (index + 1, &lesson.manifest.stages[*index].title);
        let all = lesson.manifest.stages.len();
        page.line(format_args!("{GOOD}✓ Stage {number} of {all} is finished: {title}.{GOOD:#}"));
    }
    !done.is_empty()
}

fn done(lesson: &Lesson, report: &Report, background: &Background) -> Vec<usize> {
    if !lesson.is_project() {
        return Vec::new();
    }
    let passes =
        |number: usize| report.gates.iter().any(|gate| gate.number == number && gate.status == Status::Pass);
    let done = (0..lesson.manifest.stages.len()).filter(|index| {
        let gates = lesson.gates_of_stage(*index, report.database);
        gates.iter().all(|(number, _)| passes(*number))
            && gates.iter().any(|(number, _)| background.new.contains(number))
    });
    done.collect()
}

/// How to commit the last of these stages, and what comes next.
pub fn commit(page: &mut Page, lesson: &Lesson, report: &Report, background: &Background) {
    let done = done(lesson, report, background);
    let Some(last) = done.last() else { return };
    page.line("A good moment for a commit:");
    page.blank();
    if !page.is_in_git() {
        page.line("    git init");
    }
    page.line(format_args!("    git add lessons/{}", lesson.name));
    let title = &lesson.manifest.stages[*last].title;
    page.line(format_args!("    git commit -m \"{}: {title}\"", lesson.manifest.title));
    page.blank();
    let next = report.first_failure().and_then(|gate| lesson.stage_of(gate.number));
    if let Some(next) = next.filter(|next| !done.contains(next)) {
        let card = page.place(&lesson.card(next), None);
        page.line(format_args!(
            "Next: stage {}, {}. Read {card}.",
            next + 1,
            lesson.manifest.stages[next].title
        ));
        page.blank();
    }
}

/// A stage's line above its gates.
pub fn heading<'a>(
    page: &mut Page,
    lesson: &Lesson,
    index: usize,
    gates: impl Iterator<Item = &'a GateReport> + Clone,
) {
    let passed = gates.clone().filter(|gate| gate.status == Status::Pass).count();
    count(page, &lesson.manifest.stages[index].title, index, passed, gates.count());
}

/// A stage, and how many of its gates pass.
pub fn count(page: &mut Page, title: &str, index: usize, passed: usize, total: usize) {
    page.line(format_args!("  {BOLD}Stage {}: {title}{BOLD:#} {DIM}{passed} of {total}{DIM:#}", index + 1));
}
