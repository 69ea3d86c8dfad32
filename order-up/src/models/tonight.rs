//! Every table with its current order, if it has one: two queries in one snapshot, however many tables there are.

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Db, read};

use crate::models::bill::Bill;
use crate::models::board::{bills, seatings};
use crate::models::table::Table;

/// A table, and the bill so far of the guests who are sitting there.
#[derive(Debug, PartialEq)]
pub struct Place {
    pub table: Table,
    pub party: Option<Bill>,
}

impl Place {
    /// How many minutes ago the guests were seated.
    pub fn minutes(&self, now: Timestamp) -> Option<u64> {
        self.party.as_ref().map(|bill| now.since(bill.order.opened_at).as_secs() / 60)
    }
}

/// Every table in use, by number.
///
/// # Errors
///
/// When the database fails.
pub fn places(conn: &mut Db) -> QueryResult<Vec<Place>> {
    read(conn, places_now)
}

/// Like [`places`], within a transaction of the caller.
///
/// # Errors
///
/// When the database fails.
pub fn places_now(conn: &mut Db) -> QueryResult<Vec<Place>> {
    let (mut tables, mut taken) = (Vec::new(), Vec::new());
    for (table, order, server) in seatings(conn)? {
        tables.push(table.clone());
        taken.extend(order.zip(server).map(|(order, server)| (order, table, server)));
    }
    let mut bills = bills(conn, taken)?.into_iter().peekable();
    // Both lists are in the order of the tables.
    let place = |table: Table| Place { party: bills.next_if(|bill| bill.order.table_id == table.id), table };
    Ok(tables.into_iter().map(place).collect())
}
