//! Asks another process of this program, which can hang, crash or be ended, and costs one answer then.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use wait_timeout::ChildExt;

use crate::environment::System;

/// What a process has answered.
pub struct Answered {
    pub answer: Vec<u8>,
    /// The end of its standard error.
    pub complaint: String,
    /// `None` if it was ended because it took too long.
    pub status: Option<ExitStatus>,
    /// Whether it took the question.
    pub heard: std::io::Result<()>,
}

/// Starts `helper` with the hidden `command`, writes the question to it, and reads at most `most` bytes.
///
/// # Errors
///
/// When the process cannot be started or ended.
pub fn ask(
    helper: &Path,
    command: &str,
    question: &impl Serialize,
    most: u64,
    limit: Duration,
) -> Result<Answered> {
    let mut command_line = Command::new(helper);
    command_line.arg(command).env_clear().envs(System::this().helper());
    command_line.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Ctrl-C is for the grader, which then ends what it has started.
    kata::process::in_its_own_group(&mut command_line);
    let mut child = command_line.spawn().with_context(|| format!("cannot start {}", helper.display()))?;
    let mut stdin = child.stdin.take().context("the grader's process takes no input")?;
    let heard = serde_json::to_writer(&mut stdin, question).map_err(std::io::Error::from);
    let heard = heard.and_then(|()| stdin.flush());
    drop(stdin);

    let stdout = child.stdout.take().context("the grader's process has no output")?;
    let answer = std::thread::spawn(move || {
        let mut text = Vec::new();
        stdout.take(most).read_to_end(&mut text).map(|_| text)
    });
    let stderr = child.stderr.take().context("the grader's process has no output")?;
    let complaint = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.take(4096).read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let status = child.wait_timeout(limit).context("cannot determine how the grader's process ended")?;
    if status.is_none() {
        child.kill().and_then(|()| child.wait()).context("cannot stop the grader's process")?;
    }
    let answer = answer.join().ok().context("the reader of an answer has died")??;
    let complaint = complaint.join().unwrap_or_default().trim().to_owned();
    Ok(Answered { answer, complaint, status, heard })
}
