//! What came of a run, and what the top of a verdict says.

use std::path::Path;

use crate::report::{Explanation, Report, Status};
use crate::view::Background;

/// What came of a run.
pub enum Verdict {
    Report(Box<Report>, Background),
    /// The guide could not do its work, and says why.
    Broken(String),
}

impl Verdict {
    #[expect(clippy::needless_pass_by_value, reason = "what becomes of a `Result`")]
    pub fn broken(error: anyhow::Error) -> Self {
        Self::Broken(format!("{error:#}"))
    }

    /// The gate to pass.
    pub fn gate(&self) -> Option<usize> {
        match self {
            Self::Report(report, _) => report.first_failure().map(|gate| gate.number),
            Self::Broken(_) => None,
        }
    }

    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Report(report, _) if report.all_passed())
    }
}

/// What the top of a verdict says: while it stays the same, a save does not scroll a reader away. It has no numbers of
/// lines, which a save moves, and nothing of what is further below.
#[derive(Eq, PartialEq)]
pub enum Head<'a> {
    Passed,
    Broken(&'a str),
    Gate {
        number: usize,
        status: Status,
        /// The panic's words and file.
        panic: Option<(&'a str, &'a str)>,
        is_to_do: bool,
        is_lost: bool,
        label: Option<&'a str>,
        why: Option<Why<'a>>,
    },
    /// The compiler's first words, and what explains them.
    NotCompiled(&'a str, Option<Why<'a>>),
}

/// What an explanation says, and about which file.
type Why<'a> = (&'a [String], &'a Path);

impl<'a> Head<'a> {
    pub fn of(verdict: &'a Verdict) -> Self {
        let (report, background) = match verdict {
            Verdict::Report(report, background) => (report, background),
            Verdict::Broken(why) => return Self::Broken(why),
        };
        let why = |it: &'a Explanation| (&it.lines[..], it.file.as_path());
        let why = report.explanation.as_ref().map(why);
        if let Some(first) = report.build_errors.first() {
            return Self::NotCompiled(first.lines().next().unwrap_or_default(), why);
        }
        let Some(gate) = report.first_failure() else { return Self::Passed };
        Self::Gate {
            number: gate.number,
            status: gate.status,
            panic: gate.panic.as_ref().map(|panic| (&*panic.message, &*panic.file)),
            is_to_do: gate.is_to_do(),
            is_lost: background.lost.contains(&gate.number),
            label: gate.label.as_deref(),
            why,
        }
    }
}
