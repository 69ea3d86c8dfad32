//! Checks which viewers of a live page are still signed in. Their sessions were checked when the request came, and the
//! request goes on after that.

use std::collections::HashMap;

use diesel::prelude::*;
use groundwork::Db;
use groundwork::order_up::Timestamp;

use crate::schema::{employees, sessions};

/// A person who has a live page open, as their session was then.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    /// The id of the session.
    pub session: String,
    pub employee_id: i32,
    /// The employee's session key, to which the session is bound.
    pub session_key: String,
}

/// The sessions that have not ended.
#[derive(Debug, Default)]
pub struct StillSignedIn {
    sessions: HashMap<String, Timestamp>,
    keys: HashMap<i32, String>,
}

impl StillSignedIn {
    /// When this viewer's session expires, unless it is used. `None` if it has ended.
    pub fn until(&self, viewer: &Viewer) -> Option<Timestamp> {
        let until = self.sessions.get(&viewer.session)?;
        (self.keys.get(&viewer.employee_id) == Some(&viewer.session_key)).then_some(*until)
    }
}

/// Reads which of these viewers' sessions have not ended, with two queries, however many there are.
///
/// # Errors
///
/// When the database fails.
pub fn still_signed_in(conn: &mut Db, viewers: &[Viewer], now: Timestamp) -> QueryResult<StillSignedIn> {
    let ids = viewers.iter().map(|viewer| &viewer.session);
    let kept: Vec<(String, Timestamp)> = sessions::table
        .filter(sessions::id.eq_any(ids).and(sessions::expires_at.gt(now)))
        .select((sessions::id, sessions::expires_at))
        .load(conn)?;
    let ids = viewers.iter().map(|viewer| viewer.employee_id);
    let keys: Vec<(i32, String)> = employees::table
        .filter(employees::id.eq_any(ids).and(employees::retired_at.is_null()))
        .select((employees::id, employees::session_key))
        .load(conn)?;
    Ok(StillSignedIn { sessions: kept.into_iter().collect(), keys: keys.into_iter().collect() })
}
