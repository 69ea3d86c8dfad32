//! Which folders and files of somebody's are submissions, and what each is called.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kata::course::{Course, Lesson};
use unicode_normalization::UnicodeNormalization;

use super::fault::LARGEST_FILE;
use super::kind::has_ending;
use super::kind::without_ending;
use super::rules::Rules;
use super::taken::holds_handed_in;
use crate::untrusted;

/// One submission.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upload {
    /// The name of its results: a valid folder name on every system, and unique in the batch.
    pub name: String,
    pub path: PathBuf,
}

/// What is to be graded.
#[derive(Default)]
pub struct Uploads {
    pub all: Vec<Upload>,
    /// What lies beside the submissions and is not one: lists, and what a system adds.
    pub left_out: Vec<String>,
}

/// Names of what was handed in that do not name the student: then the name of the folder around it is used.
const NOT_A_STUDENT: [&str; 18] = [
    "archive",
    "assignment",
    "code",
    "course",
    "exercise",
    "exercises",
    "final",
    "hand-in",
    "handin",
    "homework",
    "lesson",
    "lessons",
    "main",
    "project",
    "src",
    "submission",
    "work",
    "order-up",
];

impl Uploads {
    /// The submissions at `paths`: each is one, or a folder of them. `out`, where results are written, is none.
    ///
    /// # Errors
    ///
    /// When a path cannot be read, or nothing is there.
    pub fn find(paths: &[PathBuf], course: &Course, only: Option<&Lesson>, out: &Path) -> Result<Self> {
        let mut uploads = Self::default();
        // Each with whether it has been named, and not found in a folder.
        let mut found: Vec<(PathBuf, bool)> = Vec::new();
        for path in paths {
            let kind = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
            if kind.is_file() || (is_one(path, course, only) && !holds_others(path, course)) {
                found.push((path.clone(), true));
            } else {
                found.extend(uploads.of_batch(path, out)?.into_iter().map(|path| (path, false)));
            }
        }
        // A submission that is named twice is graded once.
        let mut paths = HashSet::new();
        found.retain(|(path, _)| paths.insert(std::path::absolute(path).unwrap_or_else(|_| path.clone())));
        let names = names(&found, course);
        uploads.all = names.into_iter().zip(found).map(|(name, (path, _))| Upload { name, path }).collect();
        Ok(uploads)
    }

    /// What lies in a folder of submissions, in order.
    fn of_batch(&mut self, folder: &Path, out: &Path) -> Result<Vec<PathBuf>> {
        let cannot = || format!("cannot read {}", folder.display());
        let mut entries = fs::read_dir(folder)
            .with_context(cannot)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()
            .with_context(cannot)?;
        entries.sort();
        let names: Vec<_> = entries.iter().map(|path| name_of(path)).collect();
        let mut found = Vec::new();
        for (path, name) in entries.iter().zip(&names) {
            if std::path::absolute(path).is_ok_and(|path| path == out) {
                continue;
            }
            if is_systems(name) || is_companion(path, name, &names) {
                self.left_out.push(name.clone());
            } else {
                found.push(path.clone());
            }
        }
        if found.is_empty() {
            bail!("{} holds no submission: no folder and no archive is in it", folder.display());
        }
        Ok(found)
    }
}

/// Whether the folder is one submission, and not a folder of them: a copy of the course, or a lesson's folder.
fn is_one(folder: &Path, course: &Course, only: Option<&Lesson>) -> bool {
    let rules = Rules { lessons: &course.lessons };
    let is_lessons = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        entries.map(|entry| entry.path()).any(|path| {
            let lesson = path.file_name().and_then(|name| rules.lesson(&name.to_string_lossy()));
            lesson.is_some_and(|lesson| is_lesson(&path, lesson))
        })
    };
    let manifest = untrusted::read(&folder.join("Cargo.toml"), LARGEST_FILE).unwrap_or_default();
    let package = String::from_utf8_lossy(&manifest);
    let is_named = |lesson: &&Lesson| package.contains(&format!("\"{}\"", lesson.package()));
    is_lessons(&folder.join("lessons"))
        || is_lessons(folder)
        || course.lessons.iter().any(|lesson| is_named(&lesson) && is_lesson(folder, lesson))
        || rules.lesson(&name_of(folder)).is_some_and(|lesson| is_lesson(folder, lesson))
        || only.is_some_and(|lesson| folder.join("src").is_dir() && is_lesson(folder, lesson))
}

