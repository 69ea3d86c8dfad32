//! The file of the progress: read, written whole or not at all, and by one at a time.

use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::lessons::{Entry, Progress};
use crate::locks::{Lock, wait_alone};
use crate::{Database, files, own_folder, stamp};

const FILE: &str = ".kata-progress.toml";
const FORMAT: u32 = 1;

const HEAD: &str = "\
# Your progress, saved by `cargo kata`. Git ignores this file. If you delete it, your progress starts
# over, but your code is not lost.
";

/// The file as TOML has it.
#[derive(Deserialize)]
struct Text {
    format: u32,
    current: Option<String>,
    #[serde(default)]
    lessons: BTreeMap<String, BTreeMap<Database, EntryText>>,
}

#[derive(Deserialize)]
struct EntryText {
    complete: bool,
    content: String,
    passed: Vec<String>,
}

/// What is remembered. A file that cannot be understood is put aside, and all starts over.
///
/// # Errors
///
/// When the file can be neither read nor put aside.
pub fn read(root: &Path) -> Result<Progress> {
    let (progress, warning) = read_quietly(root)?;
    if let Some(warning) = warning {
        anstream::eprintln!("warning: {warning}");
    }
    Ok(progress)
}

/// The same, with what there is to tell.
///
/// # Errors
///
/// When the file can be neither read nor put aside.
pub fn read_quietly(root: &Path) -> Result<(Progress, Option<String>)> {
    let path = root.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Progress::default(), None)),
        Err(error) => return Err(error).with_context(|| format!("cannot read {FILE}")),
    };
    let Ok(text) = files::text::decode(&bytes) else { return put_aside(root, "it is not text") };
    match toml::from_str::<Text>(&text) {
        Ok(text) if text.format == FORMAT => Ok((parsed(text), None)),
        Ok(text) => put_aside(root, &format!("its format is {}, not {FORMAT}", text.format)),
        Err(error) => {
            let line =
                error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            put_aside(root, &format!("line {line}: {}", error.message()))
        }
    }
}

fn parsed(text: Text) -> Progress {
    let mut lessons = BTreeMap::new();
    for (lesson, databases) in text.lessons {
        for (database, EntryText { complete, content, passed }) in databases {
            lessons.insert((lesson.clone(), database), Entry { content, passed, complete });
        }
    }
    Progress { current: text.current, lessons }
}

fn put_aside(root: &Path, why: &str) -> Result<(Progress, Option<String>)> {
    let aside = format!(".kata-progress.{}.toml", stamp());
    fs::rename(root.join(FILE), root.join(&aside))
        .with_context(|| format!("cannot read {FILE} ({why}), and cannot rename it to {aside}"))?;
    let warning =
        format!("Cannot read {FILE} ({why}). It was renamed to {aside}, and your progress starts over.");
    Ok((Progress::default(), Some(warning)))
}

/// Changes what is remembered. Where nothing can be written, a warning has to do: a verdict is worth
/// having without a memory.
///
/// # Errors
///
/// When the file can be neither read nor put aside.
pub fn change<T>(root: &Path, change: impl FnOnce(&mut Progress) -> T) -> Result<T> {
    let lock = lock(root);
    let mut progress = read(root)?;
    let before = text(&progress);
    let result = change(&mut progress);
    let after = text(&progress);
    if after != before
        && let Err(error) = lock.and_then(|_lock| write(root, &after))
    {
        anstream::eprintln!("warning: cannot save your progress: {error:#}");
    }
    Ok(result)
}

/// Two terminals may change the file at the same time; one waits for the other.
fn lock(root: &Path) -> Result<Lock> {
    wait_alone(&own_folder(root)?.join("progress.lock"))
}

fn write(root: &Path, text: &str) -> Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(".kata-progress.")
        .suffix(".new")
        .tempfile_in(root)
        .with_context(|| format!("cannot write to {}", root.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {FILE}"))?;
    file.persist(root.join(FILE)).with_context(|| format!("cannot write {FILE}"))?;
    Ok(())
}

fn text(progress: &Progress) -> String {
    let mut text = format!("{HEAD}\nformat = {FORMAT}\n");
    if let Some(current) = &progress.current {
        let _ = writeln!(text, "current = {}", quoted(current));
    }
    for ((lesson, database), entry) in &progress.lessons {
        let Entry { content, passed, complete } = entry;
        let _ = write!(
            text,
            "\n[lessons.{}.{}]\ncomplete = {complete}\ncontent = {}\n",
            quoted(lesson),
            database.name(),
            quoted(content)
        );
        if passed.is_empty() {
            text.push_str("passed = []\n");
            continue;
        }
        text.push_str("passed = [\n");
        for gate in passed {
            let _ = writeln!(text, "    {},", quoted(gate));
        }
        text.push_str("]\n");
    }
    text
}

/// A JSON string is a TOML string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::lessons::{Entry, Progress};
    use super::{FILE, change, read};
    use crate::Database;

    fn some() -> Progress {
        let entry = |passed: &[&str]| Entry {
            content: "abc".to_owned(),
            passed: passed.iter().map(|name| (*name).to_owned()).collect(),
            complete: passed.is_empty(),
        };
        let lessons = [
            (("05-crud".to_owned(), Database::Sqlite), entry(&["one", "board::two"])),
            (("05-crud".to_owned(), Database::Postgres), entry(&[])),
        ];
        Progress { current: Some("05-crud".to_owned()), lessons: lessons.into() }
    }

    #[test]
    fn progress_round_trips_through_its_file() {
        let root = tempfile::tempdir().unwrap();
        change(root.path(), |progress| *progress = some()).unwrap();
        assert_eq!(read(root.path()).unwrap(), some());
    }

    #[test]
    fn without_a_file_there_is_no_progress() {
        assert_eq!(read(tempfile::tempdir().unwrap().path()).unwrap(), Progress::default());
    }

    #[test]
    fn a_file_that_cannot_be_parsed_is_kept_under_another_name() {
        for broken in ["format = 1\ncurrent = 5\n", "nonsense", "format = 99\n", "\u{0}"] {
            let root = tempfile::tempdir().unwrap();
            std::fs::write(root.path().join(FILE), broken).unwrap();
            assert_eq!(read(root.path()).unwrap(), Progress::default());
            let kept = std::fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().path());
            let kept: Vec<_> = kept.filter(|path| path.file_name().unwrap() != FILE).collect();
            assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), broken);
        }
    }

    #[test]
    fn concurrent_writers_lose_nothing() {
        let root = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let root = root.path();
                scope.spawn(move || {
                    for turn in 0..10 {
                        let key = (format!("{number}-{turn}"), Database::Sqlite);
                        change(root, |progress| progress.lessons.insert(key, Entry::default())).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(root.path()).unwrap().lessons.len(), 80);
    }
}
