//! What a submission holds, by path: the same whether it came as a folder or as an archive.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kata::course::Lesson;
use kata::leftovers;

use super::fault::{FileFault, MOST_ARCHIVES, PartFault};
use super::item::Item;
use super::rules::Rules;
use super::taken::holds_handed_in;

/// How many files of one submission are kept, and how much of them. Ten copies of the course are less.
const MOST_KEPT: usize = 8_000;
const LARGEST_KEPT: usize = 32 << 20;
/// How many names are kept for a submission without a lesson.
const MOST_NAMED: usize = 3;
/// The longest name that the usual file systems take, in bytes.
const LONGEST_NAME: usize = 255;
/// Of a whole path. Linux takes no longer one.
const LONGEST_PATH: usize = 4_096;
/// How deep in a submission anything is looked for.
pub const DEEPEST: usize = 40;

/// The paths are relative to the submission and have `/` between their parts.
#[derive(Default)]
pub struct Listing {
    /// What may count: files that a lesson's manifest lists, and those that somebody might expect to count.
    pub items: BTreeMap<String, Item>,
    /// Archives in the submission, which are opened where nothing else holds a lesson.
    archives: BTreeMap<String, Packed>,
    /// Links and other things that are not files, where a lesson may be.
    pub links: Vec<String>,
    /// Entries of archives that no disk could hold, so they are not part of anybody's work.
    pub impossible: Vec<String>,
    /// Why parts of it could not be read.
    pub faults: Vec<PartFault>,
    /// How many files do not count, and the names of some.
    others: usize,
    named: Vec<String>,
    kept: usize,
}

/// An archive inside a submission.
pub enum Packed {
    OnDisk(PathBuf),
    InMemory(Vec<u8>),
}

impl Listing {
    /// Notes a file. `read` is called if it may count.
    pub fn add(&mut self, path: &str, rules: &Rules<'_>, read: impl FnOnce() -> Item) {
        if self.is_left_out(path) {
            return;
        }
        if !rules.may_count(path) {
            self.others += 1;
            if self.named.len() < MOST_NAMED {
                self.named.push(path.to_owned());
            }
            return;
        }
        if self.items.len() >= MOST_KEPT || self.kept > LARGEST_KEPT {
            if !self.faults.iter().any(|fault| matches!(fault, PartFault::TooManySources)) {
                self.faults.push(PartFault::TooManySources);
            }
            return;
        }
        let item = read();
        if let Item::File(bytes) = &item {
            self.kept += bytes.len();
        }
        // An archive may hold a name twice. The last one is what unpacking it leaves.
        self.items.insert(path.to_owned(), item);
    }

    /// The file at `path`, if it is kept.
    pub fn copy_of(&self, path: &str) -> Option<Item> {
        self.items.get(path).cloned()
    }

    /// Notes a link, a device or a pipe. It is not followed and not opened.
    pub fn add_link(&mut self, path: &str, fault: FileFault, rules: &Rules<'_>) {
        if self.is_left_out(path) {
            return;
        }
        // In the place of a folder, its files would be missing without a word.
        if rules.is_listed(path) || rules.is_listed(&format!("{path}/_")) {
            self.items.insert(path.to_owned(), fault.into());
        } else if self.links.len() < MOST_NAMED || rules.is_lessons(path) {
            self.links.push(path.to_owned());
        }
    }

    pub fn add_archive(&mut self, path: &str, packed: Packed) {
        if self.is_left_out(path) {
            return;
        }
        if self.archives.len() < MOST_ARCHIVES {
            self.archives.insert(path.to_owned(), packed);
        } else {
            self.faults.push(PartFault::TooManyArchives);
        }
    }

    pub fn has_archives(&self) -> bool {
        !self.archives.is_empty()
    }

    /// The archives that have not been opened yet.
    pub fn take_archives(&mut self) -> BTreeMap<String, Packed> {
        std::mem::take(&mut self.archives)
    }

