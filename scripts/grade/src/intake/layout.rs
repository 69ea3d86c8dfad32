//! Where in a submission the lessons are.

use std::collections::{BTreeMap, BTreeSet};

use kata::course::Lesson;
use kata::files::text::normalized;

use super::item::Item;
use super::listing::Listing;
use super::rules::Rules;

/// For each lesson that is there, by name, the folders that may be it: one, unless their files differ. A folder is
/// empty or ends with `/`.
#[derive(Default)]
pub struct Layout {
    found: BTreeMap<String, Vec<String>>,
}

/// Where one lesson is.
#[derive(Debug, PartialEq)]
pub enum Place<'a> {
    At(&'a str),
    Nowhere,
    Several(&'a [String]),
}

impl Layout {
    /// `name`, the submission's own, may tell which lesson it is; so may `only`, the lesson that is graded if it is a
    /// single one.
    pub fn of(listing: &Listing, rules: &Rules<'_>, name: &str, only: Option<&Lesson>) -> Self {
        let mut candidates: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for path in listing.items.keys() {
            let parts: Vec<_> = path.split('/').collect();
            if let Some((at, lesson)) = rules.places(&parts).next() {
                candidates.entry(&lesson.name).or_default().insert(folder(&parts[..at]));
            }
        }
        if candidates.is_empty() {
            candidates = lone(listing, rules, name, only);
        }
        let mut found = BTreeMap::new();
        for (name, folders) in candidates {
            let Some(lesson) = rules.lessons.iter().find(|lesson| lesson.name == name) else { continue };
            found.insert(name.to_owned(), narrowed(listing, lesson, folders));
        }
        Self { found }
    }

    /// Adds the lessons that only the other one has.
    pub fn add(&mut self, other: Self) {
        for (lesson, folders) in other.found {
            self.found.entry(lesson).or_insert(folders);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn place(&self, lesson: &Lesson) -> Place<'_> {
        match self.found.get(&lesson.name).map(Vec::as_slice) {
            None | Some([]) => Place::Nowhere,
            Some([one]) => Place::At(one),
            Some(several) => Place::Several(several),
        }
    }

    /// The names of the lessons that are there.
    pub fn lessons(&self) -> impl Iterator<Item = &str> {
        self.found.keys().map(String::as_str)
    }
}

/// A lesson's folder that does not have the lesson's name: its manifest, the submission's name, or the command line
/// tells which lesson it is.
fn lone<'a>(
    listing: &Listing,
    rules: &Rules<'a>,
    name: &str,
    only: Option<&'a Lesson>,
) -> BTreeMap<&'a str, BTreeSet<String>> {
    let mut candidates: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, item) in &listing.items {
        let Some(folder) = path.strip_suffix("Cargo.toml") else { continue };
        let Item::File(bytes) = item else { continue };
        if !(folder.is_empty() || folder.ends_with('/')) {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        let is_of = |lesson: &&Lesson| {
            let package = format!("\"{}\"", lesson.package());
            text.lines().any(|line| {
                line.split_once('=')
                    .is_some_and(|(key, value)| key.trim() == "name" && value.trim() == package)
            })
        };
        if let Some(lesson) = rules.lessons.iter().find(is_of)
            && listing.of_lesson(folder, lesson).next().is_some()
        {
            candidates.entry(&lesson.name).or_default().insert(folder.to_owned());
        }
    }
    if !candidates.is_empty() {
        return candidates;
    }
    let Some(lesson) = only.or_else(|| rules.lesson_in(name)) else { return candidates };
    let mut folders = BTreeSet::new();
    for path in listing.items.keys() {
        let parts: Vec<_> = path.split('/').collect();
        if let Some(at) = Rules::place_of_lone(lesson, &parts) {
            folders.insert(folder(&parts[..at]));
        }
    }
    // Many a folder is called `src`; a lesson's holds `lib.rs`.
    let has_library = |folder: &String| listing.items.contains_key(&format!("{folder}src/lib.rs"));
    if folders.iter().any(has_library) {
        folders.retain(has_library);
    }
    if !folders.is_empty() {
        candidates.insert(&lesson.name, folders);
    }
    candidates
}

/// Of several folders those that lie in one called `lessons`, as in the course; of these the outermost; and of
/// folders with the same files one.
fn narrowed(listing: &Listing, lesson: &Lesson, folders: BTreeSet<String>) -> Vec<String> {
    let in_lessons = |folder: &String| folder.trim_end_matches('/').rsplit('/').nth(1) == Some("lessons");
    let mut folders: Vec<_> = folders.into_iter().collect();
    if folders.iter().any(in_lessons) {
        folders.retain(in_lessons);
    }
    let depth = |folder: &String| folder.matches('/').count();
    let outermost = folders.iter().map(depth).min().unwrap_or(0);
    folders.retain(|folder| depth(folder) == outermost);
    if let Some(first) = folders.first().cloned() {
        let files = |folder: &str| -> Vec<(String, Option<Vec<u8>>)> {
            let content = |item: &Item| match item {
                Item::File(bytes) => Some(normalized(bytes).into_owned()),
                Item::Unreadable(_) => None,
            };
            listing.of_lesson(folder, lesson).map(|(path, item)| (path.to_owned(), content(item))).collect()
        };
        let of_first = files(&first);
        folders.retain(|folder| *folder == first || files(folder) != of_first);
    }
    folders
}

fn folder(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("{part}/")).collect()
}
