//! Sessions as rows of a table.

use std::fmt;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::upsert::excluded;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use groundwork::{Backend, Db};
use groundwork::Pool;
use crate::schema::sessions;

/// A session as the table holds it.
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
    /// Stores a session under an id that nobody has. Two ids are alike once in 2¹²⁸ tries, but a
    /// visitor must not get into another's session even then.
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let row = Row::of(record)?;
            let insert = |conn: &mut Db| {
                diesel::insert_into(sessions::table).values(row).on_conflict_do_nothing().execute(conn)
            };
            if self.run(insert).await? == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    /// Stores what the session holds now.
    async fn save(&self, record: &Record) -> Result<()> {
        // Task: Insert the session's row; if a row with this id exists, update its data and expiry.
        let Row { id, data, expires_at } = Row::of(record)?;
        self.run(move |conn| {
            (sessions::id.eq(id), sessions::data.eq(data), sessions::expires_at.eq(expires_at))
                .insert_into(sessions::table)
                .on_conflict(sessions::id)
                .do_update()
                .set((
                    sessions::data.eq(excluded(sessions::data)),
                    sessions::expires_at.eq(excluded(sessions::expires_at)),
                ))
                .returning(sessions::id)
                .get_result::<String>(conn)
        })
        .await
        .map(drop)
    }

    /// The session with this id, unless there is none or it has expired.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        // Task: Find the row with this id that has not expired, and turn it into a record.
        let key = id.to_string();
        let found = self.run(move |conn| {
            let rows =
                sessions::table.filter(sessions::id.eq(&key)).select((sessions::data, sessions::expires_at));
            rows.get_result::<(String, i64)>(conn).optional()
        });
        match found.await? {
            Some((data, expires_at)) if expires_at > OffsetDateTime::now_utc().unix_timestamp() => {
                Row { id: id.to_string(), data, expires_at }.into_record(*id).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Deletes the session; that there was none is no error.
    async fn delete(&self, id: &Id) -> Result<()> {
        // Task: Delete the row with this id.
        let key = id.to_string();
        let deleted = self.run(move |conn| {
            let rows = diesel::delete(sessions::table).filter(sessions::id.eq(key)).returning(sessions::id);
            rows.get_result::<String>(conn).optional()
        });
        deleted.await.map(drop)
    }
}
