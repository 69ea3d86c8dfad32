//! Which files the course consists of: what is handed out, kept and updated, and nothing else.
//!
//! In a course's folder lie other files, too: submissions, grades, answers of an exam, yesterday's copy of a
//! lesson. So this is a list of what belongs to the course. Everything else is left out, and named.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

use super::GROUNDWORK;
use crate::files;
use crate::files::tracked::tracked;
use crate::record::Record;

/// What lies in the folder of a course.
#[derive(Default)]
pub struct Contents {
    /// The course's files, by path in it, in order.
    pub files: Vec<PathBuf>,
    /// What does not belong to the course: files, and folders with all that is in them. What is built, a
    /// person's own settings and what the guide keeps are not among them.
    pub others: Vec<PathBuf>,
}

/// Files at the top: the course's own, and those that many projects have there.
const AT_THE_TOP: [&str; 23] = [
    ".editorconfig",
    ".env.example",
    ".gitattributes",
    ".gitignore",
    ".typos.toml",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "INSTRUCTOR.md",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "STYLE.md",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "rustfmt.toml",
];

/// Folders at the top with settings, and the files in them. Others there may be a person's own, such as
/// `.cargo/credentials.toml`.
const SETTINGS: [(&str, &[&str]); 3] = [
    (".cargo", &["config.toml"]),
    (".ci", &["run"]),
    (".vscode", &["extensions.json", "launch.json", "settings.json", "tasks.json"]),
];
/// The folder of what GitHub is told: workflows, and forms for issues.
const GITHUB: &str = ".github";

/// Packages whose names are not a lesson's.
const PACKAGES: [&str; 10] = [
    GROUNDWORK,
    "order-up",
    "scripts/bench",
    "scripts/cargo-kata",
    "scripts/grade",
    "scripts/kata",
    "scripts/mutants",
    "scripts/page",
    "scripts/shared-features",
    "tests",
];
/// The folders of a package.
const IN_A_PACKAGE: [&str; 16] = [
    "flask",
    "fleet",
    "fuzz",
    "gates",
    "migrations",
    "mistakes",
    "pictures",
    "platforms",
    "programs",
    "promises",
    "scaffold",
    "src",
    "static",
    "submissions",
    "templates",
    "tests",
];
/// How names of code end. Notes, tables and archives end otherwise.
const CODE: [&str; 14] =
    ["css", "html", "js", "json", "lua", "py", "rs", "sh", "snap", "sql", "svg", "toml", "yaml", "yml"];
const NAMED: [&str; 6] =
    [".env.example", ".gitignore", "Containerfile", "INSTRUCTOR.md", "README.md", "requirements.txt"];

/// What gives solutions away, or is of no use without them: folders and files.
const NOT_HANDED_OUT: [&str; 19] = [
    ".typos.toml",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "STYLE.md",
    "deny.toml",
    "solutions",
    "order-up",
    "tests/mistakes",
    "tests/promises",
    "tests/submissions",
    "scripts/README.md",
    "scripts/bench",
    "scripts/grade",
    "scripts/mutants",
    "scripts/kata/scaffold",
    "scripts/kata/tests",
    "scripts/page/tests",
    ".ci",
    ".github",
];

/// Whether students do not get what is at this path in the course.
pub fn is_left_out(path: impl AsRef<Path>) -> bool {
    let path = path.as_ref();
    path.ends_with("INSTRUCTOR.md") || NOT_HANDED_OUT.iter().any(|gone| path.starts_with(gone))
}

/// Reads what lies at `root`.
///
/// # Errors
///
/// When a folder or the record of the lessons cannot be read.
pub fn contents(root: &Path) -> Result<Contents> {
    let layout = Layout::read(root)?;
    let mut contents = Contents::default();
    let mut entries = WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = entry.with_context(|| format!("cannot read {}", root.display()))?;
        let path = entry.path().strip_prefix(root)?;
        let is_folder = entry.file_type().is_dir();
        if is_own(&entry) {
            if is_folder {
                entries.skip_current_dir();
            }
        } else if is_folder && !layout.leads_to_files(path) {
            entries.skip_current_dir();
            contents.others.push(path.to_owned());
        } else if entry.file_type().is_file() && layout.has(path) {
            contents.files.push(path.to_owned());
        } else if !is_folder {
            contents.others.push(path.to_owned());
        }
    }
    Ok(contents)
}

/// The same; where the course is in git, only what git tracks belongs to it.
///
/// # Errors
///
/// As [`contents`].
pub fn tracked_contents(root: &Path) -> Result<Contents> {
    let mut contents = contents(root)?;
    if let Some(tracked) = tracked(root) {
        let (files, unknown) = contents.files.into_iter().partition(|file| tracked.contains(file));
        contents.files = files;
        contents.others.extend::<Vec<_>>(unknown);
        contents.others.sort();
    }
    Ok(contents)
}

/// The names of the lessons, as in `05-crud`, and whether each is a project. The manifests may be those of a newer
/// course, of which this guide does not know every key.
///
/// # Errors
///
/// When the folder of the manifests cannot be read.
pub fn lessons(root: &Path) -> Result<BTreeMap<String, bool>> {
    let folder = root.join("tests/gates");
    let mut lessons = BTreeMap::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = files::read_text(&path).unwrap_or_default();
            let manifest: toml::Table = toml::from_str(&text).unwrap_or_default();
            let is_project = ["app", "stage"].iter().all(|key| manifest.contains_key(*key));
            lessons.insert(stem.replace('_', "-"), is_project);
        }
    }
    Ok(lessons)
}

