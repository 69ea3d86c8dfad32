//! A project's skeleton: how it is handed out.
//!
//! Other lessons are derived, and can be derived again. A skeleton is written by hand in the lesson's folder, in
//! which people work, too. So what is handed out is what the last commit has. A copy has a record of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::course::layout::{self, Layout};
use crate::course::{Course, Lesson};
use crate::files::{self, text, tracked};
use crate::record::{Files, Record};
use crate::{base_folder, content};

/// The files of the skeleton as they are handed out, by path in the course: its code and its cards. Where the course
/// is not in git, that is what lies there.
///
/// # Errors
///
/// When a file cannot be read, or what was handed out is not known.
pub fn handed_out(course: &Course, lesson: &Lesson) -> Result<Files> {
    let record = Record::read(&course.root)?;
    if is_listed(&record, lesson) {
        return listed(course, &record, lesson);
    }
    match committed(course, lesson)? {
        Some(files) => Ok(files),
        None => on_disk(&course.root, lesson),
    }
}

/// The same, for whoever goes back to it: what lies there is no way back.
///
/// # Errors
///
/// As [`handed_out`].
pub fn to_go_back_to(course: &Course, lesson: &Lesson) -> Result<Files> {
    let record = Record::read(&course.root)?;
    if is_listed(&record, lesson) {
        return listed(course, &record, lesson);
    }
    if let Some(files) = committed(course, lesson)? {
        return Ok(files);
    }
    let kept = base_folder(&course.root);
    if !kept.join(lesson.folder()).join("Cargo.toml").is_file() {
        bail!(
            "there is no original copy of {0}: the course's folder is not in git, and the guide has not saved a copy; take {1} \
             from a fresh copy of the course",
            lesson.name,
            lesson.folder().display()
        );
    }
    on_disk(&kept, lesson)
}

/// Whether somebody works in the skeleton, or it is not committed yet: what lies there is not what is handed out.
///
/// # Errors
///
/// When a file cannot be read.
pub fn is_edited(course: &Course, lesson: &Lesson) -> Result<bool> {
    let handed_out = handed_out(course, lesson)?;
    let folder = lesson.folder();
    let is_same = |(path, handed_out): (&PathBuf, &String)| {
        fs::read(course.root.join(path)).is_ok_and(|bytes| text::is_same(&bytes, handed_out.as_bytes()))
    };
    let has_more = content::sources(&course.root.join(&folder))
        .iter()
        .any(|file| !handed_out.contains_key(&folder.join(file)));
    Ok(has_more || !handed_out.iter().all(is_same))
}

/// Whether the course is a copy, with a record of what was handed out of this lesson.
pub fn is_listed(record: &Record, lesson: &Lesson) -> bool {
    record.paths().any(|path| path.starts_with(lesson.folder()))
}

/// What the record lists, from where it still is as it was written.
fn listed(course: &Course, record: &Record, lesson: &Lesson) -> Result<Files> {
    let kept = base_folder(&course.root);
    let mut files = Files::new();
    for path in record.paths().filter(|path| path.starts_with(lesson.folder())) {
        let texts = [&kept, &course.root].map(|folder| files::read_text(&folder.join(path)).ok());
        let as_written = texts.into_iter().flatten().find(|text| record.wrote(path, text));
        let text = as_written.with_context(|| {
            format!(
                "there is no original copy of {}; take it from a fresh copy of the course",
                path.display()
            )
        })?;
        files.insert(path.to_owned(), text);
    }
    Ok(files)
}

/// What the last commit has, where the course is in git.
fn committed(course: &Course, lesson: &Lesson) -> Result<Option<Files>> {
    let layout = Layout::read(&course.root)?;
    let Some(committed) = tracked::committed(&course.root, &lesson.folder()) else { return Ok(None) };
    let committed = committed.into_iter().filter(|(path, _)| layout.has(path) && !is_text(path));
    let decoded = committed.map(|(path, bytes)| {
        let text = text::decode(&bytes).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((path, text))
    });
    decoded.collect::<Result<Files>>().map(Some)
}

/// What lies in the course at `root`.
fn on_disk(root: &Path, lesson: &Lesson) -> Result<Files> {
    let mut files = Files::new();
    for path in layout::contents(root)?.files {
        if path.starts_with(lesson.folder()) && !is_text(&path) {
            let text = files::read_text(&root.join(&path))?;
            files.insert(path, text);
        }
    }
    Ok(files)
}

/// The texts that every lesson has are not part of its skeleton.
fn is_text(path: &Path) -> bool {
    ["README.md", "INSTRUCTOR.md"].iter().any(|name| path.ends_with(name))
}
