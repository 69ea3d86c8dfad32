//! Runs the gate in `tests/gates/08_order_up.rs` against this crate.

extern crate order_up as step;

#[path = "../../tests/gates/08_order_up.rs"]
mod order_up;
