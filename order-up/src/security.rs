//! Authentication and authorization: who makes a request, and what they may do.

pub mod address;
pub mod employees;
pub mod form_token;
pub mod headers;
pub mod session_store;
pub mod sign_in_queue;
pub mod signed_in;
pub mod still_signed_in;
pub mod throttle;
pub mod visitor;
