//! Runs the gate in `tests/gates/04_relationships.rs` against this crate.

extern crate lesson_04_relationships as step;

#[path = "../../../tests/gates/04_relationships.rs"]
mod relationships;
