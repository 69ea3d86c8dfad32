//! Proof that the gates catch wrong work: mistakes made on purpose, one at a time, in the finished
//! steps.
//!
//!     cargo run -p mutants -- run

mod likely;
mod mutant;
mod operators;
mod report;
mod results;
mod run;
mod rust;
mod sql;
mod stand;
mod template;
#[cfg(test)]
mod tests;
mod unobservable;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use kata::course::{self, Course, Lesson};
use kata::{INTERNAL_ERROR, PASSED};

use mutant::{Class, Mutant};

/// Makes mistakes in the finished steps and sees which of them the gates catch.
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
        /// Only those that nobody had noticed when they were last judged, whatever has changed since
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
    /// Show what is known: a table of the steps, and one of the operators
    Report {
        #[command(flatten)]
        which: Which,
    },
    /// Show the table of operators
    Operators,
}

/// Which mutants.
#[derive(Args)]
struct Which {
    /// The steps, as `5`, `crud` or `05-crud`; all, if none is named
    steps: Vec<String>,
    /// Those in code that students are handed out, in place of those in what they write
    #[arg(long)]
    given: bool,
    /// Those in what students write, which is the default but for Order Up
    #[arg(long, conflicts_with = "given")]
    written: bool,
    /// Judge Order Up by the gates of lesson 8 alone, and not by its own tests
    #[arg(long)]
    gates_only: bool,
    /// Only those of this operator
    #[arg(long)]
    operator: Option<String>,
}

impl Which {
    fn lessons<'a>(&self, course: &'a Course) -> Result<Vec<&'a Lesson>> {
        if self.steps.is_empty() {
            return Ok(course.lessons.iter().collect());
        }
        self.steps.iter().map(|step| course.lesson(step)).collect()
    }

    fn mutants(&self, course: &Course, lesson: &Lesson) -> Result<Vec<Mutant>> {
        let mut mutants = mutant::of_step(course, lesson)?;
        mutants.retain(|mutant| {
            self.is_in_class(lesson, mutant)
                && self.operator.as_ref().is_none_or(|name| name == mutant.operator)
        });
        Ok(mutants)
    }

    /// Whether it is in such code, whatever its operator.
    fn is_in_class(&self, lesson: &Lesson, mutant: &Mutant) -> bool {
        // Whoever hands out an app answers for all of it.
        let is_all = lesson.manifest.app.is_some() && !self.given && !self.written;
        let class = if self.given { Class::Given } else { Class::Written };
        is_all || mutant.class == class
    }
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
        Command::Operators => {
            report::operators();
            Ok(PASSED)
        }
    }
}
