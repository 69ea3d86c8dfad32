//! A gate that does not pass, as the rules read it.

use super::code::{Code, Source};
use super::sql::tables::SqlFile;
use super::sql::words as in_words;
use super::text::between;
use crate::course::Gate;
use crate::report::{GateReport, Panic};

pub struct Failure<'a> {
    pub report: &'a GateReport,
    pub gate: &'a Gate,
}

/// A migration that the database refuses.
pub struct Refused<'a> {
    pub words: &'a str,
    pub file: SqlFile<'a>,
}

impl<'a> Failure<'a> {
    pub fn panic(&self) -> Option<&'a Panic> {
        self.report.panic.as_ref()
    }

    /// What the panic says, or nothing.
    pub fn message(&self) -> &'a str {
        self.panic().map_or("", |panic| &panic.message)
    }

    /// What the gate saw before it stopped.
    pub fn got(&self) -> &'a str {
        self.report.got.as_deref().unwrap_or_default()
    }

    /// All texts in which an error can be.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        let log = self.report.log.iter().map(String::as_str);
        std::iter::once(self.message()).chain(self.got().lines()).chain(log)
    }

    /// What comes behind `before` in a text, up to `end`.
    pub fn said(&self, before: &str, end: char) -> Option<&'a str> {
        self.texts().find_map(|text| between(text, before, end))
    }

    /// The migration that was refused, where it is the lesson's own.
    pub fn refused(&self, code: &'a Code) -> Option<Refused<'a>> {
        let (what, said) = self.message().split_once(": Failed to run ")?;
        let (name, words) = said.split_once(" with: ")?;
        let file = if what.contains("undone") { "down.sql" } else { "up.sql" };
        let file = format!("/{}/{name}/{file}", code.database.name());
        let source = code.sources.iter().find(|source| source.file.ends_with(&file))?;
        Some(Refused { words, file: SqlFile { source, words: in_words(&source.text), is_own: true } })
    }

    /// The file of this name in which the gate's task is, if it is there.
    pub fn task_file(&self, name: &str, code: &'a Code) -> Option<&'a Source> {
        let file = format!("{}{name}", code.folder);
        let source = code.sources.iter().find(|source| source.file == file)?;
        let is_told =
            |source: &Source| self.gate.tasks.iter().any(|task| source.text.contains(task.as_str()));
        // The marker may have been deleted.
        let handed_out = code.handed_out.iter().find(|source| source.file == file);
        (is_told(source) || handed_out.is_some_and(is_told)).then_some(source)
    }

    /// The line behind the marker of the gate's task in a file that holds this text, and the file.
    pub fn task_place(&self, holds: &str, code: &'a Code) -> Option<(&'a Source, usize)> {
        self.gate.tasks.iter().find_map(|task| {
            code.sources.iter().filter(|source| source.text.contains(holds)).find_map(|source| {
                let marker = source.text.lines().position(|line| line.contains(task.as_str()))?;
                Some((source, marker + 2))
            })
        })
    }
}
