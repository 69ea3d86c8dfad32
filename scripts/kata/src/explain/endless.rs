//! A function that calls itself without an end.

use super::code::Code;
use super::failure::Failure;
use super::found::Found;
use super::text::between;

/// A function that calls itself, until the stack is full.
pub fn endless(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    if !failure.report.end.as_deref().is_some_and(|end| end.contains("has overflowed its stack")) {
        return None;
    }
    let mut found = Vec::new();
    for source in code.sources.iter().filter(|source| source.file.ends_with(".rs")) {
        let mut name = "";
        for (at, line) in source.text.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if let Some(new) = between(line, "fn ", '(').filter(|_| !is_comment) {
                name = new.split('<').next().unwrap_or_default();
            } else if !name.is_empty() && !is_comment && calls(line, name) {
                found.push((source, at + 1, line.trim(), name));
            }
        }
    }
    let [(source, line, written, name)] = found[..] else { return None };
    Some(
        Found::new([
            format!("`{name}` calls itself here, and that call does the same, until the stack is full."),
            String::new(),
            format!("    {written}"),
        ])
        .at(&source.file, line),
    )
}

/// Whether a line calls the function by its own name, or formats `self` in its own formatting.
fn calls(line: &str, name: &str) -> bool {
    let before = |at: usize| line[..at].chars().last();
    let is_call = line.match_indices(&format!("{name}(")).any(|(at, _)| {
        before(at).is_none_or(|c| !c.is_alphanumeric() && !"_:.".contains(c)) || line[..at].ends_with("self.")
    });
    is_call
        || (name == "fmt"
            && (line.contains("{self:?}") || line.contains("{self}") || line.contains("{self:#?}")))
}
