//! The lessons as they were handed out, in `.kata/base`: what `reset` goes back to, and what `update`
//! compares a student's work with.
//!
//! A course without its solutions cannot derive them again, and a student's git history, if there is
//! one, begins anywhere. So a copy is made before anything is edited.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::course::{Course, Lesson};
use crate::derive::record::Record;
use crate::derive::{self, Files};
use crate::own_folder;

const FOLDER: &str = "base";
const RECORD: &str = "lessons/.derived";

/// Keeps a copy of the lessons as they were handed out, unless there is one. What cannot be kept is
/// not missed until somebody wants it back.
pub fn keep(course: &Course) {
    if let Err(error) = try_keep(course) {
        anstream::eprintln!("warning: the lessons as they were handed out are not kept: {error:#}");
    }
}

fn try_keep(course: &Course) -> Result<()> {
    let root = &course.root;
    let record_now = fs::read(root.join(RECORD)).unwrap_or_default();
    let kept_for = folder(root).join(RECORD);
    // Read-only course: nothing to keep, since nothing can be edited.
    if fs::read(&kept_for).is_ok_and(|kept| kept == record_now) || !is_writable(root) {
        return Ok(());
    }
    let record = Record::read(root)?;
    let derived = derive::derived(course).unwrap_or_default();
    for path in record.paths() {
        let on_disk = fs::read_to_string(root.join(path)).ok();
        let candidates = on_disk.iter().chain(derived.get(path));
        if let Some(text) = candidates.into_iter().find(|text| record.wrote(path, text)) {
            derive::write(&folder(root).join(path), text)?;
        }
    }
    // Last: an attempt that was broken off is made again.
    derive::write(&kept_for, &String::from_utf8_lossy(&record_now))
}

fn is_writable(root: &Path) -> bool {
    own_folder(root).and_then(|folder| Ok(tempfile::tempfile_in(folder)?)).is_ok()
}

pub fn folder(root: &Path) -> PathBuf {
    root.join(crate::OWN_FOLDER).join(FOLDER)
}

/// The lesson's files as they were handed out.
///
/// # Errors
///
/// When neither a copy nor the solution is there.
pub fn lesson(course: &Course, lesson: &Lesson) -> Result<Files> {
    let kept = folder(&course.root);
    let record = Record::read(&course.root)?;
    let is_lessons = |path: &&Path| path.starts_with(lesson.folder());
    let mut files = Files::new();
    for path in record.paths().filter(is_lessons) {
        let text =
            fs::read_to_string(kept.join(path)).or_else(|_| fs::read_to_string(course.root.join(path)));
        if let Some(text) = text.ok().filter(|text| record.wrote(path, text)) {
            files.insert(path.to_owned(), text);
        }
    }
    if files.len() == record.paths().filter(is_lessons).count() && !files.is_empty() {
        return Ok(files);
    }
    derive::skeleton(course, lesson, &Files::new(), &mut derive::tasks::todo).with_context(|| {
        format!("how {} was handed out is not known; take it from git, or from a fresh copy", lesson.name)
    })
}
