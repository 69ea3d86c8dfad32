//! A mutant: one mistake in one file of a finished step or a submission.

use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, Result};
use kata::course::Course;
use kata::derive::tasks;
use kata::files;

use crate::edit::Edit;
use crate::operators::Operator;
use crate::subject::Subject;
use crate::{rust, sql, template};

/// How much of a change is shown, in characters.
const LONGEST: usize = 100;

/// The author of the code that is changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Class {
    /// A student: what is below a `Task:`.
    Written,
    /// The course: a lesson hands it out.
    Given,
}

/// One mistake in one file.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// As in `05-crud`, or as in `08-order-up/tabs_and_seatings`.
    pub step: String,
    /// Inside the folder of the step or the submission.
    pub file: PathBuf,
    pub class: Class,
    pub operator: Operator,
    /// Where it is, for the report.
    pub line: usize,
    /// The text of that line, without the mistake.
    pub source: String,
    pub before: String,
    pub after: String,
    /// The file with the mistake.
    pub text: String,
}

/// All mutants of a step or a submission, in the order of files and places.
///
/// # Errors
///
/// When a file cannot be read, or is not what its name says.
pub fn of_subject(course: &Course, subject: &Subject<'_>) -> Result<Vec<Mutant>> {
    let folder = course.root.join(subject.folder());
    let mut mutants = Vec::new();
    for file in files::below(&folder)?.into_iter().filter(|file| subject.is_mutated(file)) {
        let path = folder.join(&file);
        let text = files::read_text(&path)?;
        let mut edits = match file.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => rust::edits(&text).with_context(|| path.display().to_string())?,
            Some("sql") => sql::edits(&text),
            Some("html") => template::edits(&text),
            _ => settings(&text),
        };
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        edits.dedup_by(|a, b| a.range == b.range && a.after == b.after);
        let written = tasks::written(&path, &text)?;
        for edit in edits.into_iter().filter(|edit| text[edit.range.clone()] != edit.after) {
            let line = line_of(&text, edit.range.start);
            mutants.push(Mutant {
                step: subject.name(),
                file: file.clone(),
                class: match subject.lesson.is_project() {
                    // It is the student's from its first line on.
                    true => Class::Written,
                    false => class(&text, &edit.range, &written),
                },
                operator: edit.operator,
                line: line + 1,
                source: text.lines().nth(line).unwrap_or_default().trim().to_owned(),
                before: text[edit.range.clone()].to_owned(),
                text: format!("{}{}{}", &text[..edit.range.start], edit.after, &text[edit.range.end..]),
                after: edit.after,
            });
        }
    }
    Ok(mutants)
}

/// A line of settings that is not there.
fn settings(text: &str) -> Vec<Edit> {
    let mut at = 0;
    let mut edits = Vec::new();
    for line in text.split_inclusive('\n') {
        if !line.starts_with('#') && line.contains('=') {
            edits.push(Edit {
                operator: Operator::DropSetting,
                range: at..at + line.trim_end().len(),
                after: String::new(),
            });
        }
        at += line.len();
    }
    edits
}

/// A change is a student's if it is in lines that a student writes. A function's whole body is, if
/// what a student writes is in it.
fn class(text: &str, range: &Range<usize>, written: &[Range<usize>]) -> Class {
    let lines = line_of(text, range.start)..line_of(text, range.end.saturating_sub(1).max(range.start)) + 1;
    let is_inside = |region: &Range<usize>| region.start <= lines.start && lines.end <= region.end;
    let is_body = |region: &Range<usize>| lines.start < region.start && region.end < lines.end;
    let is_written = written.iter().any(is_inside)
        || (text[range.clone()].starts_with('{') && written.iter().any(is_body));
    if is_written { Class::Written } else { Class::Given }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count()
}

impl Mutant {
    /// One line that names it.
    pub fn title(&self) -> String {
        format!("{} {}:{} {}", self.step, self.file.display(), self.line, self.operator)
    }

    /// What is changed, cut to what a line of a terminal holds.
    pub fn change(&self) -> String {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (before, after) = (one_line(&self.before), one_line(&self.after));
        // Of a long text, from the word on in which the two differ.
        let alike = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let word = before.as_bytes()[..alike].iter().rposition(|byte| *byte == b' ').map_or(0, |at| at + 1);
        let start = if before.chars().count() > LONGEST { word } else { 0 };
        let cut = |text: &str| {
            let rest = &text[start.min(text.len())..];
            let shown: String = rest.chars().take(LONGEST).collect();
            let beginning = if start > 0 { "…" } else { "" };
            let end = if shown.len() < rest.len() { "…" } else { "" };
            format!("{beginning}{shown}{end}")
        };
        format!("{} → {}", cut(&before), cut(&after))
    }
}
