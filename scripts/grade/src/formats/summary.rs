//! Markdown for the page of a GitHub job, and for a mail.

use std::fmt::Write;

use anyhow::Result;

use crate::verdict::{LessonVerdict, SubmissionVerdict, Verdict};

/// GitHub takes one MiB. The rest is in `verdict.json`.
const LONGEST: usize = 900 << 10;
/// Of one text.
const LONGEST_TEXT: usize = 4 << 10;

/// `advisory`: for all of them.
///
/// # Errors
///
/// The first of `verdicts`.
pub fn text(advisory: bool, verdicts: impl Iterator<Item = Result<SubmissionVerdict>>) -> Result<String> {
    let mut text = String::from("# Verdicts\n\n");
    if advisory {
        text.push_str(
            "**Advisory.** The sandbox of this machine does not keep a submission from deceiving.\n\n",
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
    let name = escaped(&verdict.submission);
    let mut text = format!("## {name}: {} of {} points\n\n", verdict.points, verdict.max_points);
    text.push_str("| Lesson | Points | First gate that does not pass | Verdict | Why |\n| --- | --- | --- | --- | --- |\n");
    for lesson in &verdict.lessons {
        let _ = write!(text, "| {} | {} of {} | ", lesson.lesson, lesson.points, lesson.max_points);
        let _ = match lesson.first_not_passed() {
            Some(gate) => {
                writeln!(text, "{} | {} | {} |", gate.name, gate.verdict.name(), escaped(&gate.reason))
            }
            None => writeln!(text, "| {} | |", Verdict::Pass.name()),
        };
    }
    text.push('\n');
    // One thing at a time is what a student can fix.
    let first = verdict.lessons.iter().find(|lesson| lesson.first_not_passed().is_some());
    if let Some(lesson) = first {
        details(lesson, &mut text);
    }
    if !verdict.ignored.is_empty() {
        let files: Vec<_> = verdict.ignored.iter().map(|file| format!("`{}`", escaped(file))).collect();
        let _ = writeln!(text, "Changed, and without effect here: {}\n", files.join(", "));
    }
    let seeds: Vec<_> = verdict.seeds.fresh.iter().map(u64::to_string).collect();
    let _ = writeln!(
        text,
        "Seeds: {} (published), {}. Tier {}.\n",
        verdict.seeds.published,
        seeds.join(", "),
        verdict.tier
    );
    text
}

fn details(lesson: &LessonVerdict, text: &mut String) {
    let Some(gate) = lesson.first_not_passed() else { return };
    let _ = writeln!(text, "### {}, gate {}: {}\n", lesson.lesson, gate.number, escaped(&gate.title));
    let mut block = |title: &str, content: &str| {
        let content: String = content.chars().take(LONGEST_TEXT).collect();
        let _ = writeln!(text, "{title}\n\n<pre>{}</pre>\n", escaped(&content));
    };
    if let Some(diagnostics) = &lesson.diagnostics {
        block("The compiler says", diagnostics);
    }
    if let Some(expected) = &gate.expected {
        block("Expected", expected);
    }
    if let Some(got) = &gate.got {
        block("Got", got);
    }
    if !gate.sql.is_empty() {
        block("SQL that ran", &gate.sql.join("\n"));
    }
}

/// Text that is neither Markdown nor HTML, whatever it holds.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' | '`' | '*' | '[' | ']' | '!' | '\\' | '@' | '#' | '~' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            // An empty line would end the block.
            '\n' => escaped.push_str("&#10;"),
            other => escaped.push(other),
        }
    }
    escaped
}
