//! Where mutants of a step are compiled and judged: a copy of the step's sources for each worker, and
//! the `rustc` commands that cargo would run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use cargo_metadata::diagnostic::Diagnostic;
use gates::PUBLISHED_SEED;
use kata::Database;
use kata::build::recipe::{self, Recipe, Rustc};
use kata::course::{Course, Lesson};
use kata::{files, judge, witness};
use serde::{Deserialize, Serialize};
use wait_timeout::ChildExt;

use crate::mutant::Mutant;

/// What became of a mutant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It does not compile, so nobody can hand it in.
    Unviable,
    Caught,
    TimedOut,
    Missed,
}

/// An outcome, and which gate or test has seen the difference.
pub struct Verdict {
    pub outcome: Outcome,
    pub by: String,
}

/// What each gate saw, by the snapshot's file.
type Seen = BTreeMap<String, String>;

/// One step, with what its finished form sees.
pub struct Step<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    recipe: Recipe,
    /// For each seed what the gates see; the published seed comes first.
    expected: Vec<(u64, Seen)>,
    /// How long all gates may take.
    limit: Duration,
    /// An app has tests of its own.
    own: Option<Own>,
}

/// The tests of an app that are not gates, and the program that some of them start.
struct Own {
    program: Rustc,
    /// Each with how long it may take.
    tests: Vec<(Rustc, Duration)>,
}

/// Seeds that no snapshot in the tree belongs to.
const FRESH_SEEDS: [u64; 2] = [271_828, 314_159];

impl<'a> Step<'a> {
    /// Compiles the finished step and sees what its gates see.
    ///
    /// # Errors
    ///
    /// When it does not pass its own gates.
    pub fn new(course: &'a Course, lesson: &'a Lesson, gates_only: bool) -> Result<Self> {
        let folder = lesson.solution_folder();
        let recipe = Recipe::of(&course.root, &lesson.solution_package(), &folder, Database::Sqlite)?;
        let mut step =
            Self { course, lesson, recipe, expected: Vec::new(), limit: Duration::from_secs(60), own: None };
        let stand = Stand::new(&step, "finished")?;
        let Some(gate) = stand.compile(&step.recipe)? else { bail!("{} does not compile", lesson.name) };
        let mut slowest = Duration::ZERO;
        let mut all = Vec::new();
        for seed in [PUBLISHED_SEED].into_iter().chain(FRESH_SEEDS) {
            let start = Instant::now();
            let seen = stand.see(&gate, seed, step.limit)?.context("the finished step takes too long")?;
            slowest = slowest.max(start.elapsed());
            if stand.see(&gate, seed, step.limit)?.as_ref() != Some(&seen) {
                bail!("{} does not see the same twice with seed {seed}", lesson.name);
            }
            all.push((seed, seen));
        }
        step.expected = all;
        for (_, gate) in lesson.gates_on(Database::Sqlite.name()) {
            let file = lesson.snapshot_file(&gate.name);
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if step.expected[0].1.get(&*name) != Some(&judge::expected(course, lesson, gate)?) {
                bail!("{} does not pass its gate `{}`", lesson.name, gate.name);
            }
        }
        step.limit = slowest * 10 + Duration::from_secs(10);
        if lesson.manifest.app.is_some() && !gates_only {
            let programs =
                recipe::programs(&course.root, &lesson.solution_package(), &folder, Database::Sqlite)?;
            let of = |prefix: &str| {
                let commands = programs.iter().filter(|(name, _)| name.starts_with(prefix));
                commands.map(|(_, command)| command.clone()).collect::<Vec<_>>()
            };
            let program = of("program-").pop().context("an app without a program")?;
            let hour = Duration::from_secs(3600);
            let mut own = Own { program, tests: of("tests-").into_iter().map(|test| (test, hour)).collect() };
            let stand = Stand::new(&step, "finished")?;
            for (test, limit) in &mut own.tests {
                let start = Instant::now();
                let verdict = stand.own_test(&own.program, test, hour)?;
                if verdict.as_ref().is_none_or(|verdict| verdict.outcome != Outcome::Missed) {
                    let by = verdict.map(|verdict| verdict.by).unwrap_or_default();
                    bail!("{} does not pass its own tests: {by}", lesson.name);
                }
                *limit = start.elapsed() * 4 + Duration::from_secs(10);
            }
            step.own = Some(own);
        }
        Ok(step)
    }
}

