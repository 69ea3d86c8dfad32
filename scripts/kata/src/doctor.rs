//! `cargo kata doctor`: is everything there that the course needs?
//!
//! Nothing is taken on trust: it compiles, links, runs, opens and writes. What fails is named with the
//! command that fixes it on this system.

mod compilers;
mod databases;
mod finding;
mod surroundings;
mod system;

use std::io::{IsTerminal, Write};

use anyhow::Result;

use crate::course::Course;
use crate::view::{BAD, BOLD, DIM, GOOD};
use crate::{NOT_PASSED, PASSED, stdout};
use finding::Finding;
use system::System;

/// One thing to try.
struct Try<'a> {
    name: &'static str,
    what: Box<dyn Fn() -> Finding + 'a>,
}

/// # Errors
///
/// When nothing can be printed.
pub fn doctor(course: &Course) -> Result<u8> {
    let system = System::this();
    let root = &course.root;
    let tries = [
        Try { name: "Rust", what: Box::new(|| compilers::rust_version(root)) },
        Try { name: "Folders", what: Box::new(|| surroundings::folders(&system, root)) },
        Try { name: "Rust compiles, links and runs", what: Box::new(|| compilers::rust(&system, root)) },
        Try { name: "C compiler", what: Box::new(|| compilers::c(&system, root)) },
        Try { name: "Disk", what: Box::new(|| surroundings::disk(root)) },
        Try { name: "SQLite, compiled in", what: Box::new(|| databases::sqlite(course)) },
        Try { name: "PostgreSQL (optional)", what: Box::new(|| databases::postgres(&system)) },
        Try { name: "Saves are noticed", what: Box::new(|| surroundings::saves(root)) },
        Try { name: "Terminal", what: Box::new(|| surroundings::terminal(&system)) },
        Try { name: "Editor", what: Box::new(|| surroundings::editor(&system, root)) },
    ];
    anstream::println!("{BOLD}Looking at {}{BOLD:#}", system.name);
    anstream::println!();
    let mut missing = 0;
    let is_watched = std::io::stdout().is_terminal() && !stdout::is_dumb();
    for Try { name, what } in &tries {
        if is_watched {
            anstream::print!("  {DIM}… {name}{DIM:#}");
            std::io::stdout().flush()?;
        }
        let finding = what();
        if is_watched {
            // The result replaces the line that was shown while it was tried.
            print!("\r\u{1b}[K");
        }
        match finding {
            Finding::Works(seen) => anstream::println!("  {GOOD}✓{GOOD:#} {name}: {seen}"),
            Finding::Unknown(why) => anstream::println!("  {DIM}–{DIM:#} {name}: {why}"),
            Finding::Optional { what, fix } => {
                anstream::println!("  {DIM}–{DIM:#} {name}: {what}");
                print_fix(&fix);
            }
            Finding::Missing { what, fix } => {
                missing += 1;
                anstream::println!("  {BAD}✗{BAD:#} {name}: {what}");
                print_fix(&fix);
            }
        }
    }
    anstream::println!();
    match missing {
        0 => anstream::println!(
            "{GOOD}Nothing required is missing.{GOOD:#} Begin with {BOLD}cargo kata{BOLD:#}."
        ),
        1 => anstream::println!(
            "One thing is missing. Fix it, then run {BOLD}cargo kata doctor{BOLD:#} again."
        ),
        more => {
            anstream::println!(
                "{more} things are missing. Fix them, then run {BOLD}cargo kata doctor{BOLD:#} again."
            );
        }
    }
    Ok(if missing == 0 { PASSED } else { NOT_PASSED })
}

fn print_fix(fix: &str) {
    for line in fix.lines() {
        anstream::println!("      {BOLD}{line}{BOLD:#}");
    }
}
