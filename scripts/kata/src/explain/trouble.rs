//! One of rustc's errors, as the rules read it.

use std::path::PathBuf;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticSpan};

use super::code::Code;
use super::text::between;
use crate::files::detours::without_detours;

pub struct Trouble<'a> {
    diagnostic: &'a Diagnostic,
    /// The folder of the lesson, relative to the workspace.
    folder: &'a str,
}

impl<'a> Trouble<'a> {
    pub fn new(diagnostic: &'a Diagnostic, code: &'a Code) -> Self {
        Self { diagnostic, folder: &code.folder }
    }

    /// Whether this is rustc's code for the error, as `E0277` is one.
    pub fn is(&self, code: &str) -> bool {
        self.diagnostic.code.as_ref().is_some_and(|own| own.code == code)
    }

    fn primary(&self) -> Option<&DiagnosticSpan> {
        self.diagnostic.spans.iter().find(|span| span.is_primary)
    }

    pub fn message(&self) -> &str {
        &self.diagnostic.message
    }

    /// What rustc adds to the error: notes and proposals.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.diagnostic.children.iter().map(|child| child.message.as_str())
    }

    /// The line of a proposal that begins with these words.
    pub fn proposed_line(&self, start: &str) -> Option<usize> {
        let child = self.diagnostic.children.iter().find(|child| child.message.starts_with(start))?;
        Some(child.spans.first()?.line_start)
    }

    /// Whether rustc proposes to write this, or something that begins with it.
    pub fn proposes(&self, start: &str) -> bool {
        let spans = self.diagnostic.children.iter().flat_map(|child| &child.spans);
        spans.filter_map(|span| span.suggested_replacement.as_deref()).any(|text| text.starts_with(start))
    }

    /// The places in the lesson that rustc names, the ones that are wrong first.
    pub fn spans(&self) -> impl Iterator<Item = &DiagnosticSpan> {
        let spans = || self.diagnostic.spans.iter();
        let all = spans().filter(|span| span.is_primary).chain(spans().filter(|span| !span.is_primary));
        all.filter(|span| self.is_of_lesson(span))
    }

    /// The place that is wrong; of a macro that others have written, the place where the lesson uses it.
    pub fn span(&self) -> Option<&DiagnosticSpan> {
        let mut span = self.primary()?;
        while !self.is_of_lesson(span) {
            span = &span.expansion.as_ref()?.span;
        }
        Some(span)
    }

    fn is_of_lesson(&self, span: &DiagnosticSpan) -> bool {
        let file = without_detours(&span.file_name);
        file.starts_with(self.folder) && !file.starts_with(&format!("{}tests/", self.folder))
    }

    pub fn place(&self) -> Option<(PathBuf, usize)> {
        let span = self.span()?;
        Some((PathBuf::from(without_detours(&span.file_name)), span.line_start))
    }

    /// The file that is wrong, relative to the workspace, with slashes.
    pub fn file(&self) -> String {
        self.span().map(|span| without_detours(&span.file_name)).unwrap_or_default()
    }

    pub fn line(&self) -> usize {
        self.span().map_or(0, |span| span.line_start)
    }

    /// Whether a gate is what does not compile.
    pub fn is_in_gate(&self) -> bool {
        self.primary().is_some_and(|span| without_detours(&span.file_name).starts_with("tests/gates/"))
    }

    /// The line of the gate that does not compile.
    pub fn gate_line(&self) -> Option<&str> {
        Some(&self.primary()?.text.first()?.text)
    }

    /// The text that is marked as wrong, where it is on one line.
    pub fn marked(&self) -> &str {
        self.span().map(marked).unwrap_or_default()
    }

    /// The text between the beginning of the line and the marked text, and between it and the end.
    pub fn around(&self) -> (&str, &str) {
        let Some((span, line)) = self.span().and_then(|span| Some((span, span.text.first()?))) else {
            return ("", "");
        };
        let before = line.text.get(..offset(&line.text, line.highlight_start)).unwrap_or_default();
        let behind = match span.line_start == span.line_end {
            true => line.text.get(offset(&line.text, line.highlight_end)..).unwrap_or_default(),
            false => "",
        };
        (before, behind)
    }

    /// The name that the marked text begins with.
    pub fn call(&self) -> &str {
        let Some(line) = self.span().and_then(|span| span.text.first()) else { return "" };
        let text = line.text.get(offset(&line.text, line.highlight_start)..).unwrap_or_default();
        let is_end = |c: char| !c.is_alphanumeric() && c != '_';
        text.split(is_end).next().unwrap_or_default()
    }

    /// The line that is wrong.
    pub fn line_text(&self) -> &str {
        self.span().and_then(|span| span.text.first()).map_or("", |line| line.text.trim())
    }

    /// What rustc writes below the marked text.
    pub fn label(&self) -> &str {
        self.primary().and_then(|span| span.label.as_deref()).unwrap_or_default()
    }

    /// What rustc writes below the places that are not wrong themselves.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.diagnostic.spans.iter().filter_map(|span| span.label.as_deref())
    }

    /// The type and the trait that it lacks: rustc says so in its first line, below the place, or in a note.
    pub fn unmet(&self) -> Option<(&str, &str)> {
        let bound = self.message().strip_prefix("the trait bound `");
        let bound = bound.and_then(|rest| rest.strip_suffix("` is not satisfied")?.split_once(": "));
        let texts = || std::iter::once(self.label()).chain(self.notes());
        bound.or_else(|| texts().find_map(not_implemented))
    }

    /// The type that is expected at the place, and the one that is found: as rustc writes them there, shortened.
    pub fn mismatch(&self) -> Option<(&str, &str)> {
        let (expected, found) = self.label().strip_prefix("expected ")?.split_once(", found ")?;
        Some((unquoted(expected), unquoted(found)))
    }

    /// The same, where that is all that is wrong.
    pub fn mismatched_types(&self) -> Option<(&str, &str)> {
        self.mismatch().filter(|_| self.is("E0308"))
    }

    /// The module that is not there, in the words of this compiler or of an older one.
    pub fn unresolved_module(&self) -> Option<&str> {
        between(self.message(), "cannot find module or crate `", '`')
            .or_else(|| between(self.message(), "use of unresolved module or unlinked crate `", '`'))
    }
}

/// The marked text of a place, where it is on one line.
pub fn marked(span: &DiagnosticSpan) -> &str {
    let Some(line) = span.text.first().filter(|_| span.line_start == span.line_end) else { return "" };
    let (start, end) = (offset(&line.text, line.highlight_start), offset(&line.text, line.highlight_end));
    line.text.get(start..end).unwrap_or_default()
}

/// Where the column, counted in characters from 1, is in the text.
fn offset(text: &str, column: usize) -> usize {
    text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at)
}

/// Of "the trait `T` is not implemented for `X`": `X` and `T`.
fn not_implemented(text: &str) -> Option<(&str, &str)> {
    let (wanted, of) = text.strip_prefix("the trait `")?.split_once("` is not implemented for ")?;
    let of = of.strip_prefix("fn item ").unwrap_or(of);
    Some((of.lines().next()?.trim_end_matches('`').trim_start_matches('`'), wanted))
}

/// The text between backquotes, where they are; rustc writes `a closure` and the like without.
fn unquoted(text: &str) -> &str {
    text.trim().trim_start_matches('`').trim_end_matches('`')
}
