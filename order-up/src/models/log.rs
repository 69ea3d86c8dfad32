//! An append-only log: who took something back, moved it, closed it or changed a price, when, and why.
//!
//! Tables such as `orders` and `order_details` store what is true now. An update overwrites what was true before: when
//! four beers become three, no row remembers the fourth. That is right for the bill, but somebody may have to find out
//! the next morning why money is missing. So each such change also adds an entry here. Four rules make these entries a
//! history:
//!
//! 1. *Entries are only added.* This module has no function that changes or deletes one. Triggers in the migration
//!    reject that from every other program as well, so it does not depend on anybody's discipline. Undoing something
//!    adds an entry, too.
//! 2. *A change and its entry are one transaction.* [`of_order`] and [`of_dish`] write in the transaction of the
//!    change, and return an error if there is none. If either write fails, neither is stored.
//! 3. *An entry is complete.* It copies names, prices and numbers as they were. If it looked up the name of a dish
//!    instead, renaming the dish today would rewrite what happened yesterday. The ids are for searching.
//! 4. *Kinds of events are added, and never changed*, so that old entries can still be read. See `event.rs`.
//!
//! Adding items to an order is not logged, because the bill shows them.

mod event;

use std::collections::HashSet;
use std::ops::Range;

use diesel::connection::TransactionManager;
use diesel::prelude::*;
use diesel::result::Error;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Db};

use crate::models::employee::Employee;
use crate::schema::{log_entries, orders, tables};

pub use event::{Event, Portions};

/// One thing that was done.
#[derive(Clone, Debug, HasQuery, PartialEq)]
#[diesel(table_name = log_entries, check_for_backend(Backend))]
pub struct LogEntry {
    pub id: i32,
    pub logged_at: Timestamp,
    /// The name that the employee had then.
    pub employee_name: String,
    pub order_id: Option<i32>,
    /// The number that the order's table had then.
    pub table_number: Option<i32>,
    pub event: Event,
    /// Why, if they had to say so.
    pub reason: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = log_entries, check_for_backend(Backend))]
struct NewEntry<'a> {
    logged_at: Timestamp,
    employee_id: i32,
    employee_name: &'a str,
    order_id: Option<i32>,
    table_number: Option<i32>,
    event: String,
    reason: Option<&'a str>,
}

/// Adds an entry about an order, and returns its id. If the order has moved, the entry has the number of its new table.
///
/// # Errors
///
/// When the database fails, and when no transaction is open.
pub fn of_order(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    event: &Event,
    reason: Option<&str>,
    now: Timestamp,
) -> QueryResult<i32> {
    let order = orders::table.inner_join(tables::table).filter(orders::id.eq(order_id));
    let table_number = order.select(tables::number).first(conn)?;
    add(
        conn,
        &NewEntry {
            logged_at: now,
            employee_id: me.id,
            employee_name: &me.name,
            order_id: Some(order_id),
            table_number: Some(table_number),
            event: event.json()?,
            reason,
        },
    )
}

/// Adds an entry about a dish.
///
/// # Errors
///
/// When the database fails, and when no transaction is open.
pub fn of_dish(conn: &mut Db, me: &Employee, event: &Event, now: Timestamp) -> QueryResult<()> {
    add(
        conn,
        &NewEntry {
            logged_at: now,
            employee_id: me.id,
            employee_name: &me.name,
            order_id: None,
            table_number: None,
            event: event.json()?,
            reason: None,
        },
    )
    .map(drop)
}

/// Adds an entry in the transaction of the change. Outside of one, the change could be committed without it.
fn add(conn: &mut Db, entry: &NewEntry<'_>) -> QueryResult<i32> {
    type Transactions = <Db as Connection>::TransactionManager;
    let depth = Transactions::transaction_manager_status_mut(conn).transaction_depth()?;
    depth.ok_or(Error::NotInTransaction)?;
    diesel::insert_into(log_entries::table).values(entry).returning(log_entries::id).get_result(conn)
}

/// Which entries to read.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub order_id: Option<i32>,
    /// From the first second of this time to the last one before its end.
    pub within: Option<Range<Timestamp>>,
    /// Only entries older than the one with this id.
    pub before: Option<i32>,
}

/// At most so many entries, the newest first.
///
/// A page begins below the last id of the page before it. It does not skip a number of rows with `OFFSET`: while
/// somebody reads, entries are added at the top, so those rows would be other ones. The entries are ordered by id and
/// not by time, because a clock can be set back.
///
/// # Errors
///
/// When the database fails.
pub fn newest(conn: &mut Db, search: &Search, at_most: i64) -> QueryResult<Vec<LogEntry>> {
    let mut entries = LogEntry::query().order(log_entries::id.desc()).limit(at_most).into_boxed();
    if let Some(order_id) = search.order_id {
        entries = entries.filter(log_entries::order_id.eq(order_id));
    }
    if let Some(Range { start, end }) = search.within {
        entries = entries.filter(log_entries::logged_at.ge(start).and(log_entries::logged_at.lt(end)));
    }
    if let Some(before) = search.before {
        entries = entries.filter(log_entries::id.lt(before));
    }
    entries.load(conn)
}

/// The entry with this id, if it is about this order.
///
/// # Errors
///
/// When the database fails.
pub fn find(conn: &mut Db, order_id: i32, id: i32) -> QueryResult<Option<LogEntry>> {
    LogEntry::query().find(id).filter(log_entries::order_id.eq(order_id)).first(conn).optional()
}

/// Whether what an entry about this order took back is on the order again.
///
/// # Errors
///
/// When the database fails.
pub fn is_put_back(conn: &mut Db, order_id: i32, entry: i32) -> QueryResult<bool> {
    let kind = log_entries::event.like(event::PUT_BACK).escape('!');
    let query = LogEntry::query().filter(log_entries::order_id.eq(order_id)).filter(kind);
    Ok(query.load::<LogEntry>(conn)?.iter().any(|later| later.event.puts_back() == Some(entry)))
}

/// What was taken back within this time and has not been put back, the oldest first. The time is that of whole business
/// days: what was taken back on one of them is put back on the same, or never.
///
/// # Errors
///
/// When the database fails.
pub fn taken_back(conn: &mut Db, time: &Range<Timestamp>) -> QueryResult<Vec<LogEntry>> {
    let within = log_entries::logged_at.ge(time.start).and(log_entries::logged_at.lt(time.end));
    let of_kind = |kind: &'static str| log_entries::event.like(kind).escape('!');
    let kinds = of_kind(event::TAKEN_BACK).or(of_kind(event::PUT_BACK));
    let query = LogEntry::query().filter(within).filter(kinds).order(log_entries::id);
    let mut entries: Vec<LogEntry> = query.load(conn)?;
    let put_back: HashSet<i32> = entries.iter().filter_map(|entry| entry.event.puts_back()).collect();
    entries.retain(|entry| entry.event.puts_back().is_none() && !put_back.contains(&entry.id));
    Ok(entries)
}
