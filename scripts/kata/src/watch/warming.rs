//! Has what later lessons rely on built while the student reads.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::event::{Event, ProcessOutput};
use super::run::Run;
use crate::course::{Course, Lesson};
use crate::server::Server;

/// How long a student has to be idle before it begins.
const IDLE: Duration = Duration::from_secs(2);

/// Without a lesson it does nothing.
#[derive(Default)]
pub struct Warming {
    /// Lessons for which something may have to be built.
    cold: Vec<String>,
    run: Option<Run>,
    /// When the student was last seen to do something.
    idle_since: Option<Instant>,
}

impl Warming {
    /// For the lessons after this one.
    pub fn after(course: &Course, lesson: &Lesson) -> Self {
        let later = course.lessons.iter().filter(|other| other.number > lesson.number);
        Self {
            cold: later.map(|lesson| lesson.name.clone()).collect(),
            run: None,
            idle_since: Some(Instant::now()),
        }
    }

    /// The lesson for which something is being built.
    pub fn lesson(&self) -> Option<&str> {
        self.run.as_ref()?;
        self.cold.first().map(String::as_str)
    }

    /// When to begin.
    pub fn alarm(&self) -> Option<Instant> {
        let is_waiting = !self.cold.is_empty() && self.run.is_none();
        is_waiting.then_some(self.idle_since? + IDLE)
    }

    /// Begins; what comes of it are events with this number.
    pub fn start(&mut self, root: &Path, server: &Server, events: &Sender<Event>, count: u64) {
        let start = || -> Result<Run> {
            let mut command = Command::new(std::env::current_exe()?);
            command
                .args(["warm", "--db", server.database.name()])
                .args(&self.cold)
                .current_dir(root)
                .stdin(Stdio::piped());
            Run::start(command, events, move |output| Event::Warm(count, output))
        };
        match start() {
            Ok(run) => self.run = Some(run),
            // Then a later lesson begins with a wait.
            Err(_) => self.cold.clear(),
        }
    }

    /// Waits until the student has been idle, from now on.
    pub fn wait(&mut self) {
        self.idle_since = Some(Instant::now());
    }

    pub fn stop(&mut self) {
        if let Some(run) = self.run.take() {
            run.ask_to_end();
        }
    }

    pub fn receive(&mut self, output: ProcessOutput) {
        match output {
            ProcessOutput::Line(name) => self.cold.retain(|cold| *cold != name),
            ProcessOutput::Report(_) => {}
            ProcessOutput::End => {
                self.cold.clear();
                self.stop();
            }
        }
    }
}

impl Drop for Warming {
    fn drop(&mut self) {
        self.stop();
    }
}
