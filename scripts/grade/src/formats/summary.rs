//! Markdown for the page of a GitHub job, and for a mail.

use std::fmt::Write;

use anyhow::Result;
use kata::course::version;

use super::markdown::{block, code};
use crate::open::Open;
use crate::verdict::{LessonVerdict, SubmissionVerdict, Verdict};

/// GitHub takes one MiB. The rest is in `verdict.json`.
const LONGEST: usize = 900 << 10;

/// `advisory`: for all of them.
///
/// # Errors
///
/// The first of `verdicts`.
pub fn text(advisory: bool, verdicts: impl Iterator<Item = Result<SubmissionVerdict>>) -> Result<String> {
    let mut text = String::from("# Verdicts\n\n");
    if advisory {
        text.push_str(
            "**Advisory.** This machine's sandbox cannot stop a submission from faking its results.\n\n",
        );
    }
    for verdict in verdicts {
        let part = submission(&verdict?);
        if text.len() + part.len() > LONGEST {
            text.push_str("… and more, in the files `verdict.json`.\n");
            break;
        }
        text.push_str(&part);
    }
    Ok(text)
}

fn submission(verdict: &SubmissionVerdict) -> String {
    let name = code(&verdict.submission);
    let mut text = match verdict.open() {
        None => format!("## {name}: {} of {} points\n\n", verdict.points, verdict.max_points),
        Some(_) => format!("## {name}: no grade yet\n\n"),
    };
    if matches!(verdict.open(), Some(Open::Held(_))) {
        text.push_str("**A person has to decide.** It contains something that no lesson allows.\n\n");
    }
    if verdict.repetition {
        text.push_str("**Not a grade.** It repeats an earlier verdict with the same seeds.\n\n");
    }
    text.push_str(
        "| Lesson | Points | First gate that does not pass | Verdict |\n| --- | --- | --- | --- |\n",
    );
    for lesson in &verdict.lessons {
        let is_open = verdict.repetition || lesson.open().is_some();
        let points = if is_open { "–".to_owned() } else { lesson.points.to_string() };
        let _ = write!(text, "| {} | {points} of {} | ", plain(&lesson.lesson), lesson.max_points);
        let _ = match lesson.most_telling() {
            Some(gate) => writeln!(text, "{} | {} |", plain(&gate.name), gate.verdict.name()),
            None => writeln!(text, "| {} |", Verdict::Pass.name()),
        };
    }
    text.push('\n');
    let mut failed = false;
    for lesson in &verdict.lessons {
        let Some(gate) = lesson.most_telling() else { continue };
        let _ =
            writeln!(text, "- {}, {}: {}", plain(&lesson.lesson), gate.verdict.name(), code(&gate.reason));
        failed = true;
    }
    if failed {
        text.push('\n');
    }
    // One thing at a time is what a student can fix.
    if let Some(lesson) = verdict.first_to_fix() {
        details(lesson, &mut text);
    }
    if !verdict.ignored.is_empty() {
        let files: Vec<_> = verdict.ignored.iter().map(|file| code(file)).collect();
        let _ = writeln!(text, "Changed files that grading ignores: {}\n", files.join(", "));
    }
    let seeds: Vec<_> = verdict.seeds.fresh.iter().map(u64::to_string).collect();
    let _ = writeln!(
        text,
        "Seeds: {} (published), {}. Tier {}. Course: {}.\n",
        verdict.seeds.published,
        seeds.join(", "),
        verdict.tier,
        version::named(verdict.course_version.as_deref())
    );
    text
}

/// What the course has named is not markup; what somebody has written into a verdict is code.
fn plain(name: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || " -_.,:;'’“”()/?".contains(character);
    // In a table, a `|` ends a cell, also in code.
    if name.chars().all(is_plain) { name.to_owned() } else { code(name).replace('|', "\\|") }
}

fn details(lesson: &LessonVerdict, text: &mut String) {
    let Some(gate) = lesson.first_not_passed() else { return };
    let _ = writeln!(text, "### {}, gate {}: {}\n", plain(&lesson.lesson), gate.number, plain(&gate.title));
    let mut show = |title: &str, content: &str| {
        let _ = writeln!(text, "{title}\n\n{}\n", block(content));
    };
    if let Some(explanation) = &lesson.explanation {
        let place = format!("{}:{}", explanation.file.display(), explanation.line);
        show("What is wrong", &format!("{place}\n\n{}", explanation.lines.join("\n")));
    }
    if let Some(diagnostics) = &lesson.diagnostics {
        show("Compiler output", diagnostics);
    }
    if let Some(label) = &gate.label {
        show("A typical mistake", label);
    }
    if let Some(expected) = &gate.expected {
        show("Expected", expected);
    }
    if let Some(got) = &gate.got {
        show("Got", got);
    }
    if !gate.sql.is_empty() {
        show("SQL that ran", &gate.sql.join("\n"));
    }
}
