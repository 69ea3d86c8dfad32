//! Takes from a submission the files that a student writes, and nothing else.
//!
//! A folder, an archive and a checkout of the same work are listed alike (`listing`), so that they get the same
//! verdict. `layout` finds the lessons in the list, however deep they lie.

mod archive;
mod folder;
mod layout;
mod listing;
mod rules;
pub mod scan;
pub mod uploads;

use std::collections::BTreeMap;
use std::path::Path;

use kata::course::{Course, Lesson};
use kata::export::is_as_exported;
use kata::files::text::normalized;
use sha2::{Digest, Sha256};

use layout::{Layout, Place};
use listing::{Item, Listing};
use rules::Rules;

/// Bounds of what one lesson may be made of. Order Up has eighty files.
const MOST_FILES: usize = 128;
const LARGEST_FILE: u64 = 256 << 10;
const LARGEST_LESSON: usize = 1 << 20;

/// What an item may be that is not taken, as the end of a sentence that begins with its name.
const TOO_LARGE: &str = "is larger than 256 KiB";
const LINK: &str = "is a link; hand in the file itself";
const HARD_LINK: &str = "is a second name of a file that is not a lesson's; hand in a copy";
const NOT_REGULAR: &str = "is not a regular file";
const NOT_UNICODE: &str = "has a name that is not Unicode; rename it";

/// Of a path inside a lesson, which gets into a folder of the grader's.
const LONGEST_PATH: usize = 2_000;
/// How many of the files that do not count are named.
const MOST_NAMED: usize = 20;
/// How many archives may lie in one another.
const DEEPEST_ARCHIVE: usize = 2;

/// The files of one lesson, by path inside it.
pub type Taken = BTreeMap<String, Vec<u8>>;

/// What somebody has handed in, as far as it can be read.
pub struct Submission {
    content: Result<(Listing, Layout), Fault>,
}

/// Why nothing of a submission can be graded.
pub struct Fault {
    pub why: String,
    /// No lesson is in it, and nothing that may have been one: it may be no submission at all.
    pub is_something_else: bool,
}

/// What came of it.
pub enum Intake {
    Taken(Taken),
    /// It cannot be graded as it was handed in; why, in a sentence.
    Unreadable(String),
    /// Nothing of this lesson is there; what is, in a sentence.
    Nothing(String),
}

impl Submission {
    /// Reads the folder or archive at `path`. `only` is the lesson that is graded, if it is a single one.
    pub fn open(path: &Path, course: &Course, only: Option<&Lesson>) -> Self {
        // The readers of archives are other people's code, on bytes that nobody has seen.
        let read = std::panic::catch_unwind(|| read(path, course, only));
        let died =
            |_| Err(Fault::of("it cannot be read: the archive is damaged; pack it and hand it in again"));
        Self { content: read.unwrap_or_else(died) }
    }

    /// Why nothing of it can be graded, if that is so.
    pub fn fault(&self) -> Option<&Fault> {
        self.content.as_ref().err()
    }

