//! The connections that all requests share.

use std::panic::resume_unwind;

use deadpool::managed::{Hook, HookError, PoolConfig};
use deadpool_diesel::{InteractError, Manager, Runtime};
use diesel::connection::{Connection, InstrumentationEvent};

use crate::config::{Config, Echo};
use groundwork::{Db, prepare};

/// At most this many connections are open at a time. A request that finds all of them taken
/// waits until one is given back.
pub const CONNECTIONS: usize = 3;

/// A handle to the connections; clones of it lead to the same ones.
#[derive(Clone)]
pub struct Pool(deadpool_diesel::Pool<Manager<Db>>);

/// Why no connection was to be had.
pub type PoolError = deadpool_diesel::PoolError;

impl Pool {
    /// A pool for the database that `config` names. It connects when the first request needs it.
    pub fn new(config: &Config) -> Self {
        // Task: Build a pool of at most `CONNECTIONS` connections that calls `after_connecting` for each.
        let Config { database_url, sql_echo } = config;
        deadpool_diesel::Pool::builder(Manager::new(database_url.as_str(), Runtime::Tokio1))
            .config(PoolConfig::new(CONNECTIONS))
            .runtime(Runtime::Tokio1)
            .post_create(after_connecting(*sql_echo))
            .build()
            .map(Self)
            .expect("a pool without time limits can always be built")
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
