//! Explains the compiler's errors in a process of its own, which may only read, with limits on its time and memory.
//!
//! The guide's rules were made for what students write. What is made for the rules can exhaust or crash the process
//! that follows them. Here that costs one explanation.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use kata::Database;
use kata::build::Diagnostic;
use kata::course::{Course, Lesson};
use kata::explain::explain_files;
use kata::report::Explanation;
use serde::{Deserialize, Serialize};

use crate::intake::taken::Taken;
use crate::own_process::ask;
use crate::sandbox::only_read;

/// The hidden command.
pub const EXPLAIN: &str = "__explain";

/// The memory and the processor's time of that process, and how long it has by the clock.
const MEMORY: u64 = 1 << 30;
const SECONDS: u64 = 20;
const LONGEST: Duration = Duration::from_secs(60);
/// A few lines.
const LONGEST_ANSWER: u64 = 1 << 20;
/// So many errors are read for one that can be explained: the first counts, and more than these no person has made.
const MOST_ERRORS: usize = 100;

#[derive(Serialize)]
struct Question<'a> {
    root: &'a Path,
    lesson: &'a str,
    files: &'a Taken,
    handed_out: &'a Taken,
    errors: &'a [Diagnostic],
}

/// The same, as that process reads it.
#[derive(Deserialize)]
struct Asked {
    root: PathBuf,
    lesson: String,
    files: BTreeMap<String, Vec<u8>>,
    handed_out: BTreeMap<String, Vec<u8>>,
    errors: Vec<Diagnostic>,
}

/// What the guide would say of the errors in these files. A submission that its rules were not made for is explained by
/// nothing, whatever it does to them.
pub fn explain(
    helper: &Path,
    course: &Course,
    lesson: &Lesson,
    files: &Taken,
    handed_out: &Taken,
    errors: &[Diagnostic],
) -> Option<Explanation> {
    let errors = &errors[..errors.len().min(MOST_ERRORS)];
    let question = Question { root: &course.root, lesson: &lesson.name, files, handed_out, errors };
    let asked = ask(helper, EXPLAIN, &question, LONGEST_ANSWER, LONGEST).ok()?;
    serde_json::from_slice(&asked.answer).ok().flatten()
}

/// `__explain`: what the grader starts for each lesson that does not compile.
pub fn answer() -> ExitCode {
    let explanation = || -> Result<Option<Explanation>> {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).context("cannot read what to explain")?;
        let asked: Asked = serde_json::from_slice(&text).context("cannot read what to explain")?;
        let course = Course::read(&asked.root)?;
        let lesson = course.lessons.iter().find(|lesson| lesson.name == asked.lesson);
        let lesson = lesson.context("there is no such lesson")?;
        only_read(&[], MEMORY, SECONDS)?;
        fn files(taken: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, &[u8])> {
            taken.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        }
        let (own, handed_out) = (files(&asked.files), files(&asked.handed_out));
        Ok(explain_files(lesson, Database::Sqlite, own, handed_out, &asked.errors))
    };
    match explanation() {
        Ok(explanation) if serde_json::to_writer(std::io::stdout().lock(), &explanation).is_ok() => {
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
