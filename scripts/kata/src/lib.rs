//! What `cargo kata` is made of: the guide at a student's side, and the workspace's check of itself.
//!
//! `scripts/kata/README.md` is the map of this crate.

#![warn(clippy::missing_errors_doc)]

pub mod backup;
pub mod base;
pub mod build;
pub mod build_folder;
pub mod check;
pub mod cli;
pub mod completions;
pub mod content;
pub mod cookie_lines;
pub mod course;
pub mod demo;
pub mod derive;
pub mod digest;
pub mod doctor;
pub mod editor;
pub mod encoding;
pub mod explain;
pub mod export;
pub mod files;
pub mod gate_name;
pub mod gate_runner;
pub mod goto;
pub mod guide;
pub mod judge;
pub mod labels;
pub mod leftovers;
pub mod lesson_runner;
pub mod links;
pub mod locks;
pub mod open;
pub mod parallel;
pub mod plan;
pub mod postgres;
pub mod process;
pub mod progress;
pub mod project;
pub mod record;
pub mod reference;
pub mod report;
pub mod reset;
pub mod review;
pub mod run;
pub mod runnable;
pub mod running;
pub mod scaffold;
pub mod server;
pub mod solution_diff;
pub mod stdout;
pub mod step_diff;
pub mod submission;
pub mod task_places;
pub mod update;
pub mod verdicts;
pub mod view;
pub mod warm;
pub mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Everything passed.
pub const PASSED: u8 = 0;
/// Something did not pass, or is stale.
pub const NOT_PASSED: u8 = 1;
/// The command makes no sense; clap uses the same number.
pub const USAGE_ERROR: u8 = 2;
/// The guide itself could not do its work.
pub const INTERNAL_ERROR: u8 = 3;

/// Where gates run.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Database {
    #[default]
    Sqlite,
    Postgres,
}

impl Database {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Its name in a text.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Sqlite => Self::Postgres,
            Self::Postgres => Self::Sqlite,
        }
    }

    /// The options with which cargo builds a package for this database.
    pub fn cargo_options(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[],
            Self::Postgres => &["--features", "postgres"],
        }
    }

    /// What is added to a command that is about this database.
    pub fn option(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " --db postgres",
        }
    }
}

/// The folder for what the guide keeps between commands and `cargo clean` must not take: backups, the
/// course as it was handed out. Git ignores it.
///
/// # Errors
///
/// When the folder cannot be made.
pub fn own_folder(root: &Path) -> Result<PathBuf> {
    let folder = root.join(OWN_FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// See [`own_folder`].
pub const OWN_FOLDER: &str = ".kata";

/// The folder of the course as it was handed out: [`base`] keeps it.
pub fn base_folder(root: &Path) -> PathBuf {
    root.join(OWN_FOLDER).join("base")
}

/// Now, as part of a file's name: a count that grows, and is never the same twice on one computer.
pub fn stamp() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{:03}", since.as_secs(), since.subsec_millis())
}
