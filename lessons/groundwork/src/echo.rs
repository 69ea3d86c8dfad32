//! Shows the SQL that runs.

use diesel::connection::{Connection, InstrumentationEvent};

use crate::database::Db;

/// Receives each statement that is echoed.
pub type Echo = fn(&str);

/// Where statements go when `SQL_ECHO=1`.
pub fn to_stderr(statement: &str) {
    eprintln!("{statement}");
}

/// Hands each statement to `echo` when it starts on `conn`, by means of Diesel's *instrumentation*.
pub fn echo_statements(conn: &mut Db, echo: Echo) {
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            echo(&query.to_string());
        }
    });
}
