//! Brings the tables up to date.

use std::error::Error;

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use groundwork::Db;

/// The tables, as they came to be.
#[cfg(not(feature = "postgres"))]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs the migrations that have not run, then `then`, and returns how many ran: everything, or
/// nothing. Of several programs that do it at once on one database, one does and the others wait,
/// and then find it done.
///
/// # Errors
///
/// What the database says, or `then`.
pub fn migrate(
    conn: &mut Db,
    then: impl FnOnce(&mut Db) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<usize, Box<dyn Error + Send + Sync>> {
    alone(conn, |conn| {
        let ran = conn.run_pending_migrations(MIGRATIONS)?.len();
        then(conn)?;
        Ok(ran)
    })
}

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// On SQLite who may write is alone.
#[cfg(not(feature = "postgres"))]
fn alone<T>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Done<T>) -> Done<T> {
    conn.immediate_transaction(work)
}

/// On PostgreSQL programs agree on a lock by its number; this one is `order up` as letters.
#[cfg(feature = "postgres")]
fn alone<T>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Done<T>) -> Done<T> {
    use diesel::{Connection, RunQueryDsl};

    conn.transaction(|conn| {
        diesel::sql_query("SELECT pg_advisory_xact_lock(8030591472424220016)").execute(conn)?;
        work(conn)
    })
}
