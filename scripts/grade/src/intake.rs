//! Takes from a submission the files that a student writes, and nothing else.
//!
//! A folder, an archive and a checkout of the same work are listed alike (`listing`), so that they get the same
//! verdict. `layout` finds the lessons in the list, however deep they lie.

mod archive;
pub mod fault;
mod folder;
mod item;
pub mod kind;
mod layout;
mod listing;
mod names;
mod rules;
pub mod scan;
pub mod taken;
pub mod uploads;

use std::path::Path;

use kata::course::{Course, Lesson};
use kata::export::is_as_exported;
use serde::{Deserialize, Serialize};

use crate::text::line;
use fault::{Fault, FileFault, LessonFault};
use item::Item;
use layout::{Layout, Place};
use listing::Listing;
use rules::Rules;
use taken::{Taken, is_handed_in, is_source};

/// How many of the files that do not count are named.
const MOST_NAMED: usize = 20;
/// How many archives may lie in one another.
const DEEPEST_ARCHIVE: usize = 2;

/// A submission, as far as it can be read.
pub struct Submission {
    content: Result<(Listing, Layout), Fault>,
}

/// What a submission holds for one lesson.
#[derive(Deserialize, Serialize)]
pub enum Intake {
    Taken(Taken),
    /// It cannot be graded as it was handed in; why, in a sentence.
    Unreadable(String),
    /// Nothing of this lesson is there; what is, in a sentence.
    Nothing(String),
    /// The grader could not even begin to read it; why, in a sentence.
    ReaderFailed(String),
}

impl Submission {
    /// Reads the folder or archive at `path`. `only` is the lesson that is graded, if it is a single one.
    pub fn open(path: &Path, course: &Course, only: Option<&Lesson>) -> Self {
        // Other people's code reads the archive, and its bytes may be anything.
        let read = std::panic::catch_unwind(|| read(path, course, only));
        Self { content: read.unwrap_or(Err(Fault::ReaderFailed)) }
    }

    /// Why nothing of it can be graded, if that is so.
    pub fn fault(&self) -> Option<&Fault> {
        self.content.as_ref().err()
    }

    /// The files of `lesson` that its manifest lets a student hand in.
    pub fn take(&self, lesson: &Lesson) -> Intake {
        let (listing, layout) = match &self.content {
            Ok(content) => content,
            Err(fault) => return Intake::Unreadable(fault.sentence()),
        };
        match layout.place(lesson) {
            Place::At(folder) => match taken::take(listing.of_lesson(folder, lesson)) {
                Ok(taken) => Intake::Taken(taken),
                Err(fault) => Intake::Unreadable(line(&fault.to_string())),
            },
            Place::Several(folders) => {
                let named = |folder: &String| format!("`{}`", line(folder.trim_end_matches('/')));
                Intake::Unreadable(LessonFault::Copies(folders.iter().map(named).collect()).to_string())
            }
            Place::Nowhere => {
                let is_lessons = |link: &&String| {
                    let last = link.rsplit('/').next().unwrap_or_default();
                    last == lesson.name || last == "lessons"
                };
                if let Some(link) = listing.links.iter().find(is_lessons) {
                    return Intake::Unreadable(Fault::Link { path: line(link) }.to_string());
                }
                let there: Vec<_> = layout.lessons().collect();
                Intake::Nothing(format!(
                    "nothing was handed in for this lesson; the submission contains {}",
                    there.join(", ")
                ))
            }
        }
    }

    /// Files that the student has changed or added and that do not count, the first of them. Those of the course are
    /// in `canonical`.
    pub fn ignored(&self, canonical: &Path, lessons: &[&Lesson]) -> Vec<String> {
        let Ok((listing, layout)) = &self.content else { return Vec::new() };
        let mut ignored = listing.impossible.clone();
        let mut courses: Vec<&str> = Vec::new();
        for lesson in lessons {
            let Place::At(folder) = layout.place(lesson) else { continue };
            let in_course = format!("lessons/{}/", lesson.name);
            if let Some(course) = folder.strip_suffix(&in_course)
                && !courses.contains(&course)
            {
                courses.push(course);
            }
            for (path, item) in &listing.items {
                let Some(inside) = path.strip_prefix(folder) else { continue };
                let is_left_out = matches!(item, Item::Unreadable(fault) if matches!(**fault, FileFault::TooLarge))
                    && !is_source(inside);
                if (is_left_out || !is_handed_in(lesson, inside))
                    && is_changed(item, canonical, &format!("{in_course}{inside}"))
                {
                    ignored.push(format!("{in_course}{inside}"));
                }
            }
        }
        for course in courses {
            for (path, item) in &listing.items {
                let Some(inside) = path.strip_prefix(course) else { continue };
                if rules::is_named(inside) && is_changed(item, canonical, inside) {
                    ignored.push(inside.to_owned());
                }
            }
        }
        ignored.sort();
        ignored.into_iter().take(MOST_NAMED).map(|path| line(&path)).collect()
    }
}

/// Whether the item differs from what the course has at this path, and from what an export makes of that.
fn is_changed(item: &Item, canonical: &Path, path: &str) -> bool {
    let Item::File(bytes) = item else { return true };
    std::fs::read(canonical.join(path)).map_or(true, |ours| !is_as_exported(path, &ours, bytes))
}

fn read(path: &Path, course: &Course, only: Option<&Lesson>) -> Result<(Listing, Layout), Fault> {
    let rules = Rules { lessons: &course.lessons };
    let name = names::name_of(path);
    let kind = std::fs::metadata(path).map_err(Fault::Io)?;
    let mut listing = match kind.is_dir() {
        true => folder::list(path, &rules),
        false => archive::list(path, &rules)?,
    };
    listing.leave_out_impossible();
    let mut layout = Layout::of(&listing, &rules, &name, only);
    // A lesson may lie in an archive beside another one's folder.
    let is_complete = |layout: &Layout| match only {
        Some(lesson) => layout.place(lesson) != Place::Nowhere,
        None => course.lessons.iter().all(|lesson| layout.place(lesson) != Place::Nowhere),
    };
    for _ in 0..DEEPEST_ARCHIVE {
        if !is_complete(&layout) && listing.has_archives() {
            archive::open_inner(&mut listing, &rules);
            listing.leave_out_impossible();
            layout.add(Layout::of(&listing, &rules, &name, only));
        }
    }
    if !layout.is_empty() {
        return Ok((listing, layout));
    }
    if !listing.faults.is_empty() {
        return Err(listing.faults.swap_remove(0).into());
    }
    if let Some(link) = listing.links.iter().find(|link| rules.is_lessons(link)) {
        return Err(Fault::Link { path: line(link) });
    }
    if folder::is_bare_repository(path) {
        return Err(Fault::BareRepository);
    }
    Err(Fault::NoLesson {
        holds: line(&listing.described()),
        example: course.lessons.first().map_or_else(String::new, |lesson| lesson.name.clone()),
    })
}
