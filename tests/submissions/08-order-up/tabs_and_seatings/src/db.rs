//! All that is asked of the database, and the connections it is asked over.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use tokio::sync::Semaphore;

use crate::Db;

/// Why something was not done.
#[derive(Debug)]
pub enum Fault {
    /// Somebody's mistake, in words for them.
    Told(StatusCode, String),
    /// Ours.
    Broken(String),
}

impl Fault {
    pub fn told(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Told(status, message.into())
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Broken(error.to_string())
    }
}

pub type Done<T = ()> = Result<T, Fault>;

/// A row as a query returns it: `field: what it is here = what it is there`.
macro_rules! row {
    ($(#[$more:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $here:ty = $there:ty,)* }) => {
        #[derive(QueryableByName)]
        $(#[$more])*
        pub struct $name { $($(#[$doc])* #[diesel(sql_type = $there)] pub $field: $here,)* }
    };
}

const CONNECTIONS: usize = 8;

#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    url: String,
    idle: Mutex<Vec<Db>>,
    room: Arc<Semaphore>,
}

pub fn open(url: &str) -> ConnectionResult<Db> {
    let mut conn = Db::establish(url)?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; \
         PRAGMA synchronous = NORMAL;",
    )
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

impl Pool {
    pub fn new(url: String) -> Self {
        Self(Arc::new(Inner { url, idle: Mutex::default(), room: Arc::new(Semaphore::new(CONNECTIONS)) }))
    }

    /// Runs `work` where it may wait for the disk.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> Done<T> + Send + 'static,
    ) -> Done<T> {
        let broken = |error: &dyn ToString| Fault::Broken(error.to_string());
        let permit = Arc::clone(&self.0.room).acquire_owned().await.map_err(|error| broken(&error))?;
        let inner = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let idle = || inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let pooled = idle().pop();
            let mut conn = match pooled {
                Some(conn) => conn,
                None => open(&inner.url).map_err(|error| Fault::Broken(error.to_string()))?,
            };
            let result = work(&mut conn);
            if !matches!(result, Err(Fault::Broken(_))) {
                idle().push(conn);
            }
            result
        });
        task.await.map_err(|error| broken(&error))?
    }

    /// The same, as one transaction: nobody else writes meanwhile, and a fault undoes it all.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> Done<T> + Send + 'static,
    ) -> Done<T> {
        self.run(|conn| conn.immediate_transaction(work)).await
    }
}

// ---- who

/// Unused for this long, a session is over; and after a week in any case.
const IDLE: i64 = 12 * 60 * 60;
const WEEK: i64 = 7 * 24 * 60 * 60;

row! { #[derive(Clone)]
Me {
    id: i32 = Integer,
    name: String = Text,
    is_boss: bool = Bool,
    /// What is in the cookie.
    session: String = Text,
    seen_at: i64 = BigInt,
} }

pub fn who(conn: &mut Db, session: &str, now: i64) -> Done<Option<Me>> {
    let query = sql_query(
        "SELECT staff.id, name, is_boss, key AS session, seen_at FROM sessions \
         JOIN staff ON staff.id = staff_id \
         WHERE key = ? AND seen_at > ? AND begun_at > ? AND left_at IS NULL",
    );
    let query = query.bind::<Text, _>(session).bind::<BigInt, _>(now - IDLE).bind::<BigInt, _>(now - WEEK);
    Ok(query.get_result(conn).optional()?)
}

pub fn keep_session(conn: &mut Db, session: &str, now: i64) -> Done {
    let query = sql_query("UPDATE sessions SET seen_at = ? WHERE key = ?");
    query.bind::<BigInt, _>(now).bind::<Text, _>(session).execute(conn)?;
    Ok(())
}

pub fn end_session(conn: &mut Db, session: &str) -> Done {
    sql_query("DELETE FROM sessions WHERE key = ?").bind::<Text, _>(session).execute(conn)?;
    Ok(())
}

row! { Secret {
    id: i32 = Integer,
    secret: String = Text,
} }

pub fn secret(conn: &mut Db, badge: i32) -> Done<Option<Secret>> {
    let query = sql_query("SELECT id, secret FROM staff WHERE badge = ? AND left_at IS NULL");
    Ok(query.bind::<Integer, _>(badge).get_result(conn).optional()?)
}

row! { Count {
    n: i32 = Integer,
} }

