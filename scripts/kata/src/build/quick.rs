//! Builds a step's gate without cargo while nothing but the student's files has changed.
//!
//! What comes of it has a folder of its own beside what cargo makes, so that neither takes the
//! other's work for its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use cargo_metadata::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};

use super::cargo::Build;
use super::gate::build_gate;
use super::inputs::Step;
use super::interruption;
use super::recipe::{self, Recipe, Rustc};
use super::script;
use super::surroundings::stamp;
use crate::locks::wait_alone;
use crate::{Database, files, stdout};

/// How the last build that succeeded found things.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct State {
    /// The state of everything that only cargo can judge: manifests, dependencies, the compiler.
    pub settled: String,
    /// The state of the step's files and of the gates.
    pub written: String,
    /// The sources and manifests of other packages in the workspace that the step is compiled with.
    packages: BTreeSet<PathBuf>,
    /// What rustc has read elsewhere, as `include_str!` has it read.
    pub elsewhere: BTreeSet<PathBuf>,
    pub executable: PathBuf,
    /// The program's size and time, so that another one in its place is noticed.
    stamp: Option<(u64, u128)>,
}

impl State {
    pub fn read(notes: &Path) -> Self {
        let text = fs::read_to_string(notes.join(STATE)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub fn write(&self, notes: &Path) -> Result<()> {
        files::write(&notes.join(STATE), serde_json::to_string_pretty(self)?)
    }

    /// Whether everything that only cargo can judge is as it was.
    pub fn is_settled(&self, step: &Step<'_>, recipe: Option<&Recipe>) -> Result<bool> {
        let is_for_cargo = recipe.is_some_and(|recipe| script::watched(&recipe.library).is_none());
        Ok(!is_for_cargo && self.settled == step.settled(&self.packages, recipe)?)
    }
}

const STATE: &str = "state.json";

/// As `build_gate` for the package in `folder`, by the shortest way that leads to the same.
///
/// Until the result is dropped, no other `cargo kata` builds this gate: the program in it stays what was
/// built here.
///
/// # Errors
///
/// When it cannot be built for a reason that is not in the code.
pub fn rebuild_gate(root: &Path, package: &str, folder: &Path, database: Database) -> Result<Build> {
    let notes = recipe::notes(root, package, database)?;
    fs::create_dir_all(&notes).with_context(|| format!("cannot make {}", notes.display()))?;
    let lock = wait_alone(&notes.join("lock"))?;

    let state = State::read(&notes);
    let step = Step { root, folder: root.join(folder) };
    let written = step.written(&state.elsewhere)?;
    let mut recipe = Recipe::read(&notes, root);
    let is_settled = state.is_settled(&step, recipe.as_ref())?;

    let is_built = is_settled
        && state.written == written
        && state.stamp.is_some()
        && state.stamp == stamp(&state.executable)?;
    if is_built {
        return Ok(Build { executable: Some(state.executable), _lock: Some(lock), ..Build::default() });
    }
    let again = match (&recipe, is_settled) {
        (Some(recipe), true) => again(recipe, &notes)?,
        _ => None,
    };
    let by_cargo = again.is_none();
    let mut build = match again {
        Some(build) => build,
        None => {
            if !is_settled {
                // Where cargo finds everything fresh, it does not tell how it would compile it now.
                recipe::forget(&notes)?;
            }
            build_gate(root, package, database)?
        }
    };
    if let Some(executable) = &build.executable {
        if by_cargo {
            let had_recipe = is_settled && recipe.is_some();
            recipe = Recipe::behind(&build, &notes, root);
            match &recipe {
                Some(recipe) if !had_recipe => remember(recipe, &notes)?,
                Some(_) => {}
                // What is written down is about something else that cargo has compiled before.
                None => recipe::forget(&notes)?,
            }
        }
        let elsewhere = match &recipe {
            Some(recipe) if by_cargo => step.elsewhere(recipe)?,
            Some(recipe) => {
                step.elsewhere(&recipe.into_folder(&notes.join(OUT), &notes.join(INCREMENTAL))?)?
            }
            None => BTreeSet::new(),
        };
        // What was edited meanwhile is built next time, so the state from before is the one to remember.
        let written = match elsewhere == state.elsewhere {
            true => written,
            false => step.written(&elsewhere)?,
        };
        let (settled, packages) = if by_cargo {
            let packages = step.packages(&build);
            (step.settled(&packages, recipe.as_ref())?, packages)
        } else {
            (state.settled, state.packages)
        };
        let state = State {
            settled,
            packages,
            written,
            elsewhere,
            executable: executable.clone(),
            stamp: stamp(executable)?,
        };
        state.write(&notes)?;
    }
    build._lock = Some(lock);
    Ok(build)
}

/// What comes of the two commands, and what rustc remembers for the next time.
pub(super) const OUT: &str = "out";
pub(super) const INCREMENTAL: &str = "incremental";

/// Runs the two commands again. `None`: what went wrong is not in the step's source alone, so cargo has to
/// find out what it is.
fn again(recipe: &Recipe, notes: &Path) -> Result<Option<Build>> {
    let (out, incremental) = (notes.join(OUT), notes.join(INCREMENTAL));
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    clear(&out)?;
    let recipe = recipe.into_folder(&out, &incremental)?;
    let mut build = Build::default();
    for command in [&recipe.library, &recipe.gate] {
        if !run(command, &mut build)? {
            return failed(build, &incremental);
        }
    }
    build.executable = Some(recipe.gate.output(false)?);
    Ok(Some(build))
}

/// A build that rustc has refused, if that is because of the step's source.
pub(super) fn failed(build: Build, incremental: &Path) -> Result<Option<Build>> {
    if build.is_about_dependencies {
        // A compiler that fails by itself may fail over what it remembers.
        files::unless_missing(fs::remove_dir_all(incremental))
            .context("cannot delete what rustc remembers")?;
    }
    let is_of_source = !build.error_places.is_empty() && !build.is_about_dependencies;
    Ok(Some(build).filter(|_| is_of_source))
}

/// Deletes what an rustc that was ended half-way has left behind: a save ends one that is under way.
pub(super) fn clear(out: &Path) -> Result<()> {
    for entry in fs::read_dir(out).with_context(|| format!("cannot read {}", out.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_left =
            name.starts_with("rustc") || name.ends_with(".temp-archive") || name.ends_with(".rcgu.o");
        if is_left {
            let path = entry.path();
            let deleted = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            deleted.with_context(|| format!("cannot delete {}", path.display()))?;
        }
    }
    Ok(())
}

/// Runs one command, and says whether it succeeded.
pub(super) fn run(command: &Rustc, build: &mut Build) -> Result<bool> {
    let mut command = command.clone();
    if !stdout::has_colors() {
        // Cargo always asks for colors, and takes them out itself.
        for word in command.arguments.iter_mut().filter(|word| word.starts_with("--json=")) {
            *word = word.replace("diagnostic-rendered-ansi,", "");
        }
    }
    let mut process = command.command();
    process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (child, running) = interruption::spawn(&mut process)
        .with_context(|| format!("cannot run {}", command.program.display()))?;
    let output = child.wait_with_output().context("cannot wait for rustc")?;
    drop(running);
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        // Its other lines tell which files it has written.
        if let Ok(diagnostic) = serde_json::from_str::<Diagnostic>(line) {
            build.add(diagnostic);
        }
    }
    Ok(output.status.success())
}

/// Lets the first run here begin with what rustc remembers from cargo's. Where another cargo changes that meanwhile, as
/// an editor's does, it begins with nothing.
fn remember(recipe: &Recipe, notes: &Path) -> Result<()> {
    let ours = notes.join(INCREMENTAL);
    files::unless_missing(fs::remove_dir_all(&ours))
        .with_context(|| format!("cannot empty {}", ours.display()))?;
    for command in [&recipe.library, &recipe.gate] {
        let prefix = format!("{}-", command.crate_name()?);
        let Some(entries) = command.incremental().and_then(|folder| fs::read_dir(folder).ok()) else {
            continue;
        };
        // All gates have the same name; cargo has written this one's a moment ago.
        let newest = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
            .max_by_key(|entry| entry.metadata().and_then(|metadata| metadata.modified()).ok());
        let Some(newest) = newest else { continue };
        let to = ours.join(newest.file_name());
        if copy_all(&newest.path(), &to).is_err() {
            files::unless_missing(fs::remove_dir_all(&to))
                .with_context(|| format!("cannot delete {}", to.display()))?;
        }
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for file in files::below(from)? {
        files::copy(&from.join(&file), &to.join(&file))?;
    }
    Ok(())
}
