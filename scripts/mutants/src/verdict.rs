//! What became of a mutant.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How judging a mutant ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It does not compile, so nobody can hand it in.
    Unviable,
    Caught,
    TimedOut,
    Missed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unviable => "does not compile",
            Self::Caught => "caught",
            Self::TimedOut => "timed out",
            Self::Missed => "missed",
        })
    }
}

/// An outcome with what is known about it.
#[derive(Debug)]
pub enum Verdict {
    Unviable,
    /// The gates or tests that noticed the mistake; none, if the tests ended in the middle of one.
    Caught(Vec<String>),
    TimedOut,
    Missed,
}

impl Verdict {
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Unviable => Outcome::Unviable,
            Self::Caught(_) => Outcome::Caught,
            Self::TimedOut => Outcome::TimedOut,
            Self::Missed => Outcome::Missed,
        }
    }

    /// The gates or tests that noticed the mistake.
    pub fn by(&self) -> &[String] {
        match self {
            Self::Caught(by) => by,
            _ => &[],
        }
    }

    pub fn is_missed(&self) -> bool {
        matches!(self, Self::Missed)
    }
}
