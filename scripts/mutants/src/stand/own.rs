//! The tests that an app has beside its gates.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kata::build;
use kata::build::recipe::Rustc;
use kata::process::{end_group, in_group_of_its_own};
use kata::{Database, files};

use super::{Outcome, Stand, Step, Verdict, succeeds};

/// The tests that draw from a seed take less: what they alone notice is rare, and each mutant that nobody
/// notices waits for them.
const SHORT: [(&str, &str); 2] = [("REQUESTS", "200"), ("STEPS", "100")];

/// The tests of an app that are not gates, and the program that some of them start.
pub struct Own {
    program: Rustc,
    suites: Vec<Suite>,
    /// The tests that start the program.
    with_program: BTreeSet<String>,
}

/// One program of tests.
struct Suite {
    command: Rustc,
    /// Its tests.
    names: BTreeSet<String>,
    /// How long all of them may take.
    limit: Duration,
}

impl Own {
    /// Compiles the finished step's tests and sees that they pass.
    ///
    /// # Errors
    ///
    /// When one does not.
    pub fn new(step: &Step<'_>) -> Result<Self> {
        let (root, package) = (&step.course.root, step.lesson.solution_package());
        let programs = build::programs(root, &package, &step.lesson.solution_folder(), Database::Sqlite)?;
        let program = of(&programs, "program-").pop().context("an app without a program")?;
        let hour = Duration::from_secs(3600);
        let suite = |command| Suite { command, names: BTreeSet::new(), limit: hour };
        let suites = of(&programs, "tests-").into_iter().map(suite).collect();
        let mut own = Self { program, suites, with_program: BTreeSet::new() };
        let stand = Stand::new(step, "finished")?;
        if !stand.compile_library()? {
            bail!("the finished app does not compile");
        }
        let tests = stand.own_tests(&own);
        let (mut known, mut with_program) = (Vec::new(), BTreeSet::new());
        for index in 0..own.suites.len() {
            let test = tests.compiled(index)?.context("the finished app's tests do not compile")?;
            known.push((names(test)?, hour));
            with_program.extend(tests.failing(test, hour, None, usize::MAX)?.unwrap_or_default());
        }
        if !tests.compile_program()? {
            bail!("the finished app's program does not compile");
        }
        for (index, (_, limit)) in known.iter_mut().enumerate() {
            let start = Instant::now();
            let verdict = tests.run(index, None)?;
            if verdict.outcome != Outcome::Missed {
                bail!("{} does not pass its own tests: {}", step.lesson.name, verdict.by);
            }
            *limit = start.elapsed() * 4 + Duration::from_secs(10);
        }
        for (suite, (names, limit)) in own.suites.iter_mut().zip(known) {
            (suite.names, suite.limit) = (names, limit);
        }
        own.with_program = with_program;
        Ok(own)
    }
}

fn of(programs: &BTreeMap<String, Rustc>, prefix: &str) -> Vec<Rustc> {
    let commands = programs.iter().filter(|(name, _)| name.starts_with(prefix));
    commands.map(|(_, command)| command.clone()).collect()
}

/// The tests of a program, as it lists them.
fn names(test: &Rustc) -> Result<BTreeSet<String>> {
    let output = Command::new(test.output(false)?).args(["--list", "--format", "terse"]).output();
    let output = output.context("cannot list the app's own tests")?;
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.lines().filter_map(|line| line.strip_suffix(": test").map(str::to_owned)).collect())
}

/// The app's own tests, with a stand's sources; each program of them is compiled when it is first asked.
pub struct OwnTests<'a> {
    stand: &'a Stand<'a>,
    own: &'a Own,
    compiled: Vec<OnceCell<Option<Rustc>>>,
    program: OnceCell<bool>,
}

impl<'a> Stand<'a> {
    pub(super) fn own_tests(&'a self, own: &'a Own) -> OwnTests<'a> {
        let compiled = own.suites.iter().map(|_| OnceCell::new()).collect();
        OwnTests { stand: self, own, compiled, program: OnceCell::new() }
    }
}

