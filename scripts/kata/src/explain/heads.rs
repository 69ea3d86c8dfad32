//! How functions, types and constants begin.

use super::code::Source;

/// The head of an item: all that comes before its body.
pub struct Head<'a> {
    pub file: &'a str,
    /// Counted from 1.
    pub line: usize,
    /// On one line, whatever the source has.
    pub text: String,
}

/// As many lines belong to a head at most.
const LINES: usize = 12;

/// The heads of the items with this name; `words` are what may come before it, as `fn `.
pub fn heads<'a>(source: &'a Source, name: &str, words: &[&str]) -> Vec<Head<'a>> {
    let is_head = |line: &str| {
        words.iter().any(|word| {
            let Some((before, rest)) = line.split_once(word) else { return false };
            let is_item = before.split_whitespace().all(|word| word == "async" || word.starts_with("pub"));
            let behind = rest.strip_prefix(name).and_then(|rest| rest.chars().next());
            is_item && behind.is_some_and(|c| !c.is_alphanumeric() && c != '_')
        })
    };
    let lines: Vec<_> = source.text.lines().map(str::trim).collect();
    let head = |at: usize| {
        let text = lines[at..].iter().take(LINES).copied().collect::<Vec<_>>().join(" ");
        let end = text.find(" {").into_iter().chain(text.find(';')).min().unwrap_or(text.len());
        let text = text[..end].replace("( ", "(").replace(", )", ")");
        Head { file: &source.file, line: at + 1, text }
    };
    (0..lines.len()).filter(|at| is_head(lines[*at])).map(head).collect()
}
