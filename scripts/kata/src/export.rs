//! `cargo kata export`: a copy of the course to hand out, or one that a platform grades with.

mod front;
mod workspace;

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Args};

use crate::course::layout::{self, Contents};
use crate::course::{Course, Lesson};
use crate::files::text::normalized;
use crate::files::tracked::tracked;
use crate::record::Record;
use crate::{PASSED, derive, files, project};

pub use front::{FRONT, front_for_students};
pub use workspace::is_as_exported;

/// What `cargo kata export` is asked for.
#[derive(Args)]
#[command(group = ArgGroup::new("autograder").args(["gradescope", "classroom50"]))]
pub struct Options {
    /// The folder to make
    #[arg(required_unless_present = "autograder", conflicts_with = "autograder")]
    folder: Option<PathBuf>,
    /// Leave out solutions, Order Up, and everything else that students do not get
    #[arg(long, conflicts_with = "autograder")]
    no_solutions: bool,
    /// Instead: write an autograder for Gradescope, an archive with the complete course
    #[arg(long, value_name = "AUTOGRADER.ZIP")]
    gradescope: Option<PathBuf>,
    /// Instead: write an autograder for Classroom 50, a folder with the complete course
    #[arg(long, value_name = "FOLDER")]
    classroom50: Option<PathBuf>,
    /// The lessons that an autograder grades: `5` or `1,5`; by default all
    #[arg(long, value_delimiter = ',', value_name = "LESSONS", requires = "autograder")]
    lesson: Vec<String>,
    /// For Gradescope: the policy of the class, with weights and what being late costs
    #[arg(long, value_name = "POLICY.TOML", requires = "gradescope")]
    policy: Option<PathBuf>,
}

/// The grader's hidden command that writes an autograder.
pub const AUTOGRADER: &str = "__autograder";

impl Options {
    /// The words of the grader's command, if an autograder is wanted: students do not compile what packs it.
    ///
    /// # Errors
    ///
    /// When a lesson is not one of the course.
    pub fn autograder(&self, course: &Course) -> Result<Option<Vec<OsString>>> {
        let (platform, to) = match (&self.gradescope, &self.classroom50) {
            (Some(to), _) => ("gradescope", to),
            (None, Some(to)) => ("classroom50", to),
            (None, None) => return Ok(None),
        };
        let mut words: Vec<OsString> = vec![AUTOGRADER.into(), platform.into(), to.into()];
        for lesson in &self.lesson {
            words.extend(["--lesson".into(), course.lesson(lesson)?.name.clone().into()]);
        }
        if let Some(policy) = &self.policy {
            words.extend(["--policy".into(), policy.into()]);
        }
        Ok(Some(words))
    }

    /// # Errors
    ///
    /// As [`export`].
    pub fn export(&self, course: &Course) -> Result<u8> {
        let folder = self.folder.as_deref().context("no folder to make was named")?;
        let exported = export(course, folder, self.no_solutions)?;
        anstream::println!("Wrote {} files to {}", exported.count, exported.folder.display());
        exported.report();
        if self.no_solutions {
            anstream::println!(
                "The solutions, Order Up, the typical mistakes, the grader and the notes for instructors are also left out. \
                 `cargo kata` works there; commands that need these files report that they are missing."
            );
        }
        Ok(PASSED)
    }
}

/// A copy of the course.
pub struct Exported {
    pub folder: PathBuf,
    /// How many files it has.
    pub count: usize,
    /// Projects with changes that are not committed, and so not in the copy.
    edited: Vec<PathBuf>,
    /// What is in the course's folder, and not in the copy.
    others: Vec<PathBuf>,
    is_tracked: bool,
}

impl Exported {
    /// Prints what is not in the copy.
    pub fn report(&self) {
        for folder in &self.edited {
            anstream::println!(
                "{} is exported from the last commit, without your uncommitted changes.",
                folder.display()
            );
        }
        if !self.others.is_empty() {
            anstream::println!(
                "Left out, because they are not part of the course{}:\n{}",
                if self.is_tracked {
                    " or git does not track them (`git add` any that belong to it)"
                } else {
                    ""
                },
                layout::named(&self.others)
            );
        }
    }
}

/// # Errors
///
/// When the folder is not empty, or a file cannot be copied.
pub fn export(course: &Course, to: &Path, no_solutions: bool) -> Result<Exported> {
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
    let is_tracked = tracked(&root).is_some();
    Ok(Exported { count: files::below(&to)?.len(), folder: to, edited, others, is_tracked })
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
