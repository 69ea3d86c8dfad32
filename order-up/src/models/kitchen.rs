//! The kitchen: the dishes to cook, and those that were cooked last.
//!
//! Each line counts how many portions of it are cooked. A second table, filled by triggers, has the time at which each
//! portion was ordered, because one line may be ordered bit by bit. Portions are cooked in the order of these times.

mod error;

use std::collections::HashMap;
use std::time::Duration;

use diesel::dsl::case_when;
use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Db, read, write};

use crate::models::order_detail::OrderDetail;
use crate::schema::{cooked_portions, employees, order_details, ordered_portions, orders, tables};

pub use error::KitchenError;

/// How many of the dishes that were cooked last are listed, and for how long.
const LAST: i64 = 5;
const LISTED_FOR: Duration = Duration::from_secs(30 * 60);

/// What the kitchen's screen shows.
#[derive(Debug, Default, PartialEq)]
pub struct Kitchen {
    /// The orders with dishes to cook. The one that has waited longest comes first.
    pub tickets: Vec<Ticket>,
    /// The dishes that were cooked last. The latest comes first.
    pub cooked: Vec<Cooked>,
}

/// The dishes to cook for one order.
#[derive(Debug, PartialEq)]
pub struct Ticket {
    pub order_id: i32,
    pub table_number: i32,
    pub server: String,
    pub dishes: Vec<Dish>,
}

/// A line of an order with portions to cook.
#[derive(Debug, PartialEq)]
pub struct Dish {
    pub line: OrderDetail,
    /// How many portions are cooked already.
    pub cooked: i32,
    /// The portions to cook: how many, and when they were ordered. The earliest come first.
    pub portions: Vec<(i32, Timestamp)>,
}

/// Portions that were marked as cooked together.
#[derive(Debug, PartialEq, Queryable)]
pub struct Cooked {
    pub id: i32,
    pub quantity: i32,
    pub name: String,
    pub table_number: i32,
}

impl Ticket {
    /// When the earliest portion was ordered.
    pub fn since(&self) -> Timestamp {
        self.dishes.iter().map(Dish::since).min().unwrap_or(Timestamp(i64::MAX))
    }
}

impl Dish {
    /// How many portions there are to cook.
    pub fn to_cook(&self) -> i32 {
        self.line.quantity - self.cooked
    }

    /// When the earliest portion was ordered.
    pub fn since(&self) -> Timestamp {
        self.portions.first().map_or(Timestamp(i64::MAX), |(_, ordered_at)| *ordered_at)
    }

    /// The portions that were added to a line that the kitchen had before.
    pub fn more(&self) -> &[(i32, Timestamp)] {
        let first = usize::from(self.cooked == 0).min(self.portions.len());
        &self.portions[first..]
    }
}

/// What the kitchen's screen shows now.
///
/// # Errors
///
/// When the database fails.
pub fn kitchen(conn: &mut Db, now: Timestamp) -> QueryResult<Kitchen> {
    read(conn, |conn| kitchen_now(conn, now))
}

/// Like [`kitchen`], within a transaction of the caller: three queries, however many dishes there are.
///
/// # Errors
///
/// When the database fails.
pub fn kitchen_now(conn: &mut Db, now: Timestamp) -> QueryResult<Kitchen> {
    let is_to_cook = orders::closed_at.is_null().and(order_details::cooked.lt(order_details::quantity));
    let lines: Vec<(OrderDetail, i32, Timestamp, i32, String)> = order_details::table
        .inner_join(orders::table.inner_join(tables::table).inner_join(employees::table))
        .filter(is_to_cook)
        .order(order_details::id)
        .select((
            OrderDetail::as_select(),
            order_details::cooked,
            orders::opened_at,
            tables::number,
            employees::name,
        ))
        .load(conn)?;
    // The latest come first.
    let ordered: Vec<(i32, i32, Timestamp)> = ordered_portions::table
        .inner_join(order_details::table.inner_join(orders::table))
        .filter(is_to_cook)
        .order((ordered_portions::ordered_at.desc(), ordered_portions::id.desc()))
        .select((ordered_portions::order_detail_id, ordered_portions::quantity, ordered_portions::ordered_at))
        .load(conn)?;
    let mut of_line: HashMap<i32, Vec<(i32, Timestamp)>> = HashMap::new();
    for (line, quantity, ordered_at) in ordered {
        of_line.entry(line).or_default().push((quantity, ordered_at));
    }
    let mut tickets: Vec<Ticket> = Vec::new();
    for (line, cooked, opened_at, table_number, server) in lines {
        let ordered = of_line.remove(&line.id).unwrap_or_default();
        let portions = uncooked(line.quantity - cooked, &ordered, opened_at);
        let order_id = line.order_id;
        let dish = Dish { line, cooked, portions };
        match tickets.iter_mut().find(|ticket| ticket.order_id == order_id) {
            Some(ticket) => ticket.dishes.push(dish),
            None => tickets.push(Ticket { order_id, table_number, server, dishes: vec![dish] }),
        }
    }
    for ticket in &mut tickets {
        ticket.dishes.sort_by_key(|dish| (dish.since(), dish.line.id));
    }
    tickets.sort_by_key(|ticket| (ticket.since(), ticket.order_id));
    let cooked = cooked_portions::table
        .inner_join(order_details::table.inner_join(orders::table.inner_join(tables::table)))
        .filter(orders::closed_at.is_null().and(cooked_portions::cooked_at.ge(now - LISTED_FOR)))
        .order((cooked_portions::cooked_at.desc(), cooked_portions::id.desc()))
        .limit(LAST)
        .select((cooked_portions::id, cooked_portions::quantity, order_details::name, tables::number))
        .load(conn)?;
    Ok(Kitchen { tickets, cooked })
}

