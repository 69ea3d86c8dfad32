//! Builds a step's gate and its program: by cargo, or without it while only the student's files have changed.

mod cargo;
mod cargo_config;
mod gate;
mod inputs;
pub mod place;
mod program;
mod quick;
pub mod recipe;
mod rustc;
mod script;
mod surroundings;

pub use cargo::{Build, PROGRESS, build, cargo, tests};
pub use gate::{build_gate, gate_command, programs};
pub use program::build_program;
pub use quick::rebuild_gate;
