//! What the submissions to a lesson are compared with: what its solution leaves behind.
//!
//! Also what rustc remembers of the solution and of the skeleton, with which compiling a submission begins.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result, bail};

use super::setup::Setup;
use crate::builder::INCREMENTAL;
use crate::canonical::Step;
use crate::intake::taken::Taken;
use crate::limits::Limits;
use crate::run::GateRunner;
use crate::sandbox::Isolation;
use crate::text;

/// The references of all lessons. The first worker that needs one finds it out; the others wait.
#[derive(Default)]
pub struct References {
    solutions: Mutex<HashMap<usize, Once<Arc<Reference>>>>,
    /// How many submissions were like the skeleton of a lesson, and what rustc remembers of that.
    skeletons: Mutex<HashMap<usize, (usize, Once<PathBuf>)>>,
}

/// What the solution of a lesson leaves.
pub struct Reference {
    snapshots: BTreeMap<(u64, String), String>,
    /// What rustc remembers.
    incremental: PathBuf,
}

type Once<T> = Arc<OnceLock<Result<T, SharedError>>>;

/// An error that every worker gets.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0:#}")]
struct SharedError(Arc<anyhow::Error>);

/// What is in the cell, or what `find` puts there.
fn once<T: Clone>(cell: &Once<T>, find: impl FnOnce() -> Result<T>) -> Result<T> {
    Ok(cell.get_or_init(|| find().map_err(|error| SharedError(Arc::new(error)))).clone()?)
}

impl Reference {
    /// What a gate of the solution leaves for this seed.
    ///
    /// # Errors
    ///
    /// When the seed is not one of this batch.
    pub fn snapshot(&self, seed: u64, gate: &str) -> Result<&String> {
        self.snapshots.get(&(seed, gate.to_owned())).context("no snapshot to compare with")
    }
}

impl References {
    /// What the solution leaves. Checks the course on the way: a gate that is missing from the list, or a
    /// solution that does not pass, is not a student's fault.
    ///
    /// # Errors
    ///
    /// When the course is not in order, or the sandbox fails.
    pub fn get(&self, setup: &Setup, step: &Step, isolation: Isolation) -> Result<Arc<Reference>> {
        let cell = {
            let mut solutions = self.solutions.lock().unwrap_or_else(PoisonError::into_inner);
            solutions.entry(step.index).or_default().clone()
        };
        once(&cell, || of_solution(setup, step, isolation).map(Arc::new))
    }

    /// What rustc remembers of the solution or of the skeleton, whichever is more like these files. The
    /// skeleton is compiled when a second submission is like it. Of a project's solution, which is another package,
    /// nothing is of use, so there is nothing for the first submission.
    ///
    /// # Errors
    ///
    /// When the grader fails.
    pub fn incremental(
        &self,
        setup: &Setup,
        step: &Step,
        taken: &Taken,
        reference: &Reference,
        isolation: Isolation,
    ) -> Result<Option<PathBuf>> {
        let of_solution = step.is_like_solution().then(|| reference.incremental.clone());
        let shared =
            |files: &Taken| files.iter().filter(|(path, text)| taken.get(*path) == Some(text)).count();
        if of_solution.is_some() && shared(&step.skeleton) <= shared(&step.solution) {
            return Ok(of_solution);
        }
        let cell = {
            let mut skeletons = self.skeletons.lock().unwrap_or_else(PoisonError::into_inner);
            let (count, cell) = skeletons.entry(step.index).or_default();
            *count += 1;
            if *count == 1 {
                return Ok(of_solution);
            }
            cell.clone()
        };
        let of_skeleton = once(&cell, || {
            let folder = setup.folder()?;
            let builder = setup.builder(isolation, of_solution.as_deref());
            builder.build(&step.package, &step.skeleton, folder.path())?;
            keep(setup, folder.path(), &format!("skeleton-{}", setup.canonical.lesson(step).name))
        })?;
        Ok(Some(of_skeleton))
    }
}

/// Keeps what rustc remembers of the build in `folder`.
fn keep(setup: &Setup, folder: &Path, name: &str) -> Result<PathBuf> {
    let kept = setup.work.join(name);
    std::fs::rename(folder.join(INCREMENTAL), &kept).context("cannot keep what rustc remembers")?;
    Ok(kept)
}

fn of_solution(setup: &Setup, step: &Step, isolation: Isolation) -> Result<Reference> {
    let lesson = setup.canonical.lesson(step);
    let folder = setup.folder()?;
    let builder = setup.builder_of_course(isolation);
    let built = builder.build(step.package_of_solution(), &step.solution, folder.path())?;
    let Some(program) = &built.program else {
        let reason = built.reason()?;
        bail!("the solution of {}: {reason}:\n{}", lesson.name, text::clean(&built.diagnostics));
    };
    let runner = GateRunner { limits: Limits::GATE, ..setup.runner(isolation) };
    check_list(setup, step, &setup.runner(isolation), program)?;
    let mut snapshots = BTreeMap::new();
    for seed in setup.seeds.all() {
        for (_, gate) in step.gates(lesson) {
            let folder = setup.folder()?;
            let run = runner.run(program, lesson, &gate.name, seed, folder.path())?;
            let snapshot = run.snapshot.clone().unwrap_or_default();
            if let Some(reason) = run.judge(&snapshot)? {
                bail!("the solution does not pass `{}` with the seed {seed}: {reason}", gate.name);
            }
            let expected = kata::judge::expected(&setup.canonical.course, lesson, gate)?;
            if seed == setup.seeds.published && snapshot != expected {
                let file = lesson.snapshot_file(&gate.name);
                bail!(
                    "{} is not the solution's snapshot: {}",
                    file.display(),
                    difference(&expected, &snapshot)
                );
            }
            snapshots.insert((seed, gate.name.clone()), snapshot);
        }
    }
    let incremental = keep(setup, folder.path(), &format!("solution-{}", lesson.name))?;
    Ok(Reference { snapshots, incremental })
}

/// Describes the first line in which two texts differ.
fn difference(expected: &str, got: &str) -> String {
    let count = expected.lines().count().max(got.lines().count());
    let pairs = (0..count).map(|at| (at + 1, expected.lines().nth(at), got.lines().nth(at)));
    let quoted =
        |line: Option<&str>| line.map_or("missing".into(), |line| format!("`{}`", text::clean(line)));
    match pairs.into_iter().find(|(_, expected, got)| expected != got) {
        Some((at, expected, got)) => format!("line {at} is {}, and was {}", quoted(expected), quoted(got)),
        None => "they differ only in how lines end".to_owned(),
    }
}

/// Checks that the program has the gates that the manifest lists.
fn check_list(setup: &Setup, step: &Step, runner: &GateRunner<'_>, program: &Path) -> Result<()> {
    let lesson = setup.canonical.lesson(step);
    let folder = setup.folder()?;
    let mut compiled = runner.list(program, folder.path())?;
    let gates = step.gates(lesson).into_iter();
    let mut listed: Vec<_> = gates.map(|(_, gate)| format!("{}::{}", lesson.topic(), gate.name)).collect();
    compiled.sort();
    listed.sort();
    if compiled != listed {
        let only = |these: &[String], those: &[String]| {
            let only: Vec<_> = these.iter().filter(|name| !those.contains(name)).cloned().collect();
            if only.is_empty() { "none".to_owned() } else { only.join(", ") }
        };
        bail!(
            "the gates in {} differ from those in the program. Only in the program: {}. Only in the list: {}",
            lesson.gate_file("toml").display(),
            only(&compiled, &listed),
            only(&listed, &compiled)
        );
    }
    Ok(())
}
