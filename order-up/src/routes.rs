//! The handlers. Each module has the pages about one thing, and a `router()` with their paths.

pub mod account;
pub mod board;
pub mod employees;
pub mod files;
pub mod health;
pub mod history;
pub mod menu;
pub mod orders;
pub mod sign_in;
pub mod tables;
