//! The statements that ran, told apart by database.
//!
//! What counts is what reaches the database, and not what Diesel reports: its instrumentation is public, so a student's
//! code may replace it, for good reasons too. On SQLite each connection of the process is traced by SQLite itself; on
//! PostgreSQL the log is Diesel's, and is compared with the server's (`sqlite.rs`, `postgres.rs`). What Diesel reports
//! adds what a reader wants to see: the values that were bound, and why a statement was refused.
//!
//! Gates run side by side. Each has a database of its own, which says whose log a statement belongs to. A connection to
//! something else, such as a database in memory, may still lead to a gate's database. Where a gate runs alone in its
//! process, as the guide and the grader run it, such a connection belongs to that gate. In `cargo test`, where it may
//! be any gate's, it does not belong to any.

mod kind;
mod log;
mod registry;
#[cfg(feature = "postgres")]
mod server;
#[cfg_attr(not(feature = "postgres"), path = "sql_log/sqlite.rs")]
#[cfg_attr(feature = "postgres", path = "sql_log/postgres.rs")]
mod witness;

pub use kind::is_around;
pub use log::{Line, Log, lock, note, paused};
pub use registry::{forget, unlogged};
pub use witness::{begin, check, listen};
