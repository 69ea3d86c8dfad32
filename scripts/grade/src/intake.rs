//! Takes from a submission the files that a student writes, and nothing else.

mod archive;
pub mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::course::Lesson;
use sha2::{Digest, Sha256};

/// Bounds of what one lesson may be made of. Order Up has eighty files.
const MOST_FILES: usize = 128;
const LARGEST_FILE: u64 = 256 << 10;
const LARGEST_LESSON: usize = 1 << 20;
/// How many files of a folder are looked at, to name those that do not count.
const MOST_LOOKED_AT: usize = 2000;
const MOST_NAMED: usize = 20;

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
                if let Some(link) = linked(root, &lesson.folder()) {
                    return Ok(Intake::Refused(Refusal(format!("`{link}` is a link"))));
                }
                if submodules(root).contains(&lesson.folder().display().to_string()) {
                    return Ok(Intake::Refused(Refusal("the lesson's folder is a submodule".into())));
                }
                in_folder(&root.join(lesson.folder()), lesson)?
            }
            Place::Lesson(folder) => in_folder(folder, lesson)?,
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

    /// Files that the student has changed or added and that do not count, at most `MOST_NAMED`.
    pub fn ignored(&self, canonical: &Path, lessons: &[&Lesson]) -> Vec<String> {
        let mut named = Vec::new();
        let Place::Course(root) = &self.place else { return named };
        let mut candidates: Vec<PathBuf> = [
            "Cargo.toml",
            "Cargo.lock",
            "insta.yaml",
            ".insta.yaml",
            "rust-toolchain",
            "rust-toolchain.toml",
            "build.rs",
            ".gitmodules",
        ]
        .map(PathBuf::from)
        .to_vec();
        let mut folders: Vec<PathBuf> = [".cargo", ".config", "tests"].map(PathBuf::from).to_vec();
        folders.extend(lessons.iter().map(|lesson| lesson.folder()));
        for folder in folders {
            let walk = walkdir::WalkDir::new(root.join(&folder)).sort_by_file_name().into_iter();
            let walk =
                walk.filter_entry(|entry| !matches!(entry.file_name().to_str(), Some("target" | ".git")));
            let files = walk.filter_map(Result::ok).filter(|entry| !entry.file_type().is_dir());
            let files = files.take(MOST_LOOKED_AT);
            candidates
                .extend(files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_owned())));
        }
        let counts = |path: &Path| {
            lessons.iter().any(|lesson| {
                let inside = path.strip_prefix(lesson.folder()).ok().and_then(Path::to_str);
                inside.is_some_and(|inside| is_handed_in(lesson, inside))
            })
        };
        for path in candidates.into_iter().filter(|path| !counts(path)) {
            let theirs = read_bounded(&root.join(&path), LARGEST_FILE);
            let ours = fs::read(canonical.join(&path)).ok();
            let is_there = fs::symlink_metadata(root.join(&path)).is_ok();
            if is_there && (ours.is_none() || theirs.ok() != ours) && named.len() < MOST_NAMED {
                named.push(crate::text::line(&path.display().to_string()));
            }
        }
        named
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

/// The first part of `path` below `root` that is a link.
fn linked(root: &Path, path: &Path) -> Option<String> {
    let parts: Vec<_> = path.ancestors().filter(|part| *part != Path::new("")).collect();
    let is_link = |part: &&&Path| fs::symlink_metadata(root.join(part)).is_ok_and(|kind| kind.is_symlink());
    parts.iter().rev().find(is_link).map(|part| part.display().to_string())
}

fn submodules(root: &Path) -> BTreeSet<String> {
    let text = read_bounded(&root.join(".gitmodules"), LARGEST_FILE).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let path =
        |line: &str| Some(line.trim().strip_prefix("path")?.trim().strip_prefix('=')?.trim().to_owned());
    text.lines().filter_map(path).collect()
}

fn in_folder(folder: &Path, lesson: &Lesson) -> Result<BTreeMap<String, Item>> {
    let mut items = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(items);
    }
    let walk = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.file_name() != "target") {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path().strip_prefix(folder)?;
        let Some(name) = path.to_str().map(|name| name.replace('\\', "/")) else {
            // Such a name cannot be on the list, unless its folder is.
            let name = path.to_string_lossy().replace('\\', "/");
            if is_handed_in(lesson, &name) {
                items.insert(name, Item::Refused("has a name that is not Unicode"));
            }
            continue;
        };
        if entry.file_name() == ".git" {
            items.insert(name, Item::Refused("is a git repository of its own"));
            continue;
        }
        // A link in the place of `src` is no folder, so its files would be missing without a word.
        let is_listed = is_handed_in(lesson, &name) || is_handed_in(lesson, &format!("{name}/_"));
        if entry.file_type().is_dir() || !is_listed {
            continue;
        }
        let item = if entry.file_type().is_symlink() {
            Item::Refused("is a link")
        } else if !entry.file_type().is_file() {
            Item::Refused("is no regular file")
        } else {
            read_item(entry.path())?
        };
        items.insert(name, item);
        if items.len() > MOST_FILES {
            break;
        }
    }
    Ok(items)
}

fn read_item(path: &Path) -> Result<Item> {
    let bytes =
        read_bounded(path, LARGEST_FILE).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(if bytes.len() as u64 > LARGEST_FILE { Item::Refused(TOO_LARGE) } else { Item::File(bytes) })
}

const TOO_LARGE: &str = "is larger than 256 KiB";

/// At most one byte more than `most`. Links are not followed.
fn read_bounded(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((nix::fcntl::OFlag::O_NOFOLLOW | nix::fcntl::OFlag::O_NONBLOCK).bits());
    }
    let mut bytes = Vec::new();
    options.open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
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
