//! Runs the gate in `tests/gates/NN_topic.rs` against this crate.

extern crate solution_NN_topic as step;

#[path = "../../../tests/gates/NN_topic.rs"]
mod TOPIC;
