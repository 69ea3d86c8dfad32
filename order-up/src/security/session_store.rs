//! Stores sessions as rows of a table. This is the store of lesson 7 with two differences: it uses the
//! app's clock, and a session that was deleted is never stored again.

use std::fmt;

use async_trait::async_trait;
use diesel::prelude::*;
use groundwork::causes::with_causes;
use groundwork::order_up::Clock;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Db};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use crate::pool::Pool;
use crate::schema::sessions;

/// A session ends when it has not been used for this long.
pub const KEPT_FOR: Duration = Duration::hours(12);

/// A session as a row of the table.
#[derive(AsChangeset, HasQuery, Insertable)]
#[diesel(table_name = sessions, check_for_backend(Backend))]
struct Row {
    id: String,
    data: String,
    expires_at: Timestamp,
}

/// Keeps sessions in the table `sessions`.
#[derive(Clone)]
pub struct DatabaseStore {
    pool: Pool,
    clock: Clock,
}

impl DatabaseStore {
    pub fn new(pool: Pool, clock: Clock) -> Self {
        Self { pool, clock }
    }

    fn row(&self, record: &Record) -> Result<Row> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Row { id: record.id.to_string(), data, expires_at: self.clock.now() + KEPT_FOR.unsigned_abs() })
    }

    /// Runs `work` on a connection of the pool, with the errors that a store reports.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T> {
        self.pool.run(work).await.map_err(backend_error)?.map_err(backend_error)
    }
}

/// tower-sessions keeps the text of an error, and not the error.
fn backend_error(error: impl std::error::Error) -> Error {
    Error::Backend(with_causes(&error))
}

impl fmt::Debug for DatabaseStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseStore")
    }
}

#[async_trait]
impl SessionStore for DatabaseStore {
    /// Stores a session under an id that no other session has.
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let row = self.row(record)?;
            let insert = |conn: &mut Db| {
                diesel::insert_into(sessions::table).values(row).on_conflict_do_nothing().execute(conn)
            };
            if self.run(insert).await? == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    /// Stores the changes of a session. It never inserts a row: a person may have signed out while
    /// another request with the same session was in progress, and must stay signed out.
    async fn save(&self, record: &Record) -> Result<()> {
        let row = self.row(record)?;
        self.run(move |conn| diesel::update(sessions::table.find(row.id.clone())).set(row).execute(conn))
            .await?;
        Ok(())
    }

    /// The session with this id, if there is one that has not expired.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let (key, now) = (id.to_string(), self.clock.now());
        let find = move |conn: &mut Db| {
            Row::query().find(key).filter(sessions::expires_at.gt(now)).first(conn).optional()
        };
        let found = self.pool.look_up(find).await.map_err(backend_error)?.map_err(backend_error)?;
        let Some(Row { data, expires_at, .. }) = found else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at.0);
        let expiry_date = expiry_date.map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    /// Deletes the session. It is not an error if there is none.
    async fn delete(&self, id: &Id) -> Result<()> {
        let key = id.to_string();
        self.run(|conn| diesel::delete(sessions::table.find(key)).execute(conn)).await?;
        Ok(())
    }
}

/// Deletes the sessions that have expired. Each sign-in calls it, so no timer is needed.
///
/// # Errors
///
/// When the database fails.
pub fn delete_expired(conn: &mut Db, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)
}
