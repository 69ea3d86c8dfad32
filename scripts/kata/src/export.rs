//! `cargo kata export`: a copy of the course to hand out.

mod front;
mod workspace;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::course::layout::{self, Contents};
use crate::course::{Course, Lesson};
use crate::files::text::normalized;
use crate::files::tracked::tracked;
use crate::record::Record;
use crate::{PASSED, derive, files, project};

pub use front::{FRONT, front_for_students};
pub use workspace::is_as_exported;

/// # Errors
///
/// When the folder is not empty, or a file cannot be copied.
pub fn export(course: &Course, to: &Path, no_solutions: bool) -> Result<u8> {
    course.check_solutions("export", "creates the original lessons from the solutions")?;
    let root = fs::canonicalize(&course.root).context("the course's folder is gone")?;
    if real(to)?.starts_with(&root) {
        bail!("{} is inside the course; choose a folder outside it", to.display());
    }
    make_empty(to)?;
    let to = fs::canonicalize(to)?;
    let Contents { files: mut copied, others } = layout::tracked_contents(&root)?;
    // Lessons are handed out untouched, whatever was edited in them here.
    let mut derived = derive::derived(course)?;
    derived.retain(|path, _| !others.contains(&source(course, path)));
    let mut edited = Vec::new();
    for lesson in course.lessons.iter().filter(|lesson| lesson.is_project()) {
        derived.extend(project::handed_out(course, lesson)?);
        if project::is_edited(course, lesson)? {
            edited.push(lesson.folder());
        }
    }
    if no_solutions {
        copied.retain(|file| !layout::is_left_out(file));
    }
    copied.retain(|file| {
        let is_lessons = course.lessons.iter().any(|lesson| file.starts_with(lesson.folder()));
        let is_text = file.extension().is_some_and(|extension| extension == "md");
        !is_lessons || (is_text && !derived.contains_key(file))
    });
    for file in &copied {
        copy(&root.join(file), &to.join(file))?;
    }
    let lessons = derived.iter().filter(|(path, _)| !no_solutions || path.starts_with("lessons"));
    for (path, text) in lessons {
        files::write(&to.join(path), text)?;
    }
    let mut record = Record::read(&root)?;
    record.update(&derived, |_| false);
    record.write(&to)?;
    if no_solutions {
        let manifest = to.join("Cargo.toml");
        let text = files::read_text(&manifest)?;
        files::write(&manifest, &workspace::without_left_out(&text)?)?;
        workspace::shorten_lock_file(&to)?;
        let text = files::read_text(&to.join(FRONT))?;
        files::write(&to.join(FRONT), front_for_students(&text))?;
    }
    anstream::println!("Wrote {} files to {}", files::below(&to)?.len(), to.display());
    for folder in edited {
        anstream::println!(
            "{} is exported from the last commit, without your uncommitted changes.",
            folder.display()
        );
    }
    if !others.is_empty() {
        anstream::println!(
            "Left out, because they are not part of the course{}:\n{}",
            match tracked(&root) {
                Some(_) => " or git does not track them (`git add` any that students should get)",
                None => "",
            },
            layout::named(&others)
        );
    }
    if no_solutions {
        anstream::println!(
            "The solutions, Order Up, the typical mistakes, the grader and the notes for instructors are also left out. \
             `cargo kata` works there; commands that need these files report that they are missing."
        );
    }
    Ok(PASSED)
}

/// The file of a solution that a derived file is made from or is.
fn source(course: &Course, derived: &Path) -> PathBuf {
    let inside =
        |lesson: &Lesson| Some(lesson.solution_folder().join(derived.strip_prefix(lesson.folder()).ok()?));
    course.lessons.iter().find_map(inside).unwrap_or_else(|| derived.to_owned())
}

/// Copies a file; text gets the line ends that it has in git, wherever the copy was made.
fn copy(from: &Path, to: &Path) -> Result<()> {
    files::copy(from, to)?;
    let bytes = fs::read(to).with_context(|| format!("cannot read {}", to.display()))?;
    match normalized(&bytes) {
        Cow::Owned(text) => files::write(to, text),
        Cow::Borrowed(_) => Ok(()),
    }
}

/// The path without links, of a folder that need not exist yet.
fn real(folder: &Path) -> Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    let is_there = |path: &&Path| path.exists();
    let there = folder.ancestors().find(is_there).context("the folder has no root")?;
    let rest = folder.strip_prefix(there)?;
    Ok(fs::canonicalize(there).with_context(|| format!("cannot find {}", there.display()))?.join(rest))
}

fn make_empty(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    if entries.next().is_some() {
        bail!("{} is not empty; nothing was copied", folder.display());
    }
    Ok(())
}
