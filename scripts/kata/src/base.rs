//! The course as it was handed out, in `.kata/base`: what `reset` goes back to, and what `update`
//! compares a student's work with.
//!
//! A course without its solutions cannot derive its lessons again, and a student's git history, if there
//! is one, begins anywhere. So a copy is made before anything is edited.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::course::{Course, Lesson, layout};
use crate::derive::{self, Files};
use crate::record::{self, Record};
use crate::{base_folder, files, own_folder, project};

/// Keeps a copy of the course as it was handed out, unless there is one. What cannot be kept is not
/// missed until it is wanted back.
pub fn keep(course: &Course) {
    if let Err(error) = try_keep(course) {
        anstream::eprintln!("warning: cannot save a copy of the original course: {error:#}");
    }
}

fn try_keep(course: &Course) -> Result<()> {
    let root = &course.root;
    let record_now = fs::read(root.join(record::FILE)).unwrap_or_default();
    let kept_for = base_folder(root).join(record::FILE);
    // Read-only course: nothing to keep, since nothing can be edited.
    if fs::read(&kept_for).is_ok_and(|kept| kept == record_now) || !is_writable(root) {
        return Ok(());
    }
    let record = Record::read(root)?;
    let mut derived = None;
    for path in record.paths().filter(|path| path.starts_with("lessons")) {
        let on_disk = files::read_text(&root.join(path)).ok().filter(|text| record.wrote(path, text));
        let handed_out = on_disk.or_else(|| {
            // It has been edited already; the solution knows how it was.
            let derived = derived.get_or_insert_with(|| derive::derived(course).unwrap_or_default());
            derived.get(path).filter(|text| record.wrote(path, text)).cloned()
        });
        if let Some(text) = handed_out {
            files::write(&base_folder(root).join(path), &text)?;
        }
    }
    let is_lessons_own = |path: &Path| course.lessons.iter().any(|lesson| path.starts_with(lesson.folder()));
    let is_readme = |path: &Path| path.extension().is_some_and(|extension| extension == "md");
    let is_listed = |path: &Path| record.paths().any(|listed| listed == path);
    for lesson in course.lessons.iter().filter(|lesson| lesson.is_project()) {
        // What was handed out of a skeleton that no record lists is what there was at first.
        if project::is_listed(&record, lesson) {
            continue;
        }
        for (path, text) in project::handed_out(course, lesson)? {
            let kept = base_folder(root).join(path);
            if !kept.exists() {
                files::write(&kept, text)?;
            }
        }
    }
    for path in layout::contents(root)?.files {
        // Of a lesson's own folder only the record knows what was handed out, and it knows no texts.
        let is_text = is_readme(&path) && !is_listed(&path);
        if path != Path::new(record::FILE) && (!is_lessons_own(&path) || is_text) {
            copy(root, &path, &base_folder(root))?;
        }
    }
    // Last: an attempt that was broken off is made again.
    copy(root, Path::new(record::FILE), &base_folder(root))
}

/// Copies a file of the course to the same place below `to`.
///
/// # Errors
///
/// When the file cannot be copied.
pub fn copy(root: &Path, path: &Path, to: &Path) -> Result<()> {
    files::copy(&root.join(path), &to.join(path))
}

/// From here on, these files of the course at `new` are what was handed out.
///
/// # Errors
///
/// When a file cannot be copied; then what was kept stays.
pub fn replace(root: &Path, new: &Path, files: &[PathBuf]) -> Result<()> {
    // Beside the old one, which stays until the new one is complete.
    let (kept, next) = (base_folder(root), own_folder(root)?.join("base-next"));
    empty(&next)?;
    for path in files {
        copy(new, path, &next)?;
    }
    empty(&kept)?;
    fs::rename(&next, &kept).with_context(|| format!("cannot rename {}", next.display()))
}

fn empty(folder: &Path) -> Result<()> {
    files::unless_missing(fs::remove_dir_all(folder))
        .with_context(|| format!("cannot empty {}", folder.display()))?;
    Ok(())
}

fn is_writable(root: &Path) -> bool {
    own_folder(root).and_then(|folder| Ok(tempfile::tempfile_in(folder)?)).is_ok()
}

/// The lesson's files as they were handed out.
///
/// # Errors
///
/// When neither a copy nor the solution is there or, for a project, neither a copy nor git knows it.
pub fn lesson(course: &Course, lesson: &Lesson) -> Result<Files> {
    if lesson.is_project() {
        return project::to_go_back_to(course, lesson);
    }
    let kept = base_folder(&course.root);
    let record = Record::read(&course.root)?;
    let is_lessons = |path: &&Path| path.starts_with(lesson.folder());
    let mut files = Files::new();
    for path in record.paths().filter(is_lessons) {
        let text = files::read_text(&kept.join(path)).or_else(|_| files::read_text(&course.root.join(path)));
        if let Some(text) = text.ok().filter(|text| record.wrote(path, text)) {
            files.insert(path.to_owned(), text);
        }
    }
    if files.len() == record.paths().filter(is_lessons).count() && !files.is_empty() {
        return Ok(files);
    }
    derive::skeleton(course, lesson, &mut derive::tasks::todo).with_context(|| {
        format!(
            "there is no original copy of {}; restore it from git, or from a fresh copy of the course",
            lesson.name
        )
    })
}