/// Notes a try before it is known how it ends, so that tries at the same time count too.
pub fn note_try(conn: &mut Db, badge: i32, address: &str, now: i64) -> Done<i32> {
    sql_query("DELETE FROM sign_in_tries WHERE last_at < ?").bind::<BigInt, _>(now - 900).execute(conn)?;
    let query = sql_query(
        "INSERT INTO sign_in_tries (badge, address, tries, last_at) VALUES (?, ?, 1, ?) \
         ON CONFLICT DO UPDATE SET tries = tries + 1, last_at = excluded.last_at RETURNING tries AS n",
    );
    let query = query.bind::<Integer, _>(badge).bind::<Text, _>(address).bind::<BigInt, _>(now);
    Ok(query.get_result::<Count>(conn)?.n)
}

/// A new session in place of the one that the browser had, whoever's that was.
pub fn begin_session(
    conn: &mut Db,
    (badge, address): (i32, &str),
    staff: i32,
    (old, new): (&str, &str),
    now: i64,
) -> Done {
    let query = sql_query("DELETE FROM sign_in_tries WHERE badge = ? AND address = ?");
    query.bind::<Integer, _>(badge).bind::<Text, _>(address).execute(conn)?;
    let query = sql_query("DELETE FROM sessions WHERE key = ? OR seen_at <= ? OR begun_at <= ?");
    let query = query.bind::<Text, _>(old).bind::<BigInt, _>(now - IDLE).bind::<BigInt, _>(now - WEEK);
    query.execute(conn)?;
    let query = sql_query("INSERT INTO sessions (key, staff_id, begun_at, seen_at) VALUES (?, ?, ?, ?)");
    let query = query.bind::<Text, _>(new).bind::<Integer, _>(staff);
    query.bind::<BigInt, _>(now).bind::<BigInt, _>(now).execute(conn)?;
    Ok(())
}

/// Whether this form of this page has not done its work yet.
pub fn spend(conn: &mut Db, session: &str, token: &str, path: &str) -> Done<bool> {
    // From the session's row: when that has gone meanwhile, nothing is done either.
    let query = sql_query(
        "INSERT OR IGNORE INTO done_forms (session, token, path) SELECT key, ?, ? FROM sessions WHERE key = ?",
    );
    let query = query.bind::<Text, _>(token).bind::<Text, _>(path).bind::<Text, _>(session);
    Ok(query.execute(conn)? == 1)
}

// ---- the board

row! { Choice {
    id: i32 = Integer,
    label: String = Text,
} }

pub fn free_tables(conn: &mut Db) -> Done<Vec<Choice>> {
    Ok(sql_query(
        "SELECT id, 'Table ' || number || ' · seats ' || seats AS label FROM dining_tables \
         WHERE id NOT IN (SELECT table_id FROM seatings) ORDER BY number",
    )
    .load(conn)?)
}

pub fn servers(conn: &mut Db) -> Done<Vec<Choice>> {
    Ok(sql_query("SELECT id, name AS label FROM staff WHERE left_at IS NULL ORDER BY name, id").load(conn)?)
}

pub struct Tab {
    pub id: i32,
    pub table: i32,
    pub server: String,
    pub guests: Option<i32>,
    pub lines: Vec<Line>,
    pub cents: i64,
}

pub struct Line {
    pub portions: i32,
    pub dish: String,
    pub cents: i64,
}

row! { TabRow {
    id: i32 = Integer,
    number: i32 = Integer,
    server: String = Text,
    guests: Option<i32> = Nullable<Integer>,
    portions: Option<i32> = Nullable<Integer>,
    dish: Option<String> = Nullable<Text>,
    cents: Option<i64> = Nullable<BigInt>,
} }

const TAB_ROWS: &str = "SELECT tabs.id, number, staff.name AS server, guests, portions, dishes.name AS dish, cents \
     FROM tabs \
     JOIN dining_tables ON dining_tables.id = tabs.table_id \
     JOIN staff ON staff.id = tabs.staff_id \
     LEFT JOIN tab_lines ON tab_lines.tab_id = tabs.id \
     LEFT JOIN prices ON prices.id = price_id \
     LEFT JOIN dishes ON dishes.id = dish_id";

/// Open tabs with their lines, in one statement: of this person, or of all.
pub fn open_tabs(conn: &mut Db, staff: Option<i32>) -> Done<Vec<Tab>> {
    let query = sql_query(format!(
        "{TAB_ROWS} WHERE tabs.id IN (SELECT tab_id FROM seatings) AND (?1 IS NULL OR tabs.staff_id = ?1) \
         ORDER BY number, tab_lines.id"
    ));
    Ok(tabs(query.bind::<Nullable<Integer>, _>(staff).load(conn)?))
}