/// Whether folders or archives lie in a folder beside what makes it look like one submission, and would be submissions
/// themselves: then it is a folder of them, and one has a lesson's name. In a copy of the course they are the course's.
fn holds_others(folder: &Path, course: &Course) -> bool {
    if folder.join("Cargo.toml").is_file() || folder.join(".git").exists() {
        return false;
    }
    let rules = Rules { lessons: &course.lessons };
    let is_lessons = |name: &str| rules.lesson(without_ending(name)).is_some();
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).any(|path| {
        let name = name_of(&path);
        let is_whole = || is_one(&path, course, None) || (path.is_file() && has_ending(&name));
        !is_lessons(&name) && !["lessons", "solutions"].contains(&name.as_str()) && is_whole()
    })
}

/// Whether something that is handed in for `lesson` lies in `folder`.
fn is_lesson(folder: &Path, lesson: &Lesson) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .any(|name| holds_handed_in(lesson, &name))
}

/// Whether an operating system has put this file or folder there. A name that only an editor or a sync tool would give
/// to source may be a student's here: `ann.old`, `Zoe (conflicted copy).zip`.
fn is_systems(name: &str) -> bool {
    const NAMES: [&str; 6] =
        ["__macosx", "desktop.ini", "thumbs.db", "$recycle.bin", "system volume information", "lost+found"];
    name.starts_with('.') || name.starts_with("~$") || NAMES.contains(&name.to_lowercase().as_str())
}

/// Whether a file beside the submissions is a system's or the instructor's, and no student's.
fn is_companion(path: &Path, name: &str, all: &[String]) -> bool {
    const ENDINGS: [&str; 4] = [".csv", ".tsv", ".xlsx", ".ods"];
    const NAMES: [&str; 6] = [
        "submission_metadata.yml",
        "index.html",
        "roster.toml",
        "policy.toml",
        "overrides.toml",
        "timestamp.txt",
    ];
    let lower = name.to_lowercase();
    if path.is_dir() {
        if is_results(path) {
            return true;
        }
        // What somebody typed into a form, beside the file that they have uploaded.
        let of_file = lower
            .strip_suffix("_assignsubmission_onlinetext_")
            .map(|who| format!("{who}_assignsubmission_file_"));
        return of_file.is_some_and(|file| all.iter().any(|other| other.to_lowercase() == file));
    }
    // A platform's note about an upload has the upload's name: `…_attempt_2026-05-01.txt` beside `…_attempt_2026-05-01_course.zip`.
    let is_about = lower.strip_suffix(".txt").is_some_and(|stem| {
        all.iter().any(|other| other != name && other.to_lowercase().starts_with(&format!("{stem}_")))
    });
    // The key of results beside it.
    let is_key = path.extension().is_some_and(|ending| ending == crate::key::ENDING)
        && is_results(&path.with_extension(""));
    is_key
        || NAMES.contains(&lower.as_str())
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || is_about
}

/// Whether the grader has written this folder, or a grader before it. A student can put anything into a folder of their
/// own, but not the key beside it.
fn is_results(folder: &Path) -> bool {
    let key = crate::key::file(folder);
    folder.join(crate::SEEDS).is_file()
        && folder.join(crate::LOCK).is_file()
        && key.is_ok_and(|key| key.is_file())
}

/// The name of a file or folder as it lies there: of a link, its own.
pub fn name_of(path: &Path) -> String {
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let of_place = || {
        let place = fs::canonicalize(path).ok()?;
        Some(place.file_name()?.to_string_lossy().into_owned())
    };
    own.or_else(of_place).unwrap_or_default()
}

