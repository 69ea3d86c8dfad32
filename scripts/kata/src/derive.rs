//! Writes the code of `lessons/` from `solutions/`: each lesson, and what the lessons share. The skeleton of a
//! project is written by hand, and nothing here writes or judges it.
//!
//! `lessons/.derived` remembers what was written, so that a file that somebody has changed since
//! is told apart from one that is out of date, and is not written over.

pub mod tasks;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::backup::Backup;
use crate::course::layout::Layout;
use crate::course::{Course, GROUNDWORK, Lesson};
use crate::record::Record;
use crate::{NOT_PASSED, PASSED, files, project};

pub use crate::record::Files;

/// What the command does with the solutions.
const PURPOSE: &str = "creates the lessons from the solutions";

/// How a file on disk differs from what is derived.
#[derive(Debug, Eq, PartialEq)]
pub enum Stale {
    /// The solution has moved on, or the file is missing.
    Outdated,
    /// Somebody has changed it since it was written.
    Changed,
    /// It was derived once and no longer is.
    Superfluous,
}

/// All files that are derived, as they should be.
///
/// # Errors
///
/// When a solution cannot be read, or a task in it is not closed.
pub fn derived(course: &Course) -> Result<Files> {
    let mut files = Files::new();
    for lesson in &course.lessons {
        files.extend(shared(course, lesson)?);
        if lesson.is_project() {
            continue;
        }
        files.extend(skeleton(course, lesson, &mut tasks::todo)?);
    }
    Ok(files)
}

/// What later lessons use of this one: the solution's code, whole and without its markers. Migrations are kept
/// apart by lesson, as a lesson needs those of the lessons before it alone.
fn shared(course: &Course, lesson: &Lesson) -> Result<Files> {
    let mut shared = Files::new();
    for file in solution_files(course, lesson)? {
        if !lesson.manifest.shared.iter().any(|path| file.starts_with(path)) {
            continue;
        }
        let target = match file.strip_prefix("migrations") {
            Ok(inside) => Path::new("migrations").join(&lesson.name).join(inside),
            Err(_) => file.clone(),
        };
        let text = tasks::without_markers(&read(&course.root.join(lesson.solution_folder()).join(&file))?);
        // In the package itself its own name is `crate`.
        shared.insert(Path::new(GROUNDWORK).join(target), text.replace("groundwork::", "crate::"));
    }
    Ok(shared)
}

/// The lesson as it is handed out: made from the solution or, of a project, its skeleton.
///
/// # Errors
///
/// As [`derived`]; and when how a skeleton was handed out is not known.
pub fn handed_out(course: &Course, lesson: &Lesson) -> Result<Files> {
    match lesson.is_project() {
        true => project::handed_out(course, lesson),
        false => skeleton(course, lesson, &mut tasks::todo),
    }
}

/// The lesson made from the solution, with `filler` in the place of what a student writes.
///
/// # Errors
///
/// As [`derived`].
pub fn skeleton(course: &Course, lesson: &Lesson, filler: tasks::Filler<'_>) -> Result<Files> {
    package(course, lesson, &mut |source, text| tasks::skeleton(source, text, filler))
}

/// The lesson as it is when a student has written what the solution holds.
///
/// # Errors
///
/// When the solution cannot be read.
pub fn completed(course: &Course, lesson: &Lesson) -> Result<Files> {
    package(course, lesson, &mut |_, text| Ok(text.to_owned()))
}

/// The solution's package turned into the lesson's, `change` applied to all but its manifest.
fn package(
    course: &Course,
    lesson: &Lesson,
    change: &mut dyn FnMut(&Path, &str) -> Result<String>,
) -> Result<Files> {
    let folder = lesson.solution_folder();
    let mut package = Files::new();
    for path in solution_files(course, lesson)?.into_iter().filter(|path| !is_solutions_own(lesson, path)) {
        let source = folder.join(&path);
        let text = read(&course.root.join(&source))?;
        let text = if path == Path::new("Cargo.toml") {
            manifest(course, &text, lesson)
        } else {
            change(&source, &text)?
        };
        package.insert(lesson.folder().join(path), renamed(&text, lesson));
    }
    Ok(package)
}

