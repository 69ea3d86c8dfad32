//! Takes from a submission the files that a student writes, and nothing else.

mod archive;
mod folder;
pub mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::course::Lesson;
use sha2::{Digest, Sha256};

/// Bounds of what one lesson may be made of. Order Up has eighty files.
const MOST_FILES: usize = 128;
const LARGEST_FILE: u64 = 256 << 10;
const LARGEST_LESSON: usize = 1 << 20;
const TOO_LARGE: &str = "is larger than 256 KiB";

/// The files of one lesson, by path inside it.
pub type Taken = BTreeMap<String, String>;

/// A folder or an archive that somebody has handed in.
pub struct Submission {
    /// The name of its folder or file, which names its results.
    pub name: String,
    place: Place,
}

enum Place {
    /// A copy of the course.
    Course(PathBuf),
    /// The folder of one lesson.
    Lesson(PathBuf),
    Archive(BTreeMap<String, Item>),
}

/// What lies at a path.
enum Item {
    File(Vec<u8>),
    /// Neither file nor folder, or out of bounds: in words.
    Refused(&'static str),
}

/// Why a lesson cannot be graded as it was handed in.
pub struct Refusal(pub String);

/// What came of it.
pub enum Intake {
    Taken(Taken),
    Refused(Refusal),
    /// Nothing of this lesson is there.
    Nothing,
}

/// Finds the submissions at `path`: one, or a folder of them.
pub fn find(path: &Path, single_lesson: bool) -> Result<Vec<PathBuf>> {
    let kind = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    if kind.is_file() {
        return match archive::is_one(path) {
            true => Ok(vec![path.to_owned()]),
            false => bail!("{} is neither a folder nor a .zip, .tar or .tar.gz file", path.display()),
        };
    }
    if is_submission(path) || (single_lesson && path.join("src").is_dir()) {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let path = entry?.path();
        let is_one = if path.is_dir() {
            is_submission(&path) || (single_lesson && path.join("src").is_dir())
        } else {
            archive::is_one(&path)
        };
        if is_one {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        bail!(
            "{} holds no submission: neither itself nor a folder in it holds `lessons/`. \
             For the folder of a single lesson, name that: `--lesson 5`",
            path.display()
        );
    }
    Ok(found)
}

fn is_submission(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join("lessons")).is_ok()
}

impl Submission {
    pub fn open(path: &Path) -> Result<Self> {
        let absolute = fs::canonicalize(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = absolute.file_name().context("the root folder is no submission")?;
        let mut name = name.to_string_lossy().into_owned();
        let place = if absolute.is_file() {
            for ending in archive::ENDINGS {
                name = name.strip_suffix(ending).map(str::to_owned).unwrap_or(name);
            }
            Place::Archive(
                archive::read(&absolute).with_context(|| format!("cannot read {}", path.display()))?,
            )
        } else if is_submission(&absolute) {
            Place::Course(absolute)
        } else {
            Place::Lesson(absolute)
        };
        Ok(Self { name, place })
    }

    /// The files of `lesson` that its manifest lets a student hand in.
    pub fn take(&self, lesson: &Lesson) -> Result<Intake> {
        let items = match &self.place {
            Place::Course(root) => {
                if let Some(link) = folder::linked(root, &lesson.folder()) {
                    return Ok(Intake::Refused(Refusal(format!("`{link}` is a link"))));
                }
                if folder::submodules(root).contains(&lesson.folder().display().to_string()) {
                    return Ok(Intake::Refused(Refusal("the lesson's folder is a submodule".into())));
                }
                folder::items(&root.join(lesson.folder()), lesson)?
            }
            Place::Lesson(folder) => folder::items(folder, lesson)?,
            Place::Archive(all) => {
                let prefix = format!("{}/", lesson.folder().display());
                let mut items = BTreeMap::new();
                for (path, item) in all {
                    if let Item::Refused(why @ archive::OUTSIDE) = item {
                        return Ok(Intake::Refused(Refusal(format!("`{}` {why}", crate::text::line(path)))));
                    }
                    let Some(path) = path.strip_prefix(&prefix) else { continue };
                    if is_handed_in(lesson, path) || path.split('/').any(|part| part == ".git") {
                        items.insert(path.to_owned(), item.copy());
                    }
                }
                items
            }
        };
        if items.is_empty() {
            return Ok(Intake::Nothing);
        }
        Ok(match check(items) {
            Ok(taken) => Intake::Taken(taken),
            Err(refusal) => Intake::Refused(refusal),
        })
    }

    /// Files that the student has changed or added and that do not count, the first of them.
    pub fn ignored(&self, canonical: &Path, lessons: &[&Lesson]) -> Vec<String> {
        match &self.place {
            Place::Course(root) => folder::ignored(root, canonical, lessons),
            Place::Lesson(_) | Place::Archive(_) => Vec::new(),
        }
    }
}

impl Item {
    fn copy(&self) -> Self {
        match self {
            Self::File(bytes) => Self::File(bytes.clone()),
            Self::Refused(why) => Self::Refused(why),
        }
    }
}

/// Whether the lesson's manifest lets a student hand in the file at this path inside it.
pub fn is_handed_in(lesson: &Lesson, path: &str) -> bool {
    lesson.manifest.handed_in.iter().any(|pattern| match pattern.strip_suffix("/**") {
        Some(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
        None => path == pattern,
    })
}

/// Characters that change the order in which a line is shown: what is read is not what is compiled.
pub fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn check(items: BTreeMap<String, Item>) -> Result<Taken, Refusal> {
    let refuse = |path: &str, why: &str| Err(Refusal(format!("`{}` {why}", crate::text::line(path))));
    if items.len() > MOST_FILES {
        return Err(Refusal(format!("there are more than {MOST_FILES} files")));
    }
    let mut taken = Taken::new();
    let mut names = BTreeSet::new();
    let mut size = 0;
    for (path, item) in items {
        let bytes = match item {
            Item::File(bytes) => bytes,
            Item::Refused(why) => return refuse(&path, why),
        };
        if !names.insert(path.to_lowercase()) {
            return refuse(&path, "has the name of another file, apart from capitals");
        }
        size += bytes.len();
        if size > LARGEST_LESSON {
            return Err(Refusal("the files are larger than 1 MiB together".into()));
        }
        let Ok(text) = String::from_utf8(bytes) else { return refuse(&path, "is not UTF-8") };
        // Bytes that are UTF-8 are text: what ended its lines at home changes neither digest nor verdict.
        let text = kata::files::text::decode(text.as_bytes()).unwrap_or(text);
        if text.chars().any(is_bidi_control) {
            return refuse(&path, "holds characters that change the order in which text is shown");
        }
        taken.insert(path, text);
    }
    Ok(taken)
}

/// What the files are, in 64 digits.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    let mut digest = Sha256::new();
    for (path, text) in files {
        digest.update(format!("{} {}\n", path.len(), text.len()));
        digest.update(path);
        digest.update(text);
    }
    kata::content::hex(&digest.finalize())
}
