//! Which rule of the tables a rejected write has broken.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// A rule of the tables, named alike on both databases.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Constraint {
    /// The columns whose combination must be unique, each as `table.column`.
    Unique(Vec<String>),
    /// The variant does not name the key, because SQLite does not report it.
    ForeignKey,
    /// The name that the migration gave the check.
    Check(String),
    /// The column, as `table.column`.
    NotNull(String),
}

/// The constraint that the database named in its error, if that was the cause.
///
/// PostgreSQL reports the names in separate fields, SQLite only in the message. With this function,
/// no other code has to parse messages.
pub fn violated(error: &Error) -> Option<Constraint> {
    let Error::DatabaseError(kind, information) = error else { return None };
    let information = information.as_ref();
    match kind {
        DatabaseErrorKind::UniqueViolation => Some(Constraint::Unique(columns(information)?)),
        DatabaseErrorKind::ForeignKeyViolation => Some(Constraint::ForeignKey),
        DatabaseErrorKind::CheckViolation => Some(Constraint::Check(check(information)?)),
        DatabaseErrorKind::NotNullViolation => Some(Constraint::NotNull(columns(information)?.pop()?)),
        _ => None,
    }
}

/// From `UNIQUE constraint failed: books.title, books.pages`, whose first part SQLite never
/// translates.
#[cfg(not(feature = "postgres"))]
fn columns(information: &dyn DatabaseErrorInformation) -> Option<Vec<String>> {
    let (_, columns) = information.message().split_once("constraint failed: ")?;
    Some(columns.split(", ").map(str::to_owned).collect())
}

#[cfg(not(feature = "postgres"))]
fn check(information: &dyn DatabaseErrorInformation) -> Option<String> {
    let (_, name) = information.message().split_once("constraint failed: ")?;
    Some(name.to_owned())
}

/// Taken from the column's field or, without one, from the details: `Key (title, pages)=(…) …`.
/// Other languages change only the words.
#[cfg(feature = "postgres")]
fn columns(information: &dyn DatabaseErrorInformation) -> Option<Vec<String>> {
    let table = information.table_name()?;
    let columns = match information.column_name() {
        Some(column) => column,
        None => information.details()?.split_once('(')?.1.split_once(")=(")?.0,
    };
    Some(columns.split(", ").map(|column| format!("{table}.{column}")).collect())
}

#[cfg(feature = "postgres")]
fn check(information: &dyn DatabaseErrorInformation) -> Option<String> {
    information.constraint_name().map(str::to_owned)
}
