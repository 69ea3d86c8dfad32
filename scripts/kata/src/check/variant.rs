//! Lessons that are wrong in a known way, each built in a workspace of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::build::{Build, place, rebuild_gate};
use crate::course::{Course, GROUNDWORK, Lesson};
use crate::derive::{self, Files, tasks};
use crate::submission::Submission;
use crate::{Database, files};

/// A variant of a lesson, built in a workspace of its own.
pub struct Variant {
    pub build: Build,
    pub folder: PathBuf,
}

/// A typical wrong answer: `tests/mistakes/NN-topic/*.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mistake {
    /// What the student did: a label says it to whoever's gate sees the same.
    pub says: String,
    /// The submission in which it is made; in the solution, if absent.
    pub base: Option<String>,
    #[serde(flatten)]
    edits: Edits,
    /// The first gate that fails.
    pub fails: String,
    /// What it leaves depends on who comes first, so it has no label.
    #[serde(default)]
    pub races: bool,
    /// The database on which it is tried: the quick one, if absent.
    #[serde(default)]
    pub database: Database,
}

/// Another right answer: `tests/submissions/edits/NN-topic/*.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// How it differs, for readers of the file.
    #[serde(rename = "says")]
    _says: String,
    #[serde(flatten)]
    pub edits: Edits,
}

/// How right work is changed: in one place, or in several.
#[derive(Deserialize)]
#[serde(from = "Written")]
pub struct Edits(Vec<Edit>);

/// How a file has them: the first among its own keys.
#[derive(Deserialize)]
struct Written {
    file: String,
    find: String,
    replace: String,
    #[serde(default)]
    and: Vec<Edit>,
}

impl From<Written> for Edits {
    fn from(Written { file, find, replace, and }: Written) -> Self {
        Self(std::iter::once(Edit { file, find, replace }).chain(and).collect())
    }
}

impl Edits {
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter()
    }

    /// Makes them in the files of the lesson.
    ///
    /// # Errors
    ///
    /// When they do not hold a text.
    pub fn make(&self, lesson: &Lesson, files: &mut Files) -> Result<()> {
        self.iter().try_for_each(|edit| edit.make(lesson, files))
    }
}

/// How a file of right work is changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    pub file: String,
    /// What stands there, and what replaces it.
    find: String,
    pub replace: String,
}

impl Edit {
    fn make(&self, lesson: &Lesson, files: &mut Files) -> Result<()> {
        let file = lesson.folder().join(&self.file);
        let text = files.get_mut(&file).with_context(|| format!("there is no file {}", self.file))?;
        if !text.contains(&self.find) {
            bail!("{} does not hold the text in `find`", self.file);
        }
        *text = text.replace(&self.find, &self.replace);
        Ok(())
    }
}

/// What is tried for each body, until one compiles; then its `todo!` stays.
const EMPTIEST: [&str; 2] = ["Ok(Default::default())", "Default::default()"];

/// The lesson in which every body returns the emptiest value that its type has. A gate that it
/// passes would pass on work that was never done.
///
/// # Errors
///
/// When none compiles, or cargo cannot build.
pub fn emptiest(course: &Course, lesson: &Lesson, database: Database) -> Result<Variant> {
    let workspace = prepare(course, lesson)?;
    // For each task, how many of `EMPTIEST` have failed to compile.
    let mut failed: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let mut filler = |task: &str| {
            let tried = failed.get(task).copied().unwrap_or(0);
            EMPTIEST.get(tried).map_or_else(|| tasks::todo(task), |body| (*body).to_owned())
        };
        let files = derive::skeleton(course, lesson, &mut filler)?;
        let build = build_files(&workspace, lesson, &files, database)?;
        if build.executable.is_some() {
            return Ok(Variant { build, folder: workspace.join(lesson.folder()) });
        }
        let before = failed.clone();
        for (file, line) in &build.error_places {
            // The marker is on the line before the body.
            let text = files.get(file).map(String::as_str).unwrap_or_default();
            let above = line.checked_sub(2).and_then(|index| text.lines().nth(index));
            if let Some(task) = above.and_then(tasks::task) {
                failed.insert(task.to_owned(), before.get(task).copied().unwrap_or(0) + 1);
            }
        }
        if failed == before {
            bail!("no variant of {} compiles:\n{}", lesson.name, build.errors.join("\n"));
        }
    }
}

