//! `cargo kata list` and `cargo kata progress`, for a person and as JSON.

use anyhow::Result;
use serde::Serialize;

use super::file::read;
use super::lessons::{Progress, State};
use crate::content::Content;
use crate::course::{Course, Lesson};
use crate::view::{BOLD, DIM, GOOD, Page, bar, stages, text};
use crate::{Database, PASSED};

/// The version of both JSON formats; `scripts/kata/README.md` describes them.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Overview {
    format: u32,
    database: Database,
    /// The lesson to work on.
    current: Option<String>,
    passed: usize,
    total: usize,
    lessons: Vec<LessonOverview>,
}

#[derive(Serialize)]
struct LessonOverview {
    number: u32,
    name: String,
    title: String,
    minutes: u32,
    state: Folder,
    passed: usize,
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    gates: Option<Vec<GateOverview>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stages: Vec<StageOverview>,
}

#[derive(Serialize)]
struct StageOverview {
    name: String,
    title: String,
    passed: usize,
    total: usize,
}

/// The lesson's folder, which the student may have deleted.
#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Folder {
    Missing,
    #[serde(untagged)]
    With(State),
}

#[derive(Serialize)]
struct GateOverview {
    number: usize,
    name: String,
    title: String,
    passed: bool,
}

fn overview(course: &Course, progress: &Progress, database: Database, with_gates: bool) -> Result<Overview> {
    let content = Content::new(course);
    let (passed, total) = progress.of_course(course, database);
    let lessons = course.lessons.iter().map(|lesson| {
        let state = match course.root.join(lesson.folder()).is_dir() {
            true => Folder::With(progress.state(&content, lesson, database)?),
            false => Folder::Missing,
        };
        let gates = gates(lesson, progress, database);
        let stages = if with_gates { stage_overviews(lesson, &gates, database) } else { Vec::new() };
        Ok(LessonOverview {
            number: lesson.number,
            name: lesson.name.clone(),
            title: lesson.manifest.title.clone(),
            minutes: lesson.manifest.minutes,
            state,
            passed: gates.iter().filter(|gate| gate.passed).count(),
            total: gates.len(),
            gates: Some(gates).filter(|_| with_gates),
            stages,
        })
    });
    let lessons = lessons.collect::<Result<_>>()?;
    let current = progress.to_do(course, database)?.map(|lesson| lesson.name.clone());
    Ok(Overview { format: FORMAT, database, current, passed, total, lessons })
}

fn gates(lesson: &Lesson, progress: &Progress, database: Database) -> Vec<GateOverview> {
    let entry = progress.entry(lesson, database);
    let gates = lesson.gates_on(database).into_iter();
    let gates = gates.map(|(number, gate)| GateOverview {
        number,
        name: gate.name.clone(),
        title: gate.title.clone(),
        passed: entry.is_some_and(|entry| entry.passed.contains(&gate.name)),
    });
    gates.collect()
}

fn stage_overviews(lesson: &Lesson, gates: &[GateOverview], database: Database) -> Vec<StageOverview> {
    let stages = lesson.manifest.stages.iter().enumerate().map(|(index, stage)| {
        let of_stage = lesson.gates_of_stage(index, database);
        let is_passed = |number: usize| gates.iter().any(|gate| gate.number == number && gate.passed);
        StageOverview {
            name: stage.name.clone(),
            title: stage.title.clone(),
            passed: of_stage.iter().filter(|(number, _)| is_passed(*number)).count(),
            total: of_stage.len(),
        }
    });
    stages.collect()
}

/// `cargo kata list`.
///
/// # Errors
///
/// When the progress or a lesson cannot be read.
pub fn list(course: &Course, database: Database, json: bool) -> Result<u8> {
    let progress = read(&course.root)?;
    let overview = overview(course, &progress, database, false)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&overview)?);
        return Ok(PASSED);
    }
    let mut page = Page::new(&course.root);
    page.blank();
    lessons(&mut page, &overview);
    page.print();
    Ok(PASSED)
}

/// The list of lessons as the guide shows it while it watches.
///
/// # Errors
///
/// When the progress or a lesson cannot be read.
pub fn list_page(page: &mut Page, course: &Course, database: Database) -> Result<()> {
    let progress = read(&course.root)?;
    page.blank();
    lessons(page, &overview(course, &progress, database, false)?);
    Ok(())
}

fn lessons(page: &mut Page, overview: &Overview) {
    let widest = overview.lessons.iter().map(|lesson| text::width(&lesson.title)).max().unwrap_or(0);
    for lesson in &overview.lessons {
        let is_current = overview.current.as_ref() == Some(&lesson.name);
        let (mark, style) = match lesson.state {
            Folder::With(State::Passed) => ("✓", GOOD),
            _ if is_current => ("▸", BOLD),
            _ => ("·", DIM),
        };
        let note = match lesson.state {
            Folder::With(State::Edited) => " edited since it passed",
            Folder::Missing => " its folder is missing: cargo kata reset",
            _ => "",
        };
        page.line(format_args!(
            "  {style}{mark}{style:#} {BOLD}{}{BOLD:#}  {} {DIM}{:>2} of {:>2} gates · {:>3} min{note}{DIM:#}",
            lesson.number,
            text::pad(&lesson.title, widest),
            lesson.passed,
            lesson.total,
            lesson.minutes
        ));
    }
    page.blank();
    page.line(format_args!(
        "  {} {} of {} gates {DIM}· {}{DIM:#}",
        bar(overview.passed, overview.total, 24),
        overview.passed,
        overview.total,
        overview.database.name()
    ));
}

/// `cargo kata progress`.
///
/// # Errors
///
/// When the progress or a lesson cannot be read.
pub fn progress(course: &Course, database: Database, json: bool) -> Result<u8> {
    let progress = read(&course.root)?;
    let overview = overview(course, &progress, database, true)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&overview)?);
        return Ok(PASSED);
    }
    let mut page = Page::new(&course.root);
    page.blank();
    lessons(&mut page, &overview);
    let current = overview.lessons.iter().find(|lesson| overview.current.as_ref() == Some(&lesson.name));
    page.blank();
    match current {
        Some(lesson) => {
            page.line(format_args!("{BOLD}Lesson {}: {}{BOLD:#}", lesson.number, lesson.title));
            let mut stages = lesson.stages.iter().enumerate();
            // Gates come by stage, so each stage begins where the one before has had all of its own.
            let mut left = 0;
            for gate in lesson.gates.iter().flatten() {
                if left == 0
                    && let Some((index, stage)) = stages.find(|(_, stage)| stage.total > 0)
                {
                    stages::count(&mut page, &stage.title, index, stage.passed, stage.total);
                    left = stage.total;
                }
                left = left.saturating_sub(1);
                let (mark, style) = if gate.passed { ("✓", GOOD) } else { ("·", DIM) };
                page.line(format_args!("  {style}{mark}{style:#} {:>2}  {}", gate.number, gate.title));
            }
            page.blank();
            page.line(format_args!("Go on with {BOLD}cargo kata{BOLD:#}."));
        }
        None => page.line(format_args!("{GOOD}Every lesson is passed.{GOOD:#}")),
    }
    page.print();
    Ok(PASSED)
}
