//! A small app in the place of a student's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;

pub struct Shop {
    /// As in `http://127.0.0.1:8000/`.
    pub address: String,
    requests: Arc<AtomicUsize>,
}

impl Shop {
    /// Serves it until the test ends.
    pub async fn open() -> Self {
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let home = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            async { Html("<!doctype html><html lang=en><title>Shop</title><h1>The shop</h1><p>1865 books") }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = format!("http://{}/", listener.local_addr().expect("it has an address"));
        tokio::spawn(axum::serve(listener, Router::new().route("/", get(home))).into_future());
        Self { address, requests }
    }

    /// How often somebody has asked for its page.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}
