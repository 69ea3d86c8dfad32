//! The grader as those who grade run it.

mod corpus;
mod formats;
mod intake;
mod material;
mod probes;
