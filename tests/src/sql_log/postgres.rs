//! PostgreSQL: what Diesel reports, compared with what the server has written into its own log.
//!
//! Only a throwaway server's log can be read. On the server of `DATABASE_URL` the log is Diesel's alone, so a student
//! who takes the instrumentation off a connection gets wrong counts there. Nobody is graded on PostgreSQL.

use std::path::PathBuf;
use std::sync::Once;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::kind::is_set_up;
use super::log::{self, Log, Running, Source, lock};
use super::registry::{OWN, of, register};
use super::server::Server;

/// What Diesel runs on each new connection before it reports anything.
const BY_DIESEL: [&str; 2] = ["SET TIME ZONE 'UTC'", "SET CLIENT_ENCODING TO 'UTF8'"];

/// From here on what Diesel reports of each new connection is in a log.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_default_instrumentation(|| Some(Box::<Recorder>::default()))
            .expect("nothing else holds the instrumentation while it is set");
    });
}

/// Begins the log of the database at `url`, and opens the fixture's own connection to it.
pub fn begin<T>(url: &str, server_log: Option<PathBuf>, connect: impl FnOnce() -> T) -> (T, Log) {
    let log = register(url);
    lock(&log).server = Server::at(url, server_log);
    (connect(), log)
}

/// Adds what only the server knows of, and returns how many statements that were.
pub fn check(log: &Log) -> usize {
    let Some(lines) = lock(log).server.new_lines() else { return 0 };
    let mut unheard = Vec::new();
    {
        let state = &mut lock(log).server;
        for line in lines {
            let Some(text) = line.strip_prefix("LOG:  ") else { continue };
            state.connections.1 += usize::from(text.starts_with("connection authorized: "));
            let prepared = || text.strip_prefix("execute ")?.split_once(": ").map(|(_name, sql)| sql);
            let Some(sql) = text.strip_prefix("statement: ").or_else(prepared) else { continue };
            match state.reported.get_mut(&in_one_line(sql)) {
                Some(times) if *times > 0 => *times -= 1,
                _ if BY_DIESEL.contains(&sql) || is_set_up(sql) => {}
                _ => unheard.push(sql.to_owned()),
            }
        }
    }
    for sql in &unheard {
        log::unheard(log, sql);
    }
    let entries = &mut *lock(log);
    let (reported, server) = entries.server.connections;
    let hidden = server.saturating_sub(reported);
    entries.server.connections.1 -= hidden;
    entries.connections += hidden;
    unheard.len()
}

fn in_one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Listens to one connection, which runs one statement after the other.
#[derive(Default)]
struct Recorder {
    source: Source,
    /// Whether it is the fixture's own.
    is_own: bool,
    /// The statement that runs now.
    running: Running,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                (self.source.logs, self.is_own) = (of(url), OWN.get().is_some());
                for log in &self.source.logs {
                    lock(log).server.connections.0 += 1;
                }
            }
            InstrumentationEvent::FinishEstablishConnection { error, .. } => match error {
                None if !self.is_own => {
                    self.source = log::connected(std::mem::take(&mut self.source.logs));
                }
                None => {}
                Some(_) => self.source.logs.iter().for_each(|log| lock(log).server.connections.0 -= 1),
            },
            InstrumentationEvent::StartQuery { query, .. } => self.start(&query.to_string()),
            InstrumentationEvent::FinishQuery { error, .. } => {
                let running = std::mem::take(&mut self.running);
                log::ended(&running);
                if let Some(error) = error {
                    log::refused(&running.into(), error);
                }
            }
            _ => {}
        }
    }
}

impl Recorder {
    fn start(&mut self, shown: &str) {
        let sql = shown.split(" -- binds: ").next().unwrap_or_default();
        for log in &self.source.logs {
            *lock(log).server.reported.entry(in_one_line(sql)).or_default() += 1;
        }
        if !self.is_own && !is_set_up(sql) {
            self.running = log::began(&self.source, sql, shown);
        }
    }
}
