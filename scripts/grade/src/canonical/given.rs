//! What the course gives to students, and what it expects of them, as they would hand it in.

use std::path::Path;

use anyhow::Result;
use kata::course::{Course, Lesson};
use kata::{derive, files};

use crate::intake::taken::{Taken, is_handed_in};

/// The files of a lesson as they are handed out.
///
/// # Errors
///
/// When the course cannot be read.
pub fn skeleton(course: &Course, lesson: &Lesson) -> Result<Taken> {
    Ok(handed_in(lesson, &lesson.folder(), &derive::handed_out(course, lesson)?))
}

/// The same files as the solution has them; of a project, the files of its reference.
///
/// # Errors
///
/// When the course cannot be read.
pub fn solution(course: &Course, lesson: &Lesson) -> Result<Taken> {
    match lesson.is_project() {
        true => Ok(handed_in(lesson, &lesson.solution_folder(), &reference(course, lesson)?)),
        false => Ok(handed_in(lesson, &lesson.folder(), &derive::completed(course, lesson)?)),
    }
}

/// What is written in a project's reference, by path in the workspace.
///
/// # Errors
///
/// When it cannot be read.
pub fn reference(course: &Course, lesson: &Lesson) -> Result<derive::Files> {
    let folder = lesson.solution_folder();
    let mut written = derive::Files::new();
    for file in files::below(&course.root.join(&folder))? {
        let path = folder.join(file);
        if inside(lesson, &folder, &path).is_some() {
            written.insert(path.clone(), files::read_text(&course.root.join(path))?);
        }
    }
    Ok(written)
}

/// The path in `folder` of a file that a student hands in.
fn inside(lesson: &Lesson, folder: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
    Some(path).filter(|path| is_handed_in(lesson, path))
}

/// Of these files in `folder`, what a student hands in.
pub fn handed_in(lesson: &Lesson, folder: &Path, files: &derive::Files) -> Taken {
    let files = files
        .iter()
        .filter_map(|(path, text)| Some((inside(lesson, folder, path)?, text.clone().into_bytes())));
    files.collect()
}
