//! Builds a step's gate without cargo while nothing but the student's files has changed.
//!
//! What comes of it has a folder of its own beside what cargo makes, so that neither takes the
//! other's work for its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use cargo_metadata::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::recipe::{self, Recipe, Rustc};
use super::{Build, build_gate};
use crate::content::hex;
use crate::{Database, files};

/// How the last build that succeeded found things.
#[derive(Default, Deserialize, Serialize)]
struct State {
    /// The state of everything that only cargo can judge: manifests, dependencies, the compiler.
    settled: String,
    /// The state of the step's files and of the gates.
    written: String,
    executable: PathBuf,
}

/// As `build_gate` for the package in `folder`, by the shortest way that leads to the same.
pub fn rebuild_gate(root: &Path, package: &str, folder: &Path, database: Database) -> Result<Build> {
    let notes = recipe::notes(root, package, database);
    fs::create_dir_all(&notes).with_context(|| format!("cannot make {}", notes.display()))?;
    let lock = File::create(notes.join("lock")).context("cannot make a lock")?;
    lock.lock().context("cannot wait for another `cargo kata`")?;

    let state_file = notes.join("state.json");
    let text = fs::read_to_string(&state_file).unwrap_or_default();
    let state: State = serde_json::from_str(&text).unwrap_or_default();
    let step = root.join(folder);
    let written = of_files([step.clone(), root.join("tests/gates")])?;
    let recipe = Recipe::read(&notes, root);
    let is_settled = state.settled == settled(root, &step, recipe.as_ref())?;

    if is_settled && state.written == written && state.executable.exists() {
        return Ok(Build { executable: Some(state.executable), ..Build::default() });
    }
    let again = match (&recipe, is_settled) {
        (Some(recipe), true) => again(recipe, &notes)?,
        _ => None,
    };
    let build = match again {
        Some(build) => build,
        None => {
            let build = build_gate(root, package, database)?;
            let recipe = Recipe::behind(&build, &notes, root);
            match recipe {
                Some(recipe) if !is_settled => remember(&recipe, &notes)?,
                // What is written down is about something else that cargo has compiled before.
                None if build.executable.is_some() => recipe::forget(&notes)?,
                _ => {}
            }
            build
        }
    };
    if let Some(executable) = &build.executable {
        let settled = settled(root, &step, Recipe::read(&notes, root).as_ref())?;
        let state = State { settled, written, executable: executable.clone() };
        fs::write(&state_file, serde_json::to_string_pretty(&state)?)?;
    }
    Ok(build)
}

/// Runs the two commands again. `None`: what went wrong is not in the step's source, so cargo has to
/// find out what it is.
fn again(recipe: &Recipe, notes: &Path) -> Result<Option<Build>> {
    let (out, incremental) = (notes.join("out"), notes.join("incremental"));
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    clear(&out)?;
    let recipe = recipe.into_folder(&out, &incremental)?;
    let mut build = Build::default();
    for command in [&recipe.library, &recipe.gate] {
        let succeeded = run(command, &mut build)?;
        if !succeeded {
            return Ok(Some(build).filter(|build| !build.error_places.is_empty()));
        }
    }
    build.executable = Some(recipe.gate.output(false)?);
    Ok(Some(build))
}

/// Deletes what an rustc that was ended half-way has left behind: a save ends one that is under way.
fn clear(out: &Path) -> Result<()> {
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
fn run(command: &Rustc, build: &mut Build) -> Result<bool> {
    let mut command = command.clone();
    if !super::colours() {
        // Cargo always asks for colours, and takes them out itself.
        for word in command.arguments.iter_mut().filter(|word| word.starts_with("--json=")) {
            *word = word.replace("diagnostic-rendered-ansi,", "");
        }
    }
    let mut process = command.command();
    process.stdin(Stdio::null());
    let output = process.output().with_context(|| format!("cannot run {}", command.program.display()))?;
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        // Its other lines tell which files it has written.
        if let Ok(diagnostic) = serde_json::from_str::<Diagnostic>(line) {
            build.add(diagnostic);
        }
    }
    Ok(output.status.success())
}

/// Lets the first run here begin with what rustc remembers from cargo's.
fn remember(recipe: &Recipe, notes: &Path) -> Result<()> {
    let ours = notes.join("incremental");
    if ours.exists() {
        fs::remove_dir_all(&ours).with_context(|| format!("cannot empty {}", ours.display()))?;
    }
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
        for file in files::below(&newest.path())? {
            files::copy(&newest.path().join(&file), &ours.join(newest.file_name()).join(&file))?;
        }
    }
    Ok(())
}

/// The state of everything but the step's own files and the gates.
fn settled(root: &Path, step: &Path, recipe: Option<&Recipe>) -> Result<String> {
    let mut paths: Vec<_> =
        ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "tests/Cargo.toml", "tests/src"]
            .iter()
            .map(|path| root.join(path))
            .collect();
    paths.extend(["Cargo.toml", "build.rs"].map(|file| step.join(file)));
    if let Some(recipe) = recipe {
        let own = recipe.library.output(true)?;
        let externs = recipe.library.externs().chain(recipe.gate.externs()).filter(|path| **path != own);
        paths.extend(externs.map(Path::to_owned));
        paths.push(recipe.library.program.clone());
    }
    let flags = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"];
    let flags = flags.map(|name| std::env::var(name).unwrap_or_default());
    Ok(format!("{} {flags:?} {}", of_files(paths)?, env!("CARGO_PKG_VERSION")))
}

/// A digest of names, sizes and times of the files at or below `paths`. One that is missing counts as
/// missing.
fn of_files(paths: impl IntoIterator<Item = PathBuf>) -> Result<String> {
    let mut digest = Sha256::new();
    for path in paths {
        for entry in walkdir::WalkDir::new(&path).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                digest.update(format!(
                    "{} {} {}\n",
                    entry.path().display(),
                    metadata.len(),
                    changed.as_nanos()
                ));
            }
        }
    }
    Ok(hex(&digest.finalize()))
}
