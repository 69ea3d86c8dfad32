//! Sessions as rows of a table: lesson 7's store, with two differences. Its clock is the app's, and
//! a session that is gone stays gone.

use std::fmt;

use async_trait::async_trait;
use diesel::prelude::*;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use crate::clock::Clock;
use crate::connect::{Backend, Db};
use crate::pool::Pool;
use crate::schema::sessions;
use crate::timestamp::Timestamp;

/// A session ends when nobody has used it for a working day.
pub const KEPT_FOR: Duration = Duration::hours(12);

/// A session as the table holds it.
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
        let done = self.pool.run(work).await.map_err(|error| Error::Backend(error.to_string()))?;
        done.map_err(|error| Error::Backend(error.to_string()))
    }
}

impl fmt::Debug for DatabaseStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseStore")
    }
}

#[async_trait]
impl SessionStore for DatabaseStore {
    /// Stores a session under an id that nobody has.
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

    /// Stores what has changed of a session. It never inserts: somebody may have signed out while
    /// another request with the same session was being answered, and must stay signed out.
    async fn save(&self, record: &Record) -> Result<()> {
        let row = self.row(record)?;
        self.run(move |conn| diesel::update(sessions::table.find(row.id.clone())).set(row).execute(conn))
            .await?;
        Ok(())
    }

    /// The session with this id, unless there is none or it has expired.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let (key, now) = (id.to_string(), self.clock.now());
        let find = move |conn: &mut Db| {
            Row::query().find(key).filter(sessions::expires_at.gt(now)).first(conn).optional()
        };
        let found = self.pool.look_up(find).await.map_err(|error| Error::Backend(error.to_string()))?;
        let found = found.map_err(|error| Error::Backend(error.to_string()))?;
        let Some(Row { data, expires_at, .. }) = found else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at.0);
        let expiry_date = expiry_date.map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    /// Deletes the session; that there was none is no error.
    async fn delete(&self, id: &Id) -> Result<()> {
        let key = id.to_string();
        self.run(|conn| diesel::delete(sessions::table.find(key)).execute(conn)).await?;
        Ok(())
    }
}

/// Deletes the sessions that have expired. Signing in does it, so nothing has to run by itself.
pub fn delete_expired(conn: &mut Db, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)
}
