//! `cargo kata page`: serves the course to a browser on this machine, or writes it into a folder.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use kata::Database;
use kata::course::{self, Course};
use page::{export, server};

/// Show the course and your work in a browser: the text, the verdict after each save, and your tables.
#[derive(Parser)]
#[command(name = "cargo kata page", bin_name = "cargo kata page", max_term_width = 100)]
#[command(after_help = "Example: cargo kata page\nExample: cargo kata page --export ../course-site")]
struct Arguments {
    /// The database to run the gates on
    #[arg(long, value_enum, default_value_t)]
    db: Database,
    /// Listen on this port; by default on one that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Write the lessons' text to this folder, as static files, and end
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(kata::INTERNAL_ERROR)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let course = Course::read(&course::find_root()?)?;
    match &arguments.export {
        Some(folder) => {
            let count = export::export(&course, arguments.db, folder)?;
            println!("{count} files are in {}", folder.display());
            Ok(())
        }
        None => server::run(course, arguments.db, arguments.port),
    }
}
