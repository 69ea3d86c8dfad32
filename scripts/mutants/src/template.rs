//! Mutants of templates, by the marks of HTML and of askama.

use std::ops::Range;

use crate::edit::Edit;
use crate::operators::Operator;

/// Elements that have no end of their own.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// All changes of a template.
pub fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut add = |operator, range: Range<usize>, after: &str| {
        edits.push(Edit { operator, range, after: after.to_owned() });
    };
    for range in between(text, "{{", "}}") {
        add(Operator::HtmlValue, range, "");
    }
    for range in between(text, "{%", "%}") {
        let tag = &text[range.clone()];
        for word in ["if ", "elif "] {
            let inside = tag[2..].trim_start_matches(['-', '~', '+', ' ']);
            let Some(condition) = inside.strip_prefix(word) else { continue };
            let condition = condition[..condition.len() - 2].trim_end_matches(['-', '~', '+', ' ']);
            if !condition.starts_with("let ") {
                let at = range.start + tag.find(condition).unwrap_or(0);
                add(Operator::HtmlCondition, at..at + condition.len(), &format!("!({condition})"));
            }
        }
    }
    for tag in tags(text) {
        for attribute in attributes(text, &tag) {
            add(Operator::HtmlAttribute, attribute, "");
        }
        if let Some(element) = element(text, &tag) {
            add(Operator::HtmlElement, element, "");
        }
    }
    edits
}

fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(open).filter_map(move |(at, _)| {
        let length = text[at..].find(close)?;
        Some(at..at + length + close.len())
    })
}

/// The opening tags, each from `<` to `>`.
fn tags(text: &str) -> Vec<Range<usize>> {
    let is_tag = |at: &usize| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
    let starts = text.match_indices('<').map(|(at, _)| at).filter(is_tag);
    starts.filter_map(|at| Some(at..end_of_tag(text, at)?)).collect()
}

/// Behind the `>` of the tag at `at`; one inside of askama's marks or of quotes does not count.
fn end_of_tag(text: &str, at: usize) -> Option<usize> {
    let mut index = at;
    while index < text.len() {
        let rest = &text[index..];
        let skipped = [("{{", "}}"), ("{%", "%}")].iter().find(|(open, _)| rest.starts_with(open));
        if let Some((_, close)) = skipped {
            index += rest.find(close)? + close.len();
        } else if rest.starts_with('>') {
            return Some(index + 1);
        } else {
            index += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

fn name<'a>(text: &'a str, tag: &Range<usize>) -> &'a str {
    let inside = &text[tag.start + 1..tag.end];
    &inside[..inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len())]
}

/// The attributes ` name="value"`, where the value has no quotes of its own, and ` name` alone.
fn attributes(text: &str, tag: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = tag.start + 1 + name(text, tag).len();
    while at < tag.end {
        let rest = &text[at..tag.end];
        let word = rest.trim_start();
        let start = at + rest.len() - word.len();
        let length = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(0);
        if length == 0 || start == at {
            // Askama's marks among the attributes stay as they are.
            let skipped = [("{{", "}}"), ("{%", "%}")].iter().find(|(open, _)| word.starts_with(open));
            at = match skipped.and_then(|(_, close)| word.find(close)) {
                Some(length) => start + length + 2,
                None => start + word.chars().next().map_or(1, char::len_utf8),
            };
            continue;
        }
        let mut end = start + length;
        if text[end..tag.end].starts_with("=\"") {
            end = match end_of_value(text, end + 2, tag.end) {
                Some(end) => end,
                None => return found,
            };
        }
        if is_balanced(&text[start..end]) {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// Behind the quote that closes the value which begins at `at`.
fn end_of_value(text: &str, at: usize, limit: usize) -> Option<usize> {
    let mut index = at;
    while index < limit {
        let rest = &text[index..limit];
        let skipped = [("{{", "}}"), ("{%", "%}")].iter().find(|(open, _)| rest.starts_with(open));
        if let Some((_, close)) = skipped {
            index += rest.find(close)? + 2;
        } else if rest.starts_with('"') {
            return Some(index + 1);
        } else {
            index += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// The element that the tag begins, with what is in it, if askama's blocks in it are whole.
fn element(text: &str, tag: &Range<usize>) -> Option<Range<usize>> {
    let name = name(text, tag);
    // A page needs these.
    if ["html", "body", "head"].contains(&name) {
        return None;
    }
    if VOID.contains(&name) {
        return Some(tag.clone());
    }
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 1;
    let mut at = tag.end;
    while depth > 0 {
        let next_close = at + text[at..].find(&close)?;
        let is_open =
            |(index, _): &(usize, &str)| text[at + index + open.len()..].starts_with([' ', '>', '\n']);
        let next_open = text[at..].match_indices(&open).find(is_open).map(|(index, _)| at + index);
        match next_open.filter(|open| *open < next_close) {
            Some(next) => {
                depth += 1;
                at = next + open.len();
            }
            None => {
                depth -= 1;
                at = next_close + close.len();
            }
        }
    }
    Some(tag.start..at).filter(|range| is_balanced(&text[range.clone()]))
}

/// Whether each block of askama's that begins in the text ends there.
fn is_balanced(text: &str) -> bool {
    let count = |words: &[&str]| {
        between(text, "{%", "%}")
            .filter(|range| {
                let inside = text[range.start + 2..range.end].trim_start_matches(['-', '~', '+', ' ']);
                words.iter().any(|word| inside.starts_with(word))
            })
            .count()
    };
    count(&["if", "for", "block", "match", "call", "macro"])
        == count(&["endif", "endfor", "endblock", "endmatch", "endcall", "endmacro"])
        && (count(&["else", "elif"]) == 0 || count(&["if", "match", "for"]) > 0)
}
