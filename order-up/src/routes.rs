//! The handlers. Each module has the pages about one thing, and a `router()` with their paths.

pub mod account;
pub mod board;
pub mod employees;
pub mod files;
pub mod find;
pub mod health;
pub mod history;
pub mod kitchen;
pub mod lines;
pub mod live;
pub mod log;
pub mod menu;
pub mod orders;
pub mod report;
pub mod sign_in;
pub mod sold_out;
pub mod split;
pub mod tables;
pub mod tonight;
pub mod transfer;
pub mod types;
pub mod undo;
