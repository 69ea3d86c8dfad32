//! Order Up from the outside: requests in, pages out, on both databases.
//!
//!     cargo test -p order-up
//!     cargo test -p order-up --features postgres

#[cfg(not(feature = "postgres"))]
mod backup;
mod board;
mod command_line;
#[cfg(unix)]
mod connections;
mod done;
mod errors;
mod failing;
mod pool;
// It kills processes.
#[cfg(unix)]
mod faults;
mod find;
mod forms;
mod history;
mod hostile;
mod html;
mod kept;
mod kitchen;
mod lines;
mod live;
mod live_events;
mod log;
mod models;
mod money;
mod notes;
mod ordered;
mod orders;
mod original;
mod pairs;
mod people;
mod program;
#[cfg(unix)]
mod proxy;
mod put_back;
mod races;
mod random_walk;
mod report;
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
mod sold_out;
mod split;
mod tonight;
mod transfer;
mod typed;
mod types;
mod undo;

use restaurant::Open;