/// The portions to cook, the earliest first. They are the latest of those that were `ordered`, because the kitchen
/// cooks the earliest first. Portions without a time are as old as the order.
fn uncooked(to_cook: i32, ordered: &[(i32, Timestamp)], opened_at: Timestamp) -> Vec<(i32, Timestamp)> {
    let (mut portions, mut left) = (Vec::new(), to_cook);
    for &(quantity, ordered_at) in ordered {
        let quantity = quantity.min(left);
        if quantity > 0 {
            portions.push((quantity, ordered_at));
            left -= quantity;
        }
    }
    if left > 0 {
        portions.push((left, opened_at));
    }
    portions.reverse();
    portions
}

/// Marks `quantity` portions of a line as cooked, after the `cooked` ones that the cook has seen. When two cooks press
/// the same button at once, the second one finds another number there, so nothing is counted twice.
///
/// # Errors
///
/// [`KitchenError::Unknown`] if there is no such line, and [`KitchenError::Changed`] if the line is no longer as the
/// cook has seen it.
pub fn mark_cooked(
    conn: &mut Db,
    line: i32,
    cooked: i32,
    quantity: i32,
    now: Timestamp,
) -> Result<(), KitchenError> {
    write(conn, |conn| {
        let open = orders::table.filter(orders::closed_at.is_null()).select(orders::id);
        let as_shown = order_details::table.find(line).filter(
            order_details::cooked
                .eq(cooked)
                .and(order_details::quantity.ge(cooked.saturating_add(quantity)))
                .and(order_details::order_id.eq_any(open)),
        );
        let set = order_details::cooked.eq(order_details::cooked + quantity);
        if diesel::update(as_shown).set(set).execute(conn)? == 0 {
            let line = order_details::table.find(line).select(order_details::id);
            return Err(match line.first::<i32>(conn).optional()? {
                None => KitchenError::Unknown,
                Some(_) => KitchenError::Changed,
            });
        }
        let values = (
            cooked_portions::order_detail_id.eq(line),
            cooked_portions::quantity.eq(quantity),
            cooked_portions::cooked_at.eq(now),
        );
        diesel::insert_into(cooked_portions::table).values(values).execute(conn)?;
        Ok(())
    })
}

/// Undoes one [`mark_cooked`]. Its portions are to be cooked again, unless they were removed from the order.
///
/// # Errors
///
/// [`KitchenError::Unknown`] if there is nothing to undo. Another cook may have undone it a moment ago.
pub fn undo(conn: &mut Db, id: i32) -> Result<(), KitchenError> {
    write(conn, |conn| {
        let of_mark = cooked_portions::table.find(id).select(cooked_portions::order_detail_id);
        let line: i32 = of_mark.first(conn).optional()?.ok_or(KitchenError::Unknown)?;
        // A server who takes the line back locks it first, and then its marks. In the opposite order here, each could
        // wait for the other. On SQLite, nobody else can write now.
        #[cfg(feature = "postgres")]
        order_details::table
            .find(line)
            .select(order_details::id)
            .for_update()
            .first::<i32>(conn)
            .optional()?;
        let quantity: i32 = diesel::delete(cooked_portions::table.find(id))
            .returning(cooked_portions::quantity)
            .get_result(conn)
            .optional()?
            .ok_or(KitchenError::Unknown)?;
        // If portions were removed from the order since, fewer are cooked.
        let fewer = order_details::cooked - quantity;
        let fewer = case_when(order_details::cooked.ge(quantity), fewer).otherwise(0);
        diesel::update(order_details::table.find(line)).set(order_details::cooked.eq(fewer)).execute(conn)?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portions_left_to_cook_are_those_ordered_last() {
        let [early, late] = [100, 200].map(Timestamp);
        let ordered = [(1, late), (2, early)];
        assert_eq!(uncooked(3, &ordered, Timestamp(0)), [(2, early), (1, late)]);
        assert_eq!(uncooked(2, &ordered, Timestamp(0)), [(1, early), (1, late)]);
        assert_eq!(uncooked(1, &ordered, Timestamp(0)), [(1, late)]);
        assert_eq!(uncooked(5, &ordered, Timestamp(0)), [(2, Timestamp(0)), (2, early), (1, late)]);
        assert_eq!(uncooked(0, &ordered, Timestamp(0)), []);
    }
}
