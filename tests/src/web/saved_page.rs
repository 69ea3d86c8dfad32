//! Pages that a gate looked at, as files for whoever wants to see one.

use std::fs;
use std::panic::Location;
use std::path::{Path, PathBuf};

use gate_contract::trace;

use super::browser::Answer;

impl Answer {
    /// Writes the page to a file that is named after the place in the gate, and returns the file's path. `None` where
    /// nothing can be written: a gate must not fail because of that.
    pub(super) fn save(&self, place: &Location<'_>) -> Option<PathBuf> {
        let gate = Path::new(place.file()).file_stem()?.to_str()?;
        let program = std::env::current_exe().ok()?;
        let target = program.ancestors().find(|folder| folder.ends_with("target"))?;
        let file = target.join("pages").join(format!("{gate}-line-{}.html", place.line()));
        fs::create_dir_all(file.parent()?).ok()?;
        fs::write(&file, &self.body).ok()?;
        trace::record(&trace::Event::Page(file.display().to_string()));
        Some(file)
    }

    /// For a panic: the status, what the page says, and where the whole page is.
    pub(super) fn shown(&self, place: &Location<'_>) -> String {
        let saved = self.save(place).map(|file| format!("\nThe page: {}", file.display()));
        format!("{}: {}{}", self.status, self.text(), saved.unwrap_or_default())
    }
}
