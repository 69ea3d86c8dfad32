//! The tables, and every operation on them. Nothing here handles HTTP.

pub mod bill;
pub mod board;
pub mod employee;
pub mod failed_sign_in;
pub mod history;
pub mod kitchen;
pub mod log;
pub mod menu;
pub mod order;
pub mod order_detail;
pub mod report;
pub mod sold_out;
pub mod split;
pub mod table;
pub mod tonight;
