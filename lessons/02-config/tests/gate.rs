//! Runs the gate in `tests/gates/02_config.rs` against this crate.

extern crate lesson_02_config as step;

#[path = "../../../tests/gates/02_config.rs"]
mod config;
