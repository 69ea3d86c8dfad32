//! Checks of work that differs from right work in a few lines: typical mistakes fail, and other right answers pass.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gate_contract::PUBLISHED_SEED;
use serde::de::DeserializeOwned;

use super::behavior::runner;
use super::explanations;
use super::labels::Trace;
use super::problems::Problems;
use super::variant::{self, Mistake, Right, Variant};
use super::what::What;
use crate::course::{Course, Lesson};
use crate::judge::{expected, judge};
use crate::labels::{Labels, fingerprint};
use crate::parallel::{gates_at_once, in_order};
use crate::report::{GateReport, Status};
use crate::server::Server;
use crate::{Database, files};

/// The typical mistakes of a lesson that are to be checked, each with the path of its file.
pub fn mistakes(course: &Course, lesson: &Lesson, what: What) -> Result<Vec<(PathBuf, Mistake)>> {
    listed(course, &Path::new("tests/mistakes").join(&lesson.name), |place| what.holds(place))
}

/// Each typical mistake fails first at the gate that is meant to notice it. Returns what each has left there.
pub fn check_mistakes(
    course: &Course,
    lesson: &Lesson,
    server: &Server,
    what: What,
    problems: &Problems,
) -> Result<Vec<Trace>> {
    let mut traces = Vec::new();
    for (path, mistake) in mistakes(course, lesson, what)? {
        // What fails on both databases is tried on the quick one.
        if mistake.database != server.database {
            continue;
        }
        let variant = variant::mistaken(course, lesson, &mistake, server.database);
        let Some((folder, executable)) = compiled(&variant, &path, problems) else { continue };
        let run = Run { course, lesson, executable, folder, server };
        let first = run.first_failing()?;
        let name = first.as_ref().map_or("none", |gate| &gate.name);
        if name != mistake.fails {
            let fails = &mistake.fails;
            let message =
                format!("the first gate that fails is {name}, not {fails}; fix the gate or the file");
            problems.add(&path, message);
        } else if let Some(gate) = first.filter(|_| !lesson.is_project()) {
            // What is not the same a second time could be anybody's.
            let seen = match mistake.races {
                true => None,
                false => {
                    let again = fingerprint(&run.gate(gate.number - 1)?, server.database);
                    fingerprint(&gate, server.database).filter(|seen| Some(seen) == again.as_ref())
                }
            };
            traces.push(Trace { path, mistake, fingerprint: seen });
        }
    }
    Ok(traces)
}

/// What people write in place of a few lines of the solution, and is as right, passes every gate on the database that
/// has this place among those of the check.
pub fn check_right(
    course: &Course,
    lesson: &Lesson,
    (place, servers): (usize, &[Server]),
    what: What,
    problems: &Problems,
) -> Result<()> {
    let server = &servers[place];
    let folder = Path::new("tests/submissions/edits").join(&lesson.name);
    let is_tried = |at| what.holds(at) && what.holds_on(at, place, servers.len());
    for (path, right) in listed::<Right>(course, &folder, is_tried)? {
        // The files of a migration are one database's.
        if right.edits.iter().any(|edit| edit.file.contains("/sqlite/"))
            && server.database != Database::Sqlite
        {
            continue;
        }
        let variant = variant::right(course, lesson, &right, server.database);
        let Some((folder, executable)) = compiled(&variant, &path, problems) else { continue };
        let run = Run { course, lesson, executable, folder, server };
        if let Some(GateReport { name: gate, .. }) = run.first_failing()? {
            let database = server.database.name();
            let fix = "state this requirement in the lesson's README, or relax the gate";
            problems.add(&path, format!("on {database} `{gate}` refuses it; {fix}"));
        }
    }
    Ok(())
}

/// How the gates noticed a change to a file of correct work.
pub struct Noticed {
    /// The first gate that fails.
    pub gate: String,
    /// The sentence of the typical mistake that leaves the same there: what a student would read.
    pub says: Option<String>,
}

/// Runs the gates on the solution with another text in one file, on the quick database.
///
/// Returns `None` if it does not compile, or passes.
///
/// # Errors
///
/// When it cannot be built or run for a reason that is not in the text.
pub fn noticed(course: &Course, lesson: &Lesson, file: &Path, text: &str) -> Result<Option<Noticed>> {
    let server = Server::for_gates(Database::Sqlite)?;
    let variant = variant::with_file(course, lesson, file, text, server.database)?;
    let Some(executable) = variant.build.executable.as_deref() else { return Ok(None) };
    let run = Run { course, lesson, executable, folder: &variant.folder, server: &server };
    let Some(gate) = run.first_failing()? else { return Ok(None) };
    let labels = Labels::read(course, lesson)?;
    let seen = fingerprint(&gate, server.database);
    let says = seen.and_then(|seen| labels.only(&gate.name, &seen).map(str::to_owned));
    Ok(Some(Noticed { gate: gate.name, says }))
}

/// The files in a folder whose places are to be checked, with what they say.
fn listed<T: DeserializeOwned>(
    course: &Course,
    folder: &Path,
    is_tried: impl Fn(usize) -> bool,
) -> Result<Vec<(PathBuf, T)>> {
    if !course.root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let files = files::below(&course.root.join(folder))?;
    let is_explained = |file: &PathBuf| explanations::FOLDERS.iter().any(|folder| file.starts_with(folder));
    let files = files.into_iter().filter(|file| !is_explained(file)).enumerate();
    let read = |(_, file): (usize, PathBuf)| {
        let path = folder.join(file);
        let text = files::read_text(&course.root.join(&path))?;
        let content = toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok((path, content))
    };
    files.filter(|(place, _)| is_tried(*place)).map(read).collect()
}

/// The folder and the program of a variant. Why there is none is a problem of the file.
fn compiled<'a>(
    variant: &'a Result<Variant>,
    path: &Path,
    problems: &Problems,
) -> Option<(&'a Path, &'a Path)> {
    let variant = match variant {
        Ok(variant) => variant,
        Err(error) => {
            problems.add(path, format!("{error:#}"));
            return None;
        }
    };
    if variant.build.executable.is_none() {
        problems.add(path, format!("it does not compile:\n{}", variant.build.errors.join("\n")));
    }
    Some((&variant.folder, variant.build.executable.as_deref()?))
}

/// A variant of a lesson, and where its gates run.
struct Run<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    executable: &'a Path,
    folder: &'a Path,
    server: &'a Server,
}

impl Run<'_> {
    /// The first gate that does not see what it should.
    fn first_failing(&self) -> Result<Option<GateReport>> {
        let gates = self.lesson.gates_on(self.server.database);
        let reports = in_order(gates_at_once(), gates.len(), |index, _| {
            let report = self.gate(gates[index].0 - 1)?;
            let passes = report.status == Status::Pass;
            Ok((report, passes))
        })?;
        Ok(reports.into_iter().find(|report| report.status != Status::Pass))
    }

    /// Runs the gate at this index of the manifest.
    fn gate(&self, index: usize) -> Result<GateReport> {
        let gate = &self.lesson.manifest.gates[index];
        let run =
            runner(self.lesson, self.executable, self.folder, self.server, PUBLISHED_SEED).run(&gate.name)?;
        Ok(judge(index + 1, gate, expected(self.course, self.lesson, gate)?, run))
    }
}
