//! The tables, and everything that is done with them. Nothing here knows HTTP.

pub mod bill;
pub mod board;
pub mod employee;
pub mod failed_sign_in;
pub mod history;
pub mod menu;
pub mod order;
pub mod order_detail;
pub mod table;
