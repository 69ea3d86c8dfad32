//! The tool as its users run it, in a copy of the course.

mod build;
mod check;
mod commands;
mod course;
mod derive;
mod guide;
mod handing_out;
mod line_ends;
mod privacy;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watch;
