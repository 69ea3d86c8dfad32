//! Reads from folders what somebody has handed in there: no link is followed, nothing is read without a bound.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kata::course::Lesson;

use super::{Item, LARGEST_FILE, MOST_FILES, TOO_LARGE, is_handed_in};

/// How many files of a folder are looked at, to name those that do not count.
const MOST_LOOKED_AT: usize = 2000;
const MOST_NAMED: usize = 20;

/// The first part of `path` below `root` that is a link.
pub fn linked(root: &Path, path: &Path) -> Option<String> {
    let parts: Vec<_> = path.ancestors().filter(|part| *part != Path::new("")).collect();
    let is_link = |part: &&&Path| fs::symlink_metadata(root.join(part)).is_ok_and(|kind| kind.is_symlink());
    parts.iter().rev().find(is_link).map(|part| part.display().to_string())
}

pub fn submodules(root: &Path) -> BTreeSet<String> {
    let text = read_bounded(&root.join(".gitmodules"), LARGEST_FILE).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let path =
        |line: &str| Some(line.trim().strip_prefix("path")?.trim().strip_prefix('=')?.trim().to_owned());
    text.lines().filter_map(path).collect()
}

pub fn items(folder: &Path, lesson: &Lesson) -> Result<BTreeMap<String, Item>> {
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

/// Files that the student has changed or added and that do not count, at most `MOST_NAMED`.
pub fn ignored(root: &Path, canonical: &Path, lessons: &[&Lesson]) -> Vec<String> {
    let mut named = Vec::new();
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
        let walk = walk.filter_entry(|entry| !matches!(entry.file_name().to_str(), Some("target" | ".git")));
        let files = walk.filter_map(Result::ok).filter(|entry| !entry.file_type().is_dir());
        let files = files.take(MOST_LOOKED_AT);
        candidates.extend(files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_owned())));
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
        let is_same = |(ours, theirs): (&Vec<u8>, &Vec<u8>)| kata::files::text::is_same(ours, theirs);
        let is_ours = ours.as_ref().zip(theirs.as_ref().ok()).is_some_and(is_same);
        if is_there && !is_ours && named.len() < MOST_NAMED {
            named.push(crate::text::line(&path.display().to_string()));
        }
    }
    named
}
