//! What a store says to the database, ready to be sent to a connection.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Row;
use groundwork::Db;
use crate::schema::sessions;

/// What a session that has not expired holds, and until when.
#[derive(Queryable)]
pub(super) struct Fresh(i64, String);

impl Fresh {
    pub(super) fn with(self, id: String) -> Row {
        let Self(expires_at, data) = self;
        Row { id, data, expires_at }
    }
}

pub(super) fn upsert(row: Row) -> impl FnOnce(&mut Db) -> QueryResult<()> + Send {
    let new = (
        sessions::data.eq(excluded(sessions::data)),
        sessions::expires_at.eq(excluded(sessions::expires_at)),
    );
    move |conn| {
        row.insert_into(sessions::table)
            .on_conflict(sessions::id)
            .do_update()
            .set(new)
            .execute(conn)
            .map(drop)
    }
}

pub(super) fn fresh(id: String, now: i64) -> impl FnOnce(&mut Db) -> QueryResult<Option<Fresh>> + Send {
    move |conn| {
        let kept = sessions::table.filter(sessions::id.eq(id)).filter(sessions::expires_at.gt(now));
        kept.select((sessions::expires_at, sessions::data)).load_iter(conn)?.next().transpose()
    }
}

pub(super) fn remove(id: String) -> impl FnOnce(&mut Db) -> QueryResult<()> + Send {
    move |conn| diesel::delete(sessions::table).filter(sessions::id.eq(id)).execute(conn).map(drop)
}
