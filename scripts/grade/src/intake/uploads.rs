//! Which folders and files of somebody's are submissions.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::course::{Course, Lesson};

use super::fault::LARGEST_FILE;
use super::kind::has_ending;
use super::kind::without_ending;
use super::names::{name_of, names};
use super::rules::Rules;
use super::taken::holds_handed_in;
use crate::untrusted;

/// One submission.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upload {
    /// The name of its results: a valid folder name on every system, and unique in the batch.
    pub name: String,
    pub path: PathBuf,
}

/// What is to be graded.
#[derive(Default)]
pub struct Uploads {
    pub all: Vec<Upload>,
    /// What lies beside the submissions and is not one: lists, and what a system adds.
    pub left_out: Vec<String>,
}

impl Uploads {
    /// The submissions at `paths`: each is one, or a folder of them. `out`, where results are written, is not one.
    ///
    /// # Errors
    ///
    /// When a path cannot be read, or nothing is there.
    pub fn find(paths: &[PathBuf], course: &Course, only: Option<&Lesson>, out: &Path) -> Result<Self> {
        let mut uploads = Self::default();
        // Each with whether it has been named, and not found in a folder.
        let mut found: Vec<(PathBuf, bool)> = Vec::new();
        for path in paths {
            let kind = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
            if kind.is_file() || (is_one(path, course, only) && !holds_others(path, course)) {
                found.push((path.clone(), true));
            } else {
                found.extend(uploads.of_batch(path, out)?.into_iter().map(|path| (path, false)));
            }
        }
        uploads.all = distinct(found, course);
        Ok(uploads)
    }

    /// Each path as a submission, whatever is there.
    pub fn of_named(paths: &[PathBuf], course: &Course) -> Self {
        let found = paths.iter().map(|path| (path.clone(), true)).collect();
        Self { all: distinct(found, course), left_out: Vec::new() }
    }

    /// What lies in a folder of submissions, in order.
    fn of_batch(&mut self, folder: &Path, out: &Path) -> Result<Vec<PathBuf>> {
        let cannot = || format!("cannot read {}", folder.display());
        let mut entries = fs::read_dir(folder)
            .with_context(cannot)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()
            .with_context(cannot)?;
        entries.sort();
        let names: Vec<_> = entries.iter().map(|path| name_of(path)).collect();
        let mut found = Vec::new();
        for (path, name) in entries.iter().zip(&names) {
            if std::path::absolute(path).is_ok_and(|path| path == out) {
                continue;
            }
            if is_systems(name) || is_companion(path, name, &names) {
                self.left_out.push(name.clone());
            } else {
                found.push(path.clone());
            }
        }
        if found.is_empty() {
            bail!("{} contains no submission: it has no folder and no archive", folder.display());
        }
        Ok(found)
    }
}

/// Each with its name. A submission that is named twice is graded once.
fn distinct(mut found: Vec<(PathBuf, bool)>, course: &Course) -> Vec<Upload> {
    let mut paths = HashSet::new();
    found.retain(|(path, _)| paths.insert(std::path::absolute(path).unwrap_or_else(|_| path.clone())));
    let names = names(&found, course);
    names.into_iter().zip(found).map(|(name, (path, _))| Upload { name, path }).collect()
}

/// Whether the folder is one submission, and not a folder of them: a copy of the course, or a lesson's folder.
fn is_one(folder: &Path, course: &Course, only: Option<&Lesson>) -> bool {
    let rules = Rules { lessons: &course.lessons };
    let is_lessons = |folder: &Path| {
        paths_in(folder).any(|path| {
            let lesson = path.file_name().and_then(|name| rules.lesson(&name.to_string_lossy()));
            lesson.is_some_and(|lesson| is_lesson(&path, lesson))
        })
    };
    let manifest = untrusted::read(&folder.join("Cargo.toml"), LARGEST_FILE).unwrap_or_default();
    let package = String::from_utf8_lossy(&manifest);
    let is_named = |lesson: &&Lesson| package.contains(&format!("\"{}\"", lesson.package()));
    is_lessons(&folder.join("lessons"))
        || is_lessons(folder)
        || course.lessons.iter().any(|lesson| is_named(&lesson) && is_lesson(folder, lesson))
        || rules.lesson(&name_of(folder)).is_some_and(|lesson| is_lesson(folder, lesson))
        || only.is_some_and(|lesson| folder.join("src").is_dir() && is_lesson(folder, lesson))
}

