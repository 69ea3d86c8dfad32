//! A record of what a gate's process did, for the tool that started it.
//!
//! `KATA_TRACE` names a file; each event is one line of JSON, written as it happens, so that a
//! process that hangs or dies has still said how far it came. Nothing here decides a verdict:
//! a student's code runs in the same process and could write to the same file.

use std::any::Any;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{LazyLock, Mutex, Once, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::pointer;

/// The variable that names the file.
pub const VARIABLE: &str = "KATA_TRACE";

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A statement that the student's code sent to the database.
    Sql(String),
    /// A part of the gate's transcript.
    Step(String),
    /// The file in which a page is that the gate looked at.
    Page(String),
    Panic {
        message: String,
        /// As rustc knew it: relative to the workspace for its own crates.
        file: String,
        line: u32,
    },
    /// The tables and rows of the gate's database, before or after the student's code ran.
    Tables { is_before: bool, tables: Vec<Table> },
    /// A statement has ended.
    Ran(Ran),
    /// The statement that this connection ran last was refused.
    Refused { connection: usize },
    /// How the database would run a statement.
    Plan(Plan),
}

/// When a statement ran, or a transaction of the gate's own.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ran {
    /// Which of the recorded statements, counted from 0; none for a transaction of the gate's own.
    pub statement: Option<usize>,
    /// Connections of the student's code count from 1. The gate's own is 0.
    pub connection: usize,
    /// Microseconds since the gate began.
    pub from: u64,
    pub to: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
}

/// How a database would run a statement on the tables that the gate leaves: one step a line, indented below the step
/// that it is a part of.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Plan {
    /// Without the values that were bound.
    pub sql: String,
    pub steps: Vec<String>,
}

/// A table as the database reports it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The first rows, each with a cell for each column, as text. `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// How many rows there are.
    pub count: usize,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub may_be_null: bool,
    pub in_key: bool,
    /// The table and column that a foreign key leads to, and what a delete there does here.
    pub refers_to: Option<Reference>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Reference {
    pub table: String,
    pub column: String,
    /// As in `cascade`.
    pub on_delete: String,
}

/// The file that `KATA_TRACE` names, if it names one. Opened once: a gate runs hundreds of statements.
static FILE: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var_os(VARIABLE)?;
    OpenOptions::new().create(true).append(true).open(path).ok()
});

/// Writes `event` to the file that `KATA_TRACE` names, if it names one.
pub fn record(event: &Event) {
    let Some(mut file) = FILE.as_ref() else { return };
    let Ok(mut line) = serde_json::to_string(event) else { return };
    line.push('\n');
    // A trace is a convenience: a gate must not fail because it cannot be written.
    let _ = file.write_all(line.as_bytes());
}

/// Records a statement, or a remark on one, and returns its number: they count from 0.
pub fn record_statement(shown: &str) -> usize {
    static COUNT: Mutex<usize> = Mutex::new(0);
    // Held meanwhile, so that the numbers are in the order of the file.
    let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    record(&Event::Sql(shown.to_owned()));
    let number = *count;
    *count += 1;
    number
}

/// Microseconds since the first call.
pub fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Records when something ran that ends now, if somebody wants to know.
pub fn record_time(statement: Option<usize>, connection: usize, from: u64) {
    if has_tables() {
        record(&Event::Ran(Ran { statement, connection, from, to: now(), is_refused: false }));
    }
}

/// Whether there is such a file.
pub fn is_recording() -> bool {
    FILE.is_some()
}

/// The variable that asks for the tables and rows, and for times and plans of statements. They take a gate a few
/// milliseconds.
pub const TABLES: &str = "KATA_TABLES";

/// Whether these belong into the trace.
pub fn has_tables() -> bool {
    static IS_SET: LazyLock<bool> = LazyLock::new(|| std::env::var_os(TABLES).is_some());
    *IS_SET && is_recording()
}

/// From here on a panic anywhere in the process is recorded too.
pub fn record_panics() {
    static ONCE: Once = Once::new();
    if std::env::var_os(VARIABLE).is_none() {
        return pointer::to_the_guide();
    }
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(location) = panic.location() {
                record(&Event::Panic {
                    message: text(panic.payload()).to_owned(),
                    file: location.file().to_owned(),
                    line: location.line(),
                });
            }
            report(panic);
        }));
    });
}

/// What `panic!` was given: a literal, or text made by formatting.
pub fn text(payload: &dyn Any) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text")
}
