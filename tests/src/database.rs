//! A database of a gate's own, on either backend.

mod company;
mod counting;
mod migrations;
#[cfg_attr(not(feature = "postgres"), path = "database/sqlite.rs")]
#[cfg_attr(feature = "postgres", path = "database/postgres.rs")]
mod place;
mod plans;
pub mod reading;
mod refusing;
mod tables;
pub mod trouble;
mod unreadable;

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use gate_contract::trace::{self, Table};

use crate::{sql_log, start};

pub use place::{Db, bad_urls};
pub type Backend = <Db as Connection>::Backend;

/// An empty database that is gone when this value is dropped.
///
/// It has a connection of its own, over which the gate puts rows in and reads them back, so that
/// what it sees does not depend on the code it tests. That connection is never handed to a student's code, which could
/// leave a temporary view or a setting on it.
pub struct Database {
    url: String,
    log: sql_log::Log,
    /// The rows before the student's code are recorded.
    is_recorded: AtomicBool,
    /// The tables that the fixture's own statements made.
    of_fixture: Vec<String>,
    conn: Db,
    // After `conn`: fields are dropped in order, and a database in use cannot be deleted.
    place: place::Place,
}

impl Database {
    /// A database without tables.
    pub fn empty() -> Self {
        start::begin();
        let place = place::Place::new();
        let url = place.url().to_owned();
        let (conn, log) = sql_log::begin(&url, place::server_log(), || sql_log::unlogged(|| place.connect()));
        Self { url, log, is_recorded: AtomicBool::new(false), of_fixture: Vec::new(), conn, place }
    }

    /// A database with the tables and rows that `statements` make.
    pub fn with(statements: &str) -> Self {
        let mut database = Self::empty();
        if let Err(error) = database.conn.batch_execute(statements) {
            panic!("the fixture's statements do not run: {error}");
        }
        database.of_fixture = database.table_names();
        database
    }

    /// A database with the tables of a step.
    pub fn migrated(migrations: &dyn MigrationSource<Backend>) -> Self {
        let mut database = Self::empty();
        database.migrate(migrations);
        database
    }

    /// What `DATABASE_URL` would be.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URLs that lead to it, in their spellings.
    pub fn urls(&self) -> [String; 2] {
        self.place.urls()
    }

    /// The URL of a database of this name that nobody has opened yet, where opening one makes it; elsewhere the URL of
    /// this one.
    pub fn never_opened(&self, name: &str) -> String {
        self.place.never_opened(name)
    }

    /// Opens the database as the student's code does.
    ///
    /// # Panics
    ///
    /// When it cannot be opened: then no gate can go on.
    pub fn connect<E: Debug>(&self, connect: fn(&str) -> Result<Db, E>) -> Db {
        if trace::has_tables() && !self.is_recorded.swap(true, SeqCst) {
            sql_log::paused(&self.log, || tables::record(&mut self.place.connect(), true));
        }
        let conn = connect(&self.url);
        let mut conn = conn.unwrap_or_else(|error| panic!("connect({:?}) failed: {error:?}", self.url));
        place::ready(&mut conn);
        conn
    }

    /// A table with its first `rows` rows, by key or as they were put in, read over the gate's own connection.
    ///
    /// # Errors
    ///
    /// When the database refuses it.
    pub fn table(&mut self, name: &str, rows: usize) -> QueryResult<Table> {
        tables::first_rows(&mut self.conn, name, rows)
    }

    /// The gate's own connection, for its own SQL alone: a student's code gets one by [`Database::lend`]. What runs on
    /// it is not in the log.
    pub fn conn(&mut self) -> &mut Db {
        &mut self.conn
    }

    /// Runs statements of the gate's own.
    fn run_all(&mut self, statements: &str) {
        let done = self.conn.batch_execute(statements);
        done.unwrap_or_else(|error| panic!("the fixture's `{statements}` does not run: {error}"));
    }

    /// Lends a connection to a student's code that a gate calls to prepare something. What runs meanwhile is not in the
    /// log. Whatever is left on the connection does not reach the gate's own; and if the code keeps it, what it runs on
    /// it later is in the log.
    pub fn lend<T>(&self, work: impl FnOnce(&mut Db) -> T) -> T {
        sql_log::paused(&self.log, || work(&mut self.place.connect()))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if trace::has_tables() {
            tables::record(&mut self.conn, false);
            let lines = sql_log::lock(&self.log).lines.clone();
            plans::record(&mut self.conn, &lines);
        }
        sql_log::forget(&self.log);
        let log = sql_log::lock(&self.log);
        if std::thread::panicking() && !log.lines.is_empty() {
            println!("The SQL that ran:");
            for line in &log.lines {
                println!("    {}", line.shown());
            }
        }
    }
}
