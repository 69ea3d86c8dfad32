//! A console on a throwaway database, opened by the `connect` of lesson 1.
//!
//!     cargo kata run 1

#[path = "console.rs"]
mod console;

use std::process::ExitCode;

use console::{Function, one};
use gates::Database;
use lesson_01_database::connect;

fn main() -> ExitCode {
    let open = || Database::with("CREATE TABLE shop (books INTEGER); INSERT INTO shop VALUES (1865);");
    console::run(
        "Lesson 1: a database and a connection",
        open,
        |database| database.connect(connect),
        FUNCTIONS,
    )
}

const FUNCTIONS: &[Function] =
    &[Function { usage: "connect URL", call: |_, words| one(connect(words.text(0)?).map(|_| "connected")) }];
