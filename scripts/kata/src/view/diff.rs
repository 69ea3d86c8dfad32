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
fn is_reordered(expected: &str, got: &str) -> bool {
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

/// One whole after the other: compared line by line, lines that belong together would be parted.
fn reordered(expected: &str, got: &str) -> Vec<String> {
    let stays: Vec<_> = expected.lines().zip(got.lines()).map(|(expected, got)| expected == got).collect();
    let first = stays.iter().position(|stays| !stays).unwrap_or(0).saturating_sub(CONTEXT);
    let behind = stays.iter().rposition(|stays| !stays).map_or(0, |last| last + 1 + CONTEXT).min(stays.len());
    let labelled = |label: &str, text: &str, moved: Style| {
        let all: Vec<_> = text.lines().collect();
        let mut lines = Vec::new();
        push_equal(&mut lines, &all[..first], all.get(first));
        for (line, stays) in all.iter().zip(&stays).take(behind).skip(first) {
            let style = if *stays { PLAIN } else { moved };
            lines.push(format!("  {DIM}{label} │{DIM:#} {style}{line}{style:#}"));
        }
        push_equal(&mut lines, &all[behind..], None);
        lines
    };
    let mut lines = vec!["  The lines are the same, in another order.".to_owned(), String::new()];
    lines.extend(labelled("expected", expected, EXPECTED));
    lines.push(String::new());
    lines.extend(labelled("     got", got, GOT));
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
mod tests {
    use super::lines;

    fn plain(expected: &str, got: &str) -> String {
        let text = lines(expected, got, false).join("\n");
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_changed_word_is_pointed_at() {
        insta::assert_snapshot!(plain("a\nSome(7)\n", "a\nNone\n"), @"
                 │ a
        expected │ Some(7)
             got │ None
                 │
        ");
    }

    #[test]
    fn a_number_among_equal_words_is_pointed_at() {
        insta::assert_snapshot!(plain(
            "find_book(7)\n    Book { id: 7, title: \"Fog\", pages: Some(120) }\n",
            "find_book(7)\n    Book { id: 7, title: \"Fog\", pages: Some(121) }\n"
        ), @r#"
                 │ find_book(7)
        expected │     Book { id: 7, title: "Fog", pages: Some(120) }
                 │                                        ^^^^^^^^^
             got │     Book { id: 7, title: "Fog", pages: Some(121) }
                 │                                        ^^^^^^^^^
                 │
        "#);
    }

    #[test]
    fn long_equal_parts_are_left_out_and_counted() {
        let many: String = (1..=20).map(|number| format!("row {number}\n")).collect();
        insta::assert_snapshot!(plain(&many, &many.replace("row 10\n", "")), @"
                 │ … 6 lines as expected
                 │ row 7
                 │ row 8
                 │ row 9
        expected │ row 10
                 │ row 11
                 │ row 12
                 │ row 13
                 │ … 8 lines as expected
        ");
    }

    #[test]
    fn another_order_is_said_in_words() {
        insta::assert_snapshot!(plain("a\nb\nc", "b\na\nc"), @"
        The lines are the same, in another order.

        expected │ a
        expected │ b
        expected │ c

             got │ b
             got │ a
             got │ c
        ");
    }

    #[test]
    fn a_line_below_another_than_it_should_be_is_no_matter_of_order() {
        insta::assert_snapshot!(plain(
            "all\n    A\n        a\n    B\n        b",
            "all\n    B\n        a\n    A\n        b"
        ), @"
                   │ all
               got │     B
               got │         a
                   │     A
          expected │         a
          expected │     B
                   │         b
        ");
    }

    #[test]
    fn what_is_in_its_place_before_and_behind_what_moved_is_counted() {
        let many: String = (1..=20).map(|number| format!("row {number}\n")).collect();
        insta::assert_snapshot!(plain(&many, &many.replace("row 10\nrow 11\n", "row 11\nrow 10\n")), @"
          The lines are the same, in another order.

                   │ … 6 lines as expected
          expected │ row 7
          expected │ row 8
          expected │ row 9
          expected │ row 10
          expected │ row 11
          expected │ row 12
          expected │ row 13
          expected │ row 14
                   │ … 6 lines as expected

                   │ … 6 lines as expected
               got │ row 7
               got │ row 8
               got │ row 9
               got │ row 11
               got │ row 10
               got │ row 12
               got │ row 13
               got │ row 14
                   │ … 6 lines as expected
        ");
    }

    #[test]
    fn the_line_that_says_what_the_next_is_about_stays() {
        let rows: String = (1..=9).map(|number| format!("    row {number}\n")).collect();
        let text = format!("before\n    done\n\nthen\n    done\n\nthe rows\n{rows}");
        insta::assert_snapshot!(plain(&text, &text.replace("row 8", "row 0")), @"
                   │ … 6 lines as expected
                   │ the rows
                   │ … 4 lines as expected
                   │     row 5
                   │     row 6
                   │     row 7
          expected │     row 8
                   │         ^
               got │     row 0
                   │         ^
                   │     row 9
                   │
        ");
        insta::assert_snapshot!(plain("a title\n    done\n", "a title\n    refused\n"), @"
                   │ a title
          expected │     done
               got │     refused
                   │
        ");
    }

    #[test]
    fn a_last_line_is_like_any_other() {
        insta::assert_snapshot!(plain("a\nb", "a\nb\nc"), @"
            │ a
            │ b
        got │ c
        ");
    }

    #[test]
    fn nothing_at_all_is_said_in_words() {
        insta::assert_snapshot!(plain("a\nb\n", ""), @"
        expected │ a
        expected │ b
             got │ (nothing)
        ");
    }
}
