//! Builds a step's gate and its program: by cargo, or without it while only the student's files have changed.

mod cargo;
mod cargo_config;
mod gate;
mod inputs;
mod interruption;
pub mod place;
mod program;
mod quick;
pub mod recipe;
mod rustc;
mod script;
mod surroundings;

pub use cargo::{Build, PROGRESS, build, cargo, diagnostics, tests};
pub use cargo_metadata::diagnostic::Diagnostic;
pub use gate::{build_gate, gate_command, programs};
pub use interruption::interrupt;
pub use program::build_program;
pub use quick::rebuild_gate;
