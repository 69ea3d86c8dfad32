//! The tool as its users run it, in a copy of the course.

#[cfg(unix)]
mod build;
mod check;
mod commands;
mod course;
mod derive;
mod guide;
mod handing_out;
mod leftovers;
#[cfg(unix)]
mod like_cargo;
mod line_ends;
#[cfg(unix)]
mod picture;
mod privacy;
mod project;
mod project_handing_out;
#[cfg(unix)]
mod run;
mod scaffold;
#[cfg(unix)]
mod small;
mod surroundings;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watch;
mod without_original;
