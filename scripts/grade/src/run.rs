//! Runs one gate in a sandbox of its own, and says what came of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gates::trace::{self, Event};
use kata::course::Lesson;
use kata::gate_runner::body;

use crate::builder::system;
use crate::environment::System;
use crate::limits::Limits;
use crate::sandbox::{self, End, Isolation, Outcome, Shared, Spec, Tier};
use crate::verdict::Verdict;

/// What a compiled program needs of a system.
const SYSTEM: [&str; 6] = ["/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"];

/// One worker's way of running gates.
pub struct Runner<'a> {
    pub helper: &'a Path,
    pub isolation: Isolation,
    pub limits: Limits,
}

/// What is left of a gate's run.
pub struct Seen {
    pub outcome: Outcome,
    /// The snapshot of this gate.
    pub snapshot: Option<String>,
    /// Other files that it left beside it.
    pub others: Vec<String>,
    pub events: Vec<Event>,
}

impl Runner<'_> {
    /// `folder` is empty and the caller's to remove.
    pub fn run(&self, program: &Path, lesson: &Lesson, gate: &str, seed: u64, folder: &Path) -> Result<Seen> {
        let (root, outer_scratch) = (folder.join("root"), folder.join("scratch"));
        fs::create_dir_all(&root).context("cannot make a folder")?;
        let (inside, scratch) = match self.isolation.tier() {
            Tier::A => (PathBuf::from("/gate"), PathBuf::from("/scratch")),
            Tier::C => (program.to_owned(), outer_scratch),
        };
        let mut shared = Vec::new();
        if self.isolation.tier() == Tier::A {
            shared = system(&SYSTEM);
            shared.push(Shared { from: program.to_owned(), to: inside.clone(), writable: false });
        }
        let (seen, temporary, trace) = (scratch.join("seen"), scratch.join("tmp"), scratch.join("trace"));
        let text = |path: &Path| path.display().to_string();
        let variables: BTreeMap<String, String> = [
            ("INSTA_WORKSPACE_ROOT", text(&seen)),
            ("INSTA_UPDATE", "always".into()),
            ("INSTA_FORCE_PASS", "1".into()),
            // Else it starts a rustfmt to show a difference.
            ("INSTA_OUTPUT", "none".into()),
            ("KATA_SEED", seed.to_string()),
            (trace::VARIABLE, text(&trace)),
            ("RUST_BACKTRACE", "0".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .chain(System::this().gate(&text(&temporary)))
        .collect();
        let test = format!("{}::{gate}", lesson.topic());
        let outcome = sandbox::run(
            self.helper,
            &Spec {
                isolation: self.isolation,
                root,
                shared,
                program: inside,
                arguments: ["--exact", &test, "--nocapture", "--test-threads=1"].map(str::to_owned).to_vec(),
                variables,
                folder: scratch.clone(),
                make: vec![seen.clone(), temporary],
                collect: Some(seen),
                trace: Some(trace),
                scratch,
                limits: self.limits,
            },
        )?;
        Ok(sorted(outcome, lesson, gate))
    }

    /// The names of the gates in a program.
    pub fn list(&self, program: &Path, folder: &Path) -> Result<Vec<String>> {
        fs::create_dir_all(folder.join("root")).context("cannot make a folder")?;
        let (inside, scratch) = match self.isolation.tier() {
            Tier::A => (PathBuf::from("/gate"), PathBuf::from("/scratch")),
            Tier::C => (program.to_owned(), folder.join("scratch")),
        };
        let mut shared = system(&SYSTEM);
        shared.push(Shared { from: program.to_owned(), to: inside.clone(), writable: false });
        let spec = Spec {
            isolation: self.isolation,
            root: folder.join("root"),
            shared,
            program: inside,
            arguments: ["--list", "--format", "terse"].map(str::to_owned).to_vec(),
            variables: System::this().gate(&scratch.display().to_string()),
            folder: scratch.clone(),
            make: Vec::new(),
            collect: None,
            trace: None,
            scratch,
            limits: self.limits,
        };
        let output = sandbox::run(self.helper, &spec)?.output;
        Ok(output.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
    }
}

fn sorted(mut outcome: Outcome, lesson: &Lesson, gate: &str) -> Seen {
    let own = lesson.snapshot_file(gate);
    let (mut snapshot, mut others) = (None, Vec::new());
    for (path, text) in std::mem::take(&mut outcome.files) {
        match text {
            Some(text) if path == own => snapshot = Some(body(&text).trim_end().to_owned()),
            _ => others.push(path.display().to_string()),
        }
    }
    let events = std::mem::take(&mut outcome.trace);
    let events = events.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Seen { outcome, snapshot, others, events }
}

/// libtest's exit status for a test that has failed.
const TEST_FAILED: i32 = 101;
/// libtest's last words. They prove nothing; that they are missing proves something.
const LAST_WORDS: &str = "test result: ok. 1 passed; 0 failed";

/// Why there is no verdict on a program that got no processor.
pub const TOO_BUSY: &str =
    "the machine was too busy to run it: grade it again with fewer `--jobs`, or with less beside it";

/// What the run says about the gate, in one word and one sentence.
pub fn judge(seen: &Seen, expected: &str) -> (Verdict, String) {
    let say = |verdict, reason: &str| (verdict, reason.to_owned());
    if let Some(other) = seen.others.first() {
        let other = crate::text::line(other);
        return (Verdict::Tamper, format!("it left `{other}` behind, which is not this gate's to write"));
    }
    let is_right = seen.snapshot.as_deref() == Some(expected);
    match &seen.outcome.end {
        End::TimedOut => say(Verdict::Timeout, "it took longer than it may"),
        End::Starved => say(Verdict::GraderError, TOO_BUSY),
        End::Exceeded(what) => (Verdict::Resource, format!("it asked for more {what} than it may have")),
        End::Signal(_) if seen.outcome.output.contains("memory allocation of ") => {
            say(Verdict::Resource, "it asked for more memory than it may have")
        }
        End::Signal(signal) => (Verdict::Crash, format!("it died of signal {signal}")),
        End::Exited(TEST_FAILED) => match panic(&seen.events) {
            Some(panic) => (Verdict::Fail, format!("it panicked: {}", crate::text::line(&panic))),
            None => say(Verdict::Fail, "it failed"),
        },
        End::Exited(0) if seen.snapshot.is_none() => {
            say(Verdict::Fail, "it ended before the gate had seen anything")
        }
        End::Exited(0) if !is_right => say(Verdict::Fail, "it saw something else than it should"),
        End::Exited(0) if !seen.outcome.output.contains(LAST_WORDS) => {
            say(Verdict::Crash, "it ended the process before the gate was at its end")
        }
        End::Exited(0) => say(Verdict::Pass, "it saw what it should"),
        End::Exited(code) => (Verdict::Crash, format!("it ended the process with status {code}")),
    }
}

fn panic(events: &[Event]) -> Option<String> {
    events.iter().find_map(|event| match event {
        Event::Panic { message, .. } => Some(message.clone()),
        _ => None,
    })
}

impl Seen {
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