/// One worker's copy of a step.
pub struct Stand<'a> {
    step: &'a Step<'a>,
    /// The copy of the step's folder.
    sources: PathBuf,
    out: PathBuf,
    incremental: PathBuf,
}

impl<'a> Stand<'a> {
    pub fn new(step: &'a Step<'a>, name: &str) -> Result<Self> {
        let place = step.course.root.join("target/mutants").join(name).join(&step.lesson.name);
        if place.exists() {
            fs::remove_dir_all(&place).with_context(|| format!("cannot empty {}", place.display()))?;
        }
        let stand = Self {
            step,
            sources: place.join("sources"),
            out: place.join("out"),
            incremental: place.join("incremental"),
        };
        fs::create_dir_all(&stand.out).with_context(|| format!("cannot make {}", stand.out.display()))?;
        let folder = step.course.root.join(step.lesson.solution_folder());
        for file in files::below(&folder)? {
            files::copy(&folder.join(&file), &stand.sources.join(&file))?;
        }
        Ok(stand)
    }

    /// Judges one mutant: its gates with the published seed, then with seeds that nobody has seen.
    pub fn judge(&self, mutant: &Mutant) -> Result<Verdict> {
        let file = self.sources.join(&mutant.file);
        let original = fs::read_to_string(&file)?;
        fs::write(&file, &mutant.text)?;
        let verdict = self.judge_as_it_is();
        fs::write(&file, original)?;
        verdict
    }

    fn judge_as_it_is(&self) -> Result<Verdict> {
        let Some(gate) = self.compile(&self.step.recipe)? else {
            return Ok(Verdict { outcome: Outcome::Unviable, by: String::new() });
        };
        for (seed, expected) in &self.step.expected {
            let Some(seen) = self.see(&gate, *seed, self.step.limit)? else {
                return Ok(Verdict { outcome: Outcome::TimedOut, by: String::new() });
            };
            let differs = expected.iter().filter(|(name, body)| seen.get(*name) != Some(body));
            let by: Vec<_> = differs.map(|(name, _)| self.gate_of(name)).collect();
            if !by.is_empty() {
                return Ok(Verdict { outcome: Outcome::Caught, by: by.join(" ") });
            }
        }
        if let Some(own) = &self.step.own {
            for (test, limit) in &own.tests {
                match self.own_test(&own.program, test, *limit)? {
                    Some(Verdict { outcome: Outcome::Missed, .. }) => {}
                    Some(verdict) => return Ok(verdict),
                    None => return Ok(Verdict { outcome: Outcome::Unviable, by: String::new() }),
                }
            }
        }
        Ok(Verdict { outcome: Outcome::Missed, by: String::new() })
    }

    /// What the app's own tests say; `None` if the program or they do not compile.
    fn own_test(&self, program: &Rustc, test: &Rustc, limit: Duration) -> Result<Option<Verdict>> {
        let library = self.here(&self.step.recipe.library)?;
        let original = self.step.recipe.library.output(true)?;
        let with_library = |command: &Rustc| -> Result<Rustc> {
            let command = self.with_sources(command.into_folder(&self.out, Some(&self.incremental)));
            Ok(command.with_library(&original, &library.output(true)?))
        };
        let program = with_library(program)?;
        let mut test = with_library(test)?;
        let program_file = program.output(false)?.display().to_string();
        for (name, value) in &mut test.variables {
            if name.starts_with("CARGO_BIN_EXE_") {
                value.clone_from(&program_file);
            }
        }
        if !succeeds(&library)? || !succeeds(&program)? || !succeeds(&test)? {
            return Ok(None);
        }
        let said = tempfile::NamedTempFile::new()?;
        let mut child = Command::new(test.output(false)?)
            .current_dir(self.step.course.root.join(self.step.lesson.solution_folder()))
            .env("RUST_BACKTRACE", "0")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(said.reopen()?)
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run the app's own tests")?;
        let Some(status) = child.wait_timeout(limit)? else {
            child.kill().and_then(|()| child.wait()).context("cannot end tests that take too long")?;
            return Ok(Some(Verdict { outcome: Outcome::TimedOut, by: String::new() }));
        };
        let said = fs::read_to_string(said.path()).unwrap_or_default();
        let failed = said.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
        let by = failed.collect::<Vec<_>>().join(" ");
        let outcome = if status.success() { Outcome::Missed } else { Outcome::Caught };
        Ok(Some(Verdict { outcome, by }))
    }

