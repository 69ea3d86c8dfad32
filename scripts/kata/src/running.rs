//! The apps of students that `cargo kata run` serves at the moment, for the page that shows them.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::locks::{Lock, Tried, try_alone, wait_shared};
use crate::{Database, files, verdicts};

/// Where an app is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct App {
    /// As in `http://127.0.0.1:8000/`; lesson 7 has two.
    pub addresses: Vec<String>,
    /// Counts its starts: it starts again after each save.
    pub starts: u32,
}

/// The addresses as a browser asks for them. It keeps the cookies of all ports of a host together, so the second app
/// has another of this machine's names.
pub fn addresses(found: &[SocketAddr]) -> Vec<String> {
    let address = |(index, found): (usize, &SocketAddr)| match index {
        0 => format!("http://{found}/"),
        _ => format!("http://localhost:{}/", found.port()),
    };
    found.iter().enumerate().map(address).collect()
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
    fn two_apps_do_not_share_their_cookies() {
        let found = ["127.0.0.1:8000", "127.0.0.1:8001"].map(|address| address.parse().unwrap());
        assert_eq!(addresses(&found), ["http://127.0.0.1:8000/", "http://localhost:8001/"]);
    }

    #[test]
    fn an_app_is_found_while_it_is_announced() {
        let root = tempfile::tempdir().unwrap();
        let find = || app(root.path(), "07-sessions", Database::Sqlite);
        assert_eq!(find(), None);
        let shown = App { addresses: vec!["http://127.0.0.1:8000/".to_owned()], starts: 1 };
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
