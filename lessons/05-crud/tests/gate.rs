//! Runs the gate in `tests/gates/05_crud.rs` against this crate.

extern crate lesson_05_crud as step;

#[path = "../../../tests/gates/05_crud.rs"]
mod crud;
