//! Runs the gate in `tests/gates/06_many_to_many.rs` against this crate.

extern crate lesson_06_many_to_many as step;

#[path = "../../../tests/gates/06_many_to_many.rs"]
mod many_to_many;
