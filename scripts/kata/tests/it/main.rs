//! The tool as its users run it, in a copy of the course.

mod build;
mod check;
mod commands;
mod course;
mod derive;
mod guide;
mod handing_out;
mod leavings;
mod surroundings;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watch;
