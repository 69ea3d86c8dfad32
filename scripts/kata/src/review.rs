//! `cargo kata review`: what to look for in the reference, once a project is finished.

use std::path::Path;

use anyhow::Result;

use crate::content::sources;
use crate::course::{Course, Lesson};
use crate::reference::{check_is_there, open_gate, project};
use crate::view::{BOLD, DIM, GOOD, Page, text};
use crate::{Database, NOT_PASSED, PASSED, files, progress};

/// # Errors
///
/// When no such lesson exists, it is not a project, or there is no reference.
pub fn review(course: &Course, name: Option<&str>, database: Database) -> Result<u8> {
    let lesson = project(course, name)?;
    check_is_there(course, lesson, "review")?;
    let mut page = Page::new(&course.root);
    let is_passed = is_passed(&mut page, course, lesson, database)?;
    if is_passed {
        questions(&mut page, course, lesson);
        sizes(&mut page, course, lesson, database)?;
    }
    page.print();
    Ok(if is_passed { PASSED } else { NOT_PASSED })
}

/// Whether all gates have passed; says which have not.
fn is_passed(page: &mut Page, course: &Course, lesson: &Lesson, database: Database) -> Result<bool> {
    let progress = progress::read(&course.root)?;
    let stages = 0..lesson.manifest.stages.len();
    let open: Vec<_> =
        stages.filter_map(|index| Some((index, open_gate(lesson, index, &progress, database)?))).collect();
    if open.is_empty() {
        return Ok(true);
    }
    page.line(format_args!(
        "The review is available once all gates of lesson {} pass. These stages are not finished:",
        lesson.number
    ));
    page.blank();
    for (index, gate) in &open {
        let title = &lesson.manifest.gates[gate - 1].title;
        page.line(format_args!(
            "  {} {DIM}· from gate {gate} on, “{title}”{DIM:#}",
            lesson.stage_title(*index)
        ));
    }
    page.blank();
    page.line(format_args!(
        "Go on with {BOLD}cargo kata test {}{}{BOLD:#}.",
        lesson.number,
        database.option()
    ));
    Ok(false)
}

fn questions(page: &mut Page, course: &Course, lesson: &Lesson) {
    page.blank();
    page.line(format_args!("{GOOD}Lesson {}: {} is finished.{GOOD:#}", lesson.number, lesson.manifest.title));
    page.blank();
    page.line(
        "Read the reference as a reviewer reads a colleague's code: find three things that it has and yours does not, and \
         one that you have solved better.",
    );
    for (index, stage) in lesson.manifest.stages.iter().enumerate() {
        page.blank();
        page.line(format_args!("{BOLD}{}. {}{BOLD:#}", index + 1, stage.title));
        for line in stage.review.trim().lines() {
            page.line(format_args!("    {}", page.prose(line)));
        }
        let mut named: Vec<&Path> = Vec::new();
        for piece in &stage.reference {
            if !named.contains(&piece.file.as_path()) {
                named.push(&piece.file);
            }
        }
        let folder = lesson.solution_folder();
        let is_there = |file: &&&Path| course.root.join(&folder).join(file).is_file();
        let places = named.iter().filter(is_there);
        let places: Vec<_> =
            places.map(|file| page.place(&folder.join(file).display().to_string(), None)).collect();
        page.line(format_args!("    {DIM}Open{DIM:#} {}", places.join(", ")));
    }
}

/// Kinds of files that an app consists of: the name, and how their names end.
const KINDS: [(&str, &str); 4] =
    [("Rust", "rs"), ("SQL", "sql"), ("templates", "html"), ("style sheets", "css")];

/// How many files and lines there are of a kind.
#[derive(Default)]
struct Size {
    files: usize,
    lines: usize,
}

fn sizes(page: &mut Page, course: &Course, lesson: &Lesson, database: Database) -> Result<()> {
    let other = Path::new("migrations").join(database.other().name());
    let of = |folder: &Path, ending: &str| -> Result<Size> {
        let mut size = Size::default();
        for file in sources(&course.root.join(folder)) {
            let is_of_kind = file.extension().is_some_and(|extension| extension == ending);
            // Of a person's own tests there may be any number; of migrations, one database's count.
            if is_of_kind && !file.starts_with("tests") && !file.starts_with(&other) {
                size.files += 1;
                size.lines += files::read_text(&course.root.join(folder).join(file))?.lines().count();
            }
        }
        Ok(size)
    };
    page.blank();
    page.line(format_args!("{BOLD}Size{BOLD:#} {DIM}(without tests){DIM:#}"));
    page.blank();
    let columns = |name: &str, mine: &str, theirs: &str| {
        format!("    {}{}{theirs}", text::pad(name, 14), text::pad(mine, 24))
    };
    page.line(columns("", "yours", "the reference"));
    for (name, ending) in KINDS {
        let (mine, theirs) = (of(&lesson.folder(), ending)?, of(&lesson.solution_folder(), ending)?);
        if mine.files + theirs.files > 0 {
            let shown = |size: &Size| format!("{} files, {} lines", size.files, size.lines);
            page.line(columns(name, &shown(&mine), &shown(&theirs)));
        }
    }
    Ok(())
}
