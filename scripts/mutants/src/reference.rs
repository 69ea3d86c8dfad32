//! What the finished step or the submission leaves, with which its mutants are compared.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use gate_contract::PUBLISHED_SEED;
use kata::judge;

use crate::own_tests::OwnTests;
use crate::step::Step;
use crate::worktree::{Snapshots, Worktree};

pub struct Reference<'a> {
    pub step: &'a Step<'a>,
    /// What the gates leave for the published seed, and for those that no snapshot in the tree belongs to.
    pub published: (u64, Snapshots),
    pub fresh: Vec<(u64, Snapshots)>,
    /// How long all gates may take.
    pub limit: Duration,
    /// An app has tests of its own.
    pub own: Option<OwnTests>,
}

const FRESH_SEEDS: [u64; 2] = [271_828, 314_159];

/// How long the finished step's gates may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl<'a> Reference<'a> {
    /// Compiles the finished step and runs its gates, and its own tests unless it is for the gates only.
    ///
    /// # Errors
    ///
    /// When it does not pass them.
    pub fn new(step: &'a Step<'a>, gates_only: bool) -> Result<Self> {
        let lesson = step.lesson;
        let worktree = Worktree::new(step, "finished")?;
        let program = if worktree.compile_library()? { worktree.compile_gate()? } else { None };
        let Some(program) = program else { bail!("{} does not compile", step.name) };
        let mut slowest = Duration::ZERO;
        let mut run = |seed| {
            let start = Instant::now();
            let run = || worktree.run_gates(&program, seed, PATIENCE, None);
            let snapshots = run()?.context("the finished step takes too long")?;
            slowest = slowest.max(start.elapsed());
            if run()?.as_ref() != Some(&snapshots) {
                bail!("{} does not leave the same snapshots twice with seed {seed}", step.name);
            }
            Ok((seed, snapshots))
        };
        let published = run(PUBLISHED_SEED)?;
        let fresh = FRESH_SEEDS.into_iter().map(run).collect::<Result<_>>()?;
        for (file, gate) in &step.gates {
            if published.1.get(file) != Some(&judge::expected(step.course, lesson, gate)?) {
                bail!("{} does not pass its gate `{}`", step.name, gate.name);
            }
        }
        let own = if step.has_own_tests && !gates_only { Some(OwnTests::new(&worktree)?) } else { None };
        Ok(Self { step, published, fresh, limit: slowest * 10 + Duration::from_secs(10), own })
    }
}
