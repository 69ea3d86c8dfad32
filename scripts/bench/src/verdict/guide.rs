//! `cargo kata` in a terminal of its own.

use std::fs;
use std::io::{Read, Write};
use std::process::Child;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use pty_process::Size;
use pty_process::blocking::{self, Pty};

/// Longer than any build of a step.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Guide {
    child: Child,
    output: Receiver<Vec<u8>>,
    screen: String,
    terminal: Arc<Pty>,
}

impl Guide {
    /// Starts `command`, which is the guide's, in a terminal.
    ///
    /// # Errors
    ///
    /// When there is no terminal, or no such program.
    pub fn start(command: blocking::Command) -> Result<Self> {
        let (terminal, slave) = blocking::open()?;
        terminal.resize(Size::new(40, 100))?;
        let child = command.env("TERM", "xterm-256color").env_remove("CI").spawn(slave)?;
        let terminal = Arc::new(terminal);
        let (sender, output) = channel();
        let source = Arc::clone(&terminal);
        thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(length @ 1..) = (&*source).read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, output, screen: String::new(), terminal })
    }

    /// Waits until the guide shows that it checks, and then that it has checked. Returns when it has shown how the gate
    /// to pass went, if that was before the others had run.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub fn wait_for_verdict(&mut self) -> Result<Option<Instant>> {
        self.screen.clear();
        let start = Instant::now();
        let mut early = None;
        loop {
            if early.is_none() && self.screen.contains("checking the gates before this one") {
                early = Some(Instant::now());
            }
            let checking = self.screen.find("checking").or_else(|| self.screen.find("compiling"));
            if checking.is_some_and(|at| self.screen[at..].contains("checked in")) {
                return Ok(early);
            }
            let left = PATIENCE.checked_sub(start.elapsed()).context("no verdict came")?;
            let bytes = self.output.recv_timeout(left).context("the guide prints nothing")?;
            self.screen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// In MB.
    ///
    /// # Errors
    ///
    /// When the guide has ended.
    pub fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }
}

impl Drop for Guide {
    fn drop(&mut self) {
        let _ = (&*self.terminal).write_all(b"q");
        let _ = self.child.wait();
    }
}
