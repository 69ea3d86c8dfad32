//! The two `rustc` commands behind a step's gate, so that they can be run again without cargo.
//!
//! Cargo takes a tenth of a second to find out that nothing but one file has changed. Here that is
//! known beforehand. Cargo tells the commands itself: it runs this program in place of `rustc`
//! (`RUSTC_WRAPPER`, which cargo does not compare to decide whether something is fresh), and
//! this program writes down what it was asked before it runs the real one.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use sha2::{Digest, Sha256};

use super::cargo::Build;
use super::place;
pub use super::rustc::Rustc;
use crate::digest::hex;
use crate::{Database, files, process};

/// The folder for what the wrapper writes down.
const NOTES: &str = "KATA_RECIPES";
/// In there, what the variables were before cargo has set its own.
const BEFORE: &str = "variables.json";

const LIBRARY: &str = "library.json";
const GATE: &str = "gate.json";
/// How the name of a note on a program begins.
const PROGRAM: &str = "program-";

/// Besides `CARGO_…`, what cargo sets for rustc and the macros that it runs.
const VARIABLES: [&str; 3] = ["OUT_DIR", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// How cargo compiles a step: its library, then its gate.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub library: Rustc,
    pub gate: Rustc,
}

impl Recipe {
    /// The same two commands with what they make put into `out`, and what they remember into `incremental`;
    /// the gate links the library that is made there.
    ///
    /// # Errors
    ///
    /// When the library's command does not say what it makes.
    pub fn into_folder(&self, out: &Path, incremental: &Path) -> Result<Self> {
        let library = self.library.into_folder(out, incremental);
        let gate = self.gate.into_folder(out, incremental);
        let gate = gate.with_library(&self.library.output(true)?, &library.output(true)?)?;
        Ok(Self { library, gate })
    }

    /// What is written down in `notes`, if cargo has compiled the same program now. Another profile gives it
    /// another name, and cargo does not report what another process has compiled in between.
    pub(super) fn behind(build: &Build, notes: &Path, root: &Path) -> Option<Self> {
        let recipe = Self::read(notes, root)?;
        let executable = build.executable.as_ref()?;
        let is_same = recipe.gate.output(false).ok()?.file_name() == executable.file_name();
        Some(recipe).filter(|_| is_same)
    }

    /// What is written down in `notes`, if it is about the workspace at `root`.
    pub(super) fn read(notes: &Path, root: &Path) -> Option<Self> {
        let read = |name| serde_json::from_str::<Rustc>(&fs::read_to_string(notes.join(name)).ok()?).ok();
        let recipe = Self { library: read(LIBRARY)?, gate: read(GATE)? };
        // Windows has two ways to write an absolute path, and a link may lead to the workspace.
        let root = fs::canonicalize(root).ok()?;
        let is_of = |command: &Rustc| fs::canonicalize(&command.folder).is_ok_and(|folder| folder == root);
        Some(recipe).filter(|recipe| is_of(&recipe.library) && is_of(&recipe.gate))
    }
}

/// Where the notes on one package are.
pub(super) fn notes(root: &Path, package: &str, database: Database) -> Result<PathBuf> {
    Ok(place::own(root)?.join("builds").join(database.name()).join(package))
}

/// Deletes what is written down of a step's library, gate and program.
pub(super) fn forget(notes: &Path) -> Result<()> {
    let programs = programs(notes);
    for note in programs.into_iter().chain([LIBRARY, GATE].map(|name| notes.join(name))) {
        files::delete_if_there(&note)?;
    }
    Ok(())
}

/// The notes on the programs of a package.
fn programs(notes: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(notes).into_iter().flatten().filter_map(Result::ok);
    let is_program = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PROGRAM))
    };
    entries.map(|entry| entry.path()).filter(is_program).collect()
}

/// How cargo compiles the program of a package that has one alone, if it is written down.
pub(super) fn program(notes: &Path) -> Option<Rustc> {
    let [note] = &programs(notes)[..] else { return None };
    serde_json::from_str(&fs::read_to_string(note).ok()?).ok()
}

/// Has the rustc commands of a cargo command that is kept apart from other workspaces written down in `notes`.
pub(super) fn watch(cargo: &mut Command, notes: &Path) -> Result<()> {
    let variables: BTreeMap<_, _> = env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), short_digest(&value)))
        .collect();
    files::write(&notes.join(BEFORE), serde_json::to_string(&variables)?)?;
    cargo.env(NOTES, notes);
    Ok(())
}

