//! One worker's copy of a step's sources, and the `rustc` commands that cargo would run on them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cargo_metadata::diagnostic::Diagnostic;
use kata::build::place;
use kata::build::recipe::{Recipe, Rustc};
use kata::{files, gate_runner};
use wait_timeout::ChildExt;

use crate::mutant::Mutant;
use crate::step::Step;

/// What each gate left, by the snapshot's file.
pub type Snapshots = BTreeMap<String, String>;

pub struct Worktree<'a> {
    pub step: &'a Step<'a>,
    /// The copy of the step's folder.
    sources: PathBuf,
    out: PathBuf,
    incremental: PathBuf,
}

impl<'a> Worktree<'a> {
    /// Copies the step's sources to a folder of this name.
    ///
    /// # Errors
    ///
    /// When they cannot be read or written.
    pub fn new(step: &'a Step<'a>, name: &str) -> Result<Self> {
        let place = place::target(&step.course.root).join("mutants").join(name).join(&step.name);
        if place.exists() {
            fs::remove_dir_all(&place).with_context(|| format!("cannot empty {}", place.display()))?;
        }
        let worktree = Self {
            step,
            sources: place.join("sources"),
            out: place.join("out"),
            incremental: place.join("incremental"),
        };
        fs::create_dir_all(&worktree.out)
            .with_context(|| format!("cannot make {}", worktree.out.display()))?;
        let folder = step.folder();
        for file in files::below(&folder)? {
            files::copy(&folder.join(&file), &worktree.sources.join(&file))?;
        }
        Ok(worktree)
    }

    /// Does something while the mutant's file is in its place.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or `work` fails.
    pub fn with_mutant<T>(&self, mutant: &Mutant, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let file = self.sources.join(&mutant.file);
        let original = fs::read_to_string(&file)?;
        fs::write(&file, &mutant.text)?;
        let done = work();
        fs::write(&file, original)?;
        done
    }

    /// Whether the library compiles.
    ///
    /// # Errors
    ///
    /// When rustc fails for another reason than the source.
    pub fn compile_library(&self) -> Result<bool> {
        compiles(&self.recipe()?.library)
    }

    /// The gate's program, with the library as it was last compiled; `None` if it does not compile.
    ///
    /// # Errors
    ///
    /// When rustc fails for another reason than the source.
    pub fn compile_gate(&self) -> Result<Option<PathBuf>> {
        let gate = self.recipe()?.gate;
        Ok(if compiles(&gate)? { Some(gate.output(false)?) } else { None })
    }

    /// The step's commands, with the library's sources that are here.
    fn recipe(&self) -> Result<Recipe> {
        let mut recipe = self.step.recipe.into_folder(&self.out, &self.incremental)?;
        recipe.library = self.with_sources(recipe.library);
        if !recipe.library.arguments.contains(&self.root_file()) {
            bail!("a rustc command without its source");
        }
        Ok(recipe)
    }

    /// The file with which the library begins.
    fn root_file(&self) -> String {
        self.sources.join("src/lib.rs").display().to_string()
    }

    /// The command with the step's own sources taken from here: those of its library and its program, not of its
    /// tests, which are not mutated.
    fn with_sources(&self, mut command: Rustc) -> Rustc {
        let folder = &self.step.package_folder;
        for word in &mut command.arguments {
            if let Ok(file) = Path::new(&*word).strip_prefix(folder)
                && file.starts_with("src")
            {
                *word = self.sources.join(file).display().to_string();
            }
        }
        command.variables.insert("CARGO_MANIFEST_DIR".into(), self.sources.display().to_string());
        // A warning, as for code that the mistake leaves unused, must not refuse it.
        command.arguments.extend(["--cap-lints".into(), "allow".into()]);
        command
    }

    /// The command of a program or of tests of the step, with the library that was compiled here.
    ///
    /// # Errors
    ///
    /// When it does not take in the step's library.
    pub fn with_library(&self, command: &Rustc) -> Result<Rustc> {
        let original = self.step.recipe.library.output(true)?;
        let command = self.with_sources(command.into_folder(&self.out, &self.incremental));
        if command.arguments.contains(&self.root_file()) {
            // The library's unit tests are compiled with it, not against it.
            return Ok(command);
        }
        command.with_library(&original, &self.recipe()?.library.output(true)?)
    }

    /// Runs these gates, or all, in one process, and returns what they left; `None` if they take too long.
    ///
    /// # Errors
    ///
    /// When they cannot be run.
    pub fn run_gates(
        &self,
        program: &Path,
        seed: u64,
        limit: Duration,
        only: Option<&[String]>,
    ) -> Result<Option<Snapshots>> {
        let scratch = tempfile::Builder::new().prefix("mutants-").tempdir()?;
        let mut child = gate_runner::command(program, &self.step.folder(), scratch.path(), seed)
            .env_remove("DATABASE_URL")
            .env("TMPDIR", scratch.path())
            .args(only.map(|_| "--exact"))
            .args(only.into_iter().flatten().map(|name| format!("{}::{name}", self.step.lesson.topic())))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        if child.wait_timeout(limit)?.is_none() {
            child.kill().and_then(|()| child.wait()).context("cannot end gates that take too long")?;
            return Ok(None);
        }
        let snapshots = gate_runner::snapshots(scratch.path())?;
        Ok(Some(snapshots.into_iter().map(|(name, body)| (name, body.trim_end().to_owned())).collect()))
    }
}

/// Whether a rustc command succeeds.
///
/// # Errors
///
/// When it fails for another reason than the source.
pub fn compiles(command: &Rustc) -> Result<bool> {
    let mut process = command.command();
    let output = process.stdin(Stdio::null()).stdout(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot run {}", command.program.display()))?;
    if output.status.success() {
        return Ok(true);
    }
    let report = String::from_utf8_lossy(&output.stderr);
    let mut diagnostics = report.lines().filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok());
    if diagnostics.any(|diagnostic| !diagnostic.spans.is_empty()) {
        return Ok(false);
    }
    bail!("rustc has failed, and not because of the source:\n{report}")
}
