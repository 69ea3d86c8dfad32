//! `feedback.md`: for a mail, or an issue in a student's repository.

use std::fmt::Write;

use super::super::markdown::{block, code};
use super::{Failure, Letter, Part};

/// In Markdown. What is anybody's but the course's is code in it.
pub fn text(letter: &Letter) -> String {
    let mut text = format!("# Feedback for {}\n\n", code(&letter.name));
    let _ = match &letter.total {
        Some((raw, penalty, points)) if letter.has_penalty => {
            writeln!(text, "**{points} of {} points**: {raw}, minus {penalty} for being late.\n", letter.max)
        }
        Some((_, _, points)) => writeln!(text, "**{points} of {} points.**\n", letter.max),
        None => writeln!(text, "**There are no points yet.**\n"),
    };
    if letter.is_repetition {
        text.push_str("**Not a grade.** It repeats an earlier verdict with the same seeds.\n\n");
    }
    if letter.is_advisory {
        text.push_str("These verdicts are advisory: a person looks at them.\n\n");
    }
    if let Some(time) = &letter.handed_in {
        let _ = writeln!(text, "Handed in: {time}.\n");
    }
    for part in &letter.parts {
        lesson(part, &mut text);
    }
    let _ = writeln!(text, "Submission: {}. Course: {}.", code(&letter.submission), letter.version);
    text
}

fn lesson(part: &Part, text: &mut String) {
    let points = part.points.as_deref().unwrap_or("–");
    let _ = writeln!(text, "## Lesson {}, {}: {points} of {} points\n", part.number, part.title, part.max);
    if let Some(why) = part.open {
        let _ = writeln!(text, "{why}\n");
    }
    if let Some(delay) = &part.delay {
        let _ = writeln!(text, "{delay}\n");
    }
    if let Some(why) = &part.extended {
        let _ = writeln!(text, "You have more time: {}.\n", code(why));
    }
    for given in &part.by_hand {
        let _ = writeln!(text, "{}\n", code(given));
    }
    let (passed, gates) = (part.passed.len(), part.gates);
    let _ = match passed {
        0 => writeln!(text, "No gate of {gates} passes yet.\n"),
        passed if passed == gates => writeln!(text, "All {gates} gates pass.\n"),
        passed => writeln!(text, "{passed} of {gates} gates pass: {}.\n", part.passed.join("; ")),
    };
    if let Some(failure) = &part.failure {
        details(failure, part, text);
    }
}

fn details(failure: &Failure, part: &Part, text: &mut String) {
    let _ = writeln!(text, "### Gate {}.{}: {}\n", part.number, failure.number, failure.title);
    for task in &failure.task {
        let _ = writeln!(text, "Task: {task}\n");
    }
    let _ = writeln!(text, "{}\n", code(&failure.what));
    let shown = [
        ("What is wrong:", &failure.explanation),
        ("The compiler reports:", &failure.diagnostics),
        ("A typical mistake:", &failure.label),
        ("Expected:", &failure.expected),
        ("Got:", &failure.got),
        ("SQL that ran:", &failure.sql),
    ];
    for (title, content) in shown {
        if let Some(content) = content {
            let _ = writeln!(text, "{title}\n\n{}\n", block(content));
        }
    }
    let _ = writeln!(text, "**What next.** {} The text is in `{}`.\n", failure.next, failure.readme);
    if let Some(hint) = &failure.hint {
        let _ = writeln!(text, "Hint: {hint}\n");
    }
    match part.more {
        0 => {}
        1 => text.push_str("One more gate after it does not pass yet.\n\n"),
        more => {
            let _ = writeln!(text, "{more} more gates do not pass yet.\n");
        }
    }
}