/// The files of the solution, by path in its folder. Somebody's notes beside them are not part of it, and would be
/// handed out with the lesson.
fn solution_files(course: &Course, lesson: &Lesson) -> Result<Vec<PathBuf>> {
    let folder = lesson.solution_folder();
    let layout = Layout::read(&course.root)?;
    let mut files = files::below(&course.root.join(&folder))?;
    files.retain(|path| layout.has(&folder.join(path)));
    Ok(files)
}

/// The demo is the instructor's, and tests other than the gate are the maintainers'. An app has no demo:
/// its program is what the lesson is about, and its README is for who runs it.
fn is_solutions_own(lesson: &Lesson, path: &Path) -> bool {
    let own = if lesson.manifest.app.is_some() { "README.md" } else { "src/main.rs" };
    path == Path::new(own) || (path.starts_with("tests") && path != Path::new("tests/gate.rs"))
}

/// The lesson's `Cargo.toml`: without the paragraphs and lines that only the demo or the solution's own
/// tests need, with the program that runs the lesson, and quiet about parameters that nothing uses while a body is a
/// gap.
fn manifest(course: &Course, text: &str, lesson: &Lesson) -> String {
    let demo = if lesson.manifest.app.is_some() { "# Demo:" } else { "[[bin]]" };
    let is_own =
        |paragraph: &&str| [demo, "# Demo:", "# Own:"].iter().any(|start| paragraph.starts_with(start));
    let lines: Vec<_> = text.lines().filter(|line| !line.contains(" # Own:")).collect();
    let text = format!("{}\n", lines.join("\n"));
    let paragraphs: Vec<_> = text.split("\n\n").filter(|paragraph| !is_own(paragraph)).collect();
    let program = lesson.program_file();
    let with_program = |paragraph: &str| match course.root.join(&program).is_file()
        && paragraph.starts_with("[lib]")
    {
        true => format!(
            "{paragraph}\n\n# `cargo kata run` starts this.\n[[example]]\nname = \"{}\"\npath = \"../../{}\"",
            lesson.program_name(),
            program.display().to_string().replace('\\', "/")
        ),
        false => paragraph.to_owned(),
    };
    let paragraphs: Vec<_> = paragraphs.into_iter().map(with_program).collect();
    let quiet = "\
[lints.rust]
unsafe_code = \"forbid\"
# An unfinished task leaves its function's parameters unused. An ignored result is still an error.
unused = { level = \"allow\", priority = -1 }
unused_must_use = \"deny\"";
    paragraphs
        .join("\n\n")
        .replace("[lints]\nworkspace = true", quiet)
        // A lesson lies beside the package of what the lessons share.
        .replace("\"../../lessons/", "\"../")
        .replace("\"../lessons/", "\"../")
}

/// `text` with the lesson's name for the package. An app's name is also a word, so of that one only the
/// places are changed where it is the package's.
fn renamed(text: &str, lesson: &Lesson) -> String {
    let with_underscores = |name: String| name.replace('-', "_");
    if lesson.manifest.app.is_some() {
        let (from, to) = (lesson.solution_package(), lesson.package());
        let (from_crate, to_crate) = (with_underscores(from.clone()), with_underscores(to.clone()));
        return text
            .replace(&format!("name = \"{from}\""), &format!("name = \"{to}\""))
            .replace(&format!("-p {from}"), &format!("-p {to}"))
            // An app lies one folder higher.
            .replace("\"../../tests/gates/", "\"../../../tests/gates/")
            .replace(&format!("{from_crate}::"), &format!("{to_crate}::"))
            .replace(&format!("extern crate {from_crate}"), &format!("extern crate {to_crate}"));
    }
    text.replace(&lesson.solution_package(), &lesson.package())
        .replace(&with_underscores(lesson.solution_package()), &with_underscores(lesson.package()))
}

fn read(path: &Path) -> Result<String> {
    files::read_text(path)
}

/// Every derived file that is not as it should be.
pub fn stale(course: &Course, files: &Files, record: &Record) -> Vec<(PathBuf, Stale)> {
    let mut stale = Vec::new();
    for (path, text) in files {
        let on_disk = files::read_text(&course.root.join(path)).ok();
        match on_disk {
            Some(on_disk) if &on_disk == text => {}
            Some(on_disk) if !record.wrote(path, &on_disk) => stale.push((path.clone(), Stale::Changed)),
            _ => stale.push((path.clone(), Stale::Outdated)),
        }
    }
    let is_derived = |path: &Path| !is_of_project(course, path);
    let superfluous = record
        .paths()
        .filter(|path| is_derived(path) && !files.contains_key(*path) && course.root.join(path).exists());
    stale.extend(superfluous.map(|path| (path.to_owned(), Stale::Superfluous)));
    stale
}

/// Whether a file is a skeleton's. The record may list it: the lesson was derived once, or the course is a copy that
/// was made of another one.
fn is_of_project(course: &Course, path: &Path) -> bool {
    course.lessons.iter().any(|lesson| lesson.is_project() && path.starts_with(lesson.folder()))
}

/// `cargo kata derive --check`.
///
/// # Errors
///
/// When there are no solutions, or they cannot be derived from.
pub fn check(course: &Course) -> Result<u8> {
    course.check_solutions("derive --check", PURPOSE)?;
    let files = derived(course)?;
    let stale = stale(course, &files, &Record::read(&course.root)?);
    for (path, how) in &stale {
        anstream::println!("{}: {}", path.display(), fix(how));
    }
    if stale.is_empty() {
        anstream::println!("{} derived files are up to date", files.len());
    }
    Ok(if stale.is_empty() { PASSED } else { NOT_PASSED })
}

/// What is wrong with a stale file, and what fixes it.
pub fn fix(how: &Stale) -> &'static str {
    match how {
        Stale::Outdated => "out of date; run `cargo kata derive`",
        Stale::Changed => {
            "changed by hand; make the change in the solution it comes from, then run `cargo kata derive --force`, \
             which saves a copy of the changed file"
        }
        Stale::Superfluous => "no longer derived from anything; run `cargo kata derive`",
    }
}