    /// The command with sources of the step's own taken from here: its library and its program, not its
    /// tests, which nobody mutates.
    fn with_sources(&self, mut command: Rustc) -> Rustc {
        let folder = self.step.lesson.solution_folder();
        for word in &mut command.arguments {
            if let Ok(file) = Path::new(&*word).strip_prefix(&folder)
                && file.starts_with("src")
            {
                *word = self.sources.join(file).display().to_string();
            }
        }
        command.variables.insert("CARGO_MANIFEST_DIR".into(), self.sources.display().to_string());
        // What is not used any more is no reason to refuse a mistake.
        command.arguments.extend(["--cap-lints".into(), "allow".into()]);
        command
    }

    fn gate_of<'b>(&self, snapshot: &'b str) -> &'b str {
        let name = snapshot.strip_prefix(&format!("gate__{}__", self.step.lesson.topic()));
        name.unwrap_or(snapshot).trim_end_matches(".snap")
    }

    /// The gate's program, if the library and it compile.
    fn compile(&self, recipe: &Recipe) -> Result<Option<PathBuf>> {
        let library = self.here(&recipe.library)?;
        if !succeeds(&library)? {
            return Ok(None);
        }
        let gate = recipe.gate.into_folder(&self.out, Some(&self.incremental));
        let gate = gate.with_library(&recipe.library.output(true)?, &library.output(true)?);
        Ok(succeeds(&gate)?.then_some(gate.output(false)?))
    }

    /// The command for the step's library, with the sources that are here.
    fn here(&self, library: &Rustc) -> Result<Rustc> {
        let library = self.with_sources(library.into_folder(&self.out, Some(&self.incremental)));
        if !library.arguments.contains(&self.sources.join("src/lib.rs").display().to_string()) {
            bail!("a rustc command without its source");
        }
        Ok(library)
    }

    /// Runs all gates in one process, and says what they saw; `None` if they take too long.
    fn see(&self, gate: &Path, seed: u64, limit: Duration) -> Result<Option<Seen>> {
        let scratch = tempfile::Builder::new().prefix("mutants-").tempdir()?;
        let folder = self.step.course.root.join(self.step.lesson.solution_folder());
        let mut child = witness::command(gate, &folder, scratch.path(), seed)
            .env_remove("DATABASE_URL")
            .env("TMPDIR", scratch.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", gate.display()))?;
        if child.wait_timeout(limit)?.is_none() {
            child.kill().and_then(|()| child.wait()).context("cannot end gates that take too long")?;
            return Ok(None);
        }
        let seen = witness::snapshots(scratch.path())?;
        Ok(Some(seen.into_iter().map(|(name, body)| (name, body.trim_end().to_owned())).collect()))
    }
}

/// Runs one rustc command. It fails for a reason that is in the source, or this does.
fn succeeds(command: &Rustc) -> Result<bool> {
    let mut process = command.command();
    let output = process.stdin(Stdio::null()).stdout(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot run {}", command.program.display()))?;
    if output.status.success() {
        return Ok(true);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let mut diagnostics = said.lines().filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok());
    if diagnostics.any(|diagnostic| !diagnostic.spans.is_empty()) {
        return Ok(false);
    }
    bail!("rustc has failed, and not because of the source:\n{said}")
}
