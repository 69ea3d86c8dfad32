//! A step whose mutants are judged: how it is compiled, and what its finished form sees.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use gates::PUBLISHED_SEED;
use kata::build::recipe::Recipe;
use kata::course::{Course, Lesson};
use kata::{Database, judge};

use super::own::Own;
use super::{Seen, Stand, file_name};

/// One step, with what its finished form sees.
pub struct Step<'a> {
    pub(super) course: &'a Course,
    pub lesson: &'a Lesson,
    pub(super) recipe: Recipe,
    /// The gates, by the files of their snapshots.
    pub(super) gates: BTreeMap<String, String>,
    /// For each seed what the gates see; the published seed comes first.
    pub(super) expected: Vec<(u64, Seen)>,
    /// How long all gates may take.
    pub(super) limit: Duration,
    /// An app has tests of its own.
    pub(super) own: Option<Own>,
}

/// Seeds that no snapshot in the tree belongs to.
const FRESH_SEEDS: [u64; 2] = [271_828, 314_159];

impl<'a> Step<'a> {
    /// Compiles the finished step and sees what its gates see.
    ///
    /// # Errors
    ///
    /// When it does not pass its own gates.
    pub fn new(course: &'a Course, lesson: &'a Lesson, gates_only: bool) -> Result<Self> {
        let folder = lesson.solution_folder();
        let recipe = Recipe::of(&course.root, &lesson.solution_package(), &folder, Database::Sqlite)?;
        let gates = lesson.gates_on(Database::Sqlite).into_iter();
        let gates = gates.map(|(_, gate)| (file_name(&lesson.snapshot_file(&gate.name)), gate.name.clone()));
        let mut step = Self {
            course,
            lesson,
            recipe,
            gates: gates.collect(),
            expected: Vec::new(),
            limit: Duration::from_secs(60),
            own: None,
        };
        let stand = Stand::new(&step, "finished")?;
        let Some(gate) = stand.compile()? else { bail!("{} does not compile", lesson.name) };
        let mut slowest = Duration::ZERO;
        let mut all = Vec::new();
        for seed in [PUBLISHED_SEED].into_iter().chain(FRESH_SEEDS) {
            let start = Instant::now();
            let seen =
                stand.see(&gate, seed, step.limit, None)?.context("the finished step takes too long")?;
            slowest = slowest.max(start.elapsed());
            if stand.see(&gate, seed, step.limit, None)?.as_ref() != Some(&seen) {
                bail!("{} does not see the same twice with seed {seed}", lesson.name);
            }
            all.push((seed, seen));
        }
        step.expected = all;
        for (_, gate) in lesson.gates_on(Database::Sqlite) {
            let name = file_name(&lesson.snapshot_file(&gate.name));
            if step.expected[0].1.get(&name) != Some(&judge::expected(course, lesson, gate)?) {
                bail!("{} does not pass its gate `{}`", lesson.name, gate.name);
            }
        }
        step.limit = slowest * 10 + Duration::from_secs(10);
        if lesson.manifest.app.is_some() && !gates_only {
            step.own = Some(Own::new(&step)?);
        }
        Ok(step)
    }
}
