//! The connections that all requests share.

use std::panic::resume_unwind;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult, Timeouts};
use deadpool_sync::{InteractError, SyncWrapper};
use groundwork::echo::{Echo, echo_statements};
use groundwork::{ConnectError, Db, connect};

use crate::config::Config;

/// At most this many connections are open at a time. A request that finds all of them in use waits
/// until one is free.
pub const CONNECTIONS: usize = 8;

/// How long a request waits for a connection. After that, an error is better than a page that never loads.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A handle to the connections, which its clones share.
#[derive(Clone)]
pub struct Pool(deadpool::managed::Pool<Connections>);

/// Why there was no connection.
pub type PoolError = deadpool::managed::PoolError<ConnectError>;

impl Pool {
    /// A pool for the database that `config` names. It connects when the first request needs it.
    pub fn new(config: &Config) -> Self {
        let connections = Connections { url: config.database_url.clone(), echo: config.sql_echo };
        let timeouts = Timeouts { wait: Some(TIMEOUT), create: Some(TIMEOUT), recycle: Some(TIMEOUT) };
        let builder = deadpool::managed::Pool::builder(connections).max_size(CONNECTIONS).timeouts(timeouts);
        let pool = builder.runtime(deadpool::Runtime::Tokio1).build();
        Self(pool.expect("a pool with time limits has what it asks for, a runtime"))
    }

    /// Runs `work` on one of the connections, on a thread where it may wait for the database.
    ///
    /// # Errors
    ///
    /// When there is no connection.
    ///
    /// # Panics
    ///
    /// When `work` does: the panic continues here, where the author of `work` sees it.
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

    /// Runs `work`, which looks up a row or two by their key, as every request does to find its employee.
    ///
    /// On SQLite that takes about ten microseconds, less than handing it to another thread, and a reader
    /// never waits (`connect` sets the write-ahead log). So it runs on this thread. PostgreSQL is a server
    /// to wait for, as in [`run`](Self::run).
    ///
    /// # Errors
    ///
    /// When there is no connection.
    ///
    /// # Panics
    ///
    /// When `work` does.
    pub async fn look_up<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        if cfg!(feature = "postgres") {
            return self.run(work).await;
        }
        let conn = self.0.get().await?;
        // `recycle` has checked it a moment ago.
        let mut conn = conn.lock().expect("a connection that a panic has left half-way is not handed out");
        Ok(work(&mut conn))
    }
}

/// How the pool makes connections, and what it does before one is used again.
///
/// Lesson 2 leaves this to deadpool-diesel, which runs a query before each use. That query finds out
/// whether a server has gone away. SQLite is a part of this process and cannot go away, and the query
/// would cost as much as the request itself.
struct Connections {
    url: String,
    echo: Option<Echo>,
}

impl Manager for Connections {
    type Type = SyncWrapper<Db>;
    type Error = ConnectError;

    async fn create(&self) -> Result<SyncWrapper<Db>, ConnectError> {
        let (url, echo) = (self.url.clone(), self.echo);
        let connect = move || {
            let mut conn = connect(&url)?;
            if let Some(echo) = echo {
                echo_statements(&mut conn, echo);
            }
            Ok(conn)
        };
        SyncWrapper::new(deadpool::Runtime::Tokio1, connect).await
    }

    async fn recycle(&self, conn: &mut SyncWrapper<Db>, _: &Metrics) -> RecycleResult<ConnectError> {
        // A panic may have left a transaction open.
        if conn.is_mutex_poisoned() {
            return Err(RecycleError::message("a panic has left this connection half-way"));
        }
        check_alive(conn).await
    }
}

#[cfg(not(feature = "postgres"))]
async fn check_alive(_conn: &SyncWrapper<Db>) -> RecycleResult<ConnectError> {
    Ok(())
}

#[cfg(feature = "postgres")]
async fn check_alive(conn: &SyncWrapper<Db>) -> RecycleResult<ConnectError> {
    use diesel::prelude::*;
    use diesel::sql_types::Integer;

    match conn.interact(|conn| diesel::select(1.into_sql::<Integer>()).execute(conn)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(RecycleError::message(error.to_string())),
        Err(error) => Err(RecycleError::message(error.to_string())),
    }
}