/// Whether folders or archives lie in a folder beside what makes it look like one submission, and would be submissions
/// themselves: then it is a folder of them, and one has a lesson's name. In a copy of the course they are the course's.
fn holds_others(folder: &Path, course: &Course) -> bool {
    if folder.join("Cargo.toml").is_file() || folder.join(".git").exists() {
        return false;
    }
    let rules = Rules { lessons: &course.lessons };
    let is_courses = |name: &str| {
        rules.lesson(without_ending(name)).is_some() || ["lessons", "solutions", "target"].contains(&name)
    };
    paths_in(folder).filter(|path| !is_courses(&name_of(path))).any(|path| holds_one(&path, course, DEPTH))
}

/// So many folders lie around a submission at most: a student's, and one that an archive or a repository adds.
const DEPTH: usize = 2;

/// Whether there is a submission, or one in a folder in it.
fn holds_one(path: &Path, course: &Course, depth: usize) -> bool {
    if path.is_file() {
        return has_ending(&name_of(path));
    }
    is_one(path, course, None)
        || (depth > 0 && paths_in(path).any(|path| holds_one(&path, course, depth - 1)))
}

fn paths_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path())
}

/// Whether something that is handed in for `lesson` lies in `folder`.
fn is_lesson(folder: &Path, lesson: &Lesson) -> bool {
    paths_in(folder).any(|path| holds_handed_in(lesson, &name_of(&path)))
}

/// Whether an operating system has put this file or folder there. A name that only an editor or a sync tool would give
/// to source may be a student's here: `ann.old`, `Zoe (conflicted copy).zip`.
fn is_systems(name: &str) -> bool {
    const NAMES: [&str; 6] =
        ["__macosx", "desktop.ini", "thumbs.db", "$recycle.bin", "system volume information", "lost+found"];
    name.starts_with('.') || name.starts_with("~$") || NAMES.contains(&name.to_lowercase().as_str())
}

/// Whether a file beside the submissions is a system's or the instructor's, and no student's.
fn is_companion(path: &Path, name: &str, all: &[String]) -> bool {
    const ENDINGS: [&str; 4] = [".csv", ".tsv", ".xlsx", ".ods"];
    const NAMES: [&str; 6] = [
        "submission_metadata.yml",
        "index.html",
        "roster.toml",
        "policy.toml",
        "overrides.toml",
        "timestamp.txt",
    ];
    let lower = name.to_lowercase();
    if path.is_dir() {
        if is_results(path) {
            return true;
        }
        // What somebody typed into a form, beside the file that they have uploaded.
        let of_file = lower
            .strip_suffix("_assignsubmission_onlinetext_")
            .map(|who| format!("{who}_assignsubmission_file_"));
        return of_file.is_some_and(|file| all.iter().any(|other| other.to_lowercase() == file));
    }
    // A platform's note about an upload has the upload's name: `…_attempt_2026-05-01.txt` beside
    // `…_attempt_2026-05-01_course.zip`.
    let is_about = lower.strip_suffix(".txt").is_some_and(|stem| {
        all.iter().any(|other| other != name && other.to_lowercase().starts_with(&format!("{stem}_")))
    });
    // The key of results beside it.
    let is_key = path.extension().is_some_and(|ending| ending == crate::key::ENDING)
        && is_results(&path.with_extension(""));
    is_key
        || NAMES.contains(&lower.as_str())
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || is_about
}

/// Whether the grader has written this folder, or a grader before it. A student can put anything into a folder of their
/// own, but not the key beside it.
fn is_results(folder: &Path) -> bool {
    let key = crate::key::file(folder);
    folder.join(crate::SEEDS).is_file()
        && folder.join(crate::LOCK).is_file()
        && key.is_ok_and(|key| key.is_file())
}
