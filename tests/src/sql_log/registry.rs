//! Which log a connection belongs to.

use std::cell::Cell;
use std::collections::HashMap;
use std::env;
use std::sync::{Arc, LazyLock, Mutex};

use super::log::{Log, lock};

thread_local! {
    /// While this thread opens a connection of the fixture's own: how many have been opened.
    pub static OWN: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Whether one gate runs in this process, and no other.
static IS_ALONE: LazyLock<bool> = LazyLock::new(|| env::args().any(|argument| argument == "--exact"));

/// The logs, by what identifies their databases.
static LOGS: LazyLock<Mutex<HashMap<String, Log>>> = LazyLock::new(Mutex::default);

/// Opens a connection of the fixture's own, of which nothing is in a log.
///
/// # Panics
///
/// When more than one is opened: Diesel asks for its default instrumentation meanwhile, which may be a student's
/// function.
pub fn unlogged<T>(connect: impl FnOnce() -> T) -> T {
    OWN.set(Some(0));
    let connected = connect();
    if OWN.take().is_some_and(|opened| opened > 1) {
        panic!("somebody has opened a connection while the gate opened its own");
    }
    connected
}

/// Begins a log for the database that `key` identifies.
pub fn register(key: &str) -> Log {
    Arc::clone(lock(&LOGS).entry(key.to_owned()).or_default())
}

/// Ends this log.
pub fn forget(log: &Log) {
    lock(&LOGS).retain(|_, other| !Arc::ptr_eq(other, log));
}

/// The logs of a connection to the database that `key` identifies.
pub fn of(key: &str) -> Vec<Log> {
    let logs = lock(&LOGS);
    match logs.get(key) {
        Some(log) => vec![Arc::clone(log)],
        None if *IS_ALONE => logs.values().cloned().collect(),
        None => Vec::new(),
    }
}