/// `cargo kata derive`.
///
/// # Errors
///
/// As [`check`]; and when a file cannot be written.
pub fn derive(course: &Course, force: bool) -> Result<u8> {
    course.check_solutions("derive", PURPOSE)?;
    let files = derived(course)?;
    let mut record = Record::read(&course.root)?;
    let stale = stale(course, &files, &record);
    let is_changed = |how: &Stale| *how == Stale::Changed;
    if force {
        let mut backup = Backup::new(&course.root);
        for (path, _) in stale.iter().filter(|(_, how)| is_changed(how)) {
            backup.keep(path)?;
        }
        if let Some(folder) = backup.place() {
            anstream::println!("the old files are saved in {}", folder.display());
        }
    }
    let mut left = 0;
    for (path, how) in &stale {
        if is_changed(how) && !force {
            anstream::println!("not changed: {}: {}", path.display(), fix(how));
            left += 1;
            continue;
        }
        match files.get(path) {
            Some(text) => files::write(&course.root.join(path), text)?,
            None => files::delete(&course.root.join(path))?,
        }
        anstream::println!(
            "{} {}",
            if files.contains_key(path) { "wrote" } else { "deleted" },
            path.display()
        );
    }
    let is_left = |path: &Path| !force && stale.iter().any(|(stale, how)| stale == path && is_changed(how));
    record.update(&files, is_left);
    record.write(&course.root)?;
    anstream::println!("{} derived files, {} of them written now", files.len(), stale.len() - left);
    Ok(if left == 0 { PASSED } else { NOT_PASSED })
}
