//! Who makes a request, and whether they may.

pub mod address;
pub mod employees;
pub mod form_token;
pub mod headers;
pub mod session_store;
pub mod signed_in;
pub mod throttle;
pub mod visitor;
