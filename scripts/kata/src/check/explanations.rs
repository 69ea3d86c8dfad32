//! Mistakes that are explained, and near misses that are not: compile errors in
//! `tests/mistakes/NN-topic/errors/*.toml`, and what a gate cannot go on with in
//! `tests/mistakes/NN-topic/failures/*.toml`.
//!
//! Compilers, databases and libraries change the wording of their errors from time to time. Then an explanation is no
//! longer chosen, and this check reports it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gate_contract::PUBLISHED_SEED;
use serde::Deserialize;

use super::behavior::runner;
use super::problems::Problems;
use super::variant::{self, Edits};
use super::what::What;
use crate::course::{Course, Lesson};
use crate::derive::{self, tasks};
use crate::explain::{explain, explain_failure, explain_refusal, rules};
use crate::judge::{expected, judge};
use crate::parallel::{gates_at_once, in_order};
use crate::report::{Explanation, GateReport, Status};
use crate::server::Server;
use crate::{Database, base_folder, files};

/// The folder of a lesson's compile errors, in the folder of its mistakes.
const ERRORS: &str = "errors";
/// The folder of what compiles and cannot go on at a gate.
const FAILURES: &str = "failures";
/// Both.
pub const FOLDERS: [&str; 2] = [ERRORS, FAILURES];

/// What stands in `explains` where the original text is to stand alone.
const NOTHING: &str = "nothing";

/// A mistake that does not compile, or with which a gate cannot go on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    #[serde(flatten)]
    edits: Edits,
    /// The rule that explains it, or [`NOTHING`].
    explains: String,
    /// What the explanation says, among other things.
    #[serde(default)]
    shows: String,
    /// What stands in the line that it names, where that is not the line that was edited.
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    database: Database,
}

/// Makes each mistake in the solution, and compares what explains it with what should.
pub fn check_explanations(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    what: What,
    problems: &Problems,
) -> Result<Used> {
    let mut used = Used::default();
    let folder = Path::new("tests/mistakes").join(&lesson.name);
    let folders = FOLDERS.map(|kind| (kind, folder.join(kind)));
    let folders: Vec<_> =
        folders.into_iter().filter(|(_, folder)| course.root.join(folder).is_dir()).collect();
    if folders.is_empty() {
        return Ok(used);
    }
    let workspace = variant::prepare(course, lesson)?;
    for (path, text) in derive::skeleton(course, lesson, &mut |task| tasks::todo(task))? {
        files::write_changed(&base_folder(&workspace).join(path), text)?;
    }
    let tried =
        Tried { course, lesson, server, workspace: &workspace, solution: derive::completed(course, lesson)? };
    for (kind, folder) in folders {
        for (place, file) in files::below(&course.root.join(&folder))?.into_iter().enumerate() {
            let path = folder.join(file);
            let text = files::read_text(&course.root.join(&path))?;
            let error: Explained = toml::from_str(&text).with_context(|| path.display().to_string())?;
            used.rules.insert(error.explains.clone());
            if error.database != server.database || !what.holds(place) {
                continue;
            }
            let problem = tried.problem(kind, &error, &mut used.times);
            let problem = problem.with_context(|| path.display().to_string())?;
            problem.into_iter().for_each(|problem| problems.add(&path, problem));
        }
    }
    Ok(used)
}

/// What the mistakes have shown.
#[derive(Default)]
pub struct Used {
    /// What their files name as what explains them.
    pub rules: BTreeSet<String>,
    /// How long each explanation took, also where there was none.
    pub times: Vec<Duration>,
}

impl Used {
    pub fn add(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.times.extend(other.times);
    }

    /// The usual time and the longest, in milliseconds.
    pub fn milliseconds(&mut self) -> Option<(f64, f64)> {
        self.times.sort();
        let milliseconds = |time: &Duration| time.as_secs_f64() * 1000.0;
        Some((milliseconds(self.times.get(self.times.len() / 2)?), milliseconds(self.times.last()?)))
    }
}

/// Where the mistakes of a lesson are made.
struct Tried<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    server: &'a Server,
    workspace: &'a Path,
    solution: derive::Files,
}