impl OwnTests<'_> {
    /// What these tests say, or all.
    pub fn verdict(&self, only: Option<&[String]>) -> Result<Verdict> {
        let is_with_program = |name: &String| self.own.with_program.contains(name);
        if only.is_none_or(|only| only.iter().any(is_with_program)) {
            if self.program.get().is_none() {
                let _ = self.program.set(self.compile_program()?);
            }
            if self.program.get() == Some(&false) {
                return Ok(Verdict::without_name(Outcome::Unviable));
            }
        }
        for (index, suite) in self.own.suites.iter().enumerate() {
            if only.is_none_or(|only| only.iter().any(|name| suite.names.contains(name))) {
                let verdict = self.run(index, only)?;
                if verdict.outcome != Outcome::Missed {
                    return Ok(verdict);
                }
            }
        }
        Ok(Verdict::without_name(Outcome::Missed))
    }

    /// An app's command, with the library that the stand has compiled.
    fn with_library(&self, command: &Rustc) -> Result<Rustc> {
        let stand = self.stand;
        let original = stand.step.recipe.library.output(true)?;
        let command = stand.with_sources(command.into_folder(&stand.out, &stand.incremental));
        if command.arguments.contains(&stand.root_file()) {
            // The library's unit tests are compiled with it, not against it.
            return Ok(command);
        }
        command.with_library(&original, &stand.here()?.library.output(true)?)
    }

    /// A program of tests; `None` if it does not compile.
    fn compiled(&self, index: usize) -> Result<Option<&Rustc>> {
        if self.compiled[index].get().is_none() {
            let _ = self.compiled[index].set(self.compile(&self.own.suites[index].command)?);
        }
        Ok(self.compiled[index].get().and_then(Option::as_ref))
    }

    /// The app's program of an earlier mutant is gone then, so that no test takes it for this one's.
    fn compile(&self, test: &Rustc) -> Result<Option<Rustc>> {
        let program = self.with_library(&self.own.program)?.output(false)?;
        if self.program.get().is_none() {
            files::delete_if_there(&program)?;
        }
        let program = program.display().to_string();
        let mut test = self.with_library(test)?;
        for (name, value) in &mut test.variables {
            if name.starts_with("CARGO_BIN_EXE_") {
                value.clone_from(&program);
            }
        }
        Ok(if succeeds(&test)? { Some(test) } else { None })
    }

    /// The app's program, which only some of the tests start.
    fn compile_program(&self) -> Result<bool> {
        succeeds(&self.with_library(&self.own.program)?)
    }

    /// What these tests of a program say, or all, up to the first that fails.
    fn run(&self, index: usize, only: Option<&[String]>) -> Result<Verdict> {
        let Some(test) = self.compiled(index)? else {
            return Ok(Verdict::without_name(Outcome::Unviable));
        };
        Ok(match self.failing(test, self.own.suites[index].limit, only, 1)? {
            None => Verdict::without_name(Outcome::TimedOut),
            Some(failing) if failing.is_empty() => Verdict::without_name(Outcome::Missed),
            Some(failing) => Verdict { outcome: Outcome::Caught, by: failing.join(" ") },
        })
    }

    /// The first so many tests that fail, of these or of all; `None` if that takes too long.
    fn failing(
        &self,
        test: &Rustc,
        limit: Duration,
        only: Option<&[String]>,
        most: usize,
    ) -> Result<Option<Vec<String>>> {
        let step = self.stand.step;
        let scratch = tempfile::Builder::new().prefix("mutants-").tempdir()?;
        let mut command = Command::new(test.output(false)?);
        command
            .args(only.map(|_| "--exact"))
            .args(only.into_iter().flatten())
            .current_dir(step.course.root.join(step.lesson.solution_folder()))
            .env("RUST_BACKTRACE", "0")
            // What differs is not written beside the sources.
            .env("INSTA_UPDATE", "no")
            .env("TMPDIR", scratch.path())
            .envs(SHORT)
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // What the tests have started ends with them.
        in_group_of_its_own(&mut command);
        let mut child = command.spawn().context("cannot run the app's own tests")?;
        let said = BufReader::new(child.stdout.take().context("tests without output")?);
        let (to, lines) = mpsc::channel();
        thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|line| to.send(line)));
        let (end, mut failing) = (Instant::now() + limit, Vec::new());
        let is_over = loop {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let failed = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED"));
                    failing.extend(failed.map(str::to_owned));
                    if failing.len() >= most {
                        break true;
                    }
                }
                Err(RecvTimeoutError::Timeout) => break false,
                Err(RecvTimeoutError::Disconnected) => {
                    // They may have ended in the middle of one, which has no name then.
                    if !child.wait()?.success() && failing.is_empty() {
                        failing.push(String::new());
                    }
                    break true;
                }
            }
        };
        end_group(&mut child);
        Ok(is_over.then_some(failing))
    }
}
