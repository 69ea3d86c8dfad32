//! Checks of how texts read, as far as a machine can find it. `STYLE.md` says how they should.

mod habits;
mod prose;
mod source;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::problems::Problems;
use crate::course::{Course, Lesson, layout};
use crate::{files, process};
use prose::Block;
pub use source::doc_comments;

/// Columns that a line may have.
const WIDEST: usize = 120;
/// Words that a sentence may have, in what students and other users read.
const LONGEST: usize = 35;

/// What holds texts that are wrong on purpose, or that somebody else wrote.
const NOT_READ: [&str; 5] = [
    "tests/mistakes",
    "tests/submissions",
    "scripts/bench/flask",
    "scripts/kata/src/check/style/tests.rs",
    "scripts/kata/tests",
];

/// What holds code whose functions keep their names: gates' names are in progress files and in verdicts, and the rest
/// is wrong on purpose or not ours.
const NAMES_NOT_READ: [&str; 5] = [
    "tests/gates",
    "tests/mistakes",
    "tests/submissions",
    "scripts/bench/flask",
    "scripts/kata/tests/fixture",
];

/// # Errors
///
/// When a text cannot be read.
pub fn check(course: &Course, problems: &Problems) -> Result<()> {
    for path in layout::contents(&course.root)?.files {
        let is_none_of = |folders: &[&str]| !folders.iter().any(|folder| path.starts_with(folder));
        let kind = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        // STYLE.md quotes what it is against.
        let is_text = ["md", "rs"].contains(&kind) && is_none_of(&NOT_READ) && path != Path::new("STYLE.md");
        let has_names = kind == "rs" && is_none_of(&NAMES_NOT_READ);
        if !is_text && !has_names {
            continue;
        }
        let text = files::read_text(&course.root.join(&path))?;
        if has_names {
            check_names(&path, &text, problems)?;
        }
        if is_text {
            check_text(&path, &text, problems)?;
        }
    }
    for lesson in &course.lessons {
        check_manifest(lesson, problems);
        check_mistakes(course, lesson, problems)?;
    }
    Ok(())
}

fn check_names(path: &Path, text: &str, problems: &Problems) -> Result<()> {
    for (line, name) in source::function_names(text).with_context(|| path.display().to_string())? {
        for (found, instead) in habits::of_name(&name) {
            problems.add(path, format!("line {line}: `{name}`: “{found}”: {instead}; see STYLE.md"));
        }
    }
    Ok(())
}

fn check_text(path: &Path, text: &str, problems: &Problems) -> Result<()> {
    let blocks = if path.extension().is_some_and(|extension| extension == "md") {
        prose::blocks(text)
    } else {
        // Texts in tests are for maintainers, as comments are.
        source::blocks(text, !path.iter().any(|part| part == "tests"))
            .with_context(|| path.display().to_string())?
    };
    check_lines(path, text, problems);
    for block in &blocks {
        for problem in problems_of(block) {
            problems.add(path, format!("line {}: {problem}", block.line));
        }
    }
    Ok(())
}

/// What is wrong with the words of a text.
fn problems_of(block: &Block) -> Vec<String> {
    let mut problems = Vec::new();
    for sentence in block.sentences() {
        let words =
            sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        if block.is_read_by_users && words > LONGEST {
            problems.push(format!(
                "a sentence of {words} words, more than {LONGEST}: “{}”; make two of it",
                start(&sentence)
            ));
        }
        for (found, instead) in habits::of(&sentence) {
            problems.push(format!("“{found}”: {instead}; see STYLE.md"));
        }
    }
    problems
}

/// The sentences of a text in Markdown as they are written, without headings' marks and code in fences.
pub fn whole_sentences(text: &str) -> Vec<String> {
    prose::blocks(text).iter().flat_map(Block::whole_sentences).collect()
}

/// The first words of a sentence, to find it by.
fn start(sentence: &str) -> String {
    sentence.split_whitespace().take(6).collect::<Vec<_>>().join(" ") + " …"
}

fn check_lines(path: &Path, text: &str, problems: &Problems) {
    let is_markdown = path.extension().is_some_and(|extension| extension == "md");
    for (index, line) in text.lines().enumerate() {
        // rustfmt breaks code, but not comments. A table's row and a link cannot be broken.
        let is_prose = if is_markdown { !line.starts_with('|') } else { line.trim_start().starts_with("//") };
        if unicode_width::UnicodeWidthStr::width(line) > WIDEST && is_prose && !line.contains("://") {
            problems.add(path, format!("line {} has more than {WIDEST} columns; break it", index + 1));
        }
    }
}

fn check_manifest(lesson: &Lesson, problems: &Problems) {
    let path = lesson.gate_file("toml");
    for gate in &lesson.manifest.gates {
        let texts = gate.hints.iter().chain([&gate.title, &gate.learnt]);
        for problem in texts.flat_map(|text| problems_of(&Block::of(text))) {
            problems.add(&path, format!("`{}`: {problem}", gate.name));
        }
    }
}

/// What a typical mistake says.
#[derive(Deserialize)]
struct Mistake {
    says: String,
}

fn check_mistakes(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    let folder = Path::new("tests/mistakes").join(&lesson.name);
    if !course.root.join(&folder).is_dir() {
        return Ok(());
    }
    for file in files::below(&course.root.join(&folder))? {
        let path: PathBuf = folder.join(&file);
        // Mistakes that do not compile have no words of ours.
        let Ok(mistake) = toml::from_str::<Mistake>(&files::read_text(&course.root.join(&path))?) else {
            continue;
        };
        for problem in problems_of(&Block::of(&mistake.says)) {
            problems.add(&path, problem);
        }
    }
    Ok(())
}

/// Spelling, by `typos`, where it is installed: the check returns whether it is.
///
/// # Errors
///
/// When `typos` is installed and does not run.
pub fn check_spelling(course: &Course, problems: &Problems) -> Result<bool> {
    if process::output(std::process::Command::new("typos").arg("--version")).is_err() {
        return Ok(false);
    }
    let output = std::process::Command::new("typos")
        .args(["--format", "brief", "--color", "never"])
        .current_dir(&course.root)
        .output()
        .context("cannot run typos")?;
    let found = String::from_utf8_lossy(&output.stdout);
    for line in found.lines() {
        // `./README.md:3:5: `teh` -> `the``
        let (place, what) = line.split_once(": ").unwrap_or((".", line));
        let mut parts = place.trim_start_matches("./").split(':');
        let (file, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        problems.add(Path::new(file), format!("line {number}: {what}; or add the word to .typos.toml"));
    }
    if !output.status.success() && found.trim().is_empty() {
        anyhow::bail!("typos failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
