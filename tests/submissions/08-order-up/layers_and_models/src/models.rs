//! Rows of the tables, and rows to be.

use diesel::prelude::*;
use groundwork::Db;
use groundwork::order_up::Timestamp;

use crate::money::Cents;
use crate::schema::{dishes, employees, lines, orders, tables};

#[derive(HasQuery)]
#[diesel(table_name = tables)]
pub struct Table {
    pub number: i32,
    pub seats: i32,
}

#[derive(HasQuery)]
#[diesel(table_name = dishes)]
pub struct Dish {
    pub id: i32,
    pub menu: String,
    pub kind: String,
    pub name: String,
    pub price_cents: Cents,
}

#[derive(HasQuery, Identifiable)]
#[diesel(table_name = orders)]
pub struct Order {
    pub id: i32,
    pub table_number: i32,
    pub employee_id: i32,
    pub closed_at: Option<Timestamp>,
}

#[derive(Associations, HasQuery, Identifiable)]
#[diesel(table_name = lines, belongs_to(Order))]
pub struct Line {
    id: i32,
    order_id: i32,
    pub dish_name: String,
    price_cents: Cents,
    pub quantity: i64,
}

impl Line {
    pub fn amount(&self) -> Cents {
        Cents(self.price_cents.0 * self.quantity)
    }
}

/// What guests have to pay for these.
pub fn total(lines: &[Line]) -> Cents {
    lines.iter().map(Line::amount).sum()
}

#[derive(Insertable)]
#[diesel(table_name = employees)]
pub struct NewEmployee<'a> {
    pub number: i32,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub is_manager: bool,
    pub retired_at: Option<Timestamp>,
}

#[derive(Insertable)]
#[diesel(table_name = tables)]
pub struct NewTable {
    pub number: i32,
    pub seats: i32,
}

#[derive(Insertable)]
#[diesel(table_name = dishes)]
pub struct NewDish<'a> {
    pub menu: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
    pub price_cents: i64,
}

#[derive(Insertable)]
#[diesel(table_name = orders)]
pub struct NewOrder {
    pub table_number: i32,
    pub employee_id: i32,
    pub opened_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = lines)]
pub struct NewLine<'a> {
    pub order_id: i32,
    pub dish_name: &'a str,
    pub price_cents: i64,
    pub quantity: i64,
}

impl NewLine<'_> {
    /// Adds the line to its order; the same dish at the same price is one line.
    pub fn add(&self, conn: &mut Db) -> QueryResult<()> {
        diesel::insert_into(lines::table)
            .values(self)
            .on_conflict((lines::order_id, lines::dish_name, lines::price_cents))
            .do_update()
            .set(lines::quantity.eq(lines::quantity + self.quantity))
            .execute(conn)?;
        Ok(())
    }
}
