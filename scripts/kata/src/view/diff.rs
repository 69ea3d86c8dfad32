//! Expected and got, one under the other, with what differs stressed.

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, InlineChange, TextDiff};

use super::Page;

/// As many equal lines are shown on each side of a difference.
const CONTEXT: usize = 3;

const PLAIN: Style = Style::new();
const EXPECTED: Style = AnsiColor::Green.on_default();
const GOT: Style = AnsiColor::Red.on_default();
const DIM: Style = Style::new().dimmed();

pub fn print(page: &mut Page, expected: &str, got: &str) {
    for line in lines(expected, got, anstream_colours()) {
        page.line(line);
    }
}

fn anstream_colours() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

/// The lines of the comparison. Without `colours` a line of carets under a changed line points at
/// what differs.
fn lines(expected: &str, got: &str, colours: bool) -> Vec<String> {
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
    let mut shown = 0;
    for group in &groups {
        let start = group.first().map_or(0, |op| op.old_range().start);
        push_elided(&mut lines, start - shown);
        for op in group {
            for change in diff.iter_inline_changes(op) {
                push_change(&mut lines, &change, colours);
            }
            shown = op.old_range().end;
        }
    }
    push_elided(&mut lines, expected.lines().count().saturating_sub(shown));
    lines
}

/// Whether all lines are there and only their order differs.
fn is_reordered(expected: &str, got: &str) -> bool {
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    expected != got && sorted(expected) == sorted(got)
}

/// One whole after the other: compared line by line, lines that belong together would be parted.
fn reordered(expected: &str, got: &str) -> Vec<String> {
    let stays: Vec<_> = expected.lines().zip(got.lines()).map(|(expected, got)| expected == got).collect();
    let labelled = |label: &str, text: &str, moved: Style| {
        let line = |(line, stays): (&str, &bool)| {
            let style = if *stays { PLAIN } else { moved };
            format!("  {DIM}{label} │{DIM:#} {style}{line}{style:#}")
        };
        text.lines().zip(&stays).map(line).collect::<Vec<_>>()
    };
    let mut lines = vec!["  The lines are the same, in another order.".to_owned(), String::new()];
    lines.extend(labelled("expected", expected, EXPECTED));
    lines.push(String::new());
    lines.extend(labelled("     got", got, GOT));
    lines
}

fn push_elided(lines: &mut Vec<String>, count: usize) {
    match count {
        0 => {}
        1 => lines.push(format!("  {DIM}         │ … 1 line as expected{DIM:#}")),
        _ => lines.push(format!("  {DIM}         │ … {count} lines as expected{DIM:#}")),
    }
}

fn push_change(lines: &mut Vec<String>, change: &InlineChange<'_, str>, colours: bool) {
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
    if !colours && pointed > 0 && pointed * 2 < change_length(change) {
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
