//! What each submission is called: a name that is a folder's on every system, and no other submission's.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use kata::course::Course;
use unicode_normalization::UnicodeNormalization;

use super::kind::without_ending;
use super::rules::Rules;

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
pub fn names(paths: &[(PathBuf, bool)], course: &Course) -> Vec<String> {
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
const OURS: [&str; 12] = [
    "annotations",
    "canvas",
    "changes",
    "dolos",
    "feedback",
    "gradebook",
    "moodle",
    "moodle-worksheet",
    "run",
    "seeds",
    "shard",
    "summary",
];
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
    fn a_name_is_a_valid_folder_on_every_system_and_not_one_of_the_graders() {
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
            ("canvas.csv", "canvas.csv~"),
            ("moodle-worksheet.csv", "moodle-worksheet.csv~"),
            ("shard", "shard~"),
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
