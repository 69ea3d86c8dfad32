//! Expected and got, one under the other, with what differs stressed.

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, InlineChange, TextDiff};

use super::page::Page;
use super::style::DIM;
use crate::stdout;

/// As many equal lines are shown on each side of a difference.
const CONTEXT: usize = 3;

const PLAIN: Style = Style::new();
const EXPECTED: Style = AnsiColor::Green.on_default();
const GOT: Style = AnsiColor::Red.on_default();

pub fn print(page: &mut Page, expected: &str, got: &str) {
    for line in lines(expected, got, stdout::has_colors()) {
        page.line(line);
    }
}

/// What a gate that stopped half-way saw beside the same part of what it should see: each case beside itself.
pub fn print_up_to_stop(page: &mut Page, expected: &str, got: &str) {
    let (reached, rest) = reached(expected, got);
    print(page, reached, got);
    let more = match rest.lines().filter(|line| !line.is_empty()).count() {
        0 => return,
        1 => "1 more line, which it did not reach".to_owned(),
        count => format!("{count} more lines, which it did not reach"),
    };
    page.line(format_args!("  {DIM}expected │ … {more}{DIM:#}"));
}

/// What is expected of as many cases as there are in `got`, and the rest.
fn reached<'a>(expected: &'a str, got: &str) -> (&'a str, &'a str) {
    let is_case = |line: &str| !line.is_empty() && !line.starts_with(' ');
    let cases = got.lines().filter(|line| is_case(line)).count();
    let mut end = 0;
    let mut seen = 0;
    for line in expected.split_inclusive('\n') {
        seen += usize::from(is_case(line.trim_end_matches('\n')));
        if seen > cases {
            break;
        }
        end += line.len();
    }
    let (reached, rest) = expected.split_at(end);
    (reached.trim_end(), rest)
}

/// The lines of the comparison. Without `colors` a line of carets under a changed line points at
/// what differs.
fn lines(expected: &str, got: &str, colors: bool) -> Vec<String> {
    if got.is_empty() {
        let mut lines: Vec<_> =
            expected.lines().map(|line| format!("  {DIM}expected │{DIM:#} {line}")).collect();
        lines.push(format!("  {DIM}     got │{DIM:#} (nothing)"));
        return lines;
    }
    if is_reordered(expected, got) {
        return reordered(expected, got);
    }
    // With a newline at both ends, a last line is like any other.
    let (expected, got) = (&format!("{expected}\n"), &format!("{got}\n"));
    let diff = TextDiff::from_lines(expected, got);
    let mut lines = Vec::new();
    let groups = diff.grouped_ops(CONTEXT);
    let all: Vec<_> = expected.lines().collect();
    let mut shown = 0;
    for group in &groups {
        let start = group.first().map_or(0, |op| op.old_range().start);
        push_equal(&mut lines, &all[shown..start], all.get(start));
        for op in group {
            for change in diff.iter_inline_changes(op) {
                push_change(&mut lines, &change, colors);
            }
            shown = op.old_range().end;
        }
    }
    push_equal(&mut lines, &all[shown.min(all.len())..], None);
    lines
}

/// Whether all lines are there, each below the same ones, and only their order differs.
pub fn is_reordered(expected: &str, got: &str) -> bool {
    let sorted = |text: &str| {
        let mut above: Vec<&str> = Vec::new();
        let indent = |line: &str| line.len() - line.trim_start().len();
        let mut paths: Vec<_> = text
            .lines()
            .map(|line| {
                above.retain(|other| indent(other) < indent(line));
                above.push(line);
                above.join("\n")
            })
            .collect();
        paths.sort();
        paths
    };
    expected != got && sorted(expected) == sorted(got)
}

/// As many lines of two orders are shown from the first that has moved: how an order begins shows what it is.
const MOVED: usize = 5;

