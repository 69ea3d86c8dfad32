//! Runs the gate in `tests/gates/07_sessions.rs` against this crate.

extern crate lesson_07_sessions as step;

#[path = "../../../tests/gates/07_sessions.rs"]
mod sessions;
