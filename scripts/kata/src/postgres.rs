//! `cargo kata postgres`: a throwaway PostgreSQL that stays until it is told to stop.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use gate_contract::postgres::Server;
use serde::{Deserialize, Serialize};

use crate::build::place;
use crate::{NOT_PASSED, PASSED, files};

#[derive(Clone, Copy, Subcommand)]
pub enum Action {
    /// Start it, and print its URL
    Start,
    /// Stop it and delete its data
    Stop,
    /// Report whether it is running (also by exit code)
    Status,
    /// Print its URL, as a value for DATABASE_URL
    Url,
    /// Open psql on it
    Psql,
}

/// What is remembered between commands. The password in the URL is of no use once it is stopped.
#[derive(Deserialize, Serialize)]
struct Note {
    folder: PathBuf,
    url: String,
}

/// # Errors
///
/// When the server does not start, stop or run.
pub fn run(root: &Path, action: Action) -> Result<u8> {
    let note = place::own(root)?.join("postgres.json");
    let server = remembered(&note)?;
    match (action, server) {
        (Action::Start, None) => {
            let server = Server::start().context("cannot start PostgreSQL")?;
            let text = serde_json::to_string(&Note {
                folder: server.folder().to_owned(),
                url: server.url().to_owned(),
            })?;
            files::write(&note, text)?;
            println!("{}", server.url());
        }
        (Action::Start | Action::Url, Some(server)) => println!("{}", server.url()),
        (Action::Stop, Some(server)) => {
            server.stop().context("cannot stop PostgreSQL")?;
            files::delete_if_there(&note)?;
            println!("stopped; its data was deleted");
        }
        (Action::Stop, None) => println!("it is not running"),
        (Action::Status, Some(server)) => println!("it is running in {}", server.folder().display()),
        (Action::Status, None) => {
            println!("it is not running; `cargo kata postgres start` starts it");
            return Ok(NOT_PASSED);
        }
        (Action::Psql, Some(server)) => {
            let status = Command::new("psql").arg(server.url()).status().context("cannot start psql")?;
            return Ok(if status.success() { PASSED } else { NOT_PASSED });
        }
        (Action::Url | Action::Psql, None) => {
            bail!("PostgreSQL is not running; start it with `cargo kata postgres start`")
        }
    }
    Ok(PASSED)
}

/// The server that runs, if one does. A note about one that is gone (the computer was switched
/// off, say) is thrown away.
fn remembered(note: &Path) -> Result<Option<Server>> {
    let Some(text) = files::text_if_there(note)? else { return Ok(None) };
    let server = serde_json::from_str(&text).ok().map(|Note { folder, url }| Server::at(folder, url));
    match server {
        Some(server) if server.is_running() => Ok(Some(server)),
        _ => {
            files::delete_if_there(note)?;
            Ok(None)
        }
    }
}
