//! The Order Up in `flask/`: installed, seeded, started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::server::{Server, free_address};
use crate::setup::{Seeds, Setup, output};

/// Installs what the app requires, unless it is there, and returns the folder of its programs.
pub fn install(flask: &Path, venv: &Path) -> Result<PathBuf> {
    let programs = venv.join("bin");
    let wanted = fs::read_to_string(flask.join("requirements.txt"))?;
    // Written last, so an installation that was broken off begins anew.
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

/// Seeds a database and starts the app on it, as Flask's guide to deploying does.
pub fn start(setup: &Setup, seeds: Seeds) -> Result<Server> {
    let database = setup.data.path().join("flask.db");
    let settings = |command: &mut Command| {
        command
            .current_dir(&setup.flask)
            .env_remove("GUNICORN_CMD_ARGS")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("FLASK_SECRET_KEY", "of no worth outside of this run")
            .env("FLASK_SQLALCHEMY_DATABASE_URI", format!("sqlite:///{}", database.display()));
    };
    let mut seed = Command::new(setup.python.join("python"));
    settings(&mut seed);
    seed.arg("seed.py").arg(format!("--open={}", seeds.open)).arg(format!("--closed={}", seeds.closed));
    output(&mut seed)?;

    let address = free_address()?;
    let mut gunicorn = setup.server(&setup.python.join("gunicorn"));
    settings(&mut gunicorn);
    gunicorn.args(["--workers", "2", "--bind", &address, "order_up:create_app()"]);
    Server::start("Flask", "csrf_token", &address, &mut gunicorn, setup.data.path().join("flask.log"))
}
