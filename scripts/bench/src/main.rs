//! Measures Order Up beside an Order Up in Flask, in turns, on one machine.
//!
//!     cargo run --release -p bench -- board

#![warn(clippy::missing_errors_doc)]

mod board;
mod browser;
mod finished;
mod flask;
mod fresh;
mod grade;
mod load;
mod loops;
mod ours;
#[cfg(unix)]
mod page;
mod process;
mod python;
mod report;
mod server;
mod setup;
mod sign_in;
#[cfg(unix)]
mod verdict;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

use setup::{Setup, Turns};

/// Measures Order Up beside an Order Up in Flask, in turns, on one machine.
///
/// For Linux: memory and processor time are read from /proc. Needs python3 with its venv, the network
/// when it is run for the first time, and for `board` the program wrk.
#[derive(Parser)]
#[command(name = "bench", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    measure: Measure,
    /// How often each app has its turn; the figures are medians of all turns
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// How long a turn is
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
}

#[derive(Subcommand)]
enum Measure {
    /// Reading: the board with 6 open orders, by 8 connections; then with a long history too
    Board {
        /// How many orders the long history holds
        #[arg(long, default_value_t = 100_000)]
        closed: u32,
    },
    /// Writing: assign a table, add two items, close, by 4 clients at once
    Loop,
    /// Grading: submissions a minute, beside a fresh clone and `cargo test` for each
    Grade {
        /// How many submissions; a tenth of them is graded first
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
        submissions: u16,
        /// How many fresh clones
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=100))]
        clones: u16,
    },
    /// A newcomer's first minutes: a clone, an empty cargo home, `cargo kata`, `cargo test`
    Fresh,
    /// The page in a browser: how soon it is there and shows a verdict, its memory and bytes, what it costs the guide
    #[cfg(unix)]
    Page {
        /// How many edits, with the page and without it
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        edits: u32,
        /// Leave out the first start, which compiles the page
        #[arg(long)]
        warm: bool,
    },
    /// Does a wrong password take as long for a number that exists as for one that does not?
    SignIn {
        /// How often each of the two is tried
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
        tries: u32,
    },
    /// The guide: from a save to its verdict, beside cargo alone and `wr`
    #[cfg(unix)]
    Verdict {
        /// Parts of the lessons' names; by default all
        lessons: Vec<String>,
        /// What is in the place of lesson 8, in its folder of `tests/submissions`; by default the first there
        #[arg(long, value_name = "NAME")]
        submission: Option<String>,
        /// At the end of each stage of lesson 8, with the guide alone
        #[arg(long, conflicts_with = "lessons")]
        stages: bool,
        /// How many edits
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        edits: u32,
    },
}

fn main() -> ExitCode {
    if !cfg!(target_os = "linux") {
        eprintln!(
            "error: the benchmark reads memory and processor time from /proc, which only Linux has. Run it there."
        );
        return ExitCode::from(2);
    }
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let turns = Turns { rounds: arguments.rounds, length: Duration::from_secs(arguments.seconds) };
    match &arguments.measure {
        #[cfg(unix)]
        Measure::Verdict { submission, stages: true, edits, .. } => {
            verdict::measure_stages(*edits, submission.as_deref())
        }
        #[cfg(unix)]
        Measure::Verdict { lessons, submission, edits, .. } => {
            verdict::measure(*edits, lessons, submission.as_deref())
        }
        #[cfg(unix)]
        Measure::Page { edits, warm } => page::measure(*edits, !warm),
        Measure::Board { closed } => {
            load::check_installed()?;
            board::measure(&Setup::new()?, turns, *closed)
        }
        Measure::Loop => loops::measure(&Setup::new()?, turns),
        Measure::Grade { submissions, clones } => grade::measure((*submissions).into(), (*clones).into()),
        Measure::Fresh => fresh::measure(),
        Measure::SignIn { tries } => sign_in::measure(&Setup::new()?, *tries),
    }
}
