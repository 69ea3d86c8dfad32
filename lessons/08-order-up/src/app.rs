//! What all handlers share.

use groundwork::Pool;
use groundwork::order_up::{Clock, Config};

/// The state of the app: handlers take it as `State(app): State<App>`.
#[derive(Clone)]
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub pool: Pool,
}