/// One after the other: compared line by line, lines that belong together would be parted.
fn reordered(expected: &str, got: &str) -> Vec<String> {
    let stays: Vec<_> = expected.lines().zip(got.lines()).map(|(expected, got)| expected == got).collect();
    let first = stays.iter().position(|stays| !stays).unwrap_or(0).saturating_sub(CONTEXT);
    let behind = stays.iter().rposition(|stays| !stays).map_or(0, |last| last + 1 + CONTEXT).min(stays.len());
    // One line more takes no more room than to say that there is one.
    let shown = if behind > first + CONTEXT + MOVED + 1 { first + CONTEXT + MOVED } else { behind };
    let labeled = |label: &str, text: &str, moved: Style| {
        let all: Vec<_> = text.lines().collect();
        let mut lines = Vec::new();
        push_equal(&mut lines, &all[..first], all.get(first));
        for (line, stays) in all.iter().zip(&stays).take(shown).skip(first) {
            let style = if *stays { PLAIN } else { moved };
            lines.push(format!("  {DIM}{label} │{DIM:#} {style}{line}{style:#}"));
        }
        match all.len() - shown {
            _ if shown == behind => push_equal(&mut lines, &all[behind..], None),
            more => lines.push(format!("  {DIM}         │ … {more} more lines{DIM:#}")),
        }
        lines
    };
    let mut lines = vec!["  The lines are the same, but in a different order.".to_owned(), String::new()];
    lines.extend(labeled("expected", expected, EXPECTED));
    lines.push(String::new());
    lines.extend(labeled("     got", got, GOT));
    lines
}

/// Lines that are as expected, counted; but for the one that says what the `next` line is about.
fn push_equal(lines: &mut Vec<String>, equal: &[&str], next: Option<&&str>) {
    let is_result = |line: &&str| line.starts_with(' ');
    let subject =
        next.filter(|line| is_result(line)).and_then(|_| equal.iter().rposition(|it| !is_result(it)));
    match subject {
        Some(at) => {
            push_elided(lines, &equal[..at]);
            push_elided(lines, &equal[at..=at]);
            push_elided(lines, &equal[at + 1..]);
        }
        None => push_elided(lines, equal),
    }
}

fn push_elided(lines: &mut Vec<String>, equal: &[&str]) {
    match equal {
        // A few take hardly more room than to say how many they are, and may hold what the next is about.
        few if few.len() <= CONTEXT => {
            lines.extend(few.iter().map(|line| format!("  {DIM}         │{DIM:#} {line}")));
        }
        _ => lines.push(format!("  {DIM}         │ … {} lines as expected{DIM:#}", equal.len())),
    }
}

fn push_change(lines: &mut Vec<String>, change: &InlineChange<'_, str>, colors: bool) {
    let (label, style) = match change.tag() {
        ChangeTag::Equal => ("        ", PLAIN),
        ChangeTag::Delete => ("expected", EXPECTED),
        ChangeTag::Insert => ("     got", GOT),
    };
    let stressed = style.bold().underline();
    let mut text = String::new();
    let mut carets = String::new();
    for (emphasized, part) in change.iter_strings_lossy() {
        let part = part.trim_end_matches('\n');
        let part_style = if emphasized { stressed } else { style };
        text.push_str(&format!("{part_style}{part}{part_style:#}"));
        carets.extend(part.chars().map(|_| if emphasized { '^' } else { ' ' }));
    }
    lines.push(format!("  {DIM}{label} │{DIM:#} {text}"));
    // Carets under most of a line would point at nothing.
    let pointed = carets.matches('^').count();
    let carets = carets.trim_end();
    if !colors && pointed > 0 && pointed * 2 < change_length(change) {
        lines.push(format!("           │ {carets}"));
    }
}

fn change_length(change: &InlineChange<'_, str>) -> usize {
    change.iter_strings_lossy().map(|(_, part)| part.trim().chars().count()).sum()
}

#[cfg(test)]
mod tests;
