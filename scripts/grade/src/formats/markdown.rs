//! Text that may come from anybody, in Markdown.

use crate::text::{clean, line};

/// Of one text, in characters.
const LONGEST_TEXT: usize = 4 << 10;

/// A line as code. Inside of code nothing is markup, in any dialect of Markdown, whatever it holds.
pub fn code(text: &str) -> String {
    let text = line(text);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let fence = fence(&text, 1);
    match text.starts_with('`') || text.ends_with('`') {
        // These blanks are not shown.
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

/// Lines as a block of code.
pub fn block(text: &str) -> String {
    let kept: String = text.chars().take(LONGEST_TEXT).collect();
    let text = clean(&kept);
    let fence = fence(&text, 3);
    format!("{fence}text\n{text}\n{fence}")
}

/// More backticks than follow each other anywhere in the text, and at least `least`.
fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}
