//! Other right answers: `tests/submissions/NN-topic/<name>/`, with the files that a student hands in.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::Database;
use crate::course::{Course, Lesson};
use crate::derive::{self, Files};
use crate::files;

/// Another right answer to a lesson.
pub struct Submission {
    pub name: String,
    /// In the course.
    pub folder: PathBuf,
    /// The databases that it was written for.
    pub databases: Vec<Database>,
    /// What its student wrote, by path in the lesson's folder.
    pub written: Files,
    is_whole: bool,
}

/// `submission.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    /// How it differs from the solution, for readers of the file.
    #[serde(rename = "says")]
    _says: String,
    databases: Vec<Database>,
    /// It holds all that a student writes. Otherwise it holds what differs from the solution.
    #[serde(default)]
    whole: bool,
}

const ABOUT: &str = "submission.toml";

/// Where in a lesson a student writes.
const WRITTEN: [&str; 6] = ["src", "migrations", "templates", "static", "setup.sql", ".env.example"];

fn is_written(path: &Path) -> bool {
    WRITTEN.iter().any(|place| path.starts_with(place))
}

/// Where a lesson's are.
fn folder(lesson: &Lesson) -> PathBuf {
    Path::new("tests/submissions").join(&lesson.name)
}

impl Submission {
    /// All of a lesson, by name.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub fn all(course: &Course, lesson: &Lesson) -> Result<Vec<Self>> {
        names(course, lesson)?.iter().map(|name| Self::named(course, lesson, name)).collect()
    }

    /// The one with this name.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be read.
    pub fn named(course: &Course, lesson: &Lesson, name: &str) -> Result<Self> {
        let folder = folder(lesson).join(name);
        let place = course.root.join(&folder);
        if !place.join(ABOUT).is_file() {
            let names = names(course, lesson)?;
            bail!("there is no {}; the submissions are {}", folder.join(ABOUT).display(), names.join(", "));
        }
        let about = files::read_text(&place.join(ABOUT))?;
        let about: About =
            toml::from_str(&about).with_context(|| folder.join(ABOUT).display().to_string())?;
        if lesson.is_project() && !about.whole {
            bail!("{}: a project is handed in whole; add `whole = true`", folder.join(ABOUT).display());
        }
        let mut written = Files::new();
        for file in files::below(&place)?.into_iter().filter(|file| is_written(file)) {
            let text = files::read_text(&place.join(&file))?;
            written.insert(file, text);
        }
        Ok(Self { name: name.to_owned(), folder, databases: about.databases, written, is_whole: about.whole })
    }

    /// The lesson with this in its place, by path in the course. A project begins with the skeleton, and
    /// its author may never have seen the reference; other lessons are like the solution.
    ///
    /// # Errors
    ///
    /// When the lesson cannot be read.
    pub fn in_lesson(&self, course: &Course, lesson: &Lesson) -> Result<Files> {
        let mut files = match lesson.is_project() {
            true => derive::handed_out(course, lesson)?,
            false => derive::completed(course, lesson)?,
        };
        let folder = lesson.folder();
        files.retain(|path, _| !(self.is_whole && path.strip_prefix(&folder).is_ok_and(is_written)));
        files.extend(self.written.iter().map(|(path, text)| (folder.join(path), text.clone())));
        Ok(files)
    }
}

/// The names of a lesson's, in order; none, where the course has none.
fn names(course: &Course, lesson: &Lesson) -> Result<Vec<String>> {
    let folder = folder(lesson);
    let Some(entries) = files::unless_missing(fs::read_dir(course.root.join(&folder)))
        .with_context(|| format!("cannot read {}", folder.display()))?
    else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
