//! What a business day brought in, and what was taken back. The database adds up the bills; none is loaded.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use diesel::dsl::{count, count_star, sum};
use diesel::expression_methods::AggregateExpressionMethods;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use groundwork::order_up::Timestamp;
use groundwork::{Db, read};

use crate::alphabetical::Alphabetical;
use crate::models::log::{self, Event};
use crate::money::Cents;
use crate::schema::{employees, menu_item_types, menu_items, order_details, orders};

/// The bills that were closed on one day, and what was taken back on it.
#[derive(Debug, PartialEq)]
pub struct Report {
    pub all: Sales,
    /// By the name of who served.
    pub servers: Vec<(String, Sales)>,
    /// By type, as the menu has its items today, in the order of the types.
    pub kinds: Vec<(String, Sold)>,
    /// By the name on the bills, what brought in the most first.
    pub dishes: Vec<(String, Sold)>,
    /// What was taken back on that day, on whichever bill, by the name of who did it.
    pub taken_back: Vec<(String, Sold)>,
}

/// What bills come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sales {
    pub bills: i64,
    /// How many guests there were on the bills that say so.
    pub guests: i64,
    /// How many bills do not say how many guests there were.
    pub uncounted: i64,
    pub total: Cents,
    /// The total of the bills that say how many guests there were.
    counted_total: Cents,
}

impl Sales {
    pub fn per_bill(&self) -> Option<Cents> {
        self.total.divided_by(self.bills)
    }

    /// The average of the bills that say how many guests there were. The others would falsify it.
    pub fn per_guest(&self) -> Option<Cents> {
        self.counted_total.divided_by(self.guests)
    }
}

/// What was sold of a dish or of a type, or taken back by somebody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sold {
    pub quantity: i64,
    pub total: Cents,
}

/// How many bills there are, how many of them say how many guests there were, and how many guests.
type Counts = (i64, i64, Option<i64>);
/// What all lines come to, and those of bills that say how many guests there were.
type Amounts = (Option<Cents>, Option<Cents>);

/// The report on the orders that were closed within this time.
///
/// # Errors
///
/// When the database fails.
pub fn report(conn: &mut Db, time: &Range<Timestamp>) -> QueryResult<Report> {
    read(conn, |conn| report_now(conn, time))
}

fn report_now(conn: &mut Db, time: &Range<Timestamp>) -> QueryResult<Report> {
    let closed = orders::closed_at.ge(time.start).and(orders::closed_at.lt(time.end));
    let counts = (count_star(), count(orders::guests), sum(orders::guests));
    // A line comes to less than 2³¹ cents: the tables limit prices and quantities. Of integers of that size both
    // databases return a sum of 64 bits. Of larger ones PostgreSQL returns a number without any limit.
    let amount = order_details::price_cents.fallible_cast::<Integer>() * order_details::quantity;
    let amounts = || (sum(amount), sum(amount).aggregate_filter(orders::guests.is_not_null()));
    let sold = (sum(order_details::quantity).assume_not_null(), sum(amount).assume_not_null());

    let bills = orders::table.filter(closed);
    let lines = order_details::table.inner_join(orders::table).filter(closed);
    let all = sales(bills.select(counts).first(conn)?, lines.select(amounts()).first(conn)?);

    let counts_by_server: Vec<(i32, String, Counts)> = bills
        .inner_join(employees::table)
        .group_by(employees::id)
        .select((employees::id, employees::name, counts))
        .load(conn)?;
    let amounts_by_server: Vec<(i32, Amounts)> =
        lines.group_by(orders::employee_id).select((orders::employee_id, amounts())).load(conn)?;

    let kinds: Vec<(String, (i64, Cents))> = lines
        .inner_join(menu_items::table.inner_join(menu_item_types::table))
        .group_by(menu_item_types::id)
        .order((menu_item_types::position, menu_item_types::id))
        .select((menu_item_types::name, sold))
        .load(conn)?;
    let dishes: Vec<(String, (i64, Cents))> =
        lines.group_by(order_details::name).select((order_details::name, sold)).load(conn)?;

    let mut dishes = named(dishes);
    dishes.sort_by_cached_key(|(name, sold)| (Reverse(sold.total), Alphabetical::new(name)));
    let servers = by_server(counts_by_server, amounts_by_server);
    Ok(Report { all, servers, kinds: named(kinds), dishes, taken_back: taken_back(conn, time)? })
}

/// Adds up the log. Its events are JSON, so this is not the database's sum; a day has few that were taken back.
fn taken_back(conn: &mut Db, time: &Range<Timestamp>) -> QueryResult<Vec<(String, Sold)>> {
    let mut by_name: HashMap<String, Sold> = HashMap::new();
    for entry in log::taken_back(conn, time)? {
        if let Event::TakenBack { price, quantity, .. } = entry.event {
            let sum = by_name.entry(entry.employee_name).or_insert(Sold { quantity: 0, total: Cents(0) });
            sum.quantity += i64::from(quantity);
            sum.total = Cents(sum.total.0 + (price * quantity).0);
        }
    }
    let mut by_name: Vec<_> = by_name.into_iter().collect();
    by_name.sort_by_cached_key(|(name, _)| Alphabetical::new(name));
    Ok(by_name)
}

/// Puts together what the orders and what their lines say of each server.
fn by_server(counts: Vec<(i32, String, Counts)>, amounts: Vec<(i32, Amounts)>) -> Vec<(String, Sales)> {
    let amounts: HashMap<_, _> = amounts.into_iter().collect();
    let mut servers = counts;
    servers.sort_by_cached_key(|(id, name, _)| (Alphabetical::new(name), *id));
    // A server all of whose bills are empty has no lines.
    let amounts = |id| amounts.get(&id).copied().unwrap_or_default();
    servers.into_iter().map(|(id, name, counts)| (name, sales(counts, amounts(id)))).collect()
}

fn sales((bills, counted, guests): Counts, (total, counted_total): Amounts) -> Sales {
    Sales {
        bills,
        guests: guests.unwrap_or(0),
        uncounted: bills - counted,
        total: total.unwrap_or(Cents(0)),
        counted_total: counted_total.unwrap_or(Cents(0)),
    }
}

fn named(rows: Vec<(String, (i64, Cents))>) -> Vec<(String, Sold)> {
    rows.into_iter().map(|(name, (quantity, total))| (name, Sold { quantity, total })).collect()
}
