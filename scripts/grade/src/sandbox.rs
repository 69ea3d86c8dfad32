//! Runs a program that nobody has reviewed, and reports how it ended and what it left behind.
//!
//! The grader itself only starts a process of its own program (`__confine`) and reads what it prints. That
//! process locks itself in as far as the tier demands, starts the program, watches it, ends everything that is
//! left of it, and only then reads what it wrote.

pub mod commands;
pub mod confine;
pub mod disk;
#[cfg(target_os = "linux")]
mod libraries;
#[cfg(target_os = "linux")]
mod linux;
mod only_read;
mod outcome;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod processors;
mod shared;
mod spec;
mod supervise;
#[cfg(unix)]
mod unix;
mod usage;
mod watch;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::own_process::ask;
use outcome::Answer;

pub use only_read::only_read;
pub use outcome::{End, Outcome, Resource};
pub use shared::{Access, Shared};
pub use spec::{Isolation, Spec, Tier};

/// What may come back of all files and all output, with each byte written as an escape of six.
const LONGEST_ANSWER: u64 = 256 << 20;

/// Runs a program.
///
/// # Errors
///
/// When the grader or its sandbox fails; that says nothing about the program.
pub fn run(helper: &Path, spec: &Spec) -> Result<Outcome> {
    // It keeps the time itself. This is for the case that it does not.
    let grace = spec.limits.longest() + Duration::from_secs(20);
    let asked = ask(helper, commands::CONFINE, spec, LONGEST_ANSWER, grace)?;
    let Some(status) = asked.status else { bail!("the sandbox did not end in {} s", grace.as_secs()) };
    match serde_json::from_slice(&asked.answer) {
        Ok(Answer::Outcome(outcome)) => Ok(*outcome),
        Ok(Answer::Failed(why)) => bail!("the sandbox could not be set up: {why}"),
        Err(_) => {
            asked.heard.context("the sandbox's process did not respond")?;
            bail!("the sandbox's process ended ({status}) without an answer: {}", asked.complaint)
        }
    }
}
