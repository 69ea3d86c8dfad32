//! Why something could not be done with an order. The messages are for the person who tried.

use groundwork::{Constraint, violated};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum OrderError {
    #[error("There is no such order.")]
    Unknown,
    #[error("That is {server}'s order. Ask {server} or a manager.")]
    NotYours { server: String },
    #[error("The order of table {table_number} has been closed. A manager can open it again.")]
    Closed { table_number: i32 },
    #[error("The bill of table {table_number} is from another day and can no longer be changed.")]
    AnotherDay { table_number: i32 },
    /// The table has an open order.
    #[error("Table {table_number} was taken a moment ago.")]
    TableTaken { table_number: i32 },
    /// There is no such table, or it has been removed.
    #[error("That table is no longer in use.")]
    NoTable,
    /// There is no such employee, or they have left.
    #[error("That server no longer works here. Choose another.")]
    NoServer,
    /// An item was never on a menu, or has been taken off.
    #[error("An item that you chose is no longer on the menu, so nothing was added. Choose again.")]
    NoItem,
    /// An item that has run out today.
    #[error("{item} is sold out today, so nothing was added. Choose again.")]
    SoldOut { item: String },
    #[error("That line is no longer on the order.")]
    NoLine,
    /// Somebody else has changed how many there are.
    #[error("The order now has {quantity} × {item}, so nothing was changed. Check it, and try again.")]
    OtherQuantity { item: String, quantity: i32 },
    /// It was undone already, or is too old for that.
    #[error("That can no longer be undone. Check the order.")]
    TooLate,
    /// Taking something back needs a reason.
    #[error("Choose or enter a reason.")]
    NoReason,
    /// A line would get a quantity above the limit that the table sets.
    #[error("An order can have at most 999 of one item, so nothing was added.")]
    TooMany,
    #[error(transparent)]
    Database(diesel::result::Error),
}

impl OrderError {
    /// The error for an open order that the database rejects at this table.
    pub(super) fn at_table(table_number: i32, error: diesel::result::Error) -> Self {
        match violated(&error) {
            Some(Constraint::Unique(columns)) if columns == ["orders.table_id"] => {
                Self::TableTaken { table_number }
            }
            _ => error.into(),
        }
    }
}

impl From<diesel::result::Error> for OrderError {
    fn from(error: diesel::result::Error) -> Self {
        match violated(&error) {
            Some(Constraint::Check(name)) if name == "order_detail_quantity_range" => Self::TooMany,
            _ => Self::Database(error),
        }
    }
}
