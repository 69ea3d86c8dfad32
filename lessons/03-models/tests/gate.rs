//! Runs the gate in `tests/gates/03_models.rs` against this crate.

extern crate lesson_03_models as step;

#[path = "../../../tests/gates/03_models.rs"]
mod models;
