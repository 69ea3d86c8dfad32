//! The `Task:` markers, from which a lesson is made out of its solution.
//!
//! In Rust the marker is the first line of a function's body, or of a part of it, and what is
//! left of that block becomes `todo!`:
//!
//! ```text
//! // Task: Insert the book and return the stored row.
//! diesel::insert_into(books::table)…
//! ```
//!
//! Where a student writes something other than a body (a field, a migration, a template), `End of task.` in
//! the file's own comment syntax closes the part that the lesson leaves out.

use std::ops::Range;
use std::path::Path;

use anyhow::{Result, bail};

/// What stands before `Task:` and after the text, in the comments of each kind of file.
const COMMENTS: [(&str, &str); 5] = [("// ", ""), ("-- ", ""), ("# ", ""), ("{# ", " #}"), ("<!-- ", " -->")];

/// The text of the marker on this line.
pub fn task(line: &str) -> Option<&str> {
    comment(line)?.strip_prefix("Task: ")
}

/// Whether this line closes what the lesson leaves out.
pub fn ends_task(line: &str) -> bool {
    comment(line) == Some("End of task.")
}

fn comment(line: &str) -> Option<&str> {
    let inside = |(before, after)| line.trim().strip_prefix(before)?.strip_suffix(after);
    COMMENTS.into_iter().find_map(inside)
}

/// How many bytes of blanks a line begins with.
pub fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What is put where a student's code will be: `todo!`, or another body.
pub type Filler<'a> = &'a mut dyn FnMut(&str) -> String;

/// `todo!` with the task's text, so that a gate that meets it says what is to be done.
pub fn todo(task: &str) -> String {
    let text = task.trim_end_matches('.').replace('\\', "\\\\").replace('"', "\\\"");
    format!("todo!(\"{}\")", text.replace('{', "{{").replace('}', "}}"))
}

/// The lesson's version of a solution's file.
///
/// # Errors
///
/// When a task has no end, or nothing follows it.
pub fn skeleton(path: &Path, text: &str, filler: Filler<'_>) -> Result<String> {
    let lines: Vec<_> = text.lines().collect();
    let mut skeleton = String::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        skeleton.push_str(line);
        skeleton.push('\n');
        let Some(task) = task(line) else { continue };
        let written = region(path, &lines, at)?;
        if !written.is_closed {
            skeleton.push_str(&" ".repeat(indent(line)));
            skeleton.push_str(&filler(task));
            skeleton.push('\n');
        }
        at = written.end;
    }
    Ok(skeleton)
}

/// The lines of a solution's file that a student writes, counted from 0.
///
/// # Errors
///
/// When a task has no end, or nothing follows it.
pub fn written(path: &Path, text: &str) -> Result<Vec<Range<usize>>> {
    let lines: Vec<_> = text.lines().collect();
    let tasks = lines.iter().enumerate().filter(|(_, line)| task(line).is_some());
    tasks.map(|(index, _)| Ok(index + 1..region(path, &lines, index + 1)?.end)).collect()
}

/// What a student writes below a marker.
struct Region {
    /// The line behind it.
    end: usize,
    /// Closed by `End of task.`, and not by the end of a block.
    is_closed: bool,
}

/// The region that begins at line `at`, behind its marker.
fn region(path: &Path, lines: &[&str], at: usize) -> Result<Region> {
    let rest = &lines[at..];
    let until_next = rest.iter().position(|line| task(line).is_some()).unwrap_or(rest.len());
    if let Some(end) = rest[..until_next].iter().position(|line| ends_task(line)) {
        return Ok(Region { end: at + end + 1, is_closed: true });
    }
    if path.extension().is_none_or(|extension| extension != "rs") {
        bail!("{}, line {at}: no `End of task.` closes the task", path.display());
    }
    // rustfmt guarantees that a block ends where a line is less indented.
    let marker = lines[at - 1];
    let is_inside = |next: &&&str| next.trim().is_empty() || indent(next) >= indent(marker);
    match rest.iter().take_while(is_inside).count() {
        0 => bail!("{}, line {at}: nothing follows the task", path.display()),
        body => Ok(Region { end: at + body, is_closed: false }),
    }
}

/// A solution's file as other code has it: whole, and without the markers.
pub fn without_markers(text: &str) -> String {
    text.lines()
        .filter(|line| task(line).is_none() && !ends_task(line))
        .map(|line| format!("{line}\n"))
        .collect()
}
