//! SQLite: what SQLite itself reports of each connection, with what Diesel reports beside it.

mod hook;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, Once};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use hook::{ConnectionId, StatementId};

use super::kind::is_set_up;
use super::log::{self, Log, Running, Source, lock};
use super::registry::{OWN, of, register};

/// A connection that is traced.
struct Connection {
    source: Source,
    /// The statements that run.
    running: Vec<(StatementId, Running)>,
}

static CONNECTIONS: LazyLock<Mutex<HashMap<ConnectionId, Connection>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// SQLite's name for the file that this thread opened last for the fixture itself.
    static OWN_FILE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The connection that this thread opened last.
    static OPENED: RefCell<Source> = const { RefCell::new(Source { number: 0, logs: Vec::new() }) };
    /// The statement that Diesel is about to run on this thread, and whether SQLite has begun it.
    static ANNOUNCED: RefCell<Option<(String, bool)>> = const { RefCell::new(None) };
}

/// From here on every connection that is opened in this process is traced.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        hook::install(hook::Observer { opened, began, ended });
        set_default_instrumentation(|| Some(Box::<Narrator>::default()))
            .expect("nothing else holds the instrumentation while it is set");
    });
}

/// Opens the fixture's own connection, and begins a log of every other one to the same file. SQLite has one name for a
/// file, however it was spelled.
pub fn begin<T>(_url: &str, _server_log: Option<PathBuf>, connect: impl FnOnce() -> T) -> (T, Log) {
    let connected = connect();
    let log = register(&OWN_FILE.take());
    (connected, log)
}

/// How many statements nobody has reported: none.
pub fn check(_log: &Log) -> usize {
    0
}

/// A connection is opened. Returns whether it is to be traced.
fn opened(connection: ConnectionId, file: &str) -> bool {
    if let Some(opened) = OWN.get() {
        OWN.set(Some(opened + 1));
        OWN_FILE.set(file.to_owned());
        return false;
    }
    let source = log::connected(of(file));
    OPENED.set(source.clone());
    lock(&CONNECTIONS).insert(connection, Connection { source, running: Vec::new() });
    true
}

fn began(connection: ConnectionId, statement: StatementId, sql: &str) {
    let source = match lock(&CONNECTIONS).get_mut(&connection) {
        // A trigger or a foreign key acts on behalf of a statement that runs already.
        Some(known) if known.running.iter().any(|(running, _)| *running == statement) => return,
        Some(known) => {
            known.running.push((statement, Running::default()));
            known.source.clone()
        }
        None => return,
    };
    let shown = shown(sql);
    if is_set_up(sql) {
        return;
    }
    let begun = log::began(&source, sql.trim(), &shown);
    if let Some(known) = lock(&CONNECTIONS).get_mut(&connection)
        && let Some(running) = known.running.iter_mut().find(|(running, _)| *running == statement)
    {
        running.1 = begun;
    }
}

fn ended(connection: ConnectionId, statement: StatementId) {
    let mut ended = Running::default();
    if let Some(known) = lock(&CONNECTIONS).get_mut(&connection)
        && let Some(place) = known.running.iter().position(|(running, _)| *running == statement)
    {
        ended = known.running.swap_remove(place).1;
    }
    log::ended(&ended);
}

/// What readers see of a statement: Diesel's words, which have the bound values behind them, if these are its words.
fn shown(sql: &str) -> String {
    ANNOUNCED.with_borrow_mut(|announced| {
        let Some((text, has_begun)) = announced else { return sql.trim().to_owned() };
        *has_begun = true;
        match text.strip_prefix(sql) {
            Some(binds) if binds.is_empty() || binds.starts_with(" -- binds: ") => text.clone(),
            _ => sql.trim().to_owned(),
        }
    })
}

/// Hears from Diesel what SQLite does not report. Nothing that counts depends on it.
#[derive(Default)]
struct Narrator {
    source: Source,
}

impl Instrumentation for Narrator {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::FinishEstablishConnection { error: None, .. } if OWN.get().is_none() => {
                self.source = OPENED.take();
            }
            // The fixture's own connections may run something in the middle of a student's statement.
            _ if self.source.logs.is_empty() => {}
            InstrumentationEvent::StartQuery { query, .. } => ANNOUNCED.set(Some((query.to_string(), false))),
            InstrumentationEvent::FinishQuery { error, .. } => {
                let announced = ANNOUNCED.take();
                let Some(error) = error else { return };
                let (text, has_begun) = announced.unwrap_or_default();
                if is_set_up(&text) {
                    return;
                }
                // SQLite could not make a statement of it.
                if !has_begun && !text.is_empty() {
                    let sql = text.split(" -- binds: ").next().unwrap_or_default();
                    log::ended(&log::began(&self.source, sql, &text));
                }
                log::refused(&self.source, error);
            }
            _ => {}
        }
    }
}
