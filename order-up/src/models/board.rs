//! What the board shows: four queries in one snapshot, however many orders are open.

use diesel::prelude::*;
use groundwork::{Db, read};

use crate::models::bill::Bill;
use crate::models::employee::{self, Employee};
use crate::models::menu::{self, MenuItem, Section};
use crate::models::order::Order;
use crate::models::order_detail::OrderDetail;
use crate::models::table::Table;
use crate::schema::{employees, order_details, orders, tables};

#[derive(Debug)]
pub struct Board {
    pub open_tables: Vec<Table>,
    /// The ids and names of all employees who can serve, by name.
    pub servers: Vec<(i32, String)>,
    /// The open orders, by table.
    pub orders: Vec<Bill>,
    pub menu: Vec<Section>,
}

impl Board {
    /// All items that can be ordered.
    pub fn items(&self) -> impl Iterator<Item = &MenuItem> {
        self.menu.iter().flat_map(|section| &section.items)
    }

    /// The item with the id that is in the name of a field.
    pub fn item(&self, id: &str) -> Option<&MenuItem> {
        self.items().find(|item| item.id.to_string() == id)
    }

    /// Whether there is more than one menu, and so a reason to name them.
    pub fn has_menus(&self) -> bool {
        self.menu.windows(2).any(|pair| pair[0].menu != pair[1].menu)
    }
}

/// The board of `me`. With `all`, which is for managers, it has everybody's orders.
///
/// # Errors
///
/// When the database fails.
pub fn board(conn: &mut Db, me: &Employee, all: bool) -> QueryResult<Board> {
    read(conn, |conn| board_now(conn, me, all))
}

fn board_now(conn: &mut Db, me: &Employee, all: bool) -> QueryResult<Board> {
    let mut open_tables = Vec::new();
    let mut taken = Vec::new();
    for (table, order, server) in seatings(conn)? {
        match order.zip(server) {
            None => open_tables.push(table),
            Some((order, server)) if all || order.employee_id == me.id => taken.push((order, table, server)),
            Some(_) => {}
        }
    }
    let orders = bills(conn, taken)?;
    Ok(Board { open_tables, servers: employee::servers(conn)?, orders, menu: menu::sections(conn)? })
}

/// A table, and, if guests sit at it, their order and the name of its server.
pub(super) type Seating = (Table, Option<Order>, Option<String>);

/// Every table that is in use.
pub(super) fn seatings(conn: &mut Db) -> QueryResult<Vec<Seating>> {
    tables::table
        .left_join(orders::table.on(orders::table_id.eq(tables::id).and(orders::closed_at.is_null())))
        .left_join(employees::table.on(employees::id.eq(orders::employee_id)))
        .filter(tables::retired_at.is_null().or(orders::id.is_not_null()))
        .order((tables::number, tables::id))
        .select((Table::as_select(), Option::<Order>::as_select(), employees::name.nullable()))
        .load(conn)
}

/// The orders with their lines: one query for all, as in lesson 4.
pub(super) fn bills(conn: &mut Db, taken: Vec<(Order, Table, String)>) -> QueryResult<Vec<Bill>> {
    let orders: Vec<_> = taken.iter().map(|(order, ..)| order).collect();
    let lines = OrderDetail::belonging_to(&orders)
        .select(OrderDetail::as_select())
        .order(order_details::id)
        .load(conn)?
        .grouped_by(&orders);
    let bills = taken.into_iter().zip(lines);
    Ok(bills
        .map(|((order, table, server), lines)| Bill { order, table_number: table.number, server, lines })
        .collect())
}
