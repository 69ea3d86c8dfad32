//! Brings the tables up to date.

use std::error::Error;

use diesel_migrations::MigrationHarness;
use groundwork::Db;
use groundwork::migrations::Migrations;
use thiserror::Error;

use crate::models::menu::types;

/// The history of the tables.
pub const MIGRATIONS: Migrations = Migrations(&[groundwork::migrations!()]);

/// Why the tables could not be brought up to date.
#[derive(Debug, Error)]
#[error("cannot bring the tables up to date")]
pub struct MigrateError(#[source] Box<dyn Error + Send + Sync>);

/// Runs the pending migrations, then `then`, and returns how many migrations ran: everything, or
/// nothing. When several programs do this at once on one database, one of them migrates while the
/// others wait, and then find it done.
///
/// # Errors
///
/// When a migration fails, or `then` does.
pub fn migrate<E>(conn: &mut Db, then: impl FnOnce(&mut Db) -> Result<(), E>) -> Result<usize, E>
where
    E: From<diesel::result::Error> + From<MigrateError>,
{
    alone(conn, |conn| {
        let ran = conn.run_pending_migrations(MIGRATIONS).map_err(MigrateError)?.len();
        types::choose_positions(conn)?;
        then(conn)?;
        Ok(ran)
    })
}

/// On SQLite only one connection can write at a time, so no lock is needed.
#[cfg(not(feature = "postgres"))]
fn alone<T, E>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    conn.immediate_transaction(work)
}

/// On PostgreSQL programs agree on a lock by its number; this one is `order up` as letters.
#[cfg(feature = "postgres")]
fn alone<T, E>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    use diesel::{Connection, RunQueryDsl};

    conn.transaction(|conn| {
        diesel::sql_query("SELECT pg_advisory_xact_lock(8030591472424220016)").execute(conn)?;
        work(conn)
    })
}
