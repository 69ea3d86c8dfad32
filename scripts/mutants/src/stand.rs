//! Where mutants of a step are compiled and judged: a copy of the step's sources for each worker, and
//! the `rustc` commands that cargo would run.

mod own;
mod step;

use std::cell::OnceCell;
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
use serde::{Deserialize, Serialize};
use wait_timeout::ChildExt;

use crate::mutant::Mutant;

pub use step::Step;

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

impl Verdict {
    /// For what nobody in particular has noticed.
    fn without_name(outcome: Outcome) -> Self {
        Self { outcome, by: String::new() }
    }
}

/// What each gate saw, by the snapshot's file.
type Seen = BTreeMap<String, String>;

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
        let place = place::target(&step.course.root).join("mutants").join(name).join(&step.lesson.name);
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
            let (from, to) = (folder.join(&file), stand.sources.join(&file));
            match fs::read_to_string(&from) {
                Ok(text) => files::write(&to, cheaper(&text))?,
                // No text, as a picture is none.
                Err(_) => files::copy(&from, &to)?,
            }
        }
        Ok(stand)
    }

    /// Judges one mutant: by those who are likely to notice it, then by all gates with the published seed,
    /// by the tests that an app has beside them, and by the gates with seeds that nobody has seen.
    pub fn judge(&self, mutant: &Mutant, likely: &[Vec<String>]) -> Result<Verdict> {
        let file = self.sources.join(&mutant.file);
        let original = fs::read_to_string(&file)?;
        fs::write(&file, cheaper(&mutant.text))?;
        let verdict = self.judge_as_it_is(likely);
        fs::write(&file, original)?;
        verdict
    }

    fn judge_as_it_is(&self, likely: &[Vec<String>]) -> Result<Verdict> {
        if !self.compile_library()? {
            return Ok(Verdict::without_name(Outcome::Unviable));
        }
        // Gates and tests are compiled when they are first asked: others may have noticed by then.
        let gate = OnceCell::new();
        let own = self.step.own.as_ref().map(|own| self.own_tests(own));
        let by_own = |only: Option<&[String]>| match &own {
            Some(own) => own.verdict(only),
            None => Ok(Verdict::without_name(Outcome::Missed)),
        };
        let (published, fresh) = self.step.expected.split_at(1);
        let is_gate = |name: &&String| self.step.gates.values().any(|gate| gate == *name);
        for likely in likely {
            let (gates, tests): (Vec<_>, Vec<_>) = likely.iter().cloned().partition(|name| is_gate(&name));
            if !tests.is_empty() {
                let verdict = by_own(Some(&tests))?;
                if verdict.outcome != Outcome::Missed {
                    return Ok(verdict);
                }
            }
            if !gates.is_empty() {
                let verdict = self.by_gates(&gate, published, Some(&gates))?;
                if verdict.outcome != Outcome::Missed {
                    return Ok(verdict);
                }
            }
        }
        let mut verdict = self.by_gates(&gate, published, None)?;
        if verdict.outcome == Outcome::Missed {
            verdict = by_own(None)?;
        }
        if verdict.outcome == Outcome::Missed {
            verdict = self.by_gates(&gate, fresh, None)?;
        }
        Ok(verdict)
    }

    /// What these gates say, or all; each of `expected` is for one seed.
    fn by_gates(
        &self,
        gate: &OnceCell<Option<PathBuf>>,
        expected: &[(u64, Seen)],
        only: Option<&[String]>,
    ) -> Result<Verdict> {
        if gate.get().is_none() {
            let _ = gate.set(self.compile_gate()?);
        }
        let Some(Some(gate)) = gate.get() else { return Ok(Verdict::without_name(Outcome::Unviable)) };
        let is_asked = |gate: &String| only.is_none_or(|only| only.contains(gate));
        for (seed, expected) in expected {
            let Some(seen) = self.see(gate, *seed, self.step.limit, only)? else {
                return Ok(Verdict::without_name(Outcome::TimedOut));
            };
            let asked = expected.iter().filter(|(file, _)| self.step.gates.get(*file).is_some_and(is_asked));
            let differs = asked.filter(|(file, body)| seen.get(*file) != Some(body));
            let by: Vec<_> = differs.map(|(file, _)| self.step.gates[file].as_str()).collect();
            if !by.is_empty() {
                return Ok(Verdict { outcome: Outcome::Caught, by: by.join(" ") });
            }
        }
        Ok(Verdict::without_name(Outcome::Missed))
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

    /// The gate's program, if the library and it compile.
    fn compile(&self) -> Result<Option<PathBuf>> {
        if self.compile_library()? { self.compile_gate() } else { Ok(None) }
    }

    fn compile_library(&self) -> Result<bool> {
        succeeds(&self.here()?.library)
    }

    /// The gate's program, with the library as it was last compiled; `None` if it does not compile.
    fn compile_gate(&self) -> Result<Option<PathBuf>> {
        let gate = self.here()?.gate;
        Ok(if succeeds(&gate)? { Some(gate.output(false)?) } else { None })
    }

    /// The step's commands, with the library's sources that are here.
    fn here(&self) -> Result<Recipe> {
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

    /// Runs these gates, or all, in one process, and says what they saw; `None` if they take too long.
    fn see(&self, gate: &Path, seed: u64, limit: Duration, only: Option<&[String]>) -> Result<Option<Seen>> {
        let scratch = tempfile::Builder::new().prefix("mutants-").tempdir()?;
        let folder = self.step.course.root.join(self.step.lesson.solution_folder());
        let mut child = gate_runner::command(gate, &folder, scratch.path(), seed)
            .env_remove("DATABASE_URL")
            .env("TMPDIR", scratch.path())
            .args(only.map(|_| "--exact"))
            .args(only.into_iter().flatten().map(|name| format!("{}::{name}", self.step.lesson.topic())))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", gate.display()))?;
        if child.wait_timeout(limit)?.is_none() {
            child.kill().and_then(|()| child.wait()).context("cannot end gates that take too long")?;
            return Ok(None);
        }
        let seen = gate_runner::snapshots(scratch.path())?;
        Ok(Some(seen.into_iter().map(|(name, body)| (name, body.trim_end().to_owned())).collect()))
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A step's file, with passwords hashed as cheaply as Argon2 lets: here nobody attacks, and the hashes would
/// take most of the time.
pub fn cheaper(text: &str) -> String {
    text.replace("Params::new(7 * 1024, 5, 1, None)", "Params::new(8, 1, 1, None)")
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
