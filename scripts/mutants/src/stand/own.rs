//! The tests that an app has beside its gates.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kata::Database;
use kata::build::recipe::{self, Rustc};
use wait_timeout::ChildExt;

use super::{Outcome, Stand, Step, Verdict, succeeds};

/// The tests of an app that are not gates, and the program that some of them start.
pub struct Own {
    program: Rustc,
    /// Each with how long it may take.
    tests: Vec<(Rustc, Duration)>,
}

impl Own {
    /// Compiles the finished step's tests and sees that they pass.
    ///
    /// # Errors
    ///
    /// When one does not.
    pub fn new(step: &Step<'_>) -> Result<Self> {
        let (root, package) = (&step.course.root, step.lesson.solution_package());
        let programs = recipe::programs(root, &package, &step.lesson.solution_folder(), Database::Sqlite)?;
        let program = of(&programs, "program-").pop().context("an app without a program")?;
        let hour = Duration::from_secs(3600);
        let tests = of(&programs, "tests-").into_iter().map(|test| (test, hour)).collect();
        let mut own = Self { program, tests };
        let stand = Stand::new(step, "finished")?;
        stand.compile(&step.recipe)?.context("the finished app does not compile")?;
        let (tests, mut limits) = (stand.own_tests(&own), Vec::new());
        let compiled = tests.compile()?.context("the finished app does not compile")?;
        for (test, limit) in &compiled {
            let start = Instant::now();
            let verdict = tests.run(test, *limit, None)?;
            if verdict.outcome != Outcome::Missed {
                bail!("{} does not pass its own tests: {}", step.lesson.name, verdict.by);
            }
            limits.push(start.elapsed() * 4 + Duration::from_secs(10));
        }
        for ((_, limit), measured) in own.tests.iter_mut().zip(limits) {
            *limit = measured;
        }
        Ok(own)
    }
}

fn of(programs: &BTreeMap<String, Rustc>, prefix: &str) -> Vec<Rustc> {
    let commands = programs.iter().filter(|(name, _)| name.starts_with(prefix));
    commands.map(|(_, command)| command.clone()).collect()
}

/// The app's own tests, with a stand's sources; compiled when they are first asked.
pub struct OwnTests<'a> {
    stand: &'a Stand<'a>,
    own: &'a Own,
    compiled: OnceCell<Option<Vec<(Rustc, Duration)>>>,
}

impl<'a> Stand<'a> {
    pub(super) fn own_tests(&'a self, own: &'a Own) -> OwnTests<'a> {
        OwnTests { stand: self, own, compiled: OnceCell::new() }
    }
}

impl OwnTests<'_> {
    /// What these tests say, or all.
    pub fn verdict(&self, only: Option<&[String]>) -> Result<Verdict> {
        let unsettled = |outcome| Verdict { outcome, by: String::new() };
        if self.compiled.get().is_none() {
            let _ = self.compiled.set(self.compile()?);
        }
        let Some(Some(tests)) = self.compiled.get() else { return Ok(unsettled(Outcome::Unviable)) };
        for (test, limit) in tests {
            let verdict = self.run(test, *limit, only)?;
            if verdict.outcome != Outcome::Missed {
                return Ok(verdict);
            }
        }
        Ok(unsettled(Outcome::Missed))
    }

    /// The tests' programs, with the library that the stand has compiled; `None` if the app's program or one
    /// of them does not compile.
    fn compile(&self) -> Result<Option<Vec<(Rustc, Duration)>>> {
        let stand = self.stand;
        let library = stand.here(&stand.step.recipe)?.library;
        let original = stand.step.recipe.library.output(true)?;
        let with_library = |command: &Rustc| -> Result<Rustc> {
            let command = stand.with_sources(command.into_folder(&stand.out, &stand.incremental));
            Ok(command.with_library(&original, &library.output(true)?))
        };
        let program = with_library(&self.own.program)?;
        let program_file = program.output(false)?.display().to_string();
        if !succeeds(&program)? {
            return Ok(None);
        }
        let mut tests = Vec::new();
        for (test, limit) in &self.own.tests {
            let mut test = with_library(test)?;
            for (name, value) in &mut test.variables {
                if name.starts_with("CARGO_BIN_EXE_") {
                    value.clone_from(&program_file);
                }
            }
            if !succeeds(&test)? {
                return Ok(None);
            }
            tests.push((test, *limit));
        }
        Ok(Some(tests))
    }

    fn run(&self, test: &Rustc, limit: Duration, only: Option<&[String]>) -> Result<Verdict> {
        let step = self.stand.step;
        let said = tempfile::NamedTempFile::new()?;
        let mut child = Command::new(test.output(false)?)
            .args(only.map(|_| "--exact"))
            .args(only.into_iter().flatten())
            .current_dir(step.course.root.join(step.lesson.solution_folder()))
            .env("RUST_BACKTRACE", "0")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(said.reopen()?)
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run the app's own tests")?;
        let Some(status) = child.wait_timeout(limit)? else {
            child.kill().and_then(|()| child.wait()).context("cannot end tests that take too long")?;
            return Ok(Verdict { outcome: Outcome::TimedOut, by: String::new() });
        };
        let said = fs::read_to_string(said.path()).unwrap_or_default();
        let failed = said.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
        let by = failed.collect::<Vec<_>>().join(" ");
        let outcome = if status.success() { Outcome::Missed } else { Outcome::Caught };
        Ok(Verdict { outcome, by })
    }
}
