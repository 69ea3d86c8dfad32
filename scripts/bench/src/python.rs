//! The Python programs that the Order Up in `flask/` needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use kata::process::output;

/// Installs what the app requires, unless it is there, and returns the folder of its programs.
///
/// # Errors
///
/// When Python or `pip` fails.
pub fn install(flask: &Path, venv: &Path) -> Result<PathBuf> {
    let programs = venv.join("bin");
    let wanted = fs::read_to_string(flask.join("requirements.txt"))?;
    // Written last, so an interrupted installation starts from scratch.
    let installed = venv.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    println!("Installing Flask in {} …", venv.display());
    output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv))
        .context("Python's venv is needed; on Debian and Ubuntu: apt-get install python3-venv")?;
    let mut pip = Command::new(programs.join("pip"));
    output(
        pip.args(["install", "--disable-pip-version-check", "-r", "requirements.txt"]).current_dir(flask),
    )?;
    fs::write(installed, wanted)?;
    Ok(programs)
}
