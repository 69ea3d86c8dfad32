//! Has cargo build a step's gate, and notes how it does that.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use super::cargo::{Build, build, cargo};
use super::place;
use super::recipe::{self, Recipe, Rustc};
use crate::Database;

/// The cargo command that builds one package's gate in the workspace at `root`, under names that no other
/// workspace's packages have.
///
/// # Errors
///
/// When the folder for what the guide keeps cannot be written.
pub fn gate_command(root: &Path, package: &str, database: Database) -> Result<Command> {
    let mut command = cargo();
    command
        .args(["test", "--no-run", "--test", "gate", "--package", package])
        .args(database.cargo_options())
        .current_dir(root);
    place::keep_apart(&mut command, root)?;
    Ok(command)
}

/// `cargo test --no-run` of one package's gate, in the workspace at `root`.
///
/// # Errors
///
/// When cargo cannot build for a reason that is not in the code.
pub fn build_gate(root: &Path, package: &str, database: Database) -> Result<Build> {
    let mut command = gate_command(root, package, database)?;
    recipe::watch(&mut command, &recipe::notes(root, package, database)?)?;
    build(root, command)
}

impl Recipe {
    /// How cargo compiles the gate of `package`. If cargo has not been watched doing it yet, it is made
    /// to do it now.
    ///
    /// # Errors
    ///
    /// When the package does not compile.
    pub fn of(root: &Path, package: &str, folder: &Path, database: Database) -> Result<Self> {
        let notes = recipe::notes(root, package, database)?;
        // Builds what the package relies on, too.
        let build = build_gate(root, package, database)?;
        if !build.errors.is_empty() {
            bail!("{package} does not compile:\n{}", build.errors.join("\n"));
        }
        if let Some(recipe) = Self::behind(&build, &notes, root) {
            return Ok(recipe);
        }
        // All was fresh, so rustc did not run.
        for source in ["src/lib.rs", "tests/gate.rs"] {
            touch(&root.join(folder).join(source))?;
        }
        let build = build_gate(root, package, database)?;
        Self::behind(&build, &notes, root)
            .with_context(|| format!("cargo does not tell how it compiles {package}"))
    }
}

/// How cargo compiles the program of `package`, and its tests other than the gate, by the name of
/// the program or of the test's crate. Cargo compiles the package again for that.
///
/// # Errors
///
/// When it does not compile.
pub fn programs(
    root: &Path,
    package: &str,
    folder: &Path,
    database: Database,
) -> Result<BTreeMap<String, Rustc>> {
    let notes = recipe::notes(root, package, database)?;
    touch(&root.join(folder).join("src/lib.rs"))?;
    let mut command = cargo();
    command.args(["test", "--no-run", "--package", package]).args(database.cargo_options());
    place::keep_apart(&mut command, root)?;
    recipe::watch(&mut command, &notes)?;
    let build = build(root, command)?;
    if !build.errors.is_empty() {
        bail!("{package} does not compile:\n{}", build.errors.join("\n"));
    }
    let mut programs = BTreeMap::new();
    for entry in fs::read_dir(&notes)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("program-") || name.starts_with("tests-") {
            programs.insert(name, serde_json::from_str(&fs::read_to_string(path)?)?);
        }
    }
    Ok(programs)
}

/// Makes cargo compile the crate with this root again.
fn touch(source: &Path) -> Result<()> {
    let touched = File::options().append(true).open(source);
    let touched = touched.and_then(|file| file.set_modified(SystemTime::now()));
    touched.with_context(|| format!("cannot touch {}", source.display()))
}
