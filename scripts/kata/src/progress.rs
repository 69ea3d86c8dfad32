//! What a student has passed, in `.kata-progress.toml` at the top of the workspace.
//!
//! The file is for a person to read, too. It is a note, not a proof: a lesson
//! counts as passed while its content is what it was when its gates passed.

mod file;
mod lessons;
mod views;

pub use file::{change, read, read_quietly};
pub use lessons::{Progress, State};
pub use views::{list, list_page, progress};