/// The lesson with the mistake that `mistake` describes.
///
/// # Errors
///
/// When the base does not hold the text, or cargo cannot build.
pub fn mistaken(course: &Course, lesson: &Lesson, mistake: &Mistake, database: Database) -> Result<Variant> {
    let workspace = prepare(course, lesson)?;
    let files = with_mistake(course, lesson, mistake)?;
    let build = build_files(&workspace, lesson, &files, database)?;
    Ok(Variant { build, folder: workspace.join(lesson.folder()) })
}

/// The lesson with another right answer in it.
///
/// # Errors
///
/// When the solution does not hold the text, or cargo cannot build.
pub fn right(course: &Course, lesson: &Lesson, right: &Right, database: Database) -> Result<Variant> {
    let workspace = prepare(course, lesson)?;
    let mut files = derive::completed(course, lesson)?;
    right.edits.make(lesson, &mut files)?;
    let build = build_files(&workspace, lesson, &files, database)?;
    Ok(Variant { build, folder: workspace.join(lesson.folder()) })
}

/// The lesson with the solution in it, one of whose files has another text.
///
/// # Errors
///
/// When the solution cannot be read, or cargo cannot build.
pub fn with_file(
    course: &Course,
    lesson: &Lesson,
    file: &Path,
    text: &str,
    database: Database,
) -> Result<Variant> {
    let workspace = prepare(course, lesson)?;
    let mut files = derive::completed(course, lesson)?;
    files.insert(lesson.folder().join(file), text.to_owned());
    let build = build_files(&workspace, lesson, &files, database)?;
    Ok(Variant { build, folder: workspace.join(lesson.folder()) })
}

fn with_mistake(course: &Course, lesson: &Lesson, mistake: &Mistake) -> Result<Files> {
    let mut files = match &mistake.base {
        Some(base) => Submission::named(course, lesson, base)?.in_lesson(course, lesson)?,
        None => derive::completed(course, lesson)?,
    };
    mistake.edits.make(lesson, &mut files)?;
    Ok(files)
}

/// The lesson with a submission in its place.
///
/// # Errors
///
/// When the lesson cannot be read, or cargo cannot build.
pub fn submitted(
    course: &Course,
    lesson: &Lesson,
    submission: &Submission,
    database: Database,
) -> Result<Variant> {
    let workspace = prepare(course, lesson)?;
    let build = build_files(&workspace, lesson, &submission.in_lesson(course, lesson)?, database)?;
    Ok(Variant { build, folder: workspace.join(lesson.folder()) })
}

/// Builds the lesson of these files, and nothing else, in its workspace.
///
/// # Errors
///
/// When a file cannot be written, or cargo cannot build.
pub fn build_files(workspace: &Path, lesson: &Lesson, files: &Files, database: Database) -> Result<Build> {
    write_files(workspace, lesson, files)?;
    rebuild_gate(workspace, &lesson.package(), &lesson.folder(), database)
}

/// Writes the lesson of these files, and nothing else, into its workspace.
///
/// # Errors
///
/// When a file cannot be written.
pub fn write_files(workspace: &Path, lesson: &Lesson, files: &Files) -> Result<()> {
    let folder = lesson.folder();
    if workspace.join(&folder).exists() {
        let stale = files::below(&workspace.join(&folder))?.into_iter().map(|file| folder.join(file));
        for file in stale.filter(|file| !files.contains_key(file)) {
            files::delete(&workspace.join(file))?;
        }
    }
    for (path, text) in files {
        files::write_changed(&workspace.join(path), text)?;
    }
    Ok(())
}

