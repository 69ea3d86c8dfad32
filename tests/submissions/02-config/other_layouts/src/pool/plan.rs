//! How a pool is to be, before it is one.

use deadpool::managed::{Hook, PoolConfig};
use deadpool_diesel::{Manager, Runtime};

use super::{CONNECTIONS, after_connecting};
use crate::config::Config;
use groundwork::Db;

pub(super) struct Plan {
    manager: Manager<Db>,
    limits: PoolConfig,
    hook: Hook<Manager<Db>>,
}

impl From<&Config> for Plan {
    fn from(config: &Config) -> Self {
        Self {
            manager: Manager::new(config.database_url.as_str(), Runtime::Tokio1),
            limits: PoolConfig { max_size: CONNECTIONS, ..PoolConfig::default() },
            hook: after_connecting(config.sql_echo),
        }
    }
}

impl Plan {
    pub(super) fn carry_out(self) -> deadpool_diesel::Pool<Manager<Db>> {
        deadpool_diesel::Pool::builder(self.manager)
            .config(self.limits)
            .post_create(self.hook)
            .build()
            .expect("there are no time limits, which alone would ask for a runtime")
    }
}
