//! What the server tells a response that has no end. The server adds it to each request. Requests without a server, as
//! in tests, do not have it.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

#[derive(Clone)]
pub struct Connection {
    /// Its sender is dropped when the program is asked to stop.
    pub stopping: watch::Receiver<()>,
    /// Limits the responses without an end, so that there are connections left for the others.
    pub endless: Arc<Semaphore>,
}

impl Connection {
    /// Waits until the program is asked to stop.
    pub async fn stopped(&mut self) {
        while self.stopping.changed().await.is_ok() {}
    }

    /// A permit for a response without an end, if there is one left.
    pub fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.endless).try_acquire_owned().ok()
    }
}