/// A name for each submission. Equal names are made different by their endings, then by the folders around them,
/// then by a number.
fn names(paths: &[(PathBuf, bool)], course: &Course) -> Vec<String> {
    let around = |path: &Path| {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        path.parent().map(name_of).unwrap_or_default()
    };
    let forms = paths.iter().map(|(path, is_named)| {
        let whole = name_of(path);
        let stem = if path.is_dir() { &whole } else { without_ending(&whole) };
        // Of what is found in a folder, the folder around is everybody's.
        let first = if *is_named && is_not_a_student(stem, course) { around(path) } else { stem.to_owned() };
        [first, whole.clone(), format!("{}_{whole}", around(path))].map(|name| safe(&name))
    });
    let forms: Vec<_> = forms.collect();
    let mut names: Vec<_> = forms.iter().map(|[first, ..]| first.clone()).collect();
    let longer: [fn(&[String; 3]) -> &String; 2] = [|[_, whole, _]| whole, |[_, _, with_folder]| with_folder];
    for form in longer {
        for index in repeated(&names) {
            names[index].clone_from(form(&forms[index]));
        }
    }
    let mut taken = HashSet::new();
    for name in &mut names {
        let whole = name.clone();
        for count in 2.. {
            // A file system may ignore case, and how an accent is stored.
            if taken.insert(name.nfc().collect::<String>().to_lowercase()) {
                break;
            }
            *name = format!("{whole}~{count}");
        }
    }
    names
}

/// The positions of names that occur more than once.
fn repeated(names: &[String]) -> Vec<usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    (0..names.len()).filter(|index| counts[names[*index].as_str()] > 1).collect()
}

fn is_not_a_student(name: &str, course: &Course) -> bool {
    let rules = Rules { lessons: &course.lessons };
    let lower = name.to_lowercase();
    let lower = lower.strip_suffix("-main").or_else(|| lower.strip_suffix("-master")).unwrap_or(&lower);
    NOT_A_STUDENT.contains(&lower) || rules.lesson(name).is_some()
}

/// Names in `--out` that are the grader's own, without what follows a dot.
const OURS: [&str; 4] = ["gradebook", "seeds", "summary", "feedback"];
/// Names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const LONGEST: usize = 120;

/// The name as one that every file system takes for a folder, and that is not the grader's own.
fn safe(name: &str) -> String {
    let shown = crate::text::line(name);
    let replaced = |character: char| match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        character => character,
    };
    let mut safe: String = shown.chars().map(replaced).collect();
    if safe.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| safe.is_char_boundary(*end)).unwrap_or(0);
        safe.truncate(end);
    }
    let mut safe = safe.trim().trim_end_matches(['.', ' ']).to_owned();
    if safe.is_empty() || safe.starts_with('.') {
        safe.insert(0, '_');
    }
    let stem = safe.split('.').next().unwrap_or_default().to_lowercase();
    let is_device = DEVICES.contains(&stem.as_str())
        || ["com", "lpt"]
            .iter()
            .any(|port| stem.strip_prefix(port).is_some_and(|n| n.len() == 1 && n.parse::<u8>().is_ok()));
    if is_device || OURS.contains(&stem.as_str()) {
        safe.push('~');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn a_name_is_a_folders_on_every_system_and_not_the_graders() {
        for (name, expected) in [
            ("Jane Doe_12345_assignsubmission_file_", "Jane Doe_12345_assignsubmission_file_"),
            ("Zoë", "Zoë"),
            ("..", "_"),
            (".lock", "_.lock"),
            ("", "_"),
            ("a\\b", "a_b"),
            ("a/../b", "a_.._b"),
            ("gradebook.csv", "gradebook.csv~"),
            ("Seeds.json", "Seeds.json~"),
            ("NUL", "NUL~"),
            ("com1.x", "com1.x~"),
            ("comb", "comb"),
            ("ann. ", "ann"),
            ("=1+1", "=1+1"),
            ("\u{1b}[2J", "_u{1b}[2J"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
        assert!(safe(&"\u{1}".repeat(100)).len() <= 130);
    }
}
