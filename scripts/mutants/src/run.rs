//! Judges mutants, with a few workers, each in its own copy of a step.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};
use kata::course::Course;
use kata::process::output;

use crate::judge::Judge;
use crate::mutant::Mutant;
use crate::reference::Reference;
use crate::report;
use crate::results::{Results, State};
use crate::step::Step;
use crate::subject::Subject;
use crate::which::Which;

/// Which of the mutants, and for how long.
pub struct Part {
    pub sample: Option<Sample>,
    pub changed_since: Option<String>,
    /// Only what was missed last.
    pub missed: bool,
    pub deadline: Option<Instant>,
}

/// A part of the whole that is another one every time.
pub struct Sample {
    pub size: usize,
    pub rotate: usize,
}

/// On two cores: while one waits for a disk or a time limit, the others compile.
const WORKERS: usize = 3;

/// Judges what has not been judged yet, and reports.
///
/// # Errors
///
/// When a step does not pass its own gates, or a tool that judging needs fails.
pub fn run(course: &Course, which: &Which, part: &Part) -> Result<u8> {
    let mut all = Vec::new();
    for subject in which.subjects(course)? {
        let mutants = which.mutants(course, &subject)?;
        all.push((subject, mutants));
    }
    let results = Results::open(&course.root)?;
    let mut chosen = choose(&course.root, all, part)?;
    if part.missed {
        for (_, mutants) in &mut chosen {
            mutants.retain(|mutant| results.was_missed(mutant));
        }
    }
    for (subject, mutants) in &chosen {
        let state = State::of(course, subject, which.is_gates_only())?;
        let open: Vec<_> = mutants.iter().filter(|mutant| results.get(&state, mutant).is_none()).collect();
        if !open.is_empty() && !is_over(part.deadline) {
            let step = Step::new(course, subject)?;
            let reference = Reference::new(&step, which.is_gates_only())?;
            judge(&reference, &state, &results, &open, part.deadline)?;
        }
    }
    report::of(course, which, &chosen)
}

fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() > deadline)
}

type Chosen<'a> = Vec<(Subject<'a>, Vec<Mutant>)>;

/// What has changed, and every nth of all, beginning with another one for each rotation.
fn choose<'a>(root: &Path, mut all: Chosen<'a>, part: &Part) -> Result<Chosen<'a>> {
    let changed = part.changed_since.as_ref().map(|revision| changed(root, revision)).transpose()?;
    if changed.is_none() && part.sample.is_none() {
        return Ok(all);
    }
    let number: usize = all.iter().map(|(_, mutants)| mutants.len()).sum();
    let mut index = 0;
    for (subject, mutants) in &mut all {
        let gates = subject.lesson.gate_file("").display().to_string();
        // `tests/gates/05_`: the gates themselves and, where there are any, its stages.
        let gates = &gates[..gates.find('_').map_or(gates.len(), |at| at + 1)];
        let is_changed = |path: &str| changed.iter().flatten().any(|changed| changed == path);
        let all_changed =
            changed.iter().flatten().any(|path| path.starts_with(gates) && path.ends_with(".rs"));
        mutants.retain(|mutant| {
            index += 1;
            let is_drawn = part.sample.as_ref().is_some_and(|sample| {
                let step = number.div_ceil(sample.size.max(1)).max(1);
                index % step == sample.rotate % step
            });
            let path = subject.folder().join(&mutant.file);
            is_drawn || all_changed || is_changed(&path.display().to_string())
        });
    }
    Ok(all)
}

fn changed(root: &Path, revision: &str) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.args(["diff", "--name-only", revision, "--"]).current_dir(root);
    let changed = output(&mut git).with_context(|| format!("cannot compare with `{revision}`"))?;
    Ok(changed.lines().map(str::to_owned).collect())
}

fn judge(
    reference: &Reference<'_>,
    state: &State,
    results: &Results,
    open: &[&Mutant],
    deadline: Option<Instant>,
) -> Result<()> {
    let likely = results.likely();
    let (next, start) = (AtomicUsize::new(0), Instant::now());
    let failure = Mutex::new(None);
    thread::scope(|scope| {
        for worker in 0..WORKERS.min(open.len()) {
            let (next, failure, likely) = (&next, &failure, &likely);
            scope.spawn(move || {
                let done = Judge::new(reference, &format!("worker-{worker}")).and_then(|judge| {
                    while let Some(mutant) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if is_over(deadline) {
                            break;
                        }
                        let start = Instant::now();
                        let verdict = judge.judge(mutant, &likely.of(mutant));
                        let verdict = verdict.with_context(|| mutant.title())?;
                        likely.noticed(mutant, verdict.by());
                        results.add(state, mutant, &verdict, start.elapsed().as_secs_f64())?;
                    }
                    Ok(())
                });
                if let Err(error) = done {
                    // The others stop too.
                    next.store(open.len(), Ordering::Relaxed);
                    *failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
                }
            });
        }
    });
    eprintln!("{}: {} mutants, {:.0} s", reference.step.name, open.len(), start.elapsed().as_secs_f64());
    match failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}
