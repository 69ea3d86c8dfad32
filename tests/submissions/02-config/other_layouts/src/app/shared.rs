//! What all handlers share.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::config::Config;
use crate::pool::Pool;

#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    pool: Pool,
    lost: &'static str,
}

/// What visitors of an unknown address are told.
pub(super) struct Lost(pub(super) &'static str);

impl From<&Config> for Shared {
    fn from(config: &Config) -> Self {
        Self(Arc::new(Inner { pool: Pool::new(config), lost: "There is no such page." }))
    }
}

/// A handler that asks for `State<Pool>` gets the one pool.
impl FromRef<Shared> for Pool {
    fn from_ref(shared: &Shared) -> Self {
        shared.0.pool.clone()
    }
}

impl FromRef<Shared> for Lost {
    fn from_ref(shared: &Shared) -> Self {
        Self(shared.0.lost)
    }
}
