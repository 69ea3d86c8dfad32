//! The state of the app: what all requests share.

use std::sync::Arc;

use groundwork::order_up::Clock;
use groundwork::order_up::passwords::Passwords;

use crate::config::Config;
use crate::live::Live;
use crate::pool::Pool;
use crate::security::sign_in_queue::SignInQueue;

/// What all handlers share. It keeps nothing from one request to the next, so any number of
/// instances can run on one database.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub pool: Pool,
    pub passwords: Passwords,
    pub sign_in_queue: SignInQueue,
    pub live: Live,
}

impl App {
    /// The state for these settings. It starts the thread that hashes passwords, and connects to
    /// the database when the first request needs it.
    pub fn new(config: Config, clock: Clock) -> Self {
        let (pool, live) = (Pool::new(&config), Live::new(&config, clock.clone()));
        Self {
            config: config.into(),
            clock,
            pool,
            passwords: Passwords::start(),
            sign_in_queue: SignInQueue::default(),
            live,
        }
    }
}
