//! `cargo kata diff 5`: what a student has written beside what the solution holds.

use std::fs;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{Result, bail};
use similar::{ChangeTag, TextDiff};

use crate::content::Content;
use crate::course::{Course, Lesson};
use crate::derive::{self, tasks};
use crate::files;
use crate::gate_name::named_or_current;
use crate::progress::{self, State};
use crate::view::{BOLD, DIM, Page, text};
use crate::{Database, NOT_PASSED, PASSED, content};

const MINE: Style = AnsiColor::Red.on_default();
const SOLUTIONS: Style = AnsiColor::Green.on_default();

/// Terminals as wide as this get both side by side.
const SIDE_BY_SIDE: usize = 120;
/// Equal lines around a difference.
const CONTEXT: usize = 3;

/// # Errors
///
/// When no such lesson exists, or it cannot be read.
pub fn diff(course: &Course, name: Option<&str>, database: Database, spoil: bool) -> Result<u8> {
    let lesson = named_or_current(course, name, database)?;
    check_solutions(course, lesson)?;
    if lesson.is_project() {
        anstream::println!("{}", of_project(course, lesson));
        return Ok(NOT_PASSED);
    }
    if !spoil && !may_see(course, lesson, database)? {
        anstream::println!(
            "Lesson {0} is not passed yet. Its solution is shown once it is. To see it now, run `cargo kata diff {0} \
             --spoil`.",
            lesson.number
        );
        return Ok(NOT_PASSED);
    }
    let mut page = Page::new(&course.root);
    show(&mut page, course, lesson)?;
    page.print();
    Ok(PASSED)
}

/// Why a project is not compared with its reference, and what to do in place of that.
pub fn of_project(course: &Course, lesson: &Lesson) -> String {
    let why = format!(
        "Lesson {} is a project. Your design differs from the reference, so a line-by-line comparison would show little.",
        lesson.number
    );
    match is_there(course, lesson) {
        false => why,
        true => format!(
            "{why} `cargo kata show {0}` shows how the reference solves a stage, and `cargo kata review {0}` shows what to \
             look for in it.",
            lesson.number
        ),
    }
}

/// Whether the solution spoils nothing: the lesson is passed, on either database.
///
/// # Errors
///
/// When the progress or the lesson cannot be read.
pub fn may_see(course: &Course, lesson: &Lesson, database: Database) -> Result<bool> {
    let progress = progress::read(&course.root)?;
    let state = progress.state(&Content::new(course), lesson, database)?;
    Ok(matches!(state, State::Passed | State::Edited))
}

/// Whether there is anything to compare with: a copy may have been handed out without.
pub fn is_there(course: &Course, lesson: &Lesson) -> bool {
    course.root.join(lesson.solution_folder()).is_dir()
}

/// Refuses to compare where the course was handed out without its solutions.
///
/// # Errors
///
/// When there is no solution of this lesson.
pub fn check_solutions(course: &Course, lesson: &Lesson) -> Result<()> {
    if !is_there(course, lesson) {
        bail!("this copy of the course has no solutions to compare with");
    }
    Ok(())
}

/// Every file of the lesson that is not as the solution has it.
///
/// # Errors
///
/// When a file of the solution cannot be read.
pub fn show(page: &mut Page, course: &Course, lesson: &Lesson) -> Result<()> {
    check_solutions(course, lesson)?;
    let mut solution = derive::completed(course, lesson)?;
    for text in solution.values_mut() {
        *text = without_ends(text);
    }
    for file in content::sources(&course.root.join(lesson.folder())) {
        solution.entry(lesson.folder().join(file)).or_default();
    }
    page.blank();
    page.line(format_args!(
        "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· yours beside the solution{DIM:#}",
        lesson.number, lesson.manifest.title
    ));
    let mut same = true;
    for (path, solutions) in &solution {
        let mine = fs::read(course.root.join(path)).unwrap_or_default();
        let mine = files::text::shown(&mine);
        if mine != *solutions {
            same = false;
            page.blank();
            file(page, path, &mine, solutions);
        }
    }
    if same {
        page.blank();
        page.line("They are identical.");
    }
    Ok(())
}

/// Without the markers that close a task, which no lesson has.
fn without_ends(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !tasks::ends_task(line)).collect()
}

fn file(page: &mut Page, path: &Path, mine: &str, solutions: &str) {
    let place = page.place(&path.display().to_string(), None);
    page.line(place);
    let diff = TextDiff::from_lines(mine, solutions);
    let wide = page.columns.filter(|columns| *columns >= SIDE_BY_SIDE);
    for group in diff.grouped_ops(CONTEXT) {
        page.blank();
        let changes: Vec<_> = group.iter().flat_map(|op| diff.iter_changes(op)).collect();
        let changes: Vec<_> = changes
            .iter()
            .map(|change| (change.tag(), change.value().trim_end_matches('\n').replace('\t', "    ")))
            .collect();
        match wide {
            Some(columns) => side_by_side(page, &changes, columns),
            None => unified(page, &changes),
        }
    }
}

fn unified(page: &mut Page, changes: &[(ChangeTag, String)]) {
    for (tag, line) in changes {
        match tag {
            ChangeTag::Equal => page.line(format_args!("           │ {line}")),
            ChangeTag::Delete => page.line(format_args!("  {DIM}yours    │{DIM:#} {MINE}{line}{MINE:#}")),
            ChangeTag::Insert => {
                page.line(format_args!("  {DIM}solution │{DIM:#} {SOLUTIONS}{line}{SOLUTIONS:#}"));
            }
        }
    }
}

fn side_by_side(page: &mut Page, changes: &[(ChangeTag, String)], columns: usize) {
    let half = (columns - 5) / 2;
    page.line(format_args!("  {DIM}{}│ solution{DIM:#}", text::pad("yours", half)));
    let (mut left, mut right): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (tag, line) in changes {
        match tag {
            ChangeTag::Delete => left.push(line),
            ChangeTag::Insert => right.push(line),
            ChangeTag::Equal => {
                pairs(page, &mut left, &mut right, half);
                pair(page, line, line, half, Style::new(), Style::new());
            }
        }
    }
    pairs(page, &mut left, &mut right, half);
}

/// What was changed: lines of one side beside those of the other.
fn pairs(page: &mut Page, left: &mut Vec<&str>, right: &mut Vec<&str>, half: usize) {
    for index in 0..left.len().max(right.len()) {
        let line = |side: &Vec<&str>| side.get(index).copied().unwrap_or_default().to_owned();
        pair(page, &line(left), &line(right), half, MINE, SOLUTIONS);
    }
    left.clear();
    right.clear();
}

fn pair(page: &mut Page, left: &str, right: &str, half: usize, left_style: Style, right_style: Style) {
    let (left, right) = (text::wrap(left, half - 1), text::wrap(right, half - 1));
    for index in 0..left.len().max(right.len()) {
        let line = |side: &[String]| side.get(index).cloned().unwrap_or_default();
        let left = text::pad(&line(&left), half);
        page.line(format_args!(
            "  {left_style}{left}{left_style:#}{DIM}│{DIM:#} {right_style}{}{right_style:#}",
            line(&right)
        ));
    }
}
