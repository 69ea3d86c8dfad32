//! The statements that ran, told apart by database.
//!
//! Diesel's default instrumentation is one plain function for the whole process, and gates run
//! side by side. Each gate has a database of its own, so the URL in the event that opens a
//! connection says whose log a statement belongs to.

use std::collections::HashMap;
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
    /// How many statements have begun and not ended.
    pub running: usize,
    /// What is to happen before one of the next statements.
    pub interruption: Option<Interruption>,
}

pub type Log = Arc<Mutex<Entries>>;

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
    log: Option<Log>,
    /// Whether the statement that runs now is the student's.
    is_counted: bool,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.log = lock(&LOGS).get(url).cloned();
            }
            InstrumentationEvent::FinishEstablishConnection { error: None, .. } => {
                if let Some(log) = &self.log {
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
        let Some(log) = &self.log else { return };
        self.is_counted = !is_set_up(statement);
        if !self.is_counted {
            return;
        }
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

    fn finish(&mut self, error: Option<&Error>) {
        let Some(log) = &self.log else { return };
        if !std::mem::take(&mut self.is_counted) {
            return;
        }
        {
            let entries = &mut *lock(log);
            entries.running = entries.running.saturating_sub(1);
        }
        if let Some(error) = error {
            add(log, format!("-- refused: {error}"));
        }
    }
}

/// The connection's own set-up, and the pool's question whether it still answers.
fn is_set_up(statement: &str) -> bool {
    ["PRAGMA", "SELECT ? ", "SELECT $1 "].iter().any(|beginning| statement.starts_with(beginning))
}
