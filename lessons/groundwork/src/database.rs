//! The database that this program is built for.
//!
//! A program is compiled for one database: for SQLite, or, with `--features postgres`, for PostgreSQL. Where the two
//! need different code, both versions are there, each with an attribute that says when it is compiled:
//!
//! - `#[cfg(not(feature = "postgres"))]`: only for SQLite;
//! - `#[cfg(feature = "postgres")]`: only for PostgreSQL.
//!
//! Read the one for your database and skip the other. Such pairs are in this package and in Order Up; lessons 1 to 7
//! have none.

use diesel::prelude::*;

/// A connection to the database.
#[cfg(not(feature = "postgres"))]
pub type Db = SqliteConnection;
#[cfg(feature = "postgres")]
pub type Db = PgConnection;

/// What Diesel needs to know about [`Db`] to check a query while it compiles.
pub type Backend = <Db as Connection>::Backend;
