//! The connections that all requests share.

use std::panic::resume_unwind;

use deadpool::managed::{Hook, HookError};
use deadpool_diesel::{InteractError, Manager, Runtime};

use groundwork::echo::{Echo, echo_statements};
use groundwork::{Db, prepare};

use crate::config::Config;

/// At most this many connections are open at a time. A request that finds all of them taken
/// waits until one is given back.
pub const CONNECTIONS: usize = 3;

/// A handle to the connections; its clones share the same connections.
#[derive(Clone)]
pub struct Pool(deadpool_diesel::Pool<Manager<Db>>);

/// Why the pool could not provide a connection.
pub type PoolError = deadpool_diesel::PoolError;

impl Pool {
    /// A pool for the database that `config` names. It opens no connection until a request needs
    /// one.
    pub fn new(config: &Config) -> Self {
        // Task: Build a pool of at most `CONNECTIONS` connections that calls `after_connecting` for each.
        todo!("Build a pool of at most `CONNECTIONS` connections that calls `after_connecting` for each")
    }

    /// Runs `work` on one of the connections, on a thread where it may wait for the database.
    ///
    /// # Errors
    ///
    /// When no connection can be opened.
    ///
    /// # Panics
    ///
    /// Panics if `work` panics, so that the panic surfaces in the caller.
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

/// Prepares each new connection, and echoes its statements if `echo` is set.
fn after_connecting(echo: Option<Echo>) -> Hook<Manager<Db>> {
    Hook::async_fn(move |conn: &mut deadpool_diesel::Connection<Db>, _metrics| {
        Box::pin(async move {
            let prepared = conn.interact(move |conn: &mut Db| {
                prepare(conn)?;
                if let Some(echo) = echo {
                    echo_statements(conn, echo);
                }
                Ok(())
            });
            let prepared = prepared.await.map_err(|error| HookError::message(error.to_string()))?;
            // `Ping` is the only variant of deadpool-diesel's error that can hold a database error.
            prepared.map_err(|error| HookError::Backend(deadpool_diesel::Error::Ping(error)))
        })
    })
}
