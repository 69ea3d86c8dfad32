//! Which files of a submission may count, decided by their paths alone.

use kata::course::Lesson;

use super::kind::without_ending;
use super::taken::{holds_handed_in, is_handed_in};

/// Folders in which tools keep their own files. No module has such a name.
const TOOLS: [&str; 12] = [
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".kata",
    ".idea",
    ".vs",
    ".vscode",
    ".venv",
    "__MACOSX",
    "__pycache__",
    "$RECYCLE.BIN",
];
/// Folders that tools fill, too. Below a folder that is handed in, such as `src`, these names are a student's own.
const BUILT: [&str; 4] = ["target", "node_modules", "vendor", "venv"];

/// Files that do not count, and are named where somebody has changed them.
const NAMED: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "insta.yaml",
    ".insta.yaml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "build.rs",
    ".gitmodules",
];
const NAMED_FOLDERS: [&str; 3] = [".cargo", ".config", "tests"];

pub struct Rules<'a> {
    pub lessons: &'a [Lesson],
}

/// A place where a path may be cut: what is before it, and the rest.
struct Cut<'a> {
    before: &'a [&'a str],
    rest: String,
}

impl<'a> Rules<'a> {
    /// Whether the file may be a lesson's, or is one that is named where it was changed.
    pub fn may_count(&self, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').collect();
        cuts(&parts).any(|cut| {
            let in_lesson = cut.before.last().is_some_and(|folder| self.lesson(folder).is_some());
            self.lessons.iter().any(|lesson| is_handed_in(lesson, &cut.rest))
                || in_lesson
                || is_named(&cut.rest)
        })
    }

    /// Whether a lesson's manifest lists a file at this path inside some folder.
    pub fn is_listed(&self, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').collect();
        cuts(&parts).any(|cut| self.lessons.iter().any(|lesson| is_handed_in(lesson, &cut.rest)))
    }

    /// Whether a lesson's own part of the path, behind the folders around it, lost what was not Unicode in it.
    pub fn is_own_name_cut(&self, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').collect();
        let mut own =
            cuts(&parts).filter(|cut| self.lessons.iter().any(|lesson| is_handed_in(lesson, &cut.rest)));
        own.next().is_some_and(|cut| cut.rest.contains(char::REPLACEMENT_CHARACTER))
    }

    /// Whether the last part of the path is a lesson's folder, or the folder of them all.
    pub fn is_lessons(&self, path: &str) -> bool {
        let last = path.rsplit('/').next().unwrap_or_default();
        last == "lessons" || self.lesson(last).is_some()
    }

    /// Whether nothing below this folder can count.
    pub fn is_skipped(&self, folder: &str) -> bool {
        let name = folder.rsplit('/').next().unwrap_or_default();
        TOOLS.contains(&name) || (BUILT.contains(&name) && !self.is_listed(&format!("{folder}/_")))
    }

    /// The lesson whose folder is called so, also by an archive's name or a copy's: `05-crud (1).zip`.
    pub fn lesson(&self, folder: &str) -> Option<&'a Lesson> {
        let name = folder_name(folder);
        self.lessons.iter().find(|lesson| lesson.name == name)
    }

    /// The lesson whose name somebody has put into the name of what they hand in: `ann_12345_05-crud.zip`.
    pub fn lesson_in(&self, name: &str) -> Option<&'a Lesson> {
        let name = folder_name(name);
        let mut named = self.lessons.iter().filter(|lesson| {
            name.match_indices(&lesson.name).any(|(at, found)| {
                let is_apart = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
                is_apart(name[..at].chars().next_back()) && is_apart(name[at + found.len()..].chars().next())
            })
        });
        // Two names are ambiguous.
        named.next().filter(|_| named.next().is_none())
    }

    /// The places of a lesson in a path: each with the number of parts before the lesson's own files.
    pub fn places<'p>(&self, parts: &'p [&'p str]) -> impl Iterator<Item = (usize, &'a Lesson)> {
        let found = cuts(parts).filter_map(|cut| {
            let lesson = self.lesson(cut.before.last()?)?;
            (is_students(cut.before) && holds_handed_in(lesson, &cut.rest))
                .then_some((cut.before.len(), lesson))
        });
        found.collect::<Vec<_>>().into_iter()
    }

    /// Where in a path `lesson`'s files begin, if it does not lie in a folder with a lesson's name.
    pub fn place_of_lone(lesson: &Lesson, parts: &[&str]) -> Option<usize> {
        cuts(parts)
            .find(|cut| is_students(cut.before) && holds_handed_in(lesson, &cut.rest))
            .map(|cut| cut.before.len())
    }
}

/// Whether a file is named where somebody has changed it; `path` begins where the course or the lesson does.
pub fn is_named(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    NAMED.contains(&path) || (NAMED_FOLDERS.contains(&first) && first != path)
}

/// The cuts of a path with nothing that tools have filled before them, from the left; none of a path that lies in a
/// tool's folder.
fn cuts<'a>(parts: &'a [&'a str]) -> impl Iterator<Item = Cut<'a>> {
    let folders = &parts[..parts.len() - 1];
    let is_tools = folders.iter().any(|part| TOOLS.contains(part));
    let end = folders.iter().position(|part| BUILT.contains(part)).unwrap_or(folders.len());
    let cuts = if is_tools { 0..0 } else { 0..end + 1 };
    cuts.map(|at| Cut { before: &parts[..at], rest: parts[at..].join("/") })
}

/// Whether a lesson in these folders is not one of the course's own, which has some in `solutions` and `tests`. A
/// whole copy of the course may be called `solutions`, too.
fn is_students(folders: &[&str]) -> bool {
    let last = |name: &str| folders.iter().rposition(|folder| *folder == name);
    last("lessons") >= last("solutions") && last("lessons") >= last("tests")
}

/// A lesson's name as people and programs change it: `05-crud (1)`, `05_crud copy`, `Lesson-05-crud-main`.
fn folder_name(folder: &str) -> String {
    let mut name = without_ending(folder).to_lowercase().replace('_', "-");
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit());
    if let Some((start, copy)) = name.rsplit_once(' ')
        && (is_digits(copy.trim_matches(['(', ')'])) || copy == "copy")
    {
        name = start.trim_end_matches([' ', '-']).to_owned();
    }
    for ending in ["-main", "-master"] {
        name = name.strip_suffix(ending).map(str::to_owned).unwrap_or(name);
    }
    // A second upload of the same name.
    if let Some((start, count)) = name.rsplit_once('-')
        && is_digits(count)
    {
        name = start.to_owned();
    }
    name.strip_prefix("lesson-").map(str::to_owned).unwrap_or(name)
}