/// Tells the course's files from others.
pub struct Layout {
    lessons: BTreeMap<String, bool>,
    record: Record,
}

impl Layout {
    /// # Errors
    ///
    /// When the folder of the manifests or the record of the lessons cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        Ok(Self { lessons: lessons(root)?, record: Record::read(root)? })
    }

    /// Whether a file at this path in the course's folder belongs to the course.
    pub fn has(&self, path: &Path) -> bool {
        let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap_or_default()).collect();
        match parts[..] {
            [name] => AT_THE_TOP.contains(&name),
            ["lessons", "README.md" | "GUIDE.md" | "GLOSSARY.md" | "RUST.md" | ".derived"]
            | ["scripts", "README.md"] => true,
            ["lessons", "groundwork", ..] => self.in_package(path).is_some_and(is_code),
            ["lessons", lesson, "INSTRUCTOR.md" | "README.md"] => self.lessons.contains_key(lesson),
            ["lessons", lesson, ..] if self.is_unlisted_project(lesson) => {
                inside_lesson(path).is_some_and(|inside| is_code(inside) || is_projects_text(inside))
            }
            // The code of a lesson is what was derived. Whatever else is there is somebody's own.
            ["lessons", ..] => self.record.paths().any(|written| written == path),
            [GITHUB, ..] => ["md", "yml"].contains(&extension(path)),
            [folder, name] if is_settings(folder) => {
                SETTINGS.iter().any(|(settings, names)| *settings == folder && names.contains(&name))
            }
            _ => self.in_package(path).is_some_and(is_code),
        }
    }

    /// Whether a folder can hold files of the course.
    fn leads_to_files(&self, folder: &Path) -> bool {
        let parts: Vec<_> = folder.iter().map(|part| part.to_str().unwrap_or_default()).collect();
        match parts[..] {
            ["lessons" | "solutions" | "scripts"] => true,
            ["lessons", "groundwork", ..] => self.in_package(folder).is_some_and(is_package_folder),
            ["lessons", lesson] => self.lessons.contains_key(lesson),
            ["lessons", lesson, ..] if self.is_unlisted_project(lesson) => inside_lesson(folder)
                .is_some_and(|inside| inside == Path::new(CARDS) || is_package_folder(inside)),
            ["lessons", ..] => self.record.paths().any(|written| written.starts_with(folder)),
            [GITHUB, ..] => true,
            [name] if is_settings(name) => true,
            _ => self.in_package(folder).is_some_and(is_package_folder),
        }
    }

    /// Whether the lesson's code is written by hand in this course. A copy that was made of it has a record of what
    /// was handed out, and what the record does not list is somebody's own there.
    fn is_unlisted_project(&self, lesson: &str) -> bool {
        let folder = Path::new("lessons").join(lesson);
        self.lessons.get(lesson) == Some(&true)
            && !self.record.paths().any(|written| written.starts_with(&folder))
    }

    /// The path inside of the package that it belongs to; of a package's own folder, nothing.
    fn in_package<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        if let Ok(inside) = path.strip_prefix("solutions") {
            let name = inside.iter().next()?.to_str()?;
            return inside.strip_prefix(name).ok().filter(|_| self.lessons.contains_key(name));
        }
        PACKAGES.iter().find_map(|package| path.strip_prefix(package).ok())
    }
}

/// The folder of a project's cards, in the lesson's.
const CARDS: &str = "stages";
/// What a project's skeleton can be built with, beside its README.
const TOOLS: &str = "TOOLS.md";

/// A text of a project: a card, or its tools.
fn is_projects_text(inside: &Path) -> bool {
    inside == Path::new(TOOLS) || (inside.parent() == Some(Path::new(CARDS)) && extension(inside) == "md")
}

/// The path inside of a lesson's folder.
fn inside_lesson(path: &Path) -> Option<&Path> {
    let mut parts = path.components();
    parts.next()?;
    parts.next()?;
    Some(parts.as_path())
}

fn is_settings(folder: &str) -> bool {
    SETTINGS.iter().any(|(name, _)| *name == folder)
}

fn is_code(inside: &Path) -> bool {
    let name = inside.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_at_its_place = inside.parent().is_some_and(is_package_folder);
    is_at_its_place && (NAMED.contains(&name) || CODE.contains(&extension(inside)) || is_card_of_any(inside))
}

/// The tests of the guide have a project, too.
fn is_card_of_any(inside: &Path) -> bool {
    let folder = inside.parent().and_then(Path::file_name);
    folder.is_some_and(|folder| folder == CARDS) && extension(inside) == "md"
}

fn is_package_folder(inside: &Path) -> bool {
    inside.iter().next().is_none_or(|first| IN_A_PACKAGE.iter().any(|name| first == *name))
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// What is built, a person's own settings, what the guide keeps, and what programs leave behind: everybody has
/// it, and it is nobody else's.
fn is_own(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_str().unwrap_or_default();
    let is_left_behind =
        matches!(extension(entry.path()), "db" | "db-shm" | "db-wal" | "new" | "pending-snap" | "swp");
    let is_tools = ["target", ".git", ".jj", ".idea", "node_modules", ".env", ".DS_Store", crate::OWN_FOLDER]
        .contains(&name);
    is_tools || is_left_behind || name.starts_with(".kata-progress")
}

/// Names of what was left out, as a list to be printed.
pub fn named(others: &[PathBuf]) -> String {
    const MOST: usize = 20;
    let mut lines: Vec<_> = others.iter().take(MOST).map(|path| format!("    {}", path.display())).collect();
    if others.len() > MOST {
        lines.push(format!("    and {} more", others.len() - MOST));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
