//! Why a gate did not pass, with the verdict and the sentence that belong to each reason.

use kata::course::Gate;

use crate::intake::scan::Violation;
use crate::sandbox::{End, Resource};
use crate::text::line;
use crate::verdict::{GateVerdict, Verdict};

/// Why a gate did not pass.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    /// What the submission holds in place of the lesson, as a sentence.
    #[error("{0}")]
    NotHandedIn(String),
    #[error("it ended before the gate recorded anything")]
    NothingRecorded,
    #[error("its output differs from the expected output")]
    OtherRecorded,
    #[error("it failed")]
    Failed,
    #[error("it panicked: {}", line(.0))]
    Panicked(String),
    #[error("it needs `{0}`, which did not pass")]
    Needs(String),
    #[error("could not be read: {0}")]
    Unreadable(String),
    #[error("could not be read: the lesson's `{file}` is missing; hand in the whole folder `{folder}`")]
    Missing { file: &'static str, folder: String },
    #[error("{0}")]
    Violation(Violation),
    #[error("during compilation it reads {0}, which is outside the lesson")]
    ReadsOutside(String),
    #[error("its expanded macros contain {0}; machine code is not allowed in any lesson")]
    MachineCode(String),
    #[error("it wrote `{}`, which this gate does not write", line(.0))]
    LeftBehind(String),
    #[error("it does not compile")]
    NotCompiled,
    #[error("compiling it exceeded the time limit")]
    CompilerTimedOut,
    #[error("the compiler's output exceeded the size limit")]
    TooManyDiagnostics,
    #[error("compiling it exceeded the limit for {0}")]
    CompilerExceeded(Resource),
    #[error("compiling it exceeded the memory limit (signal {signal})")]
    CompilerOutOfMemory { signal: i32 },
    #[error("the compiler was killed by signal {signal}")]
    CompilerDied { signal: i32 },
    #[error("it exceeded the time limit")]
    TimedOut,
    #[error("it exceeded the limit for {0}")]
    Exceeded(Resource),
    #[error("one of its processes hides its resource usage, so the grader cannot measure it")]
    Hid,
    #[error("it was killed by signal {signal}")]
    Died { signal: i32 },
    #[error("the gate did not write this snapshot: other code did")]
    NotItsOwn,
    #[error("it exited before the gate finished")]
    EndedEarly,
    #[error("it exited with status {status}")]
    EndedWith { status: i32 },
    /// The grader's own error, on one line.
    #[error("{0}")]
    GraderFailed(String),
    #[error("the grader itself failed on this lesson; please report it")]
    GraderPanicked,
}

/// Why there is no verdict on a program that got no processor.
#[derive(Debug, thiserror::Error)]
#[error(
    "the machine was too busy to run it: grade it again with fewer `--jobs`, or with fewer other programs running"
)]
pub struct TooBusy;

/// What Rust prints when it gets no memory, before it aborts.
const OUT_OF_MEMORY: &str = "memory allocation of ";

impl Reason {
    pub fn of_error(error: &anyhow::Error) -> Self {
        Self::GraderFailed(line(&format!("{error:#}")))
    }

    /// Why a compiler that ended so made no program.
    ///
    /// # Errors
    ///
    /// When it got too little of the processor for a verdict.
    pub fn of_compiler(end: End, diagnostics: &str) -> Result<Self, TooBusy> {
        Ok(match end {
            End::Exited(_) => Self::NotCompiled,
            End::TimedOut => Self::CompilerTimedOut,
            End::Starved => return Err(TooBusy),
            End::Exceeded(Resource::Output) => Self::TooManyDiagnostics,
            End::Exceeded(resource) => Self::CompilerExceeded(resource),
            End::Hid => Self::Hid,
            End::Signal(signal) if diagnostics.contains(OUT_OF_MEMORY) => {
                Self::CompilerOutOfMemory { signal }
            }
            End::Signal(signal) => Self::CompilerDied { signal },
        })
    }

    /// Why a gate died of a signal.
    pub fn of_signal(signal: i32, output: &str) -> Self {
        match output.contains(OUT_OF_MEMORY) {
            true => Self::Exceeded(Resource::Memory),
            false => Self::Died { signal },
        }
    }

    pub fn verdict(&self) -> Verdict {
        match self {
            Self::NotHandedIn(_)
            | Self::NothingRecorded
            | Self::OtherRecorded
            | Self::Failed
            | Self::Panicked(_) => Verdict::Fail,
            Self::Needs(_) => Verdict::Waiting,
            Self::Unreadable(_) | Self::Missing { .. } => Verdict::Unreadable,
            Self::Violation(_) | Self::ReadsOutside(_) | Self::MachineCode(_) => Verdict::Policy,
            Self::LeftBehind(_) | Self::NotItsOwn => Verdict::Tamper,
            Self::NotCompiled | Self::CompilerDied { .. } => Verdict::BuildError,
            Self::CompilerTimedOut | Self::TimedOut => Verdict::Timeout,
            Self::TooManyDiagnostics
            | Self::CompilerExceeded(_)
            | Self::CompilerOutOfMemory { .. }
            | Self::Hid
            | Self::Exceeded(_) => Verdict::Resource,
            Self::Died { .. } | Self::EndedEarly | Self::EndedWith { .. } => Verdict::Crash,
            Self::GraderFailed(_) | Self::GraderPanicked => Verdict::GraderError,
        }
    }

    /// The verdict on a gate for this reason.
    pub fn of_gate(&self, number: usize, gate: &Gate) -> GateVerdict {
        GateVerdict {
            verdict: self.verdict(),
            reason: self.to_string(),
            points: 0,
            ..GateVerdict::passed(number, gate)
        }
    }
}
