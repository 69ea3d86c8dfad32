//! Why something could not be done with an order, in words for the person who tried.

use std::fmt;

use groundwork::{Constraint, violated};

#[derive(Debug)]
pub enum OrderError {
    /// There is no such order.
    Unknown,
    /// It is another server's.
    NotYours {
        server: String,
    },
    /// It has been closed in the meantime.
    Closed {
        table_number: i32,
    },
    /// The table has an open order.
    TableTaken {
        table_number: i32,
    },
    /// There is no such table, or it has been removed.
    NoTable,
    /// There is no such employee, or they have left.
    NoServer,
    /// What was to be added is on no menu, or no longer.
    NoItem,
    /// There is no such line on this order.
    NoLine,
    /// A line would have more than the 999 that a bill has room for.
    TooMany,
    Database(diesel::result::Error),
}

impl OrderError {
    /// The same error, with the number that the person knows the table by.
    pub(super) fn at_table(self, number: i32) -> Self {
        match self {
            Self::TableTaken { .. } => Self::TableTaken { table_number: number },
            other => other,
        }
    }
}

impl From<diesel::result::Error> for OrderError {
    fn from(error: diesel::result::Error) -> Self {
        match violated(&error) {
            Some(Constraint::Unique(columns)) if columns == ["orders.table_id"] => {
                Self::TableTaken { table_number: 0 }
            }
            Some(Constraint::Check(name)) if name == "order_detail_quantity_range" => Self::TooMany,
            _ => Self::Database(error),
        }
    }
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("There is no such order."),
            Self::NotYours { server } => write!(f, "That order is {server}'s. Ask {server}, or a manager."),
            Self::Closed { table_number } => {
                write!(f, "The order of table {table_number} has been closed. A manager can open it again.")
            }
            Self::TableTaken { table_number } => write!(f, "Table {table_number} was taken a moment ago."),
            Self::NoTable => f.write_str("That table is not in use any more."),
            Self::NoServer => f.write_str("That server no longer works here. Choose another."),
            Self::NoItem => f.write_str(
                "Something you chose is no longer on the menu, so nothing was added. Choose again.",
            ),
            Self::NoLine => f.write_str("That line is no longer on the order."),
            Self::TooMany => f.write_str("An order holds at most 999 of one item, so nothing was added."),
            Self::Database(_) => f.write_str("Something went wrong. It has been written down."),
        }
    }
}

impl std::error::Error for OrderError {}
