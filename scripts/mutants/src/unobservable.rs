//! The list of mutants that no gate can observe, each with the reason.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::mutant::Mutant;
use crate::operators::Operator;

const FILE: &str = "scripts/mutants/unobservable.toml";

/// One mutant that is not to be caught.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub step: String,
    pub file: PathBuf,
    pub operator: Operator,
    /// What is changed and into what: whole, or as far as `…`.
    pub before: String,
    pub after: String,
    /// The line, where the same text is in the file more than once.
    pub line: Option<String>,
    /// Why nothing that the task asks for differs.
    pub reason: String,
    /// What was tried in order to observe it.
    pub tried: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    mutant: Vec<Entry>,
}

/// Reads the list.
///
/// # Errors
///
/// When an entry lacks a field, or a field is empty.
pub fn read(root: &Path) -> Result<Vec<Entry>> {
    let text = kata::files::read_text(&root.join(FILE))?;
    let list: List = toml::from_str(&text).with_context(|| FILE.to_owned())?;
    if let Some(entry) = list.mutant.iter().find(|entry| entry.reason.is_empty() || entry.tried.is_empty()) {
        anyhow::bail!("{FILE}: {} {} has no reason, or nothing was tried", entry.step, entry.before);
    }
    Ok(list.mutant)
}

impl Entry {
    pub fn is_about(&self, mutant: &Mutant) -> bool {
        self.step == mutant.step
            && self.file == mutant.file
            && self.operator == mutant.operator
            && is(&self.before, &mutant.before)
            && is(&self.after, &mutant.after)
            && self.line.as_ref().is_none_or(|line| *line == mutant.source)
    }

    pub fn title(&self) -> String {
        format!("{} {} {}: {} → {}", self.step, self.file.display(), self.operator, self.before, self.after)
    }
}

/// Whether `entry` matches `text`, however that is broken into lines.
fn is(entry: &str, text: &str) -> bool {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (entry, text) = (one_line(entry), one_line(text));
    entry.strip_suffix('…').map_or(entry == text, |beginning| text.starts_with(beginning))
}
