//! Order Up from the outside: requests in, pages out, on both databases.
//!
//!     cargo test -p order-up
//!     cargo test -p order-up --features postgres

mod board;
mod command_line;
mod errors;
mod failing;
mod pool;
// It kills processes.
#[cfg(unix)]
mod faults;
mod forms;
mod history;
mod hostile;
mod html;
mod models;
mod money;
mod ordered;
mod orders;
mod original;
mod people;
mod program;
#[cfg(unix)]
mod proxy;
mod races;
mod random_walk;
mod requests;
mod restaurant;
mod schema;
mod security;
mod seed;
// Asking a process to end is done with a signal.
#[cfg(unix)]
mod serving;
mod sessions;
mod settings;
mod sign_in;
mod typed;

use restaurant::Open;
