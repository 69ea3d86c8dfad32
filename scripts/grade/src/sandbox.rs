//! Runs a program that nobody has read, and says how it ended and what it left behind.
//!
//! The grader itself never does more than start one process of its own program (`__confine`) and read
//! what it prints. That process locks itself in as far as the tier asks for, starts the program,
//! watches it, ends all that is left of it, and only then looks at what it wrote.

pub mod confine;
#[cfg(target_os = "linux")]
mod linux;
pub mod supervise;
#[cfg(unix)]
mod unix;
mod watch;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use wait_timeout::ChildExt;

use crate::environment::System;
use crate::limits::Limits;

/// How well a sandbox holds; `A` is better than `C`. (`B`, Linux without namespaces, has its place between.)
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Tier {
    /// A separate process with limits, and nothing that keeps it from the files and the network of
    /// whoever grades.
    C,
    /// Linux's namespaces, Landlock, seccomp and limits.
    A,
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::C => "C",
        })
    }
}

/// How tier A keeps the program apart from other people's processes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Isolation {
    /// Tier C.
    None,
    /// Started by root: each sandbox has a user of its own, whom nobody else is.
    OwnUser(u32),
    /// Started by anybody: a user namespace, with its own count of processes.
    UserNamespace,
}

impl Isolation {
    pub fn tier(self) -> Tier {
        if self == Self::None { Tier::C } else { Tier::A }
    }
}

/// A file or folder that the program can see, and where it sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Shared {
    pub from: PathBuf,
    pub to: PathBuf,
    pub writable: bool,
}

/// What is to run, and within which bounds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Spec {
    pub isolation: Isolation,
    /// An empty folder outside, on which tier A builds what the program sees as `/`.
    pub root: PathBuf,
    pub shared: Vec<Shared>,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// All of them: nothing is inherited.
    pub variables: BTreeMap<String, String>,
    pub folder: PathBuf,
    /// Where it may write, as it sees it. In tier A it is gone afterwards.
    pub scratch: PathBuf,
    /// Folders to make in there.
    pub make: Vec<PathBuf>,
    /// The folder inside `scratch` whose files come back.
    pub collect: Option<PathBuf>,
    /// A file inside `scratch` whose text comes back.
    pub trace: Option<PathBuf>,
    pub limits: Limits,
}

/// How the program ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum End {
    Exited(i32),
    Signal(i32),
    /// It took longer than its limit: of the processor's time, or by the clock while it waited for something.
    TimedOut,
    /// It got so little of the processor that nothing is known about it.
    Starved,
    /// It asked for more than its limit of what is named here.
    Exceeded(String),
}

/// What is left of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Outcome {
    pub end: End,
    /// What it printed, on either stream.
    pub output: String,
    /// The files that came back: path inside the folder, and text. Other things than readable text files
    /// have the text `None`.
    pub files: Vec<(PathBuf, Option<String>)>,
    pub trace: String,
    pub milliseconds: u64,
    /// The processor's time of the program and all that it started.
    pub cpu_milliseconds: u64,
    /// The processor's time of what is around it.
    pub sandbox_milliseconds: u64,
    pub peak_kib: u64,
}

/// What the helper process prints.
#[derive(Deserialize, Serialize)]
enum Answer {
    Outcome(Box<Outcome>),
    /// The sandbox could not be set up, so nothing ran.
    Failed(String),
}

/// The hidden commands of this program.
pub const CONFINE: &str = "__confine";
pub const SUPERVISE: &str = "__supervise";
pub const LIMITED: &str = "__limited";

/// Runs it. An error is the grader's own fault, and says nothing about the program.
pub fn run(helper: &Path, spec: &Spec) -> Result<Outcome> {
    let mut command = Command::new(helper);
    command.arg(CONFINE).env_clear().envs(System::this().helper());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Ctrl-C is for the grader, which then ends what it has started.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().with_context(|| format!("cannot start {}", helper.display()))?;
    let mut stdin = child.stdin.take().context("the sandbox's process takes no input")?;
    let sent = serde_json::to_writer(&mut stdin, spec).map_err(std::io::Error::from);
    let sent = sent.and_then(|()| stdin.flush());
    drop(stdin);

    let mut stdout = child.stdout.take().context("the sandbox's process has no output")?;
    let answer = std::thread::spawn(move || {
        let mut text = Vec::new();
        stdout.read_to_end(&mut text).map(|_| text)
    });
    let mut stderr = child.stderr.take().context("the sandbox's process has no output")?;
    let complaint = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stderr.by_ref().take(4096).read_to_string(&mut text);
        text
    });
    // It keeps the time itself. This is for the case that it does not.
    let grace = spec.limits.longest() + Duration::from_secs(20);
    let ended = child.wait_timeout(grace).context("the sandbox's process is lost")?;
    if ended.is_none() {
        child.kill().and_then(|()| child.wait()).context("cannot end the sandbox's process")?;
        bail!("the sandbox did not end in {} s", grace.as_secs());
    }
    let text = answer.join().ok().context("the reader of the sandbox's answer has died")??;
    let complaint = complaint.join().unwrap_or_default();
    match serde_json::from_slice(&text) {
        Ok(Answer::Outcome(outcome)) => Ok(*outcome),
        Ok(Answer::Failed(why)) => bail!("the sandbox could not be set up: {why}"),
        Err(_) => {
            sent.context("the sandbox's process did not listen")?;
            bail!("the sandbox's process ended ({ended:?}) without an answer: {}", complaint.trim())
        }
    }
}