/// Makes a workspace that holds the gates and one lesson, and shares the compiled dependencies. It stays
/// from one variant to the next, so that only the lesson is compiled again.
///
/// # Errors
///
/// When a file cannot be read or written.
pub fn prepare(course: &Course, lesson: &Lesson) -> Result<PathBuf> {
    let workspace = place::own(&course.root)?.join("variant").join(&lesson.name);
    let manifest = files::read_text(&course.root.join("Cargo.toml"))?;
    let changed = |line| match line {
        line if str::starts_with(line, "members") => "members = [\"lessons/*\", \"tests\"]",
        // Cargo names what it builds after a package's version and its place *inside* the workspace,
        // so with an equal version it would take the real lesson's build for this one's.
        line if str::starts_with(line, "version = \"0.0.0\"") => "version = \"0.0.0-variant\"",
        line => line,
    };
    let lines = manifest.lines().filter(|line| !line.starts_with("default-members"));
    let members: Vec<_> = lines.map(changed).collect();
    files::write_changed(&workspace.join("Cargo.toml"), members.join("\n"))?;
    let config = files::text_if_there(&course.root.join(".cargo/config.toml"))?.unwrap_or_default();
    let config = building_into(&config, &place::target(&course.root));
    files::write_changed(&workspace.join(".cargo/config.toml"), config)?;
    // Cargo takes out of it what is not needed here, so it never is the same as the course's.
    let (lock, lock_here) = (course.root.join("Cargo.lock"), workspace.join("Cargo.lock"));
    let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    if time(&lock) > time(&lock_here) {
        files::copy(&lock, &lock_here)?;
    }
    // The snapshots stay out: nothing here asks for them. So do the gates' own tests.
    let is_needed = |file: &PathBuf| {
        ["src", "migrations", "build.rs", "Cargo.toml"].iter().any(|part| file.starts_with(part))
            || file.parent() == Some("gates".as_ref())
    };
    let packages = ["tests", GROUNDWORK, "scripts/shared-features"].into_iter();
    for package in packages.filter(|package| course.root.join(package).is_dir()) {
        let (from, to) = (course.root.join(package), workspace.join(package));
        for file in files::below(&from)?.into_iter().filter(is_needed) {
            files::write_changed(&to.join(&file), fs::read(from.join(&file))?)?;
        }
    }
    Ok(workspace)
}

/// Cargo's settings of the course, with the folder that cargo builds in set to `target`.
fn building_into(config: &str, target: &Path) -> String {
    let (mut table, mut is_set) = ("", false);
    // A string of JSON is one of TOML, too.
    let line = format!("target-dir = {}\n", serde_json::Value::from(target.display().to_string()));
    let mut text = String::new();
    for old in config.lines() {
        let is_header = old.trim_start().starts_with('[');
        if is_header {
            table = old.trim();
        }
        if table == "[build]" && old.trim_start().starts_with("target-dir") {
            continue;
        }
        text += &format!("{old}\n");
        if is_header && table == "[build]" {
            text += &line;
            is_set = true;
        }
    }
    if is_set { text } else { format!("{text}\n[build]\n{line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_builds_in_the_courses_folder_whatever_its_settings_are() {
        let target = if cfg!(windows) { r"C:\Users\Ann Ö\built" } else { "/home/ann o\u{308}/\"built" };
        for config in [
            "",
            "[env]\nONE = \"1\"\n",
            "[build]\ntarget-dir = \"elsewhere\"\njobs = 2\n[env]\nONE = \"1\"\n",
            "[env]\nONE = \"1\"\n\n  [build]\njobs = 2\n  target-dir = 'elsewhere'",
        ] {
            let text = building_into(config, Path::new(target));
            let read = |text: &str| {
                toml::from_str::<toml::Table>(text).unwrap_or_else(|error| panic!("{text}: {error}"))
            };
            let mut expected = read(config);
            let build = expected.entry("build").or_insert_with(|| toml::Table::new().into());
            build.as_table_mut().unwrap().insert("target-dir".into(), target.into());
            assert_eq!(read(&text), expected);
        }
    }
}
