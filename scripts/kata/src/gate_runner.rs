//! Runs one gate in a process of its own and collects what it leaves behind.
//!
//! The process runs a student's code, so its own verdict does not count: insta is asked
//! to write what the gate saw into an empty folder and to let it pass. Whether that is right is
//! the judge's to say.

mod patience;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gate_contract::scratch;
use gate_contract::trace::{self, Event};

use crate::files;
use patience::Waited;

/// How long one gate may take, without the time in which it gets no processor.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// What one gate's process left behind.
pub struct GateRun {
    /// The bodies of the snapshots, by file name.
    pub snapshots: Vec<(String, String)>,
    pub events: Vec<Event>,
    pub end: End,
    /// What it wrote to standard error.
    pub log: String,
    /// What the gate's process wrote to standard output, the test harness's own lines left out.
    pub printed: String,
    pub seconds: f64,
}

/// How the process ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// It ran to its end, or failed as a test fails.
    Finished,
    TimedOut,
    /// Nobody wanted to know any more.
    Abandoned,
    /// It died: a stack overflow, an abort, a signal.
    Crashed(ExitStatus),
}

/// What all gates of a step share.
pub struct GateRunner<'a> {
    pub executable: &'a Path,
    /// The package's folder, where cargo would run the test.
    pub folder: PathBuf,
    /// The module of the gate's file, which test names begin with.
    pub module: String,
    pub seed: u64,
    /// The PostgreSQL server to use.
    pub server: Option<&'a str>,
    /// Whether the trace has the tables and rows, for the page.
    pub tables: bool,
}

/// libtest's exit status for a test that has failed.
const TEST_FAILED: i32 = 101;

impl GateRunner<'_> {
    /// Runs one gate.
    ///
    /// # Errors
    ///
    /// When the gate cannot be started, or what it leaves behind cannot be read.
    pub fn run(&self, gate: &str) -> Result<GateRun> {
        self.run_while(gate, &|| true)
    }

    /// Runs one gate as long as somebody wants to know how it ends.
    ///
    /// # Errors
    ///
    /// As [`Self::run`].
    pub fn run_while(&self, gate: &str, is_wanted: &dyn Fn() -> bool) -> Result<GateRun> {
        let scratch =
            scratch::folder("kata-", scratch::FOR_GATES).context("cannot make a temporary folder")?;
        let trace_file = scratch.path().join("trace");
        let log_file = scratch.path().join("log");
        let log = File::create(&log_file).context("cannot write to the temporary folder")?;
        let printed_file = scratch.path().join("printed");
        let printed = File::create(&printed_file).context("cannot write to the temporary folder")?;
        let mut command = command(self.executable, &self.folder, scratch.path(), self.seed);
        command
            .args(["--exact", &format!("{}::{gate}", self.module), "--nocapture", "--test-threads=1"])
            .env(trace::VARIABLE, &trace_file)
            .stdin(Stdio::null())
            .stdout(printed)
            .stderr(log);
        // What a gate that is ended leaves behind goes with the rest.
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, scratch.path());
        }
        match self.server {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        match self.tables {
            true => command.env(trace::TABLES, "1"),
            false => command.env_remove(trace::TABLES),
        };
        let start = Instant::now();
        let mut child =
            command.spawn().with_context(|| format!("cannot run {}", self.executable.display()))?;
        // On a server, a gate that is ended would leave its database.
        let is_wanted = || self.server.is_some() || is_wanted();
        let end = match patience::wait(&mut child, TIME_LIMIT, &is_wanted)? {
            Waited::Ended(status) if status.success() || status.code() == Some(TEST_FAILED) => End::Finished,
            Waited::Ended(status) => End::Crashed(status),
            waited @ (Waited::TimeIsUp | Waited::Unwanted) => {
                child.kill().and_then(|()| child.wait()).context("cannot stop a gate")?;
                if waited == Waited::TimeIsUp { End::TimedOut } else { End::Abandoned }
            }
        };
        let seconds = start.elapsed().as_secs_f64();
        Ok(GateRun {
            snapshots: snapshots(scratch.path())?,
            events: events(&trace_file),
            end,
            log: String::from_utf8_lossy(&fs::read(&log_file).unwrap_or_default()).into_owned(),
            printed: without_harness(&String::from_utf8_lossy(&fs::read(&printed_file).unwrap_or_default())),
            seconds,
        })
    }
}

/// The output of a test program that ran one test, without the lines of the test harness.
fn without_harness(output: &str) -> String {
    let mut lines = output.lines().map(|line| {
        // What a test prints first stands behind its name.
        let named = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "));
        named.map_or(line, |(_, rest)| rest)
    });
    let is_own = |line: &&str| {
        !matches!(*line, "" | "ok" | "FAILED" | "failures:") && !line.starts_with("running 1 test")
    };
    // Behind the test's end comes nothing but the summary.
    let lines = lines.by_ref().take_while(|line| !line.starts_with("test result: ") && *line != "failures:");
    lines.filter(is_own).collect::<Vec<_>>().join("\n")
}

/// The process that runs a step's gates, and has what they see written into `scratch`.
pub fn command(executable: &Path, folder: &Path, scratch: &Path, seed: u64) -> Command {
    let mut command = Command::new(executable);
    command
        .current_dir(folder)
        .env("INSTA_WORKSPACE_ROOT", scratch)
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        // Else it shows the difference, for which it starts a rustfmt.
        .env("INSTA_OUTPUT", "none")
        .env("KATA_SEED", seed.to_string())
        .env("RUST_BACKTRACE", "0");
    command
}

/// The bodies of the snapshots at or below `scratch`, by file name.
///
/// # Errors
///
/// When a snapshot cannot be read.
pub fn snapshots(scratch: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(scratch) {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "snap") {
            let text = files::read_text(entry.path())?;
            found.push((entry.file_name().to_string_lossy().into_owned(), body(&text).to_owned()));
        }
    }
    Ok(found)
}

/// A snapshot without its header, which names the crate that wrote it. The text is what [`files::read_text`]
/// returns: its lines end with LF.
pub fn body(snapshot: &str) -> &str {
    let without_first = snapshot.strip_prefix("---\n").unwrap_or(snapshot);
    without_first.split_once("\n---\n").map_or(without_first, |(_, body)| body)
}

fn events(file: &Path) -> Vec<Event> {
    let text = files::read_text(file).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::without_harness;

    #[test]
    fn a_gates_output_is_separated_from_the_test_harnesss() {
        for (output, printed) in [
            ("\nrunning 1 test\ntest crud::gate ... ok\n\ntest result: ok. 1 passed; 0 failed\n\n", ""),
            (
                "\nrunning 1 test\ntest crud::gate ... id 7\nid 8\nok\n\ntest result: ok. 1 passed\n",
                "id 7\nid 8",
            ),
            (
                "\nrunning 1 test\ntest crud::gate ... id 7\nFAILED\n\nfailures:\n\nfailures:\n    crud::gate\n",
                "id 7",
            ),
            ("", ""),
        ] {
            assert_eq!(without_harness(output), printed, "{output}");
        }
    }
}
