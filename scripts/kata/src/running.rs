//! The apps of students that `cargo kata run` serves at the moment, for the page that shows them.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::locks::{Lock, Tried, try_alone, wait_shared};
use crate::{Database, files, verdicts};

/// What a lesson's program serves.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct App {
    /// Lesson 7 has two.
    pub sites: Vec<Site>,
    /// Counts its starts: it starts again after each save.
    pub starts: u32,
}

/// One app at its address.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Site {
    /// Its name, if the program gives one.
    pub title: Option<String>,
    /// As in `http://127.0.0.1:8000/`.
    pub address: String,
}

impl Site {
    /// An app without a name.
    pub fn at(address: impl Display) -> Self {
        Self { title: None, address: format!("http://{address}/") }
    }
}

/// The sites that a program has listed, each on a line: its address, and its title.
pub fn sites(text: &str) -> Vec<Site> {
    let site = |line: &str| {
        let (address, title) = line.split_once(' ')?;
        Some(Site { title: Some(title.to_owned()), address: address.to_owned() })
    };
    text.lines().filter_map(site).collect()
}

/// Says where an app is, until it is dropped.
pub struct Announcement {
    file: PathBuf,
    _lock: Lock,
}

impl Announcement {
    /// # Errors
    ///
    /// When the folder that cargo builds into cannot be written.
    pub fn new(root: &Path, lesson: &str, database: Database, app: &App) -> Result<Self> {
        let file = file(root, lesson, database)?;
        // A reader of the file finds a whole one at any time.
        let new = file.with_extension(std::process::id().to_string());
        files::write(&new, serde_json::to_string(app)?)?;
        let lock = wait_shared(&lock(&file))?;
        fs::rename(&new, &file).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Self { file, _lock: lock })
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// The lesson's app, if it runs.
pub fn app(root: &Path, lesson: &str, database: Database) -> Option<App> {
    let file = file(root, lesson, database).ok()?;
    let app = serde_json::from_str(&fs::read_to_string(&file).ok()?).ok()?;
    // One that was killed has left its file.
    matches!(try_alone(&lock(&file)), Ok(Tried::Taken)).then_some(app)
}

/// Beside the verdicts, which the page watches.
fn file(root: &Path, lesson: &str, database: Database) -> Result<PathBuf> {
    Ok(verdicts::folder(root, database)?.join(format!("{lesson}.running")))
}

fn lock(file: &Path) -> PathBuf {
    file.with_extension("running-lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_lists_its_sites_with_their_titles() {
        let sites =
            sites("http://127.0.0.1:8000/ Sessions in cookies\nhttp://localhost:8001/ In the database\n");
        let sites: Vec<_> =
            sites.iter().map(|site| (site.address.as_str(), site.title.as_deref().unwrap())).collect();
        assert_eq!(
            sites,
            [
                ("http://127.0.0.1:8000/", "Sessions in cookies"),
                ("http://localhost:8001/", "In the database")
            ]
        );
    }

    #[test]
    fn an_app_is_found_while_it_is_announced() {
        let root = tempfile::tempdir().unwrap();
        let find = || app(root.path(), "07-sessions", Database::Sqlite);
        assert_eq!(find(), None);
        let shown = App { sites: vec![Site::at("127.0.0.1:8000")], starts: 1 };
        let announcement = Announcement::new(root.path(), "07-sessions", Database::Sqlite, &shown).unwrap();
        assert_eq!(find(), Some(shown.clone()));
        assert_eq!(app(root.path(), "02-config", Database::Sqlite), None);
        assert_eq!(app(root.path(), "07-sessions", Database::Postgres), None);
        let file = announcement.file.clone();
        drop(announcement);
        assert_eq!(find(), None);
        // As one leaves it that was killed.
        fs::write(file, serde_json::to_string(&shown).unwrap()).unwrap();
        assert_eq!(find(), None);
    }
}
