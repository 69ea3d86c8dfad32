//! One database's log.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gate_contract::trace;

use super::kind;
#[cfg(feature = "postgres")]
use super::server::Server;
use crate::interruption::Interruption;

/// What happened on one database.
#[derive(Default)]
pub struct Entries {
    pub lines: Vec<Line>,
    /// How many connections have been opened.
    pub connections: usize,
    /// How many statements have begun and not ended that may have to wait for a lock.
    pub running: usize,
    /// What is to happen before one of the next statements.
    pub interruption: Option<Interruption>,
    /// Whether the fixture has asked for what runs now.
    is_paused: bool,
    /// What the log is compared with.
    #[cfg(feature = "postgres")]
    pub server: Server,
}

pub type Log = Arc<Mutex<Entries>>;

/// A connection of the student's code.
#[derive(Clone, Default)]
pub struct Source {
    /// Tells connections apart for readers: they count from 1.
    pub number: usize,
    pub logs: Vec<Log>,
}

/// A statement that has begun.
#[derive(Default)]
pub struct Running {
    /// The logs that it is in.
    logs: Vec<Log>,
    connection: usize,
    /// 1 if it may have to wait for a lock.
    may_wait: usize,
    /// Its number in the trace, and when it began.
    begun: Option<(usize, u64)>,
}

/// A line of the log.
#[derive(Clone)]
pub enum Line {
    /// A statement: as the database got it, and as readers see it, with the values that were bound.
    Statement { sql: String, shown: String },
    /// What is not a statement; begins with `--`.
    Remark(String),
}

impl Line {
    pub fn shown(&self) -> &str {
        match self {
            Self::Statement { shown: text, .. } | Self::Remark(text) => text,
        }
    }
}

#[cfg(feature = "postgres")]
impl From<Running> for Source {
    fn from(running: Running) -> Self {
        Self { number: running.connection, logs: running.logs }
    }
}

/// Locks `mutex` even after a gate has panicked while it held it: logs outlive failures.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does `work`, of which nothing gets into the log.
pub fn paused<T>(log: &Log, work: impl FnOnce() -> T) -> T {
    struct Goes<'a>(&'a Log, bool);
    impl Drop for Goes<'_> {
        fn drop(&mut self) {
            lock(self.0).is_paused = self.1;
        }
    }
    let before = std::mem::replace(&mut lock(log).is_paused, true);
    // Also when the work panics.
    let _goes = Goes(log, before);
    work()
}

/// Adds a remark, which begins with `--`.
pub fn note(log: &Log, remark: String) {
    add(log, Line::Remark(remark));
}

/// A connection has been opened that these logs are about.
pub fn connected(logs: Vec<Log>) -> Source {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    for log in &logs {
        let entries = &mut *lock(log);
        entries.connections += usize::from(!entries.is_paused);
    }
    Source { number: COUNT.fetch_add(1, Relaxed), logs }
}

/// A statement begins.
pub fn began(source: &Source, sql: &str, shown: &str) -> Running {
    let logs: Vec<_> = source.logs.iter().filter(|log| !lock(log).is_paused).cloned().collect();
    let mut number = None;
    let may_wait = usize::from(kind::may_wait(sql));
    for log in &logs {
        let due = {
            let entries = &mut *lock(log);
            entries.running += may_wait;
            Interruption::due(&mut entries.interruption)
        };
        number = Some(add(log, Line::Statement { sql: sql.to_owned(), shown: shown.to_owned() }));
        if let Some(interruption) = due {
            interruption.happen(shown, || {
                let entries = lock(log);
                (entries.lines.len(), entries.running.saturating_sub(may_wait))
            });
        }
    }
    // What the gate has somebody else do first is not this statement's time.
    Running { logs, connection: source.number, may_wait, begun: number.map(|number| (number, trace::now())) }
}

/// A statement has run that nobody reported.
#[cfg(feature = "postgres")]
pub fn unheard(log: &Log, sql: &str) {
    add(log, Line::Statement { sql: sql.to_owned(), shown: sql.to_owned() });
}

/// A statement ends.
pub fn ended(running: &Running) {
    if let Some((number, from)) = running.begun {
        trace::record_time(Some(number), running.connection, from);
    }
    for log in &running.logs {
        let entries = &mut *lock(log);
        entries.running = entries.running.saturating_sub(running.may_wait);
    }
}

/// The statement that this connection ran last was refused.
pub fn refused(source: &Source, error: &diesel::result::Error) {
    for log in source.logs.iter().filter(|log| !lock(log).is_paused) {
        note(log, format!("-- refused: {error}"));
        if trace::has_tables() {
            trace::record(&trace::Event::Refused { connection: source.number });
        }
    }
}

/// Adds a line, and returns its number in the trace.
fn add(log: &Log, line: Line) -> usize {
    let number = trace::record_statement(line.shown());
    lock(log).lines.push(line);
    number
}
