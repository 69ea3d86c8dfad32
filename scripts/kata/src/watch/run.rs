//! A verdict in the making: the guide runs itself, as `cargo kata test --early`, in a process that can be
//! ended at any moment together with all that it has started.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use gate_contract::scratch;
use tempfile::TempDir;

use super::event::{Event, ProcessOutput};
use crate::process::{end_group, in_its_own_group, interrupt};

/// How long a process that was asked to end may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// A process and all that it has started.
pub struct Run {
    child: Child,
    /// Its temporary files, which are gone with it.
    _scratch: TempDir,
    is_over: bool,
}

impl Run {
    /// Starts `command`; what it says comes as what `event` makes of it.
    pub fn start(
        mut command: Command,
        events: &Sender<Event>,
        event: impl Fn(ProcessOutput) -> Event + Clone + Send + 'static,
    ) -> Result<Self> {
        // Its gates have their databases there.
        let scratch =
            scratch::folder("kata-", scratch::FOR_GATES).context("cannot make a temporary folder")?;
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, scratch.path());
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        in_its_own_group(&mut command);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", Path::new(command.get_program()).display()))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let stdout = stdout.context("a process without output")?;
        let stderr = stderr.context("a process without output")?;
        let (to, make) = (events.clone(), event.clone());
        let lines = thread::spawn(move || {
            lines(BufReader::new(stderr), |line| to.send(make(ProcessOutput::Line(line))).is_ok());
        });
        let to = events.clone();
        thread::spawn(move || {
            let reports = BufReader::new(stdout).lines().map_while(Result::ok);
            for report in reports {
                let _ = to.send(event(ProcessOutput::Report(report)));
            }
            let _ = lines.join();
            let _ = to.send(event(ProcessOutput::End));
        });
        Ok(Self { child, _scratch: scratch, is_over: false })
    }

    /// Waits for a process that has closed its output.
    pub fn finish(mut self) -> Result<ExitStatus> {
        let status = self.child.wait().context("a process has gone")?;
        self.is_over = true;
        Ok(status)
    }

    /// Asks the process to end, as Ctrl-C does, and gives it time to leave nothing behind.
    pub fn interrupt(mut self) {
        interrupt(&mut self.child, PATIENCE);
        self.is_over = true;
    }

    /// Asks the process to end, by closing what it reads, and waits until it has.
    pub fn ask_to_end(mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
        self.is_over = true;
    }
}

impl Drop for Run {
    /// Ends the process and all that it has started.
    fn drop(&mut self) {
        if !self.is_over {
            end_group(&mut self.child);
        }
    }
}

/// Calls `each` for what is between ends of lines, of which cargo's progress knows two kinds.
fn lines(input: BufReader<impl Read>, mut each: impl FnMut(String) -> bool) {
    let mut line = Vec::new();
    for byte in input.bytes() {
        match byte {
            Ok(b'\n' | b'\r') => {
                let text = anstream::adapter::strip_bytes(&line).into_vec();
                let text = String::from_utf8_lossy(&text).trim_end().to_owned();
                line.clear();
                if !text.trim().is_empty() && !each(text) {
                    return;
                }
            }
            Ok(byte) => line.push(byte),
            Err(_) => return,
        }
    }
}
