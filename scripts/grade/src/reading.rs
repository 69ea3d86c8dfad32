//! Reads a submission in a process of its own, which may only read, and only so long and with so much memory.
//!
//! What is in an archive or a folder can be made to stop whoever reads it. Here that costs one submission.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kata::course::{Course, Lesson};
use serde::{Deserialize, Serialize};

use crate::intake::fault::Fault;
use crate::intake::scan::{Violation, scan};
use crate::intake::{Intake, Submission};
use crate::own_process::ask;
use crate::sandbox::only_read;
use crate::text::line;

/// The hidden command.
pub const READ: &str = "__read";

/// The memory and the processor's time of that process, and how long it has by the clock.
const MEMORY: u64 = 1 << 30;
const SECONDS: u64 = 60;
const LONGEST: Duration = Duration::from_secs(300);
/// All files of all lessons, as numbers in text, and more.
const LONGEST_ANSWER: u64 = 128 << 20;

/// How that process ends when it could not begin.
const NOT_READ: i32 = 1;

/// How submissions are read.
pub struct Reader<'a> {
    /// This program.
    pub helper: &'a Path,
    pub course: &'a Course,
    /// The lessons that are graded, by their places in the course.
    pub lessons: Vec<usize>,
}

/// What a submission holds for the lessons that are graded.
#[derive(Deserialize, Serialize)]
pub struct Handed {
    /// No lesson is in it, and nothing that may have been one; why, in a sentence.
    pub is_nothing: Option<String>,
    lessons: BTreeMap<String, HandedLesson>,
    /// Files that the student has changed and that do not count.
    pub ignored: Vec<String>,
}

#[derive(Deserialize, Serialize)]
pub struct HandedLesson {
    pub intake: Intake,
    /// What a scan of the source has found.
    pub violation: Option<Violation>,
}

#[derive(Deserialize, Serialize)]
struct Question {
    /// Not a path, since JSON has none that is not Unicode.
    path: OsString,
    root: PathBuf,
    lessons: Vec<String>,
}

impl Reader<'_> {
    /// Reads the folder or archive at `path`. Whatever happens, there is an answer.
    pub fn read(&self, path: &Path) -> Handed {
        let lessons = self.lessons.iter().map(|index| self.course.lessons[*index].name.clone());
        let lessons: Vec<_> = lessons.collect();
        self.ask(path, &lessons).unwrap_or_else(|error| {
            Handed::same_for_all(&lessons, || Intake::ReaderFailed(line(&format!("{error:#}"))))
        })
    }

    fn ask(&self, path: &Path, lessons: &[String]) -> Result<Handed> {
        let path = std::path::absolute(path).context("cannot find the submission")?;
        let question =
            Question { path: path.into(), root: self.course.root.clone(), lessons: lessons.to_vec() };
        let asked = ask(self.helper, READ, &question, LONGEST_ANSWER, LONGEST)?;
        if let Ok(handed) = serde_json::from_slice(&asked.answer) {
            return Ok(handed);
        }
        asked.heard.context("the reader of submissions did not respond")?;
        if asked.status.is_some_and(|status| status.code() == Some(NOT_READ)) {
            bail!("the reader of submissions cannot start: {}", asked.complaint);
        }
        // The bytes of the submission have ended it.
        Ok(Handed::same_for_all(lessons, || Intake::Unreadable(Fault::ReaderEnded.sentence())))
    }
}

impl Handed {
    fn same_for_all(lessons: &[String], intake: impl Fn() -> Intake) -> Self {
        let lesson = |name: &String| (name.clone(), HandedLesson { intake: intake(), violation: None });
        Self { is_nothing: None, lessons: lessons.iter().map(lesson).collect(), ignored: Vec::new() }
    }

    pub fn lesson(&self, lesson: &Lesson) -> Option<&HandedLesson> {
        self.lessons.get(&lesson.name)
    }

    /// Reads a submission in this process.
    fn of(submission: &Submission, course: &Course, lessons: &[&Lesson]) -> Self {
        let nothing = submission.fault().filter(|fault| matches!(fault, Fault::NoLesson { .. }));
        let of_lesson = |lesson: &&Lesson| {
            let intake = submission.take(lesson);
            let violation = if let Intake::Taken(taken) = &intake { scan(taken) } else { None };
            (lesson.name.clone(), HandedLesson { intake, violation })
        };
        Self {
            is_nothing: nothing.map(Fault::sentence),
            lessons: lessons.iter().map(of_lesson).collect(),
            ignored: submission.ignored(&course.root, lessons),
        }
    }
}

/// `__read`: what the grader starts for each submission.
pub fn read() -> ExitCode {
    let answer = || -> Result<Handed> {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).context("cannot read what to read")?;
        let question: Question = serde_json::from_slice(&text).context("cannot read what to read")?;
        let course = Course::read(&question.root)?;
        let lessons: Vec<_> =
            course.lessons.iter().filter(|lesson| question.lessons.contains(&lesson.name)).collect();
        let mut paths = canonical(&question.root);
        let path = Path::new(&question.path);
        paths.push(path.to_owned());
        only_read(&paths, MEMORY, SECONDS)?;
        let only = if let [only] = lessons[..] { Some(only) } else { None };
        Ok(Handed::of(&Submission::open(path, &course, only), &course, &lessons))
    };
    let handed = answer().unwrap_or_else(|error| {
        eprintln!("{error:#}");
        std::process::exit(NOT_READ)
    });
    match serde_json::to_writer(std::io::stdout().lock(), &handed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What a submission's files are compared with, to see which were changed: never a solution.
fn canonical(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.extend(["lessons", "tests", ".cargo", ".config"].map(|folder| root.join(folder)));
    paths
}