impl Tried<'_> {
    /// What is not as the file says.
    fn problem(&self, kind: &str, error: &Explained, times: &mut Vec<Duration>) -> Result<Option<String>> {
        let Self { lesson, workspace, .. } = *self;
        let mut files = self.solution.clone();
        if let Err(why) = error.edits.make(lesson, &mut files) {
            return Ok(Some(format!("{why:#}")));
        }
        let build = match variant::build_files(workspace, lesson, &files, error.database) {
            // Cargo does not begin where it cannot read its own files.
            Err(refusal) => {
                let explanation = explain_refusal(workspace, &format!("{refusal:#}"));
                let Some(found) = explanation else { return Err(refusal) };
                return Ok(self.compare(error, &files, Some(found), &format!("{refusal:#}")));
            }
            Ok(build) => build,
        };
        let (said, explanation) = match (&build.executable, kind) {
            (Some(_), ERRORS) => return Ok(Some("it compiles; choose a different mistake".to_owned())),
            (Some(executable), _) => match self.first_failure(executable)? {
                None => return Ok(Some("all gates pass; choose a different mistake".to_owned())),
                Some(gate) => {
                    let explain = || explain_failure(workspace, lesson, error.database, &gate);
                    (shown_failure(&gate), timed(times, explain))
                }
            },
            (None, FAILURES) => {
                return Ok(Some(format!("it does not compile:\n{}", build.errors.join("\n"))));
            }
            (None, _) => {
                let explain = || explain(workspace, lesson, error.database, &build.diagnostics);
                (build.errors.join("\n"), timed(times, explain))
            }
        };
        Ok(self.compare(error, &files, explanation, &said))
    }

    fn compare(
        &self,
        error: &Explained,
        files: &derive::Files,
        explanation: Option<Explanation>,
        said: &str,
    ) -> Option<String> {
        match explanation {
            None if error.explains == NOTHING => None,
            None => Some(format!("nothing explains it; `{}` should:\n{said}", error.explains)),
            Some(found) if found.id != error.explains => {
                let should = if error.explains == NOTHING { "nothing" } else { &error.explains };
                Some(format!("`{}` explains it, and {should} should:\n{}\n{said}", found.id, shown(&found)))
            }
            Some(found) if !shown(&found).contains(&error.shows) => {
                Some(format!("its explanation does not show “{}”:\n{}", error.shows, shown(&found)))
            }
            Some(found) => wrong_place(self.lesson, files, error, &found),
        }
    }

    /// The report of the first gate that does not pass.
    fn first_failure(&self, executable: &Path) -> Result<Option<GateReport>> {
        let folder = self.workspace.join(self.lesson.folder());
        let runner = runner(self.lesson, executable, &folder, self.server, PUBLISHED_SEED);
        let gates = self.lesson.gates_on(self.server.database);
        let reports = in_order(gates_at_once(), gates.len(), |index, is_wanted| {
            let (number, gate) = gates[index];
            let run = runner.run_while(&gate.name, is_wanted)?;
            let report = judge(number, gate, expected(self.course, self.lesson, gate)?, run);
            let go_on = report.status == Status::Pass;
            Ok((report, go_on))
        })?;
        Ok(reports.into_iter().find(|report| report.status != Status::Pass))
    }
}

fn timed<T>(times: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    times.push(start.elapsed());
    result
}

/// What the gate itself reports.
fn shown_failure(gate: &GateReport) -> String {
    let panic = gate.panic.as_ref().map(|panic| format!("{}:{}: {}", panic.file, panic.line, panic.message));
    let texts = [panic, gate.end.clone(), gate.got.clone(), Some(gate.log.join("\n"))];
    let texts: Vec<_> = texts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    format!("gate {}, {}:\n{}", gate.number, gate.name, texts.join("\n"))
}

/// An explanation names a line that was edited, or the one that the file names.
fn wrong_place(
    lesson: &Lesson,
    files: &derive::Files,
    error: &Explained,
    found: &Explanation,
) -> Option<String> {
    let text = files.get(&found.file).map(String::as_str).unwrap_or_default();
    let line = text.lines().nth(found.line.wrapping_sub(1)).unwrap_or_default();
    let is_named = match &error.at {
        Some(at) => line.contains(at),
        None => error.edits.iter().any(|edit| {
            let is_file = lesson.folder().join(&edit.file) == found.file;
            is_file
                && (edit.replace.lines().any(|edited| line.contains(edited.trim()))
                    || edit.replace.trim().is_empty())
        }),
    };
    (!is_named).then(|| {
        format!(
            "its explanation names {}:{}, which is `{}`; `at` says which line it should be",
            found.file.display(),
            found.line,
            line.trim()
        )
    })
}

fn shown(explanation: &Explanation) -> String {
    format!("{}\n({}:{})", explanation.lines.join("\n"), explanation.file.display(), explanation.line)
}

/// Rules that no file tries.
pub fn check_tried(used: &BTreeSet<String>, problems: &Problems) {
    for rule in rules().filter(|rule| !used.contains(*rule)) {
        problems.add(
            &PathBuf::from("tests/mistakes"),
            format!("no file has `explains = \"{rule}\"`; add a mistake that it explains"),
        );
    }
    for name in used.iter().filter(|name| *name != NOTHING && !rules().any(|rule| rule == **name)) {
        problems.add(
            &PathBuf::from("tests/mistakes"),
            format!("`explains = \"{name}\"` names no rule of `scripts/kata/src/explain.rs`"),
        );
    }
}
