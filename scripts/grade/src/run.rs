//! Runs one gate in a sandbox of its own, and judges what it left behind.

use std::path::Path;

use anyhow::Result;
use gate_contract::seal;
use gate_contract::trace::{self, Event};
use kata::Database;
use kata::course::Lesson;
use kata::gate_runner::body;
use kata::labels::{Labels, Seen};

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
        let key = crate::key::random()?;
        // Its name is another one in each run, so that no code has it built in.
        let snapshots = spec.scratch.join(format!("seen-{}", crate::key::random()?));
        let (temporary, trace) = (spec.scratch.join("tmp"), spec.scratch.join("trace"));
        let text = |path: &Path| path.display().to_string();
        let variables = [
            ("INSTA_WORKSPACE_ROOT", text(&snapshots)),
            ("INSTA_UPDATE", "always".into()),
            ("INSTA_FORCE_PASS", "1".into()),
            // Else it starts a rustfmt to show a difference.
            ("INSTA_OUTPUT", "none".into()),
            (trace::VARIABLE, text(&trace)),
            (seal::VARIABLE, text(&snapshots.join(SEAL))),
            ("RUST_BACKTRACE", "0".into()),
        ];
        spec.variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        spec.variables.extend(System::this().gate(&text(&temporary)));
        let test = format!("{}::{gate}", lesson.topic());
        spec.arguments = ["--exact", &test, "--nocapture", "--test-threads=1"].map(str::to_owned).to_vec();
        spec.input = seal::input(&key, seed);
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
    /// What a run that ended so has left of its gate.
    pub fn new(mut outcome: Outcome, lesson: &Lesson, gate: &str, key: &str) -> Self {
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
            End::Hid => Reason::Hid,
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
        self.statements().take(20).map(str::to_owned).collect()
    }

    fn statements(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| match event {
            Event::Sql(statement) => Some(statement.as_str()),
            _ => None,
        })
    }

    /// The typical mistake that leaves exactly this on the published seed. The code itself wrote what it is told by, so
    /// it decides nothing.
    pub fn label(&self, labels: &Labels, gate: &str) -> Option<String> {
        let (got, panic) = (self.got(), self.panic());
        let sql = self.statements().collect();
        let (got, panic) = (got.as_deref(), panic.as_deref());
        labels.label(gate, &Seen { database: Database::Sqlite, got, panic, sql })
    }
}

#[cfg(test)]
mod tests {
    use kata::course::{Course, find_root};
    use kata::labels::fingerprint;
    use kata::report::{GateReport, Panic, Status};

    use super::*;

    /// What a run that ended so has left, with or without its snapshot.
    fn run(lesson: &Lesson, gate: &str, snapshot: Option<&str>, events: &[Event]) -> GateRun {
        let trace: Vec<_> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        let file = lesson.snapshot_file(gate).display().to_string();
        let outcome = Outcome {
            end: End::Exited(0),
            output: String::new(),
            files: snapshot.map(|text| (file, Some(text.to_owned()))).into_iter().collect(),
            trace: trace.join("\n"),
            milliseconds: 0,
            own_milliseconds: 0,
            cpu_milliseconds: 0,
            sandbox_milliseconds: 0,
            peak_kib: 0,
        };
        GateRun::new(outcome, lesson, gate, "key")
    }

    /// The guide makes the labels, and the grader has to find them by what it sees itself.
    #[test]
    fn the_grader_recognizes_a_mistake_like_the_guide() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let lesson = course.lesson("5").unwrap();
        let gate = &lesson.manifest.gates[0];
        // More statements than a verdict lists.
        let statement = |number| format!("SELECT `id` FROM `books` WHERE `id` = ? -- binds: [{number}]");
        let sql: Vec<_> = (1..=30).map(statement).collect();
        let events: Vec<_> = sql.iter().cloned().map(Event::Sql).collect();
        let guide = GateReport {
            status: Status::Fail,
            got: Some("find\n    None".into()),
            sql,
            ..GateReport::waiting(1, gate)
        };
        let mut labels = Labels::default();
        labels.add(&gate.name, &fingerprint(&guide, Database::Sqlite).unwrap(), "The books come by title.");
        let snapshot = "---\nsource: x\n---\nfind\n    None\n";
        let label = |snapshot: Option<&str>, events: &[Event]| {
            run(lesson, &gate.name, snapshot, events).label(&labels, &gate.name)
        };
        let expected = "You get this result when the books come by title.";
        assert_eq!(label(Some(snapshot), &events).as_deref(), Some(expected));
        assert_eq!(label(Some(snapshot), &events[..29]), None);
        assert_eq!(label(Some("---\nsource: x\n---\nfind\n    Some"), &events), None);

        // One that stopped half-way has its steps in place of a snapshot.
        let message = "no book".to_owned();
        let panic = Event::Panic { message: message.clone(), file: "src/books.rs".into(), line: 7 };
        let step = Event::Step("find\n    None\n".into());
        let panicked = GateReport { panic: Some(Panic { message, file: "x".into(), line: 1 }), ..guide };
        labels.add(&gate.name, &fingerprint(&panicked, Database::Sqlite).unwrap(), "The books are lost.");
        let stopped = run(lesson, &gate.name, None, &[&events[..], &[step, panic]].concat());
        let label = stopped.label(&labels, &gate.name);
        assert_eq!(label.as_deref(), Some("You get this result when the books are lost."));
    }
}
