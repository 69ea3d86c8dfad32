//! Lessons that a newer version does not merge with: one that has become a project, and one that is gone.
//!
//! File by file, old work and a new skeleton would make neither app. So the old folder goes away whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::content::sources;
use crate::course::layout;
use crate::files::text;

/// A lesson whose folder is taken away.
pub struct Rebuilt {
    /// As in `05-crud`.
    pub name: String,
    /// The newer version has no such lesson.
    pub is_gone: bool,
    /// The student has changed what was handed out, or added to it.
    pub has_work: bool,
}

impl Rebuilt {
    pub fn folder(&self) -> PathBuf {
        Path::new("lessons").join(&self.name)
    }
}

/// The lessons that the course at `root` has, as what is `kept` of it knows, and that are something else in `new`.
pub fn rebuilt(root: &Path, kept: &Path, new: &Path) -> Result<Vec<Rebuilt>> {
    // Without what was handed out, nothing tells a student's folder from an old lesson's.
    if !kept.join("tests/gates").is_dir() {
        return Ok(Vec::new());
    }
    let now = layout::lessons(new)?;
    let mut rebuilt = Vec::new();
    for (name, was_project) in layout::lessons(kept)? {
        let is_project = now.get(&name);
        let folder = Path::new("lessons").join(&name);
        let is_other = is_project.is_none_or(|is_project| *is_project && !was_project);
        if is_other && root.join(&folder).is_dir() {
            let has_work = has_work(&root.join(&folder), &kept.join(&folder));
            rebuilt.push(Rebuilt { name, is_gone: is_project.is_none(), has_work });
        }
    }
    Ok(rebuilt)
}

fn has_work(mine: &Path, was: &Path) -> bool {
    sources(mine).into_iter().any(|file| {
        let (mine, was) = (fs::read(mine.join(&file)), fs::read(was.join(&file)));
        !mine.is_ok_and(|mine| was.is_ok_and(|was| text::is_same(&mine, &was)))
    })
}
