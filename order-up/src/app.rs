//! The state of the app: what all requests share.

use std::sync::Arc;

use groundwork::order_up::Clock;
use groundwork::order_up::passwords::Passwords;

use crate::config::Config;
use crate::pool::Pool;

/// What all handlers share. Nothing in it changes from one request to the next, so any number of
/// apps can run on one database.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub pool: Pool,
    pub passwords: Passwords,
}

impl App {
    /// The state for these settings. It starts the thread that hashes passwords, and connects to
    /// the database when the first request needs it.
    pub fn new(config: Config, clock: Clock) -> Self {
        let pool = Pool::new(&config);
        Self { config: config.into(), clock, pool, passwords: Passwords::start() }
    }
}
