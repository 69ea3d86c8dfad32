//! Sessions as rows of a table.

use std::fmt;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use groundwork::{Backend, Db};
use groundwork::Pool;
use crate::schema::sessions;

/// A session as the table holds it.
#[derive(Insertable, QueryableByName)]
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
        let upsert = move |conn: &mut Db| {
            sql_query(
                "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3)
                 ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
            )
            .bind::<Text, _>(id)
            .bind::<Text, _>(data)
            .bind::<BigInt, _>(expires_at)
            .execute(conn)
        };
        self.run(upsert).await.map(|_one| ())
    }

    /// The session with this id, unless there is none or it has expired.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        // Task: Find the row with this id that has not expired, and turn it into a record.
        let key = id.to_string();
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let rows: Vec<Row> = self
            .run(move |conn| {
                sql_query("SELECT id, data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2")
                    .bind::<Text, _>(key)
                    .bind::<BigInt, _>(now)
                    .load(conn)
            })
            .await?;
        match rows.into_iter().next() {
            Some(row) => row.into_record(*id).map(Some),
            None => Ok(None),
        }
    }

    /// Deletes the session; that there was none is no error.
    async fn delete(&self, id: &Id) -> Result<()> {
        // Task: Delete the row with this id.
        let key = id.to_string();
        let delete = move |conn: &mut Db| {
            sql_query("DELETE FROM sessions WHERE id = $1").bind::<Text, _>(key).execute(conn)
        };
        self.run(delete).await?;
        Ok(())
    }
}
