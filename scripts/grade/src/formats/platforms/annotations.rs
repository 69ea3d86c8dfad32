//! `annotations.txt`: what GitHub shows beside a student's own lines, as commands of a workflow.
//!
//! sources: github/docs, content/actions/reference/workflows-and-actions/workflow-commands.md.

use std::path::{Component, Path};

use super::{ADVISORY, cut, title, told};
use crate::formats::feedback::for_student;
use crate::text::{clean, line};
use crate::verdict::{GateVerdict, LessonVerdict, SubmissionVerdict, Verdict};

pub const NAME: &str = "annotations.txt";

/// GitHub shows so many of a kind for a step.
const MOST: usize = 10;
/// Of one message, in characters.
const LONGEST: usize = 1_500;

/// A command for each lesson that was handed in and does not pass: at its first gate that does not.
pub fn text(verdict: &SubmissionVerdict) -> String {
    let verdict = for_student(verdict);
    let handed_in = verdict.lessons.iter().filter(|lesson| lesson.is_handed_in());
    let mut lessons: Vec<_> = handed_in.filter(|lesson| lesson.first_not_passed().is_some()).collect();
    if lessons.is_empty() && verdict.lessons.iter().all(|lesson| !lesson.is_handed_in()) {
        lessons.extend(verdict.first_to_fix());
    }
    let gates = lessons.into_iter().filter_map(|lesson| Some((lesson, lesson.most_telling()?)));
    let mut text: String = gates.take(MOST).map(|(lesson, gate)| command(&verdict, lesson, gate)).collect();
    if verdict.advisory {
        text.push_str(&format!("::notice title=Advisory::{}\n", data(ADVISORY)));
    }
    text
}

fn command(verdict: &SubmissionVerdict, lesson: &LessonVerdict, gate: &GateVerdict) -> String {
    // What is not a grade is not an error of the student's.
    let kind = match gate.verdict {
        _ if verdict.repetition => "notice",
        Verdict::GraderError => "warning",
        _ => "error",
    };
    let mut properties = Vec::new();
    if let Some((file, at)) = place(lesson, gate) {
        properties.push(format!("file={}", property(&file)));
        properties.push(format!("line={at}"));
    }
    properties.push(format!("title={}", property(&line(&format!("Gate {}", title(lesson, gate))))));
    // What is cut or put together may be a command where the whole was not one.
    let message = clean(&cut(&told(lesson, gate), LONGEST));
    format!("::{kind} {}::{}\n", properties.join(","), data(&message))
}

/// Where the student has to look: at the compiler's error, or at the gate's task.
fn place(lesson: &LessonVerdict, gate: &GateVerdict) -> Option<(String, usize)> {
    let of_compiler = || match (&lesson.explanation, &lesson.diagnostics) {
        (Some(explanation), _) => Some((explanation.file.display().to_string(), explanation.line)),
        (None, Some(diagnostics)) => diagnostics.lines().find_map(arrow),
        (None, None) => None,
    };
    let of_task = || gate.place.as_ref().map(|place| (place.file.clone(), place.line as usize));
    let found = if gate.verdict == Verdict::BuildError { of_compiler().or_else(of_task) } else { of_task() };
    let found = found.map(|(file, at)| (line(&file), at));
    found.filter(|(file, at)| *at > 0 && is_inside(file))
}

/// `  --> lessons/05-crud/src/books.rs:12:5`, as rustc says where an error is.
fn arrow(text: &str) -> Option<(String, usize)> {
    let mut parts = text.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
    let (_, at, file) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    Some((file.to_owned(), at))
}

/// Whether a path is one in the repository.
fn is_inside(file: &str) -> bool {
    !file.is_empty() && Path::new(file).components().all(|part| matches!(part, Component::Normal(_)))
}

/// What follows a command's second `::`, on one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value between a command's name and its second `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_error_is_found_at_the_location_from_rustc() {
        let found = arrow("   --> lessons/05-crud/src/books.rs:12:5");
        assert_eq!(found, Some(("lessons/05-crud/src/books.rs".to_owned(), 12)));
        for text in
            ["", "--> a.rs", "--> a.rs:1", "a.rs:1:2", "--> a.rs:x:2", "--> a.rs:99999999999999999999:2"]
        {
            assert_eq!(arrow(text), None, "{text}");
        }
    }

    #[test]
    fn a_path_outside_is_left_out() {
        for path in ["", "/etc/passwd", "../a", "a/../b"] {
            assert!(!is_inside(path), "{path}");
        }
        assert!(is_inside("lessons/05-crud/src/a,b.rs"));
    }

    #[test]
    fn no_text_can_end_a_property_or_a_command() {
        assert_eq!(property("a:b,c%d\r\n::e"), "a%3Ab%2Cc%25d%0D%0A%3A%3Ae");
        assert_eq!(data("100%\n::error::x"), "100%25%0A::error::x");
    }
}
