//! A console on the table of lesson 3.
//!
//!     cargo kata run 3

#[path = "console.rs"]
mod console;

use std::process::ExitCode;

use console::{Function, list};
use gates::Database;
use groundwork::connect;
use lesson_03_models::MIGRATIONS;
use lesson_03_models::models::all_books;

fn main() -> ExitCode {
    let open = || {
        let mut database = Database::migrated(&MIGRATIONS);
        database.run("INSERT INTO books (title, pages) VALUES ('Emma', 474), ('Persuasion', NULL)");
        database
    };
    console::run("Lesson 3: models and migrations", open, |database| database.connect(connect), FUNCTIONS)
}

const FUNCTIONS: &[Function] = &[Function { usage: "all_books", call: |conn, _| list(all_books(conn)) }];
