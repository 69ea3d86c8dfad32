//! What comes of compiling a lesson.

use std::path::PathBuf;

use kata::build::{Diagnostic, diagnostics};

use crate::limits::Limits;
use crate::reason::{Reason, TooBusy};
use crate::sandbox::{End, Outcome};

pub struct Built {
    /// The gates' program, or `None` if it does not compile.
    pub program: Option<PathBuf>,
    /// How the compiler ended that did not succeed.
    pub end: End,
    /// Why it is not linked although it may compile.
    pub refused: Option<Reason>,
    /// What the compiler said, as a person reads it.
    pub diagnostics: String,
    /// Its errors, with all that it knows of them.
    pub errors: Vec<Diagnostic>,
    /// How many bytes the compiler has printed.
    printed: u64,
    pub milliseconds: u64,
    /// Those without which it could have gone on.
    own_milliseconds: u64,
    pub cpu_milliseconds: u64,
    pub sandbox_milliseconds: u64,
    pub peak_kib: u64,
}

impl Default for Built {
    /// Nothing has been run yet.
    fn default() -> Self {
        Self {
            program: None,
            end: End::Exited(0),
            refused: None,
            diagnostics: String::new(),
            errors: Vec::new(),
            printed: 0,
            milliseconds: 0,
            own_milliseconds: 0,
            cpu_milliseconds: 0,
            sandbox_milliseconds: 0,
            peak_kib: 0,
        }
    }
}

impl Built {
    /// Adds a run of the compiler, and returns whether it has succeeded.
    pub fn takes(&mut self, outcome: &Outcome) -> bool {
        self.milliseconds += outcome.milliseconds;
        self.own_milliseconds += outcome.own_milliseconds;
        self.cpu_milliseconds += outcome.cpu_milliseconds;
        self.sandbox_milliseconds += outcome.sandbox_milliseconds;
        self.peak_kib = self.peak_kib.max(outcome.peak_kib);
        let (text, errors) = diagnostics(&outcome.output);
        self.diagnostics.push_str(&text);
        self.errors.extend(errors);
        self.printed += outcome.output.len() as u64;
        self.end = outcome.end;
        self.end == End::Exited(0)
    }

    /// Refuses what the compiler has made, and forgets what it said, which may quote a file that is nobody's business.
    pub fn refuse(&mut self, why: Reason) {
        self.refused = Some(why);
        self.diagnostics.clear();
        self.errors.clear();
    }

    /// What the commands so far have left of a lesson's limits.
    pub fn left_of(&self, limits: Limits) -> Limits {
        let cpu_seconds = limits.cpu_seconds.saturating_sub(self.cpu_milliseconds / 1000);
        let output = limits.output.saturating_sub(self.printed);
        Limits {
            cpu_seconds: cpu_seconds.max(1),
            wall_milliseconds: limits.wall_milliseconds.saturating_sub(self.own_milliseconds).max(1000),
            output,
            ..limits
        }
    }

    /// Why there is no program.
    ///
    /// # Errors
    ///
    /// When the compiler got too little of the processor for a verdict.
    pub fn reason(&self) -> Result<Reason, TooBusy> {
        match &self.refused {
            Some(reason) => Ok(reason.clone()),
            None => Reason::of_compiler(self.end, &self.diagnostics),
        }
    }
}
