//! How a run in a sandbox ended, and what it left behind.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the program ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum End {
    Exited(i32),
    Signal(i32),
    /// It took longer than its limit: of the processor's time, or by the clock while it waited for something.
    TimedOut,
    /// It got too little of the processor for a verdict.
    Starved,
    /// It asked for more than its limit.
    Exceeded(Resource),
    /// A process of it keeps what it uses from the watch.
    Hid,
}

/// What a program may use only so much of.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Resource {
    Processes,
    Memory,
    Disk,
    Output,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Processes => "processes",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Output => "output",
        })
    }
}

/// What is left of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Outcome {
    pub end: End,
    /// What it printed, on either stream.
    pub output: String,
    /// The files that came back: path inside the folder, and text. Anything but a readable text file has the text
    /// `None`. A name may be any bytes, and an answer is text: what is not Unicode in it is replaced.
    pub files: Vec<(String, Option<String>)>,
    pub trace: String,
    pub milliseconds: u64,
    /// `milliseconds` without those in which it got no processor.
    pub own_milliseconds: u64,
    /// The processor's time of the program and all that it started.
    pub cpu_milliseconds: u64,
    /// The processor's time of what is around it.
    pub sandbox_milliseconds: u64,
    pub peak_kib: u64,
}

/// What the helper process prints.
#[derive(Deserialize, Serialize)]
pub(super) enum Answer {
    Outcome(Box<Outcome>),
    /// The sandbox could not be set up, so nothing ran. The text is all that a process can pass on of an error.
    Failed(String),
}
