//! Forms that have done their work.

use diesel::prelude::*;

use crate::schema::spent_tokens;
use groundwork::Db;

/// A token is kept so long after it was spent; by then its session has ended. In seconds.
const KEPT_FOR: i64 = 7 * 24 * 60 * 60;

/// Spends a token; `false` if it was spent before.
pub fn spend(conn: &mut Db, token: &str, now: i64) -> QueryResult<bool> {
    // Task: Insert the token; say whether it was new, and leave one that is there alone.
    let values = (spent_tokens::token.eq(token), spent_tokens::spent_at.eq(now));
    let inserted =
        diesel::insert_into(spent_tokens::table).values(values).on_conflict_do_nothing().execute(conn)?;
    Ok(inserted == 1)
}

/// Deletes the tokens that nobody can send again.
pub fn delete_old(conn: &mut Db, now: i64) -> QueryResult<usize> {
    diesel::delete(spent_tokens::table.filter(spent_tokens::spent_at.lt(now - KEPT_FOR))).execute(conn)
}
