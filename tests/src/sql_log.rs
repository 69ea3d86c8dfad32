//! The statements that ran, told apart by database.
//!
//! Diesel's default instrumentation is one plain function for the whole process, and gates run
//! side by side. Each gate has a database of its own, so the URL in the event that opens a
//! connection says whose log a statement belongs to. A URL that no gate has given out may lead to any database by another
//! name. Where a gate runs alone in its process, as the guide and the grader run it, it belongs to that gate; in
//! `cargo test`, where it may be any gate's, it belongs to none.

use std::cell::Cell;
use std::collections::HashMap;
use std::env;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::result::Error;

use crate::interruption::Interruption;
use crate::trace;

/// What happened on one database.
#[derive(Default)]
pub struct Entries {
    pub statements: Vec<String>,
    /// How many connections have been opened.
    pub connections: usize,
    /// How many of them are closed, or have got another instrumentation.
    pub lost: usize,
    /// How many statements have begun and not ended.
    pub running: usize,
    /// What is to happen before one of the next statements.
    pub interruption: Option<Interruption>,
}

pub type Log = Arc<Mutex<Entries>>;

thread_local! {
    /// Whether this thread opens a connection of the fixture's own.
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// Whether one gate runs in this process, and no other.
static IS_ALONE: LazyLock<bool> = LazyLock::new(|| env::args().any(|argument| argument == "--exact"));

static LOGS: LazyLock<Mutex<HashMap<String, Log>>> = LazyLock::new(Mutex::default);

/// Locks `mutex` even after a gate has panicked while it held it: logs outlive failures.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The log of every connection that is opened to `url` from now on.
pub fn of(url: &str) -> Log {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_default_instrumentation(|| Some(Box::<Recorder>::default()))
            .expect("nothing else holds the instrumentation while it is set");
    });
    Arc::clone(lock(&LOGS).entry(url.to_owned()).or_default())
}

/// Opens a connection of the fixture's own, of which nothing is in a log.
pub fn unlogged<T>(connect: impl FnOnce() -> T) -> T {
    IS_OWN.set(true);
    let connected = connect();
    IS_OWN.set(false);
    connected
}

/// Whether new connections are still logged: Diesel lets everybody replace the default instrumentation.
pub fn is_listening<T>(log: &Log, connect: impl FnOnce() -> T) -> bool {
    let count = |entries: &Entries| (entries.connections, entries.lost);
    let before = count(&lock(log));
    drop(connect());
    let mut entries = lock(log);
    let is_listening = entries.connections > before.0;
    (entries.connections, entries.lost) = before;
    is_listening
}

/// Ends the log of `url`.
pub fn forget(url: &str) {
    lock(&LOGS).remove(url);
}

/// Adds a statement, or a remark that begins with `--`.
pub fn add(log: &Log, statement: String) {
    trace::record(&trace::Event::Sql(statement.clone()));
    lock(log).statements.push(statement);
}

/// Listens to one connection, which runs one statement after the other.
#[derive(Default)]
struct Recorder {
    logs: Vec<Log>,
    /// Whether the statement that runs now is the student's.
    is_counted: bool,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } if !IS_OWN.get() => {
                let logs = lock(&LOGS);
                self.logs = match logs.get(url) {
                    Some(log) => vec![Arc::clone(log)],
                    None if *IS_ALONE => logs.values().cloned().collect(),
                    None => Vec::new(),
                };
            }
            InstrumentationEvent::FinishEstablishConnection { error: None, .. } => {
                for log in &self.logs {
                    lock(log).connections += 1;
                }
            }
            InstrumentationEvent::StartQuery { query, .. } => self.start(&query.to_string()),
            InstrumentationEvent::FinishQuery { error, .. } => self.finish(error),
            _ => {}
        }
    }
}

impl Recorder {
    fn start(&mut self, statement: &str) {
        self.is_counted = !is_set_up(statement);
        if !self.is_counted {
            return;
        }
        for log in &self.logs {
            let due = {
                let entries = &mut *lock(log);
                entries.running += 1;
                Interruption::due(&mut entries.interruption)
            };
            add(log, statement.to_owned());
            if let Some(interruption) = due {
                interruption.happen(statement, || {
                    let entries = lock(log);
                    (entries.statements.len(), entries.running)
                });
            }
        }
    }

    fn finish(&mut self, error: Option<&Error>) {
        if !std::mem::take(&mut self.is_counted) {
            return;
        }
        for log in &self.logs {
            {
                let entries = &mut *lock(log);
                entries.running = entries.running.saturating_sub(1);
            }
            if let Some(error) = error {
                add(log, format!("-- refused: {error}"));
            }
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        for log in &self.logs {
            lock(log).lost += 1;
        }
    }
}

/// The connection's own set-up, and the pool's question whether it still answers.
fn is_set_up(statement: &str) -> bool {
    if let Some((question, binds)) = statement.split_once(" -- binds: ") {
        return ["SELECT ?", "SELECT $1"].contains(&question) && !binds.contains('\n');
    }
    // Settings and comments, and nothing behind them.
    let code: String = statement.lines().filter_map(|line| line.split("--").next()).collect();
    let mut parts = code.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.all(|part| part.starts_with("PRAGMA ")) && !code.contains(['\'', '"', '`', '/'])
}

#[cfg(test)]
mod tests {
    use super::is_set_up;

    #[test]
    fn nothing_hides_behind_a_set_up() {
        for set_up in [
            "PRAGMA journal_mode = WAL",
            "PRAGMA busy_timeout = 5000;  -- wait for 'another' writer\n  PRAGMA foreign_keys = ON;",
            "SELECT ? -- binds: [67]",
            "SELECT $1 -- binds: [67]",
        ] {
            assert!(is_set_up(set_up), "{set_up}");
        }
        for statement in [
            "PRAGMA user_version; DELETE FROM books",
            "PRAGMA user_version -- ;\n; DELETE FROM books",
            "PRAGMA user_version = '--'; DELETE FROM books",
            "PRAGMA user_version /* -- */; DELETE FROM books",
            "PRAGMA user_version; /* ; PRAGMA */ DELETE FROM books",
            "SELECT ? FROM books -- binds: [1]",
            "SELECT ? , title FROM books",
            "SELECT ? -- binds: \n FROM books -- binds: [1]",
        ] {
            assert!(!is_set_up(statement), "{statement}");
        }
    }
}