    /// Puts what an archive holds in its place, as if it were a folder of its name.
    pub fn take_in(&mut self, archive: &str, inner: Self) {
        let inside = |path: String| format!("{archive}/{path}");
        self.items.extend(inner.items.into_iter().map(|(path, item)| (inside(path), item)));
        self.archives.extend(inner.archives.into_iter().map(|(path, packed)| (inside(path), packed)));
        self.links.extend(inner.links.into_iter().map(inside));
        let faults = inner.faults.into_iter().map(Box::new);
        self.faults.extend(faults.map(|fault| PartFault::InArchive { archive: archive.to_owned(), fault }));
        self.others += inner.others;
        self.named.extend(inner.named.into_iter().map(inside));
    }

    /// Whether nothing more is to be done about a path: no disk could hold it, or a system has left it behind.
    fn is_left_out(&mut self, path: &str) -> bool {
        if !is_possible(path) {
            if self.impossible.len() < MOST_NAMED {
                self.impossible.push(path.to_owned());
            }
            return true;
        }
        is_left_behind(path)
    }

    /// Leaves out files in the place of a folder.
    pub fn leave_out_impossible(&mut self) {
        let is_folder = |path: &str| {
            let below = format!("{path}/");
            self.items.range(below.clone()..).next().is_some_and(|(next, _)| next.starts_with(&below))
        };
        let impossible: Vec<_> = self.items.keys().filter(|path| is_folder(path)).cloned().collect();
        for path in impossible {
            self.items.remove(&path);
            self.impossible.push(path);
        }
    }

    /// The lesson's files are those at `folder`, which is empty or ends with `/`.
    pub fn of_lesson<'a>(
        &'a self,
        folder: &'a str,
        lesson: &'a Lesson,
    ) -> impl Iterator<Item = (&'a str, &'a Item)> {
        let items =
            self.items.iter().filter_map(move |(path, item)| Some((path.strip_prefix(folder)?, item)));
        items.filter(move |(path, _)| holds_handed_in(lesson, path))
    }

    /// What is there where no lesson is, as the end of a sentence that begins with "it holds".
    pub fn described(&self) -> String {
        let all: Vec<_> = self.named.iter().chain(self.items.keys()).take(MOST_NAMED).collect();
        let count = self.others + self.items.len();
        if all.is_empty() {
            return match self.links.first() {
                Some(link) => format!("`{link}`, which is a link; the grader does not follow links"),
                None => "no file".to_owned(),
            };
        }
        let names: Vec<_> = all.iter().map(|name| format!("`{name}`")).collect();
        let more = if count > all.len() { format!(" and {} more", count - all.len()) } else { String::new() };
        format!("{}{more}", names.join(", "))
    }
}

/// Whether a disk could hold a file at this path.
fn is_possible(path: &str) -> bool {
    let mut parts = path.split('/');
    path.len() <= LONGEST_PATH
        && !path.contains('\0')
        && parts.by_ref().take(DEEPEST).all(|part| part.len() <= LONGEST_NAME)
        && parts.next().is_none()
}

/// Whether this is a file that systems, editors and synchronization tools leave behind. Of a folder's name it
/// proves nothing: `ann.old` may hold her work.
fn is_left_behind(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(leftovers::is_leftover)
}

/// The path that an archive or a file system names, in one form: `/` between the parts, no drive, no `.`, and
/// nothing above the submission. Nothing is ever written to these paths, so a name that leads elsewhere
/// is an entry that counts for nothing.
pub fn clean_path(name: &str) -> String {
    let name = name.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            // `C:` of a program that stores whole paths.
            drive if parts.is_empty() && drive.len() == 2 && drive.ends_with(':') => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn a_path_is_normalized_however_it_was_written() {
        for (written, clean) in [
            ("lessons/05-crud/src/lib.rs", "lessons/05-crud/src/lib.rs"),
            ("./lessons//05-crud/./src/lib.rs", "lessons/05-crud/src/lib.rs"),
            ("lessons\\05-crud\\src\\lib.rs", "lessons/05-crud/src/lib.rs"),
            ("C:\\Users\\ann\\lessons\\x", "Users/ann/lessons/x"),
            ("/home/ann/lessons/x", "home/ann/lessons/x"),
            ("../course/lessons/x", "course/lessons/x"),
            ("lessons/../../../etc/cron.d/mine", "etc/cron.d/mine"),
            ("course/../lessons/x", "lessons/x"),
            ("..", ""),
        ] {
            assert_eq!(clean_path(written), clean, "{written}");
        }
    }
}