    /// The files of `lesson` that its manifest lets a student hand in.
    pub fn take(&self, lesson: &Lesson) -> Intake {
        let (listing, layout) = match &self.content {
            Ok(content) => content,
            Err(fault) => return Intake::Unreadable(fault.why.clone()),
        };
        match layout.place(lesson) {
            Place::At(folder) => match check(listing.of_lesson(folder, lesson)) {
                Ok(taken) => Intake::Taken(taken),
                Err(why) => Intake::Unreadable(line(&why)),
            },
            Place::Several(folders) => {
                let folders: Vec<_> = folders
                    .iter()
                    .map(|folder| format!("`{}`", line(folder.trim_end_matches('/'))))
                    .collect();
                Intake::Unreadable(format!(
                    "the lesson is there {} times, and the files differ: {}; hand in one",
                    folders.len(),
                    folders.join(", ")
                ))
            }
            Place::Nowhere => {
                let is_lessons = |link: &&String| {
                    let last = link.rsplit('/').next().unwrap_or_default();
                    last == lesson.name || last == "lessons"
                };
                if let Some(link) = listing.links.iter().find(is_lessons) {
                    return Intake::Unreadable(format!("`{}` {LINK}", line(link)));
                }
                let there: Vec<_> = layout.lessons().collect();
                Intake::Nothing(format!(
                    "nothing was handed in for this lesson; the submission holds {}",
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
                let is_left_out =
                    matches!(item, Item::Unreadable(why) if why == TOO_LARGE && !is_source(inside));
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

impl Fault {
    fn of(why: impl Into<String>) -> Self {
        // A reader of archives may quote what it has read.
        Self { why: line(&why.into()), is_something_else: false }
    }
}

fn read(path: &Path, course: &Course, only: Option<&Lesson>) -> Result<(Listing, Layout), Fault> {
    let rules = Rules { lessons: &course.lessons };
    let name = uploads::name_of(path);
    let kind = std::fs::metadata(path).map_err(|error| Fault::of(format!("it cannot be read: {error}")))?;
    let mut listing = match kind.is_dir() {
        true => folder::list(path, &rules),
        false => archive::list(path, &rules).map_err(|why| Fault::of(format!("it {why}")))?,
    };
    listing.leave_out_impossible();
    let mut layout = Layout::of(&listing, &rules, &name, only);
    for _ in 0..DEEPEST_ARCHIVE {
        if layout.is_empty() && listing.has_archives() {
            listing.open_archives(&rules);
            listing.leave_out_impossible();
            layout = Layout::of(&listing, &rules, &name, only);
        }
    }
    if !layout.is_empty() {
        return Ok((listing, layout));
    }
    if let Some(fault) = listing.faults.first() {
        return Err(Fault::of(fault));
    }
    if let Some(link) = listing.links.iter().find(|link| rules.is_lessons(link)) {
        return Err(Fault::of(format!("`{}` {LINK}", line(link))));
    }
    if folder::is_bare_repository(path) {
        return Err(Fault::of("it is a git repository without its files; clone it, and hand in the clone"));
    }
    let why = format!(
        "no lesson is in it: it holds {}. Hand in the folder `lessons` of the course, or a lesson's folder, such as \
         `{}`",
        line(&listing.described()),
        course.lessons.first().map_or("", |lesson| &lesson.name)
    );
    Err(Fault { why, is_something_else: true })
}

/// Whether the lesson's manifest lets a student hand in the file at this path inside it. On Windows and macOS `SRC` is
/// `src`.
pub fn is_handed_in(lesson: &Lesson, path: &str) -> bool {
    lesson.manifest.handed_in.iter().any(|pattern| match pattern.strip_suffix("/**") {
        Some(folder) => {
            let inside = path.as_bytes().get(..folder.len());
            inside.is_some_and(|inside| inside.eq_ignore_ascii_case(folder.as_bytes()))
                && path.as_bytes().get(folder.len()) == Some(&b'/')
                && path.len() > folder.len() + 1
        }
        None => path.eq_ignore_ascii_case(pattern),
    })
}

/// Whether a file is what the lessons' own are: source, and not a picture beside it.
fn is_source(path: &str) -> bool {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    ["rs", "sql", "html", "css", "js", "toml", "example"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// Gives files the names by which the course knows them: on Windows and macOS `SRC/Lib.rs` is `src/lib.rs`, and so it
/// compiled there. Where both are, each keeps its name.
pub fn with_known_names<'a>(taken: &Taken, known: impl Iterator<Item = &'a String>) -> Taken {
    let known: BTreeMap<_, _> = known.map(|path| (path.to_lowercase(), path)).collect();
    let mut named = Taken::new();
    for (path, bytes) in taken {
        let name = known.get(&path.to_lowercase()).filter(|name| !taken.contains_key(**name));
        named.insert(name.map_or(path, |name| *name).clone(), bytes.clone());
    }
    named
}

/// The name without an archive's ending.
pub fn without_ending(name: &str) -> &str {
    archive::without_ending(name)
}

/// Characters that change the order in which a line is shown: what is read is not what is compiled.
pub fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn line(text: &str) -> String {
    crate::text::line(text)
}

fn check<'a>(items: impl Iterator<Item = (&'a str, &'a Item)>) -> Result<Taken, String> {
    let mut taken = Taken::new();
    let mut size = 0;
    for (path, item) in items {
        match item {
            Item::File(_) if path.len() > LONGEST_PATH => {
                return Err(format!("`{}` lies too deep; use shorter names", line(path)));
            }
            Item::File(bytes) => {
                size += bytes.len();
                taken.insert(path.to_owned(), normalized(bytes).into_owned());
            }
            // A screenshot is not source, and nobody has to notice it. What compiles it in will.
            Item::Unreadable(why) if why == TOO_LARGE && !is_source(path) => {}
            Item::Unreadable(why) => return Err(format!("`{}` {why}", line(path))),
        }
    }
    if taken.len() > MOST_FILES {
        return Err(format!("the lesson has more than {MOST_FILES} files"));
    }
    if size > LARGEST_LESSON {
        return Err("the lesson's files are larger than 1 MiB together".to_owned());
    }
    Ok(taken)
}

/// What the files are, in 64 digits.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut digest = Sha256::new();
    for (path, bytes) in files {
        digest.update(format!("{} {}\n", path.len(), bytes.len()));
        digest.update(path);
        digest.update(bytes);
    }
    kata::content::hex(&digest.finalize())
}
