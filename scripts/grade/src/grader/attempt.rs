//! One lesson of one submission, compiled, on its way through the gates.

use std::path::Path;

use anyhow::Result;
use kata::course::Gate;
use kata::labels::Labels;
use sha2::{Digest, Sha256};

use super::reference::Reference;
use super::setup::Setup;
use crate::canonical::Step;
use crate::reason::Reason;
use crate::run::GateRun;
use crate::sandbox::Isolation;
use crate::verdict::{Cpu, GateVerdict, Left, Verdict};

pub struct Attempt<'a> {
    pub setup: &'a Setup,
    pub step: &'a Step,
    pub program: &'a Path,
    /// Where it was compiled.
    pub folder: &'a Path,
    pub reference: &'a Reference,
    pub isolation: Isolation,
    /// The processor's time so far.
    pub cpu: Cpu,
}

impl Attempt<'_> {
    /// The verdicts on all gates, in order.
    ///
    /// # Errors
    ///
    /// When the grader or its sandbox fails.
    pub fn gates(&mut self) -> Result<Vec<GateVerdict>> {
        let mut gates: Vec<GateVerdict> = Vec::new();
        for (number, gate) in self.step.gates(self.setup.canonical.lesson(self.step)) {
            let passed =
                |name: &String| gates.iter().any(|gate| &gate.name == name && gate.verdict == Verdict::Pass);
            let mut verdict = match gate.needs.as_ref().filter(|needed| !passed(needed)) {
                Some(needed) => Reason::Needs(needed.clone()).of_gate(number, gate),
                None => self.gate(number, gate)?,
            };
            // What the gates behind the first that fails see may come of the same mistake.
            if gates.iter().any(|gate| gate.verdict != Verdict::Pass) {
                verdict.label = None;
            }
            gates.push(verdict);
        }
        Ok(gates)
    }

    /// The first seed that does not pass decides.
    fn gate(&mut self, number: usize, gate: &Gate) -> Result<GateVerdict> {
        let mut verdict = GateVerdict::passed(number, gate);
        for seed in self.setup.seeds.all() {
            let expected = self.reference.snapshot(seed, &gate.name)?;
            let (mut run, mut reason) = self.run(gate, seed, expected)?;
            if reason == Some(Reason::EndedEarly) {
                // Other output may have torn libtest's last line apart.
                (run, reason) = self.run(gate, seed, expected)?;
            }
            let snapshot = run.snapshot.as_ref().map(|text| kata::digest::hex(&Sha256::digest(text)));
            verdict.left.push(Left { seed, snapshot });
            verdict.milliseconds += run.outcome.milliseconds;
            verdict.peak_kib = verdict.peak_kib.max(run.outcome.peak_kib);
            let Some(reason) = reason else { continue };
            let is_published = seed == self.setup.seeds.published;
            return Ok(GateVerdict {
                verdict: reason.verdict(),
                reason: match is_published {
                    true => reason.to_string(),
                    false => format!("on new data, {reason}"),
                },
                points: 0,
                seed: Some(seed),
                expected: is_published.then(|| expected.clone()),
                got: run.got(),
                label: if is_published { self.label(gate, &reason, &run) } else { None },
                sql: run.sql(),
                ..verdict
            });
        }
        Ok(verdict)
    }

    /// The typical mistake that a run on the published seed shows, if the gate was seen to fail.
    fn label(&self, gate: &Gate, reason: &Reason, run: &GateRun) -> Option<String> {
        let canonical = &self.setup.canonical;
        let labels = Labels::read(&canonical.course, canonical.lesson(self.step)).ok()?;
        run.label(&labels, &gate.name).filter(|_| reason.verdict() == Verdict::Fail)
    }

    /// One run, and why it did not pass.
    fn run(&mut self, gate: &Gate, seed: u64, expected: &str) -> Result<(GateRun, Option<Reason>)> {
        let Self { setup, step, program, isolation, .. } = *self;
        let folder = setup.folder()?;
        let lesson = setup.canonical.lesson(step);
        let run = setup.runner(isolation).run(program, lesson, &gate.name, seed, folder.path())?;
        self.cpu.running += run.outcome.cpu_milliseconds;
        self.cpu.sandbox += run.outcome.sandbox_milliseconds;
        let reason = run.judge(expected)?;
        if reason.is_some() {
            drop(folder);
            setup.check_room(&setup.gate_limits, self.folder)?;
        }
        Ok((run, reason))
    }
}
