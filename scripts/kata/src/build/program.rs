//! Builds a step's program, so that it shares with the gate's build all that both are made of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::cargo::{Build, build, cargo};
use super::inputs::Step;
use super::interruption::wait_for_lock;
use super::place;
use super::quick::{self, INCREMENTAL, OUT, State};
use super::recipe::{self, Recipe, Rustc};
use super::surroundings::stamp;
use crate::{Database, files};

/// How the last build of the program found things.
#[derive(Default, Deserialize, PartialEq, Serialize)]
struct Built {
    settled: String,
    written: String,
    executable: PathBuf,
    stamp: Option<(u64, u128)>,
}

const BUILT: &str = "built-program.json";

/// Builds the program of the package in `folder`: its own or, where it has none, its example of that name. After a
/// build of its gate, only the program itself is compiled.
///
/// # Errors
///
/// When it cannot be built for a reason that is not in the code.
pub fn build_program(
    root: &Path,
    package: &str,
    folder: &Path,
    example: Option<&str>,
    database: Database,
) -> Result<Build> {
    let notes = recipe::notes(root, package, database)?;
    fs::create_dir_all(&notes).with_context(|| format!("cannot make {}", notes.display()))?;
    let lock = wait_for_lock(&notes.join("lock"))?;
    let step = Step { root, folder: root.join(folder) };
    let by_rustc = match (Recipe::read(&notes, root), recipe::program(&notes)) {
        (Some(recipe), Some(program)) => by_rustc(&step, &recipe, &program, &notes)?,
        _ => None,
    };
    let mut build = match by_rustc {
        Some(build) => build,
        None => by_cargo(root, package, example, database, &notes)?,
    };
    build._lock = Some(lock);
    Ok(build)
}

/// Runs rustc as cargo has run it. `None`: only cargo can find out what there is to do.
fn by_rustc(step: &Step<'_>, recipe: &Recipe, program: &Rustc, notes: &Path) -> Result<Option<Build>> {
    let mut state = State::read(notes);
    if !state.is_settled(step, Some(recipe))? {
        return Ok(None);
    }
    let written = step.written(&state.elsewhere)?;
    let text = fs::read_to_string(notes.join(BUILT)).unwrap_or_default();
    let before: Built = serde_json::from_str(&text).unwrap_or_default();
    let is_built = before.settled == state.settled
        && before.written == written
        && before.stamp.is_some()
        && before.stamp == stamp(&before.executable)?;
    if is_built {
        return Ok(Some(Build { executable: Some(before.executable), ..Build::default() }));
    }
    let (out, incremental) = (notes.join(OUT), notes.join(INCREMENTAL));
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    quick::clear(&out)?;
    let mut build = Build::default();
    let cargos = recipe.library.output(true)?;
    let ours = recipe.library.into_folder(&out, &incremental);
    let library = match state.written == written {
        // A verdict has had it built: by the guide, or by cargo.
        true if state.executable.starts_with(&out) => ours.output(true)?,
        true => cargos.clone(),
        false => {
            if !quick::run(&ours, &mut build)? {
                return quick::failed(build, &incremental);
            }
            // The gate there is made with another library.
            state.written.clear();
            state.write(notes)?;
            ours.output(true)?
        }
    };
    let program = program.into_folder(&out, &incremental);
    let Ok(program) = program.with_library(&cargos, &library) else { return Ok(None) };
    if !quick::run(&program, &mut build)? {
        return quick::failed(build, &incremental);
    }
    let executable = program.output(false)?;
    build.executable = Some(executable.clone());
    let own = step.own().map(|own| fs::canonicalize(&own).unwrap_or(own));
    let read: BTreeSet<_> = program.files_read()?.unwrap_or_default().into_iter().collect();
    let is_own =
        |file: &PathBuf| fs::canonicalize(file).is_ok_and(|file| own.iter().any(|own| file.starts_with(own)));
    // What it has read elsewhere may change, and nobody looks.
    let stamp = if read.iter().all(is_own) { stamp(&executable)? } else { None };
    let built = Built { settled: state.settled, written, executable, stamp };
    files::write(&notes.join(BUILT), serde_json::to_string_pretty(&built)?)?;
    Ok(Some(build))
}

/// Has cargo build the program as it builds it for the gate, which dependencies of tests are part of. The program can
/// run although the gate does not compile.
fn by_cargo(
    root: &Path,
    package: &str,
    example: Option<&str>,
    database: Database,
    notes: &Path,
) -> Result<Build> {
    let mut command = cargo();
    command
        .args(["build", "--keep-going", "--test", "gate", "--package", package])
        .args(example.iter().flat_map(|name| ["--example", name]))
        .args(database.cargo_options())
        .current_dir(root);
    place::keep_apart(&mut command, root)?;
    recipe::watch(&mut command, notes)?;
    let mut build = build(root, command)?;
    let programs = build.artifacts.iter().filter(|artifact| !artifact.profile.test);
    let program = programs.filter_map(|artifact| artifact.executable.clone()).next_back();
    if let Some(program) = &program {
        build.errors.clear();
        build.error_places.clear();
        build.executable = Some(program.into());
    } else {
        build.executable = None;
    }
    Ok(build)
}