/// Enough to compare two values. The values themselves stay private.
fn short_digest(value: &OsStr) -> String {
    hex(&Sha256::digest(value.as_encoded_bytes())[..8])
}

/// Stands in for rustc, if cargo runs this program as its wrapper.
pub fn as_wrapper() -> Option<ExitCode> {
    let marker = env::var_os(place::MARKER)?;
    let mut words: Vec<OsString> = env::args_os().skip(1).collect();
    if words.first() == Some(&marker) {
        words.remove(0);
        words.splice(0..0, env::var_os(place::NEXT_WORKSPACE_WRAPPER));
    }
    words.splice(0..0, env::var_os(place::NEXT_WRAPPER));
    if let Some(notes) = env::var_os(NOTES) {
        // A note that cannot be written costs the next build a moment; this one must go on.
        let _ = write_down(Path::new(&notes), &words);
    }
    Some(run(&words))
}

fn run(words: &[OsString]) -> ExitCode {
    let Some((program, arguments)) = words.split_first() else { return ExitCode::FAILURE };
    let mut command = Command::new(program);
    command.args(arguments);
    match process::replace(&mut command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Notes the library and the gate of the package that was asked for; others pass by.
fn write_down(notes: &Path, words: &[OsString]) -> Result<()> {
    if env::var_os("CARGO_PRIMARY_PACKAGE").is_none() {
        return Ok(());
    }
    let text = |word: &OsString| word.clone().into_string().ok().context("a word that is not text");
    let words = words.iter().map(text).collect::<Result<Vec<_>>>()?;
    // The wrappers come first, then rustc, then its options.
    let options = words.iter().position(|word| word.starts_with('-')).context("no options for rustc")?;
    let (programs, arguments) = words.split_at(options);
    let (program, wrappers) = programs.split_last().context("no rustc")?;
    let value = |name: &str| arguments.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].as_str());
    let crate_name = value("--crate-name").unwrap_or_default();
    let name = match value("--crate-type") {
        Some("lib") => LIBRARY.to_owned(),
        // A build script is a program of cargo's.
        Some("bin") if !crate_name.starts_with("build_script_") => format!("{PROGRAM}{crate_name}.json"),
        None if crate_name == "gate" => GATE.to_owned(),
        None if arguments.iter().any(|word| word == "--test") => format!("tests-{crate_name}.json"),
        _ => return Ok(()),
    };
    let before = fs::read_to_string(notes.join(BEFORE))?;
    let before: BTreeMap<String, String> = serde_json::from_str(&before)?;
    // Those of `[env]` and of a build script have any name.
    let is_cargos = |name: &str, value: &OsStr| {
        (name.starts_with("CARGO")
            || VARIABLES.contains(&name)
            || before.get(name) != Some(&short_digest(value)))
            && !name.starts_with("KATA_")
            && !["CARGO_MAKEFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"].contains(&name)
            && !name.ends_with("_TOKEN")
    };
    let command = Rustc {
        wrappers: wrappers.iter().map(PathBuf::from).collect(),
        program: program.into(),
        arguments: arguments.to_vec(),
        variables: env::vars_os()
            .filter(|(name, value)| is_cargos(&name.to_string_lossy(), value))
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        folder: env::current_dir()?,
    };
    fs::write(notes.join(name), serde_json::to_string_pretty(&command)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_of_another_program_is_not_used_for_this_one() {
        let root = tempfile::tempdir().unwrap();
        let folder = fs::canonicalize(root.path()).unwrap();
        for name in [LIBRARY, GATE] {
            let words = format!("--crate-name gate --out-dir /deps -C extra-filename=-1f --extern {name}");
            let command = Rustc {
                wrappers: Vec::new(),
                program: "rustc".into(),
                arguments: words.split(' ').map(str::to_owned).collect(),
                variables: BTreeMap::new(),
                folder: folder.clone(),
            };
            fs::write(folder.join(name), serde_json::to_string(&command).unwrap()).unwrap();
        }
        let behind = |executable: &str| {
            let build = Build { executable: Some(executable.into()), ..Build::default() };
            Recipe::behind(&build, &folder, root.path())
        };
        assert!(behind("/deps/gate-1f").is_some());
        assert!(behind("/deps/gate-2e").is_none());
        forget(&folder).unwrap();
        assert!(behind("/deps/gate-1f").is_none());
        forget(&folder).unwrap();
    }
}