/// One tab, open or closed.
pub fn bill(conn: &mut Db, me: &Me, tab: i32) -> Done<Tab> {
    match in_hand(conn, me, tab) {
        Ok(()) | Err(Fault::Told(StatusCode::CONFLICT, _)) => {}
        Err(other) => return Err(other),
    }
    let query = sql_query(format!("{TAB_ROWS} WHERE tabs.id = ? ORDER BY tab_lines.id"));
    let found = tabs(query.bind::<Integer, _>(tab).load(conn)?).pop();
    found.ok_or_else(|| Fault::told(StatusCode::NOT_FOUND, "There is no such order."))
}

fn tabs(rows: Vec<TabRow>) -> Vec<Tab> {
    let mut tabs: Vec<Tab> = Vec::new();
    for TabRow { id, number, server, guests, portions, dish, cents } in rows {
        if tabs.last().is_none_or(|tab| tab.id != id) {
            tabs.push(Tab { id, table: number, server, guests, lines: Vec::new(), cents: 0 });
        }
        if let (Some(tab), Some(portions), Some(dish), Some(cents)) = (tabs.last_mut(), portions, dish, cents)
        {
            let cents = cents * i64::from(portions);
            tab.cents += cents;
            tab.lines.push(Line { portions, dish, cents });
        }
    }
    tabs
}

row! { Offer {
    /// Of the price: an old page cannot order at a new price.
    id: i32 = Integer,
    card: String = Text,
    kind: String = Text,
    name: String = Text,
    cents: i64 = BigInt,
} }

pub fn offers(conn: &mut Db) -> Done<Vec<Offer>> {
    Ok(sql_query(
        "SELECT prices.id, cards.name AS card, kinds.name AS kind, dishes.name, cents FROM prices \
         JOIN dishes ON dishes.id = dish_id JOIN cards ON cards.id = card_id JOIN kinds ON kinds.id = kind_id \
         WHERE served ORDER BY cards.name, kinds.name, dishes.name, prices.id",
    )
    .load(conn)?)
}

// ---- tabs

row! { Number {
    number: i32 = Integer,
} }

pub fn assign(conn: &mut Db, table: i32, staff: i32, guests: Option<i32>, now: i64) -> Done {
    let number = sql_query("SELECT number FROM dining_tables WHERE id = ?").bind::<Integer, _>(table);
    let Some(Number { number }) = number.get_result(conn).optional()? else {
        return Err(Fault::told(StatusCode::UNPROCESSABLE_ENTITY, "There is no such table."));
    };
    let tab = sql_query(
        "INSERT INTO tabs (table_id, staff_id, guests, opened_at) \
         SELECT ?, id, ?, ? FROM staff WHERE id = ? AND left_at IS NULL RETURNING id AS n",
    );
    let tab = tab.bind::<Integer, _>(table).bind::<Nullable<Integer>, _>(guests);
    let tab = tab.bind::<BigInt, _>(now).bind::<Integer, _>(staff).get_result::<Count>(conn).optional()?;
    let Some(Count { n: tab }) = tab else {
        return Err(Fault::told(StatusCode::UNPROCESSABLE_ENTITY, "Nobody with that name works here."));
    };
    let seat =
        sql_query("INSERT INTO seatings (table_id, tab_id) VALUES (?, ?) ON CONFLICT (table_id) DO NOTHING");
    if seat.bind::<Integer, _>(table).bind::<Integer, _>(tab).execute(conn)? == 0 {
        return Err(Fault::told(StatusCode::CONFLICT, format!("Table {number} was taken a moment ago.")));
    }
    Ok(())
}

row! { Held {
    number: i32 = Integer,
    staff_id: i32 = Integer,
    name: String = Text,
    is_open: bool = Bool,
} }

