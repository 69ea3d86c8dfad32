//! The statements that ran, told apart by database.
//!
//! Diesel's default instrumentation is one plain function for the whole process, and gates run
//! side by side. Each gate has a database of its own, so the URL in the event that opens a
//! connection says whose log a statement belongs to.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use crate::trace;

/// What happened on one database.
#[derive(Default)]
pub struct Entries {
    pub statements: Vec<String>,
    /// How many connections have been opened.
    pub connections: usize,
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
        set_default_instrumentation(|| Some(Box::new(Recorder(None))))
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

struct Recorder(Option<Log>);

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.0 = lock(&LOGS).get(url).cloned();
            }
            InstrumentationEvent::FinishEstablishConnection { error: None, .. } => {
                if let Some(log) = &self.0 {
                    lock(log).connections += 1;
                }
            }
            InstrumentationEvent::StartQuery { query, .. } => self.note(query.to_string()),
            InstrumentationEvent::FinishQuery { error: Some(error), .. } => {
                self.note(format!("-- refused: {error}"));
            }
            _ => {}
        }
    }
}

impl Recorder {
    fn note(&self, statement: String) {
        let Some(log) = &self.0 else { return };
        // The connection's own set-up, and the pool's question whether it still answers.
        let is_question = statement.starts_with("SELECT ? ") || statement.starts_with("SELECT $1 ");
        if statement.starts_with("PRAGMA") || is_question {
            return;
        }
        add(log, statement);
    }
}
