//! The grader as those who grade run it.

mod corpus;
mod entry;
mod formats;
mod hostile;
mod intake;
#[cfg(target_os = "linux")]
mod limits;
mod line_ends;
mod material;
mod pack;
mod probes;
mod uploads;
