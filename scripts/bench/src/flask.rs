//! The Order Up in `flask/`: seeded, started.

use std::process::Command;

use anyhow::Result;
use kata::process::output;

use crate::server::{Server, free_address};
use crate::setup::{Seeds, Setup};

/// Seeds a database and starts the app on it, as Flask's guide to deploying does.
///
/// # Errors
///
/// When one of the two fails.
pub fn start(setup: &Setup, seeds: Seeds) -> Result<Server> {
    let database = setup.data.path().join("flask.db");
    let settings = |command: &mut Command| {
        command
            .current_dir(&setup.flask)
            .env_remove("GUNICORN_CMD_ARGS")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("FLASK_SECRET_KEY", "worthless outside of this run")
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
