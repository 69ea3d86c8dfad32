//! The connections that all requests share.

use std::panic::resume_unwind;
use std::time::Duration;

use deadpool::managed::{Hook, HookError, Timeouts};
use deadpool_diesel::{InteractError, Manager, ManagerConfig, RecyclingMethod, Runtime};
use diesel::connection::{Connection, InstrumentationEvent};

use crate::config::{Config, Echo};
use crate::connect::{Db, prepare};

/// At most this many connections are open at a time. A request that finds all of them taken
/// waits until one is given back.
pub const CONNECTIONS: usize = 8;

/// So long a request waits for a connection; then it is better to say so than to let it hang.
const PATIENCE: Duration = Duration::from_secs(10);

/// A handle to the connections; clones of it lead to the same ones.
#[derive(Clone)]
pub struct Pool(deadpool_diesel::Pool<Manager<Db>>);

/// Why no connection was to be had.
pub type PoolError = deadpool_diesel::PoolError;

impl Pool {
    /// A pool for the database that `config` names. It connects when the first request needs it.
    pub fn new(config: &Config) -> Self {
        let checks = ManagerConfig { recycling_method: before_reuse() };
        let manager = Manager::from_config(&config.database_url, Runtime::Tokio1, checks);
        let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let pool = deadpool_diesel::Pool::builder(manager)
            .max_size(CONNECTIONS)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .post_create(after_connecting(config.sql_echo))
            .build();
        Self(pool.expect("a pool with time limits has what it asks for, a runtime"))
    }

    /// Runs `work` on one of the connections, on a thread where it may wait for the database.
    ///
    /// # Panics
    ///
    /// When `work` does: the panic goes on here, where whoever wrote it sees it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let conn = self.0.get().await?;
        match conn.interact(work).await {
            Ok(result) => Ok(result),
            Err(InteractError::Panic(panic)) => resume_unwind(panic),
            Err(InteractError::Cancelled) => Err(PoolError::Closed),
        }
    }
}

/// A server may have gone away since a connection was last used, so it is asked before.
#[cfg(feature = "postgres")]
fn before_reuse() -> RecyclingMethod<Db> {
    RecyclingMethod::Verified
}

/// SQLite is a part of this process and cannot go away.
#[cfg(not(feature = "postgres"))]
fn before_reuse() -> RecyclingMethod<Db> {
    RecyclingMethod::CustomFunction(Box::new(|_| Ok(())))
}

/// What is done with each new connection: prepare it, and echo its statements if asked to.
fn after_connecting(echo: Option<Echo>) -> Hook<Manager<Db>> {
    Hook::async_fn(move |conn: &mut deadpool_diesel::Connection<Db>, _metrics| {
        Box::pin(async move {
            let prepared = conn.interact(move |conn: &mut Db| {
                prepare(conn)?;
                if let Some(echo) = echo {
                    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                        if let InstrumentationEvent::StartQuery { query, .. } = event {
                            echo(&query.to_string());
                        }
                    });
                }
                diesel::QueryResult::Ok(())
            });
            let prepared = prepared.await.map_err(|error| HookError::message(error.to_string()))?;
            prepared.map_err(|error| HookError::message(error.to_string()))
        })
    })
}
