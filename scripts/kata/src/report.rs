//! The report of one lesson: what the terminal shows and what `--json` prints.

use std::path::PathBuf;

use gate_contract::trace::{Plan, Ran, Table};
use serde::{Deserialize, Serialize};

use crate::Database;
use crate::course::Gate;

/// The version of the JSON format; `scripts/kata/README.md` describes it.
pub const FORMAT: u32 = 1;

#[derive(Deserialize, Serialize)]
pub struct Report {
    pub format: u32,
    pub lesson: String,
    pub database: Database,
    pub seed: u64,
    pub passed: usize,
    pub total: usize,
    /// What rustc said, if the lesson does not compile; then every gate is waiting.
    pub build_errors: Vec<String>,
    /// Where they are: file, as cargo names it, and line.
    pub error_places: Vec<(PathBuf, usize)>,
    /// What the first error means, or why the first gate that fails does not pass, where the guide knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    pub gates: Vec<GateReport>,
    /// Gates that passed before the edit have not run yet, and count as passed: another report follows. Only the guide
    /// that watches gets such a one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_early: bool,
}

#[derive(Clone, Deserialize, Serialize)]
pub struct GateReport {
    /// Its place in the lesson, from 1.
    pub number: usize,
    pub name: String,
    pub title: String,
    pub status: Status,
    pub seconds: f64,
    pub expected: Option<String>,
    pub got: Option<String>,
    /// The typical mistake that leaves exactly this, in a sentence, where there is one and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The statements that the student's code ran, in order.
    pub sql: Vec<String>,
    /// What it wrote to standard error, each line once: an app's log. Empty where a panic says more.
    pub log: Vec<String>,
    /// What it wrote there while the gate provoked a fault, each line once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provoked: Vec<String>,
    /// What it wrote to standard output, as `println!` does, each line once.
    #[serde(default)]
    pub printed: Vec<String>,
    /// The file with the web page that the gate looked at last.
    #[serde(default)]
    pub page: Option<String>,
    /// The tables of the gate's database before the student's code had a connection, and at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables_before: Vec<Table>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// When each statement ran, and transactions of the gate's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Ran>,
    /// How the database runs the statements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<Plan>,
    pub panic: Option<Panic>,
    /// How the process died, if it did.
    pub end: Option<String>,
    /// Where the gate's tasks are.
    pub edit: Vec<Edit>,
    /// The files of its tasks are as they were handed out.
    pub untouched: bool,
}

/// Why a lesson does not compile, or why its first failing gate does not pass, for a student.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Explanation {
    /// The name of the rule that found it, such as `field-type`.
    pub id: String,
    /// At most eight: what is there, what was expected, and the smallest change.
    pub lines: Vec<String>,
    /// Relative to the workspace.
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// Which of the report's `build_errors` it explains, from 0; absent where a gate has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<usize>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pass,
    Fail,
    Timeout,
    Crash,
    /// A gate before it does not pass, so it has not run.
    Waiting,
}

#[derive(Clone, Deserialize, Serialize)]
pub struct Panic {
    pub message: String,
    pub file: String,
    pub line: u32,
}

#[derive(Clone, Deserialize, Serialize)]
pub struct Edit {
    pub task: String,
    /// Relative to the workspace.
    pub file: String,
    /// The line of the task's marker or, when the marker was deleted, of the function that it was in;
    /// absent when that is gone too.
    pub line: Option<usize>,
}

impl GateReport {
    pub fn waiting(number: usize, gate: &Gate) -> Self {
        Self {
            number,
            name: gate.name.clone(),
            title: gate.title.clone(),
            status: Status::Waiting,
            seconds: 0.0,
            expected: None,
            got: None,
            label: None,
            sql: Vec::new(),
            log: Vec::new(),
            provoked: Vec::new(),
            printed: Vec::new(),
            page: None,
            tables_before: Vec::new(),
            tables: Vec::new(),
            runs: Vec::new(),
            plans: Vec::new(),
            panic: None,
            end: None,
            edit: Vec::new(),
            untouched: false,
        }
    }

    /// The task of the `todo!` that stopped the gate, if one did.
    pub fn reached_gap(&self) -> Option<&str> {
        self.panic.as_ref()?.message.strip_prefix("not yet implemented: ")
    }

    /// The code that the gate checks is not written yet: it fails as it is meant to.
    pub fn is_to_do(&self) -> bool {
        self.untouched || self.reached_gap().is_some()
    }
}

impl Report {
    pub fn all_passed(&self) -> bool {
        self.build_errors.is_empty() && self.passed == self.total
    }

    /// The gates that have run and not passed.
    pub fn failures(&self) -> impl Iterator<Item = &GateReport> {
        self.gates.iter().filter(|gate| !matches!(gate.status, Status::Pass | Status::Waiting))
    }

    pub fn first_failure(&self) -> Option<&GateReport> {
        self.failures().next()
    }
}
