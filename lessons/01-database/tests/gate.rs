//! Runs the gate in `tests/gates/01_database.rs` against this crate.

extern crate lesson_01_database as step;

#[path = "../../../tests/gates/01_database.rs"]
mod database;
