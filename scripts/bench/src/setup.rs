//! What is ready before anything is measured: both apps, a folder for their data, a processor each
//! for servers and load.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kata::build::cargo;
use kata::process::{output, succeeds};
use serde_json::Value;
use tempfile::TempDir;

use crate::python;

/// How long the apps are measured.
#[derive(Clone, Copy)]
pub struct Turns {
    pub rounds: u32,
    pub length: Duration,
}

/// What both apps start with, beside Margot and her restaurant.
#[derive(Clone, Copy)]
pub struct Seeds {
    /// Open orders of Margot's, each with one of all three dishes.
    pub open: u32,
    /// The same, paid.
    pub closed: u32,
}

pub struct Setup {
    /// The program `order-up`.
    pub order_up: PathBuf,
    /// `scripts/bench/flask`.
    pub flask: PathBuf,
    /// The folder of Python's programs.
    pub python: PathBuf,
    /// Databases and logs. On the disk of the build, because a commit waits for the disk, and the
    /// system's folder for such things may be in memory.
    pub data: TempDir,
    is_pinned: bool,
}

impl Setup {
    /// Builds and installs both apps.
    ///
    /// # Errors
    ///
    /// When that fails.
    pub fn new() -> Result<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let order_up = build(package)?;
        let target = order_up.ancestors().nth(2).context("the program is in no target folder")?.join("bench");
        let flask = package.join("flask");
        let python = python::install(&flask, &target.join("venv"))?;
        let data = tempfile::tempdir_in(&target).context("cannot make a folder for the data")?;
        let cores = available_parallelism()?;
        let is_pinned = pin_this_process();
        let setup = Self { order_up, flask, python, data, is_pinned };
        setup.describe(cores.get())?;
        Ok(setup)
    }

    /// A command for a server, which has a processor of its own where there are two.
    pub fn server(&self, program: &Path) -> Command {
        if !self.is_pinned {
            return Command::new(program);
        }
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).arg(program);
        command
    }

    fn describe(&self, cores: usize) -> Result<()> {
        let python = output(Command::new(self.python.join("python")).arg("--version"))?;
        println!("Order Up: a release build, with its settings as they are");
        println!("Flask:    {}, gunicorn with 2 workers", python.trim());
        println!("Both:     SQLite, each with the settings that it comes with, on the disk of target/");
        println!(
            "Pinned:   {}",
            if self.is_pinned {
                "both servers to core 0, the load to core 1"
            } else {
                "nothing, for lack of `taskset` or of a second core: servers and load share what there is"
            }
        );
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        println!("Machine:  {cores} cores, load {load} before the start\n");
        Ok(())
    }
}

/// Builds Order Up as for production, and returns where it is.
fn build(package: &Path) -> Result<PathBuf> {
    let mut cargo = cargo();
    cargo.args(["build", "--release", "--package", "order-up", "--message-format=json-render-diagnostics"]);
    let messages = cargo.current_dir(package).stderr(Stdio::inherit()).output()?;
    if !messages.status.success() {
        bail!("Order Up does not compile");
    }
    let messages = String::from_utf8(messages.stdout)?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter(|message| message["target"]["name"] == "order-up");
    let program = programs.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.context("cargo did not report where order-up is")
}

/// Keeps this process, which makes the load or starts what does, to core 1. `false` if that, or a
/// core for the servers, is not to be had.
fn pin_this_process() -> bool {
    let succeeds = |arguments: &[&str]| succeeds(Command::new("taskset").args(arguments));
    let pid = std::process::id().to_string();
    succeeds(&["--cpu-list", "0", "true"]) && succeeds(&["--cpu-list", "--pid", "1", &pid])
}
