//! Lesson 1: a role, a database that it owns, and a connection.
//!
//!     cargo test -p lesson-01-database

pub mod connect;

pub use connect::connect;

/// The statements that create the role and its database.
pub const SETUP_SQL: &str = include_str!("../setup.sql");

/// The settings, one per line.
pub const DOTENV: &str = include_str!("../.env.example");
