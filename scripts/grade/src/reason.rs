//! Why a gate has its verdict: each way in which grading can end, with its sentence.

use std::fmt;

use kata::course::Gate;

use crate::intake::scan::Violation;
use crate::sandbox::Resource;
use crate::text::line;
use crate::verdict::{GateVerdict, Verdict};

/// A reason stands for one verdict, so the two cannot disagree.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    Passed,
    /// What the submission holds in place of the lesson, as a sentence.
    NotHandedIn(String),
    /// It ended before the gate had recorded anything.
    NothingRecorded,
    OtherRecorded,
    Failed,
    Panicked(String),
    /// The gate that this one needs.
    Needs(String),
    /// Why, as a sentence.
    Unreadable(String),
    /// The lesson's file without which nothing compiles, and the lesson's folder.
    Missing {
        file: &'static str,
        folder: String,
    },
    Violation(Violation),
    /// A file that is not this gate's to write.
    LeftBehind(String),
    NotCompiled,
    CompilerTimedOut,
    CompilerExceeded(Resource),
    CompilerOutOfMemory {
        signal: i32,
    },
    CompilerDied {
        signal: i32,
    },
    TimedOut,
    Exceeded(Resource),
    Died {
        signal: i32,
    },
    /// It recorded the right thing and ended the process before the gate's end.
    EndedEarly,
    EndedWith {
        status: i32,
    },
    /// The grader's own error, on one line.
    GraderFailed(String),
    GraderPanicked,
}

impl Reason {
    pub fn of_error(error: &anyhow::Error) -> Self {
        Self::GraderFailed(line(&format!("{error:#}")))
    }

    /// The verdict on a gate that did not have to run for it.
    pub fn of_gate(&self, number: usize, gate: &Gate) -> GateVerdict {
        GateVerdict {
            number,
            name: gate.name.clone(),
            title: gate.title.clone(),
            verdict: self.verdict(),
            reason: self.to_string(),
            points: if *self == Self::Passed { gate.points } else { 0 },
            max_points: gate.points,
            milliseconds: 0,
            peak_kib: 0,
            seed: None,
            expected: None,
            got: None,
            sql: Vec::new(),
        }
    }

    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Passed => Verdict::Pass,
            Self::NotHandedIn(_)
            | Self::NothingRecorded
            | Self::OtherRecorded
            | Self::Failed
            | Self::Panicked(_) => Verdict::Fail,
            Self::Needs(_) => Verdict::Waiting,
            Self::Unreadable(_) | Self::Missing { .. } => Verdict::Unreadable,
            Self::Violation(_) => Verdict::Policy,
            Self::LeftBehind(_) => Verdict::Tamper,
            Self::NotCompiled | Self::CompilerDied { .. } => Verdict::BuildError,
            Self::CompilerTimedOut | Self::TimedOut => Verdict::Timeout,
            Self::CompilerExceeded(_) | Self::CompilerOutOfMemory { .. } | Self::Exceeded(_) => {
                Verdict::Resource
            }
            Self::Died { .. } | Self::EndedEarly | Self::EndedWith { .. } => Verdict::Crash,
            Self::GraderFailed(_) | Self::GraderPanicked => Verdict::GraderError,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("it saw what it should"),
            Self::NotHandedIn(what) => f.write_str(what),
            Self::NothingRecorded => f.write_str("it ended before the gate had seen anything"),
            Self::OtherRecorded => f.write_str("it saw something else than it should"),
            Self::Failed => f.write_str("it failed"),
            Self::Panicked(message) => write!(f, "it panicked: {}", line(message)),
            Self::Needs(gate) => write!(f, "it needs `{gate}`, which did not pass"),
            Self::Unreadable(why) => write!(f, "could not be read: {why}"),
            Self::Missing { file, folder } => write!(
                f,
                "could not be read: the lesson's `{file}` is missing; hand in the whole folder `{folder}`"
            ),
            Self::Violation(violation) => write!(f, "{violation}"),
            Self::LeftBehind(file) => {
                write!(f, "it left `{}` behind, which is not this gate's to write", line(file))
            }
            Self::NotCompiled => f.write_str("it does not compile"),
            Self::CompilerTimedOut => f.write_str("it takes longer to compile than it may"),
            Self::CompilerExceeded(Resource::Output) => {
                f.write_str("the compiler has more to say about it than it may")
            }
            Self::CompilerExceeded(resource) => write!(f, "compiling it takes more {resource} than it may"),
            Self::CompilerOutOfMemory { signal } => {
                write!(f, "compiling it takes more memory than it may (signal {signal})")
            }
            Self::CompilerDied { signal } => write!(f, "the compiler died of signal {signal}"),
            Self::TimedOut => f.write_str("it took longer than it may"),
            Self::Exceeded(resource) => write!(f, "it asked for more {resource} than it may have"),
            Self::Died { signal } => write!(f, "it died of signal {signal}"),
            Self::EndedEarly => f.write_str("it ended the process before the gate was at its end"),
            Self::EndedWith { status } => write!(f, "it ended the process with status {status}"),
            Self::GraderFailed(error) => f.write_str(error),
            Self::GraderPanicked => f.write_str("the grader itself failed on this lesson; please report it"),
        }
    }
}
