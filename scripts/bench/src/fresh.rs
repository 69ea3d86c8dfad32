//! What a newcomer waits for: a clone, an empty cargo home, and the README's commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use kata::build::cargo;
use kata::course::find_root;
use kata::process::output;
use tempfile::TempDir;

use crate::report::{number, print};

/// A clone of the last commit, with a cargo home that others may share.
struct Clone {
    folder: TempDir,
    home: PathBuf,
}

/// What is there at some moment.
struct Stock {
    /// Packages that have been downloaded, and their size in MiB.
    packages: usize,
    mib: f64,
    /// What cargo has compiled or run, libraries, build scripts and tests alike.
    units: usize,
}

/// # Errors
///
/// When the course cannot be cloned, or a command fails.
pub fn measure() -> Result<()> {
    let root = find_root()?;
    let home = TempDir::with_prefix("bench-home-")?;
    let (first, second) = (Clone::new(&root, home.path())?, Clone::new(&root, home.path())?);
    let kata = ["kata", "--once"];
    let rows = [
        first.row("cargo kata, everything downloaded", &kata, &[0, 1])?,
        first.row("then cargo test", &["test", "--locked"], &[0])?,
        second.row("cargo kata, nothing to download", &kata, &[0, 1])?,
    ];
    println!();
    print(["", "s", "packages", "MiB", "compiled", "tests"], &rows);
    println!(
        "A clone of the last commit, and a cargo home that is empty at first; `cargo kata` ends with its verdict."
    );
    Ok(())
}

impl Clone {
    fn new(root: &Path, home: &Path) -> Result<Self> {
        let folder = TempDir::with_prefix("bench-fresh-")?;
        output(Command::new("git").args(["clone", "--quiet"]).arg(root).arg(folder.path()))?;
        Ok(Self { folder, home: home.to_owned() })
    }

    /// Runs a cargo command that may end with one of these codes, and says what it cost.
    fn row(&self, name: &str, arguments: &[&str], codes: &[i32]) -> Result<[String; 6]> {
        println!("{name}");
        let before = self.stock()?;
        let start = Instant::now();
        let mut command = cargo();
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).stderr(Stdio::inherit());
        // As in a shell of somebody who has not run anything yet.
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("CARGO") || variable == "DATABASE_URL" {
                command.env_remove(variable);
            }
        }
        command.env("CARGO_HOME", &self.home);
        let output = command.output().context("cannot start cargo")?;
        let seconds = start.elapsed().as_secs_f64();
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.code().is_some_and(|code| codes.contains(&code)), "{name} failed:\n{text}");
        let after = self.stock()?;
        Ok([
            name.to_owned(),
            number(seconds),
            (after.packages - before.packages).to_string(),
            number(after.mib - before.mib),
            (after.units - before.units).to_string(),
            passed(&text).to_string(),
        ])
    }

    fn stock(&self) -> Result<Stock> {
        let caches = entries(&self.home.join("registry/cache"))?;
        let mut sizes = Vec::new();
        for cache in caches {
            for package in entries(&cache)? {
                sizes.push(fs::metadata(package)?.len());
            }
        }
        let units = entries(&self.folder.path().join("target/debug/.fingerprint"))?.len();
        let bytes: u64 = sizes.iter().sum();
        Ok(Stock { packages: sizes.len(), mib: bytes as f64 / f64::from(1 << 20), units })
    }
}

/// What is in a folder; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    entries.collect()
}

/// How many tests have passed, by the lines in which each test program says so.
fn passed(text: &str) -> usize {
    let lines = text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    lines.filter_map(|line| line.split(' ').next()?.parse::<usize>().ok()).sum()
}
