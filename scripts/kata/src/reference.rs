//! The finished step of a lesson with stages, part by part: `cargo kata show 8 assign`.

pub mod items;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::course::stages::NoSuchStage;
use crate::course::{Course, Lesson, Piece};
use crate::progress::{self, Progress};
use crate::solution_diff::is_there;
use crate::view::{BOLD, DIM, GOOD, Page, text};
use crate::{Database, NOT_PASSED, PASSED, files};

/// A part of the finished step.
pub struct Part {
    /// By path in the course.
    pub file: PathBuf,
    /// Counted from 1.
    pub lines: RangeInclusive<usize>,
    /// These lines.
    pub text: String,
}

/// The part that a manifest names.
///
/// # Errors
///
/// When there is no such file, or no such item in it.
pub fn find(course: &Course, lesson: &Lesson, piece: &Piece) -> Result<Part> {
    let file = lesson.solution_folder().join(&piece.file);
    let text = files::read_text(&course.root.join(&file))?;
    let count = text.lines().count();
    let lines = match &piece.item {
        None => 1..=count,
        Some(item) => {
            if piece.file.extension().is_none_or(|extension| extension != "rs") {
                bail!("{} is not Rust, and has no items; leave `#{item}` out", file.display());
            }
            let found = items::find(&text, item).with_context(|| file.display().to_string())?;
            found.with_context(|| format!("{} has no item `{item}`", file.display()))?
        }
    };
    let (skip, take) = (*lines.start() - 1, lines.end() + 1 - lines.start());
    let text = text.lines().skip(skip).take(take).collect::<Vec<_>>().join("\n");
    Ok(Part { file, lines, text })
}

/// Refuses a command that reads the finished step where the course was handed out without it.
///
/// # Errors
///
/// When it is not there.
pub fn check_is_there(course: &Course, lesson: &Lesson, command: &str) -> Result<()> {
    if !is_there(course, lesson) {
        bail!(
            "`cargo kata {command}` needs the finished app of lesson {}, which this copy of the course does not include; ask \
             your instructor to show it to you",
            lesson.number
        );
    }
    Ok(())
}

/// `cargo kata show 8 assign`, `cargo kata show 8`.
///
/// # Errors
///
/// When no such lesson or stage exists, or there is no reference.
pub fn show(course: &Course, name: &str, stage: Option<&str>, database: Database, spoil: bool) -> Result<u8> {
    let lesson = course.lesson(name)?;
    if lesson.manifest.stages.is_empty() {
        return Err(NoSuchStage::none(
            lesson,
            &format!("`cargo kata diff {}` shows its solution", lesson.number),
        )
        .into());
    }
    let progress = progress::read(&course.root)?;
    let mut page = Page::new(&course.root);
    let Some(stage) = stage else {
        list(&mut page, course, lesson, &progress, database);
        page.print();
        return Ok(PASSED);
    };
    let index = lesson.stage(stage)?;
    check_is_there(course, lesson, "show")?;
    let open = open_gate(lesson, index, &progress, database);
    if let Some(gate) = open.filter(|_| !spoil) {
        not_yet(&mut page, lesson, index, gate, database);
        page.print();
        return Ok(NOT_PASSED);
    }
    page.blank();
    page.line(format_args!("{BOLD}{}{BOLD:#} {DIM}· the reference{DIM:#}", lesson.stage_title(index)));
    for piece in &lesson.manifest.stages[index].reference {
        let part = find(course, lesson, piece)?;
        page.blank();
        let place = page.place(&part.file.display().to_string(), Some(*part.lines.start()));
        let item = piece.item.as_ref().map(|item| format!(" · {item}")).unwrap_or_default();
        page.line(format_args!("{place} {DIM}to line {}{item}{DIM:#}", part.lines.end()));
        page.blank();
        for line in part.text.lines() {
            page.line(format_args!("    {line}"));
        }
    }
    page.print();
    Ok(PASSED)
}

/// The number of the stage's first gate that has not passed.
pub fn open_gate(lesson: &Lesson, index: usize, progress: &Progress, database: Database) -> Option<usize> {
    let entry = progress.entry(lesson, database);
    let gates = lesson.gates_of_stage(index, database);
    let is_open = |name: &String| !entry.is_some_and(|entry| entry.passed.contains(name));
    gates.into_iter().find(|(_, gate)| is_open(&gate.name)).map(|(number, _)| number)
}

fn list(page: &mut Page, course: &Course, lesson: &Lesson, progress: &Progress, database: Database) {
    page.blank();
    page.line(format_args!("{BOLD}Lesson {}: {}{BOLD:#}", lesson.number, lesson.manifest.title));
    let stages = &lesson.manifest.stages;
    let widest = stages.iter().map(|stage| text::width(&stage.title)).max().unwrap_or_default();
    for (index, stage) in stages.iter().enumerate() {
        let (mark, style) = match open_gate(lesson, index, progress, database) {
            None => ("✓", GOOD),
            Some(_) => ("·", DIM),
        };
        page.line(format_args!(
            "  {style}{mark}{style:#} {} {} {DIM}{}{DIM:#}",
            index + 1,
            text::pad(&stage.title, widest + 2),
            stage.name
        ));
    }
    if !is_there(course, lesson) {
        return;
    }
    page.blank();
    page.line(format_args!(
        "{BOLD}cargo kata show {} {}{BOLD:#} shows how the reference solves a stage that you have passed.",
        lesson.number, lesson.manifest.stages[0].name
    ));
}

fn not_yet(page: &mut Page, lesson: &Lesson, index: usize, gate: usize, database: Database) {
    let (number, name) = (lesson.number, &lesson.manifest.stages[index].name);
    let title = &lesson.manifest.gates[gate - 1].title;
    let option = database.option();
    page.line(format_args!(
        "Stage {} is not passed yet: gate {gate}, “{title}”, does not pass yet. The reference is shown once all of its gates pass.",
        index + 1
    ));
    page.blank();
    page.line(format_args!(
        "For a hint instead, in three levels, run {BOLD}cargo kata hint {number}.{gate}{option}{BOLD:#}."
    ));
    page.line(format_args!(
        "To see the reference anyway, run {BOLD}cargo kata show {number} {name} --spoil{option}{BOLD:#}."
    ));
}

/// The course's lesson that a command about the reference is about: the one that is named, or else the last project.
///
/// # Errors
///
/// When there is none.
pub fn project<'a>(course: &'a Course, name: Option<&str>) -> Result<&'a Lesson> {
    if let Some(name) = name {
        let lesson = course.lesson(name)?;
        if !lesson.is_project() {
            let instead = format!("`cargo kata diff {}` shows your code beside its solution", lesson.number);
            return Err(NoSuchStage::none(lesson, &instead).into());
        }
        return Ok(lesson);
    }
    let last = course.lessons.iter().rev().find(|lesson| lesson.is_project());
    last.context("no lesson of the course is a project")
}
