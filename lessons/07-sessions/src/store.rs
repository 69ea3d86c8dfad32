//! Sessions as rows of a table.

use std::fmt;

use async_trait::async_trait;
use diesel::prelude::*;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use groundwork::causes::with_causes;
use groundwork::{Backend, Db, Pool};

use crate::schema::sessions;

/// A row of the table `sessions`.
#[derive(AsChangeset, HasQuery, Insertable)]
#[diesel(table_name = sessions, check_for_backend(Backend))]
struct Row {
    id: String,
    data: String,
    expires_at: i64,
}

impl Row {
    fn of(record: &Record) -> Result<Self> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Self { id: record.id.to_string(), data, expires_at: record.expiry_date.unix_timestamp() })
    }

    fn into_record(self, id: Id) -> Result<Record> {
        let data = serde_json::from_str(&self.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(self.expires_at);
        let expiry_date = expiry_date.map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Record { id, data, expiry_date })
    }
}

/// Keeps sessions in the table `sessions`.
#[derive(Clone)]
pub struct DatabaseStore {
    pool: Pool,
}

impl DatabaseStore {
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Runs `work` on a connection of the pool, and turns its errors into those of a session store.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.pool.run(work).await.map_err(|error| Error::Backend(with_causes(&error)))?;
        done.map_err(|error| Error::Backend(with_causes(&error)))
    }
}

impl fmt::Debug for DatabaseStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseStore")
    }
}

#[async_trait]
impl SessionStore for DatabaseStore {
    /// Stores a new session under an unused id. A random id is almost never taken, but if it is,
    /// the visitor must not get another visitor's session.
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let row = Row::of(record)?;
            let insert = move |conn: &mut Db| {
                diesel::insert_into(sessions::table).values(row).on_conflict_do_nothing().execute(conn)
            };
            if self.run(insert).await? == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    /// Inserts or updates the session's row.
    async fn save(&self, record: &Record) -> Result<()> {
        // Task: Insert the session's row; if a row with this id exists, update its data and expiry.
        todo!("Insert the session's row; if a row with this id exists, update its data and expiry")
    }

    /// The session with this id, unless there is none or it has expired.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        // Task: Find the row with this id that has not expired, and turn it into a record.
        todo!("Find the row with this id that has not expired, and turn it into a record")
    }

    /// Deletes the session. A missing session is not an error.
    async fn delete(&self, id: &Id) -> Result<()> {
        // Task: Delete the row with this id.
        todo!("Delete the row with this id")
    }
}
