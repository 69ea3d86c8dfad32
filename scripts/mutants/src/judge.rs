//! Judges mutants of a step: compiles each, and runs the gates and tests that may notice it.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::slice;

use anyhow::Result;

use crate::mutant::Mutant;
use crate::reference::Reference;
use crate::verdict::Verdict;
use crate::worktree::{Snapshots, Worktree};

/// One worker.
pub struct Judge<'a> {
    reference: &'a Reference<'a>,
    worktree: Worktree<'a>,
}

impl<'a> Judge<'a> {
    /// A worker of this name, with a copy of the step's sources.
    ///
    /// # Errors
    ///
    /// When the sources cannot be copied.
    pub fn new(reference: &'a Reference<'a>, name: &str) -> Result<Self> {
        Ok(Self { reference, worktree: Worktree::new(reference.step, name)? })
    }

    /// Judges one mutant: by the gates and tests that are likely to notice it, then by all gates with the published
    /// seed, by the tests that an app has beside them, and by the gates with fresh seeds.
    ///
    /// # Errors
    ///
    /// When it cannot be compiled or run for a reason that is not its own.
    pub fn judge(&self, mutant: &Mutant, likely: &[Vec<String>]) -> Result<Verdict> {
        self.worktree.with_mutant(mutant, || self.judge_worktree(likely))
    }

    fn judge_worktree(&self, likely: &[Vec<String>]) -> Result<Verdict> {
        if !self.worktree.compile_library()? {
            return Ok(Verdict::Unviable);
        }
        // Gates and tests are compiled when they are first needed: it may be caught before.
        let program = OnceCell::new();
        let own = self.reference.own.as_ref().map(|own| own.against(&self.worktree));
        let by_own = |only: Option<&[String]>| match &own {
            Some(own) => own.verdict(only),
            None => Ok(Verdict::Missed),
        };
        let published = slice::from_ref(&self.reference.published);
        for likely in likely {
            let (gates, tests): (Vec<_>, Vec<_>) =
                likely.iter().cloned().partition(|name| self.reference.step.is_gate(name));
            if !tests.is_empty() {
                let verdict = by_own(Some(&tests))?;
                if !verdict.is_missed() {
                    return Ok(verdict);
                }
            }
            if !gates.is_empty() {
                let verdict = self.by_gates(&program, published, Some(&gates))?;
                if !verdict.is_missed() {
                    return Ok(verdict);
                }
            }
        }
        let mut verdict = self.by_gates(&program, published, None)?;
        if verdict.is_missed() {
            verdict = by_own(None)?;
        }
        if verdict.is_missed() {
            verdict = self.by_gates(&program, &self.reference.fresh, None)?;
        }
        Ok(verdict)
    }

    /// The verdict of these gates, or of all; each of `expected` is for one seed.
    fn by_gates(
        &self,
        program: &OnceCell<Option<PathBuf>>,
        expected: &[(u64, Snapshots)],
        only: Option<&[String]>,
    ) -> Result<Verdict> {
        if program.get().is_none() {
            let _ = program.set(self.worktree.compile_gate()?);
        }
        let Some(Some(program)) = program.get() else { return Ok(Verdict::Unviable) };
        for (seed, expected) in expected {
            let limit = self.reference.limit;
            let Some(found) = self.worktree.run_gates(program, *seed, limit, only)? else {
                return Ok(Verdict::TimedOut);
            };
            let by: Vec<_> = expected
                .iter()
                .filter(|(file, body)| found.get(*file) != Some(body))
                .filter_map(|(file, _)| self.reference.step.gates.get(file))
                .map(|gate| gate.name.clone())
                .filter(|gate| only.is_none_or(|only| only.contains(gate)))
                .collect();
            if !by.is_empty() {
                return Ok(Verdict::Caught(by));
            }
        }
        Ok(Verdict::Missed)
    }
}
