//! Runs one gate in a sandbox of its own, and judges what it left behind.

use std::path::Path;

use anyhow::Result;
use gates::seal;
use gates::trace::{self, Event};
use kata::course::Lesson;
use kata::gate_runner::body;

use crate::environment::System;
use crate::limits::Limits;
use crate::reason::{Reason, TooBusy};
use crate::sandbox::{self, End, Isolation, Outcome, Spec};

/// One worker's way of running gates.
pub struct GateRunner<'a> {
    pub helper: &'a Path,
    pub isolation: Isolation,
    pub limits: Limits,
}

/// What is left of a gate's run.
pub struct GateRun {
    pub outcome: Outcome,
    /// The snapshot of this gate.
    pub snapshot: Option<String>,
    /// Other files that it left beside it.
    pub others: Vec<String>,
    /// Whether the gate itself has seen what the snapshot says.
    pub is_sealed: bool,
    pub events: Vec<Event>,
}

impl GateRunner<'_> {
    /// Runs one gate of a lesson's program. `folder` is empty and the caller's to remove.
    ///
    /// # Errors
    ///
    /// When the sandbox fails.
    pub fn run(
        &self,
        program: &Path,
        lesson: &Lesson,
        gate: &str,
        seed: u64,
        folder: &Path,
    ) -> Result<GateRun> {
        let mut spec = Spec::of_program(self.isolation, program, folder, self.limits)?;
        let snapshots = spec.scratch.join("seen");
        let key = crate::key::random()?;
        let (temporary, trace) = (spec.scratch.join("tmp"), spec.scratch.join("trace"));
        let text = |path: &Path| path.display().to_string();
        let variables = [
            ("INSTA_WORKSPACE_ROOT", text(&snapshots)),
            ("INSTA_UPDATE", "always".into()),
            ("INSTA_FORCE_PASS", "1".into()),
            // Else it starts a rustfmt to show a difference.
            ("INSTA_OUTPUT", "none".into()),
            ("KATA_SEED", seed.to_string()),
            (trace::VARIABLE, text(&trace)),
            (seal::VARIABLE, text(&snapshots.join(SEAL))),
            ("RUST_BACKTRACE", "0".into()),
        ];
        spec.variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        spec.variables.extend(System::this().gate(&text(&temporary)));
        let test = format!("{}::{gate}", lesson.topic());
        spec.arguments = ["--exact", &test, "--nocapture", "--test-threads=1"].map(str::to_owned).to_vec();
        spec.input = key.clone();
        spec.make = vec![snapshots.clone(), temporary];
        spec.collect = Some(snapshots);
        spec.trace = Some(trace);
        Ok(GateRun::new(sandbox::run(self.helper, &spec)?, lesson, gate, &key))
    }

    /// The names of the gates in a program.
    ///
    /// # Errors
    ///
    /// When the sandbox fails.
    pub fn list(&self, program: &Path, folder: &Path) -> Result<Vec<String>> {
        let mut spec = Spec::of_program(self.isolation, program, folder, self.limits)?;
        spec.arguments = ["--list", "--format", "terse"].map(str::to_owned).to_vec();
        spec.variables = System::this().gate(&spec.scratch.display().to_string());
        let output = sandbox::run(self.helper, &spec)?.output;
        Ok(output.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
    }
}

/// The gate's seal, beside its snapshot.
const SEAL: &str = "seal";

/// libtest's exit status for a test that has failed.
const TEST_FAILED: i32 = 101;
/// libtest's last line. It proves nothing; but a run without it did not reach its end.
const LAST_LINE: &str = "test result: ok. 1 passed; 0 failed";

impl GateRun {
    fn new(mut outcome: Outcome, lesson: &Lesson, gate: &str, key: &str) -> Self {
        let own = lesson.snapshot_file(gate);
        let (mut snapshot, mut sealed, mut others) = (None, None, Vec::new());
        for (path, text) in std::mem::take(&mut outcome.files) {
            match text {
                Some(text) if Path::new(&path) == own => snapshot = Some(body(&text).trim_end().to_owned()),
                Some(text) if path == SEAL => sealed = Some(text),
                _ => others.push(path),
            }
        }
        let events = std::mem::take(&mut outcome.trace);
        let events = events.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let is_sealed = snapshot.as_ref().is_some_and(|text| sealed == Some(seal::of(key, text)));
        Self { outcome, snapshot, others, is_sealed, events }
    }

    /// Why a gate that should have left the snapshot `expected` did not pass; `None` if it did.
    ///
    /// # Errors
    ///
    /// When the program got too little of the processor for a verdict.
    pub fn judge(&self, expected: &str) -> Result<Option<Reason>, TooBusy> {
        if let Some(other) = self.others.first() {
            return Ok(Some(Reason::LeftBehind(other.clone())));
        }
        Ok(Some(match self.outcome.end {
            End::TimedOut => Reason::TimedOut,
            End::Starved => return Err(TooBusy),
            End::Exceeded(resource) => Reason::Exceeded(resource),
            End::Signal(signal) => Reason::of_signal(signal, &self.outcome.output),
            End::Exited(TEST_FAILED) => self.panic().map_or(Reason::Failed, Reason::Panicked),
            End::Exited(0) => match &self.snapshot {
                None => Reason::NothingRecorded,
                Some(snapshot) if snapshot != expected => Reason::OtherRecorded,
                Some(_) if !self.is_sealed => Reason::NotItsOwn,
                Some(_) if !self.outcome.output.contains(LAST_LINE) => Reason::EndedEarly,
                Some(_) => return Ok(None),
            },
            End::Exited(status) => Reason::EndedWith { status },
        }))
    }

    fn panic(&self) -> Option<String> {
        self.events.iter().find_map(|event| match event {
            Event::Panic { message, .. } => Some(message.clone()),
            _ => None,
        })
    }

    /// The snapshot, or how far the gate came.
    pub fn got(&self) -> Option<String> {
        let steps = self.events.iter().filter_map(|event| match event {
            Event::Step(text) => Some(text.as_str()),
            _ => None,
        });
        let steps: Vec<_> = steps.collect();
        self.snapshot.clone().or_else(|| (!steps.is_empty()).then(|| steps.join("\n").trim_end().to_owned()))
    }

    pub fn sql(&self) -> Vec<String> {
        let sql = self.events.iter().filter_map(|event| match event {
            Event::Sql(statement) => Some(crate::text::clean(statement)),
            _ => None,
        });
        sql.take(20).collect()
    }
}
