//! What is known of a lesson before the first submission to it is judged: what its solution sees, and what
//! rustc remembers of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};

use super::{Grader, Once};
use crate::builder::REMEMBERED;
use crate::canonical::Step;
use crate::intake::taken::Taken;
use crate::limits::Limits;
use crate::run::{Runner, judge};
use crate::sandbox::Isolation;
use crate::text;
use crate::verdict::Verdict;

pub(super) type OfLesson = Once<Result<Arc<Known>, String>>;
pub(super) type Kept = Once<Result<PathBuf, String>>;

/// What is known from the solution of a lesson.
pub(super) struct Known {
    /// What each gate sees, by seed and gate.
    pub snapshots: Expected,
    /// What rustc remembers.
    remembered: PathBuf,
}

pub(super) type Expected = BTreeMap<(u64, String), String>;

impl Grader {
    /// What rustc remembers of the solution or of the skeleton, whichever is more like these files. The
    /// skeleton is compiled when a second submission is like it.
    pub(super) fn remembered(
        &self,
        step: &Step,
        taken: &Taken,
        known: &Known,
        isolation: Isolation,
    ) -> Result<PathBuf> {
        let shared =
            |files: &Taken| files.iter().filter(|(path, text)| taken.get(*path) == Some(text)).count();
        if shared(&step.skeleton) <= shared(&step.solution) {
            return Ok(known.remembered.clone());
        }
        let cell = {
            let mut skeletons = self.skeletons.lock().unwrap_or_else(|poison| poison.into_inner());
            let (seen, cell) = skeletons.entry(step.index).or_default();
            *seen += 1;
            if *seen == 1 {
                return Ok(known.remembered.clone());
            }
            cell.clone()
        };
        let compile = || {
            let folder = self.folder()?;
            self.builder(isolation, Some(&known.remembered)).build(step, &step.skeleton, folder.path())?;
            self.keep(folder.path(), &format!("skeleton-{}", self.canonical.lesson(step).name))
        };
        let kept = cell.get_or_init(|| compile().map_err(|error: anyhow::Error| format!("{error:#}")));
        kept.clone().map_err(|error| anyhow!(error))
    }

    /// Keeps what rustc remembers of the build in `folder`.
    fn keep(&self, folder: &Path, name: &str) -> Result<PathBuf> {
        let kept = self.work.join(name);
        std::fs::rename(folder.join(REMEMBERED), &kept).context("cannot keep what rustc remembers")?;
        Ok(kept)
    }

    /// What the solution sees; found out once. Checks the course on the way: a gate that is missing from
    /// the list, or a solution that does not pass, is no student's fault.
    pub fn check(&self, step: &Step, isolation: Isolation) -> Result<()> {
        self.known(step, isolation).map(drop)
    }

    pub(super) fn known(&self, step: &Step, isolation: Isolation) -> Result<Arc<Known>> {
        let cell = {
            let mut expected = self.expected.lock().unwrap_or_else(|poison| poison.into_inner());
            expected.entry(step.index).or_default().clone()
        };
        let found = cell.get_or_init(|| {
            self.see_solution(step, isolation).map(Arc::new).map_err(|error| format!("{error:#}"))
        });
        found.clone().map_err(|error| anyhow!(error))
    }

    fn see_solution(&self, step: &Step, isolation: Isolation) -> Result<Known> {
        let lesson = self.canonical.lesson(step);
        let folder = self.folder()?;
        let built = self.builder(isolation, None).build(step, &step.solution, folder.path())?;
        let Some(program) = &built.program else {
            bail!(
                "the solution of {} does not compile in the sandbox ({:?}):\n{}",
                lesson.name,
                built.end,
                text::clean(&built.diagnostics)
            );
        };
        let gates = step.gates(lesson);
        let list = self.folder()?;
        let mut there = self.runner(isolation).list(program, list.path())?;
        let mut listed: Vec<_> =
            gates.iter().map(|(_, gate)| format!("{}::{}", lesson.topic(), gate.name)).collect();
        there.sort();
        listed.sort();
        if there != listed {
            bail!(
                "{} does not list the gates that there are: {}",
                lesson.gate_file("toml").display(),
                difference(&there, &listed)
            );
        }
        let mut expected = Expected::new();
        for seed in [self.seeds.published].into_iter().chain(self.seeds.fresh.iter().copied()) {
            for (_, gate) in &gates {
                let folder = self.folder()?;
                let runner = Runner { limits: Limits::GATE, ..self.runner(isolation) };
                let seen = runner.run(program, lesson, &gate.name, seed, folder.path())?;
                let body = seen.snapshot.clone().unwrap_or_default();
                let (verdict, reason) = judge(&seen, &body);
                if verdict != Verdict::Pass || seen.snapshot.is_none() {
                    bail!("the solution does not pass `{}` with the seed {seed}: {reason}", gate.name);
                }
                if seed == self.seeds.published
                    && body != kata::judge::expected(&self.canonical.course, lesson, gate)?
                {
                    bail!("{} is not what the solution sees", lesson.snapshot_file(&gate.name).display());
                }
                expected.insert((seed, gate.name.clone()), body);
            }
        }
        let remembered = self.keep(folder.path(), &format!("solution-{}", lesson.name))?;
        Ok(Known { snapshots: expected, remembered })
    }
}

fn difference(there: &[String], listed: &[String]) -> String {
    let only = |these: &[String], those: &[String]| {
        let only: Vec<_> = these.iter().filter(|name| !those.contains(name)).cloned().collect();
        if only.is_empty() { "none".to_owned() } else { only.join(", ") }
    };
    format!("only in the program: {}; only in the list: {}", only(there, listed), only(listed, there))
}
