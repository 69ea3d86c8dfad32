//! Proof that the gates catch wrong work: mistakes made on purpose, one at a time, in the finished
//! steps.
//!
//!     cargo run -p mutants -- run

#![warn(clippy::missing_errors_doc)]

mod edit;
mod judge;
mod labels;
mod likely;
mod mutant;
mod operators;
mod own_tests;
mod reference;
mod report;
mod results;
mod run;
mod rust;
mod sql;
mod step;
mod subject;
mod template;
#[cfg(test)]
mod tests;
mod unobservable;
mod verdict;
mod which;
mod worktree;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{Parser, Subcommand};
use kata::course::{self, Course};
use kata::{INTERNAL_ERROR, PASSED};

use which::Which;

/// Makes mistakes in the finished steps and checks which of them the gates catch.
#[derive(Parser)]
#[command(max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judge the mutants that have not been judged yet, and report
    Run {
        #[command(flatten)]
        which: Which,
        /// Judge only this many of them
        #[arg(long, requires = "rotate")]
        sample: Option<usize>,
        /// Which of the samples: another number, another part of the whole
        #[arg(long, requires = "sample")]
        rotate: Option<usize>,
        /// Only those in files, or with gates, that differ from this git revision; with a sample, those
        /// too
        #[arg(long, value_name = "REF")]
        changed_since: Option<String>,
        /// Only those that were missed when they were last judged, whatever has changed since
        #[arg(long)]
        missed: bool,
        /// Begin no more of them after this many seconds; the rest stays open
        #[arg(long)]
        seconds: Option<u64>,
    },
    /// Show the mutants, and what became of those that have been judged
    List {
        #[command(flatten)]
        which: Which,
        /// Only those that were missed
        #[arg(long)]
        missed: bool,
    },
    /// Show the results so far: a table of the steps, and one of the operators
    Report {
        #[command(flatten)]
        which: Which,
    },
    /// Check that the label which a student would read is true of each mutant that gets one
    Labels {
        #[command(flatten)]
        which: Which,
    },
    /// Show the table of operators
    Operators,
}

fn main() -> ExitCode {
    if let Some(code) = kata::build::recipe::as_wrapper() {
        return code;
    }
    match run(Arguments::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(INTERNAL_ERROR)
        }
    }
}

fn run(arguments: Arguments) -> Result<u8> {
    let course = Course::read(&course::find_root()?)?;
    match arguments.command {
        Command::Run { which, sample, rotate, changed_since, missed, seconds } => {
            let part = run::Part {
                sample: sample.zip(rotate).map(|(size, rotate)| run::Sample { size, rotate }),
                changed_since,
                missed,
                deadline: seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds)),
            };
            run::run(&course, &which, &part)
        }
        Command::List { which, missed } => {
            report::list(&course, &which, missed)?;
            Ok(PASSED)
        }
        Command::Report { which } => report::report(&course, &which),
        Command::Labels { which } => labels::check(&course, &which),
        Command::Operators => {
            report::operators();
            Ok(PASSED)
        }
    }
}
