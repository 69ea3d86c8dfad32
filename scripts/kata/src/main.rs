//! The commands of `cargo kata`.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use kata::build::{self, recipe};
use kata::course::{self, Course, NoSuchLesson};
use kata::{BROKEN, Database, NONSENSE, check, derive, guide, postgres};

/// Shows the next gate to pass; with a command, does one thing.
#[derive(Parser)]
#[command(name = "cargo kata", bin_name = "cargo kata", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The database to run the gates on.
    #[arg(long, global = true, value_enum, default_value_t)]
    db: Database,
}

#[derive(Subcommand)]
enum Command {
    /// Run the gates of one lesson: `cargo kata test 5`
    Test {
        /// The lesson: `5`, `05`, `crud` or `05-crud`
        lesson: String,
        /// Run the gates behind the first that does not pass too
        #[arg(long)]
        all: bool,
        /// Print the report as JSON (format 1, described in scripts/kata/README.md)
        #[arg(long)]
        json: bool,
    },
    /// Help with the first gate that does not pass, a little at a time: `cargo kata hint --level 2`
    Hint {
        /// The lesson; by default the first with a gate that does not pass
        lesson: Option<String>,
        /// How much help: a direction, the name of what to use, the shape of the code
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
        level: u8,
    },
    /// Grade submissions that nobody has read: `cargo kata grade FOLDER`; `grade --help` says more
    #[command(disable_help_flag = true)]
    Grade {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// A PostgreSQL of your own, from the binaries that are installed: `cargo kata postgres start`
    #[command(subcommand)]
    Postgres(postgres::Action),
    /// For maintainers: write the lessons' code from the solutions
    Derive {
        /// Write nothing; say what is stale
        #[arg(long)]
        check: bool,
        /// Write over lessons that somebody has changed, and keep a copy of what was there
        #[arg(long, conflicts_with = "check")]
        force: bool,
    },
    /// For maintainers: check that lessons, gates, tasks, hints and snapshots fit together
    Check {
        /// Of the lessons, only this one: `5`, `05`, `crud` or `05-crud`
        lesson: Option<String>,
        /// On this many seeds do both databases leave the same snapshots, twice
        #[arg(long, default_value_t = 2)]
        seeds: u64,
        /// Without PostgreSQL
        #[arg(long)]
        sqlite_only: bool,
    },
}

fn main() -> ExitCode {
    if let Some(code) = recipe::as_wrapper() {
        return code;
    }
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<NoSuchLesson>() { NONSENSE } else { BROKEN })
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let root = course::find_root()?;
    if let Some(Command::Postgres(action)) = arguments.command {
        return postgres::run(&root, action);
    }
    if let Some(Command::Grade { arguments: words }) = arguments.command {
        return grade(&root, &words);
    }
    let course = Course::read(&root)?;
    let db = arguments.db;
    match arguments.command {
        None => guide::guide(&course, db),
        Some(Command::Test { lesson, all, json }) => guide::test(&course, &lesson, db, all, json),
        Some(Command::Hint { lesson, level }) => guide::hint(&course, lesson.as_deref(), db, level),
        Some(Command::Derive { check: true, .. }) => derive::check(&course),
        Some(Command::Derive { force, .. }) => derive::derive(&course, force),
        Some(Command::Check { lesson, seeds, sqlite_only }) => {
            check::check(&course, lesson.as_deref(), seeds, sqlite_only)
        }
        Some(Command::Postgres(_) | Command::Grade { .. }) => {
            unreachable!("handled before the course is read")
        }
    }
}

/// The grader is a package of its own, which a student never compiles.
fn grade(root: &Path, words: &[OsString]) -> anyhow::Result<u8> {
    let mut command = build::cargo();
    let manifest = root.join("Cargo.toml");
    command.args(["run", "--quiet", "--locked", "--package", "grade", "--manifest-path"]).arg(manifest);
    command.arg("--").args(words);
    // In its place, so that Ctrl-C and the exit code are the grader's.
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(&mut command);
        Err(error).context("cannot start cargo")
    }
    #[cfg(not(unix))]
    {
        let code = command.status().context("cannot start cargo")?.code();
        Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(BROKEN))
    }
}
