//! The tests that an app has beside its gates.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kata::build::recipe::Rustc;
use kata::process::{end_group, in_its_own_group};
use kata::{Database, build, files};

use crate::step::Step;
use crate::verdict::Verdict;
use crate::worktree::{Worktree, compiles};

/// The tests that draw from a seed get fewer rounds: they are rarely the only ones that notice something, and each
/// missed mutant waits for them.
const SHORT: [(&str, &str); 2] = [("REQUESTS", "200"), ("STEPS", "100")];

/// How long the finished app's tests may take.
const PATIENCE: Duration = Duration::from_secs(3600);

/// The tests of an app that are not gates, and the program that some of them start.
pub struct OwnTests {
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

/// How a run of tests ended.
enum Run {
    Passed,
    TimedOut,
    /// The tests that failed; none, if they ended in the middle of one.
    Failed(Vec<String>),
}

impl OwnTests {
    /// Compiles the tests of the finished step, whose library was compiled in `worktree`, and checks that they pass.
    ///
    /// # Errors
    ///
    /// When one does not.
    pub fn new(worktree: &Worktree<'_>) -> Result<Self> {
        let Step { course, lesson, .. } = worktree.step;
        let (package, folder) = (lesson.solution_package(), lesson.solution_folder());
        let programs = build::programs(&course.root, &package, &folder, Database::Sqlite)?;
        let program = named(&programs, "program-").pop().context("an app without a program")?;
        let suite = |command| Suite { command, names: BTreeSet::new(), limit: PATIENCE };
        let suites = named(&programs, "tests-").into_iter().map(suite).collect();
        let mut own = Self { program, suites, with_program: BTreeSet::new() };
        let tests = own.against(worktree);
        let (mut names, mut with_program) = (Vec::new(), BTreeSet::new());
        for index in 0..own.suites.len() {
            let test = tests.compiled(index)?.context("the finished app's tests do not compile")?;
            names.push(build::tests(&test.output(false)?)?.into_iter().collect());
            if let Run::Failed(failed) = tests.start(test, PATIENCE, None, usize::MAX)? {
                with_program.extend(failed);
            }
        }
        if !tests.compile_program()? {
            bail!("the finished app's program does not compile");
        }
        let mut limits = Vec::new();
        for index in 0..own.suites.len() {
            let start = Instant::now();
            match tests.run(index, None)? {
                Verdict::Missed => limits.push(start.elapsed() * 4 + Duration::from_secs(10)),
                verdict => bail!("{} does not pass its own tests: {}", lesson.name, verdict.by().join(" ")),
            }
        }
        for (suite, (names, limit)) in own.suites.iter_mut().zip(names.into_iter().zip(limits)) {
            (suite.names, suite.limit) = (names, limit);
        }
        own.with_program = with_program;
        Ok(own)
    }

    /// These tests against the library that is compiled in `worktree`.
    pub fn against<'a>(&'a self, worktree: &'a Worktree<'a>) -> TestsAgainst<'a> {
        let compiled = self.suites.iter().map(|_| OnceCell::new()).collect();
        TestsAgainst { worktree, own: self, compiled, program: OnceCell::new() }
    }
}

fn named(programs: &BTreeMap<String, Rustc>, prefix: &str) -> Vec<Rustc> {
    let commands = programs.iter().filter(|(name, _)| name.starts_with(prefix));
    commands.map(|(_, command)| command.clone()).collect()
}

/// The app's own tests against one library; each program of them is compiled when it is first needed.
pub struct TestsAgainst<'a> {
    worktree: &'a Worktree<'a>,
    own: &'a OwnTests,
    compiled: Vec<OnceCell<Option<Rustc>>>,
    program: OnceCell<bool>,
}

impl TestsAgainst<'_> {
    /// The verdict of these tests, or of all.
    ///
    /// # Errors
    ///
    /// When they cannot be compiled or run for a reason that is not the mutant's.
    pub fn verdict(&self, only: Option<&[String]>) -> Result<Verdict> {
        let is_with_program = |name: &String| self.own.with_program.contains(name);
        if only.is_none_or(|only| only.iter().any(is_with_program)) {
            if self.program.get().is_none() {
                let _ = self.program.set(self.compile_program()?);
            }
            if self.program.get() == Some(&false) {
                return Ok(Verdict::Unviable);
            }
        }
        for (index, suite) in self.own.suites.iter().enumerate() {
            if only.is_none_or(|only| only.iter().any(|name| suite.names.contains(name))) {
                let verdict = self.run(index, only)?;
                if !verdict.is_missed() {
                    return Ok(verdict);
                }
            }
        }
        Ok(Verdict::Missed)
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
        let program = self.worktree.with_library(&self.own.program)?.output(false)?;
        if self.program.get().is_none() {
            files::delete_if_there(&program)?;
        }
        let program = program.display().to_string();
        let mut test = self.worktree.with_library(test)?;
        for (name, value) in &mut test.variables {
            if name.starts_with("CARGO_BIN_EXE_") {
                value.clone_from(&program);
            }
        }
        Ok(if compiles(&test)? { Some(test) } else { None })
    }

    /// The app's program, which only some of the tests start.
    fn compile_program(&self) -> Result<bool> {
        compiles(&self.worktree.with_library(&self.own.program)?)
    }

    /// The verdict of these tests of a program, or of all, up to the first that fails.
    fn run(&self, index: usize, only: Option<&[String]>) -> Result<Verdict> {
        let Some(test) = self.compiled(index)? else { return Ok(Verdict::Unviable) };
        Ok(match self.start(test, self.own.suites[index].limit, only, 1)? {
            Run::TimedOut => Verdict::TimedOut,
            Run::Passed => Verdict::Missed,
            Run::Failed(failed) => Verdict::Caught(failed),
        })
    }

    /// Runs these tests, or all, until so many have failed.
    fn start(&self, test: &Rustc, limit: Duration, only: Option<&[String]>, most: usize) -> Result<Run> {
        let scratch = tempfile::Builder::new().prefix("mutants-").tempdir()?;
        let mut command = Command::new(test.output(false)?);
        command
            .args(only.map(|_| "--exact"))
            .args(only.into_iter().flatten())
            .current_dir(self.worktree.step.folder())
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
        in_its_own_group(&mut command);
        let mut child = command.spawn().context("cannot run the app's own tests")?;
        let output = BufReader::new(child.stdout.take().context("tests without output")?);
        let (to, lines) = mpsc::channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| to.send(line)));
        let (end, mut failed) = (Instant::now() + limit, Vec::new());
        let run = loop {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let name = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED"));
                    failed.extend(name.map(str::to_owned));
                    if failed.len() >= most {
                        break Run::Failed(failed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => break Run::TimedOut,
                Err(RecvTimeoutError::Disconnected) => {
                    let has_passed = child.wait()?.success() && failed.is_empty();
                    break if has_passed { Run::Passed } else { Run::Failed(failed) };
                }
            }
        };
        end_group(&mut child);
        Ok(run)
    }
}