/// Whether `me` may touch this tab now. In a `write`, it stays so to the end.
fn in_hand(conn: &mut Db, me: &Me, tab: i32) -> Done {
    let query = sql_query(
        "SELECT number, staff_id, name, seatings.tab_id IS NOT NULL AS is_open FROM tabs \
         JOIN dining_tables ON dining_tables.id = tabs.table_id JOIN staff ON staff.id = staff_id \
         LEFT JOIN seatings ON seatings.tab_id = tabs.id WHERE tabs.id = ?",
    );
    match query.bind::<Integer, _>(tab).get_result::<Held>(conn).optional()? {
        None => Err(Fault::told(StatusCode::NOT_FOUND, "There is no such order.")),
        Some(it) if it.staff_id != me.id && !me.is_boss => {
            let text = format!("The order of table {} is {}'s. Nothing was changed.", it.number, it.name);
            Err(Fault::told(StatusCode::FORBIDDEN, text))
        }
        Some(it) if !it.is_open => {
            let text = format!("The order of table {} has been closed. Nothing was changed.", it.number);
            Err(Fault::told(StatusCode::CONFLICT, text))
        }
        Some(_) => Ok(()),
    }
}

/// Adds portions of what has these prices: all of it, or none.
pub fn add(conn: &mut Db, me: &Me, tab: i32, wishes: Done<Vec<(i32, i32)>>) -> Done {
    in_hand(conn, me, tab)?;
    for (price, portions) in wishes? {
        let query = sql_query(
            "INSERT INTO tab_lines (tab_id, price_id, portions) \
             SELECT ?, id, ? FROM prices WHERE id = ? AND served \
             ON CONFLICT (tab_id, price_id) DO UPDATE SET portions = portions + excluded.portions",
        );
        let query = query.bind::<Integer, _>(tab).bind::<Integer, _>(portions).bind::<Integer, _>(price);
        let unprocessable = |text| Fault::told(StatusCode::UNPROCESSABLE_ENTITY, text);
        match query.execute(conn) {
            Ok(0) => {
                let text = "A dish that you checked is not on the menu any more. Nothing was added.";
                return Err(unprocessable(text));
            }
            Err(Error::DatabaseError(diesel::result::DatabaseErrorKind::CheckViolation, _)) => {
                return Err(unprocessable("That is more than a bill can hold. Nothing was added."));
            }
            other => other?,
        };
    }
    Ok(())
}

pub fn close(conn: &mut Db, me: &Me, tab: i32, now: i64) -> Done {
    in_hand(conn, me, tab)?;
    sql_query("DELETE FROM seatings WHERE tab_id = ?").bind::<Integer, _>(tab).execute(conn)?;
    let query = sql_query("UPDATE tabs SET closed_at = ? WHERE id = ? AND closed_at IS NULL");
    query.bind::<BigInt, _>(now).bind::<Integer, _>(tab).execute(conn)?;
    Ok(())
}

// ---- the menu

/// Puts a dish on the menu: a new one, or one that was there before, at a price it may have had.
pub fn put_on_menu(conn: &mut Db, card: &str, kind: &str, name: &str, cents: i64) -> QueryResult<bool> {
    sql_query("INSERT INTO cards (name) VALUES (?) ON CONFLICT (name) DO NOTHING")
        .bind::<Text, _>(card)
        .execute(conn)?;
    sql_query("INSERT INTO kinds (name) VALUES (?) ON CONFLICT (name) DO NOTHING")
        .bind::<Text, _>(kind)
        .execute(conn)?;
    // The update changes nothing; it makes an old row be returned like a new one.
    let dish = sql_query(
        "INSERT INTO dishes (card_id, kind_id, name) SELECT cards.id, kinds.id, ? FROM cards, kinds \
         WHERE cards.name = ? AND kinds.name = ? \
         ON CONFLICT DO UPDATE SET kind_id = excluded.kind_id RETURNING id AS n",
    );
    let dish =
        dish.bind::<Text, _>(name).bind::<Text, _>(card).bind::<Text, _>(kind).get_result::<Count>(conn)?.n;
    let price = sql_query(
        "INSERT INTO prices (dish_id, cents) SELECT ?1, ?2 \
         WHERE NOT EXISTS (SELECT 1 FROM prices WHERE dish_id = ?1 AND served) \
         ON CONFLICT (dish_id, cents) DO UPDATE SET served = TRUE",
    );
    Ok(price.bind::<Integer, _>(dish).bind::<BigInt, _>(cents).execute(conn)? == 1)
}

pub fn take_off_menu(conn: &mut Db, price: i32) -> Done {
    let query = sql_query("UPDATE prices SET served = FALSE WHERE id = ? AND served");
    if query.bind::<Integer, _>(price).execute(conn)? == 0 {
        return Err(Fault::told(StatusCode::NOT_FOUND, "That dish is not on the menu any more."));
    }
    Ok(())
}
