//! The grader as those who grade run it.

mod annotations;
#[cfg(target_os = "linux")]
mod anywhere;
#[cfg(unix)]
mod autograders;
mod book;
mod bundles;
mod class;
mod class_of_thirty;
mod corpus;
mod deadlines;
mod dolos;
mod entry;
mod explaining;
mod formats;
mod gradescope;
mod harmless;
mod hostile;
mod hostile_texts;
mod intake;
mod laptops;
#[cfg(target_os = "linux")]
mod limits;
mod line_ends;
mod lms;
mod material;
mod no_number;
mod output;
mod owners;
mod pack;
mod platforms;
mod probes;
mod runs;
mod shards;
mod uploads;
mod verdicts;
#[cfg(target_os = "linux")]
mod watched;
