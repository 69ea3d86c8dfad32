//! Runs a program that nobody has reviewed, and reports how it ended and what it left behind.
//!
//! The grader itself only starts a process of its own program (`__confine`) and reads what it prints. That
//! process locks itself in as far as the tier demands, starts the program, watches it, ends everything that is
//! left of it, and only then reads what it wrote.

pub mod commands;
pub mod confine;
#[cfg(target_os = "linux")]
mod linux;
mod outcome;
#[cfg(target_os = "linux")]
mod processes;
mod spec;
mod supervise;
#[cfg(unix)]
mod unix;
mod usage;
mod watch;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use wait_timeout::ChildExt;

use crate::environment::System;
use outcome::Answer;

pub use outcome::{End, Outcome, Resource};
pub use spec::{Isolation, Shared, Spec, Tier};

/// Runs a program.
///
/// # Errors
///
/// When the grader or its sandbox fails; that says nothing about the program.
pub fn run(helper: &Path, spec: &Spec) -> Result<Outcome> {
    let mut command = Command::new(helper);
    command.arg(commands::CONFINE).env_clear().envs(System::this().helper());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Ctrl-C is for the grader, which then ends what it has started.
    kata::process::in_group_of_its_own(&mut command);
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
    let Some(status) = child.wait_timeout(grace).context("the sandbox's process is lost")? else {
        child.kill().and_then(|()| child.wait()).context("cannot end the sandbox's process")?;
        bail!("the sandbox did not end in {} s", grace.as_secs());
    };
    let text = answer.join().ok().context("the reader of the sandbox's answer has died")??;
    let complaint = complaint.join().unwrap_or_default();
    match serde_json::from_slice(&text) {
        Ok(Answer::Outcome(outcome)) => Ok(*outcome),
        Ok(Answer::Failed(why)) => bail!("the sandbox could not be set up: {why}"),
        Err(_) => {
            sent.context("the sandbox's process did not listen")?;
            bail!("the sandbox's process ended ({status}) without an answer: {}", complaint.trim())
        }
    }
}
