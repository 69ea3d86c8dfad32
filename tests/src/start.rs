//! The beginning of every gate.

use gate_contract::trace;

use crate::{seal, sql_log};

/// What each fixture does first with which a gate can begin, before any of the student's code is called.
pub fn begin() {
    seal::take_key();
    trace::record_panics();
    sql_log::listen();
}
