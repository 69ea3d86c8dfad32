//! The grader as those who grade run it.

mod corpus;
mod entry;
mod formats;
mod harmless;
mod hostile;
mod hostile_texts;
mod intake;
mod laptops;
#[cfg(target_os = "linux")]
mod limits;
mod line_ends;
mod material;
mod output;
mod pack;
mod probes;
mod uploads;
