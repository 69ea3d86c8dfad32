//! The files of one lesson that count, and which paths these may have.

use std::collections::BTreeMap;

use kata::course::Lesson;
use kata::files::text::normalized;
use sha2::{Digest, Sha256};

use super::fault::{FileFault, LessonFault};
use super::item::Item;
use crate::text::line;

/// Bounds of what one lesson may be made of. Order Up has eighty files.
const MOST_FILES: usize = 128;
const LARGEST_LESSON: usize = 1 << 20;
/// Of a path inside a lesson: the grader writes the file into a folder of its own.
const LONGEST_PATH: usize = 2_000;

/// The files of one lesson, by path inside it.
pub type Taken = BTreeMap<String, Vec<u8>>;

/// Takes a lesson's files, within the bounds of a lesson.
///
/// # Errors
///
/// When one of them cannot be read, or they are out of bounds.
pub fn take<'a>(items: impl Iterator<Item = (&'a str, &'a Item)>) -> Result<Taken, LessonFault> {
    let mut taken = Taken::new();
    for (path, item) in items {
        match item {
            Item::File(_) if path.len() > LONGEST_PATH => return Err(LessonFault::TooDeep(line(path))),
            Item::File(bytes) => {
                taken.insert(path.to_owned(), normalized(bytes).into_owned());
            }
            Item::Unreadable(fault) if may_be_left_out(path, fault) => {}
            Item::Unreadable(fault) => {
                return Err(LessonFault::File { path: line(path), fault: fault.clone() });
            }
        }
    }
    let is_too_much = |taken: &Taken| match size(taken) {
        _ if taken.len() > MOST_FILES => Some(LessonFault::TooManyFiles(MOST_FILES)),
        LARGEST_LESSON.. => Some(LessonFault::TooLarge),
        _ => None,
    };
    if is_too_much(&taken).is_some() {
        taken.retain(|path, _| is_source(path));
    }
    is_too_much(&taken).map_or(Ok(taken), Err)
}

fn size(taken: &Taken) -> usize {
    taken.values().map(Vec::len).sum()
}

/// Whether a lesson is complete without this file: a screenshot is not source. Code that includes it then does not
/// compile; no code can include a file whose name is not text.
fn may_be_left_out(path: &str, fault: &FileFault) -> bool {
    matches!(fault, FileFault::TooLarge | FileFault::NotUnicode) && !is_source(path)
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

/// Whether the manifest lets a student hand in something at or below this path.
pub fn holds_handed_in(lesson: &Lesson, path: &str) -> bool {
    is_handed_in(lesson, path) || is_handed_in(lesson, &format!("{path}/_"))
}

/// Whether a file is source, as the lessons' own are, and not a picture beside it.
pub fn is_source(path: &str) -> bool {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    ["rs", "sql", "html", "css", "js", "toml", "example"]
        .iter()
        .any(|source| extension.eq_ignore_ascii_case(source))
}

/// Gives files the names that they have in the course: on Windows and macOS `SRC/Lib.rs` is `src/lib.rs`, and so it
/// compiled there. Where both are, or one would lie in the place of the other's folder, each keeps its name.
pub fn with_course_names<'a>(taken: &Taken, course: impl Iterator<Item = &'a String>) -> Taken {
    let course: BTreeMap<_, _> = course.map(|path| (path.to_lowercase(), path)).collect();
    let is_above =
        |folder: &str, path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let is_free = |path: &String, name: &str| {
        let mut others = taken.keys().filter(|other| *other != path).map(|other| other.to_lowercase());
        let name = name.to_lowercase();
        !others.any(|other| is_above(&name, &other) || is_above(&other, &name))
    };
    let mut named = Taken::new();
    for (path, bytes) in taken {
        let name = course
            .get(&path.to_lowercase())
            .filter(|name| path == **name || (!taken.contains_key(**name) && is_free(path, name)));
        named.insert(name.map_or(path, |name| *name).clone(), bytes.clone());
    }
    named
}

/// What the files are, in 64 digits.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut digest = Sha256::new();
    for (path, bytes) in files {
        digest.update(format!("{} {}\n", path.len(), bytes.len()));
        digest.update(path);
        digest.update(bytes);
    }
    kata::digest::hex(&digest.finalize())
}
