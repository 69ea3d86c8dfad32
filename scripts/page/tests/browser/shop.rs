//! A small app in the place of a student's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::response::Html;
use axum::routing::get;
use kata::running::Site;
use tokio::net::TcpListener;

pub struct Shop {
    /// As in `http://127.0.0.1:8000/`.
    pub address: String,
    requests: Arc<AtomicUsize>,
    known: Arc<AtomicUsize>,
}

impl Shop {
    /// Serves it until the test ends.
    pub async fn open() -> Self {
        let requests = Arc::new(AtomicUsize::new(0));
        let known = Arc::new(AtomicUsize::new(0));
        let (counted, known_of) = (Arc::clone(&requests), Arc::clone(&known));
        let home = move |headers: HeaderMap| {
            counted.fetch_add(1, Ordering::SeqCst);
            known_of.fetch_add(usize::from(headers.contains_key(COOKIE)), Ordering::SeqCst);
            // As lesson 7's cookie: a frame on a page of another site does not get it.
            async {
                (
                    [(SET_COOKIE, "session=1; SameSite=Lax")],
                    Html("<!doctype html><html lang=en><title>Shop</title><h1>The shop</h1><p>1865 books"),
                )
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = format!("http://{}/", listener.local_addr().expect("it has an address"));
        tokio::spawn(axum::serve(listener, Router::new().route("/", get(home))).into_future());
        Self { address, requests, known }
    }

    /// How often it has seen its own cookie.
    pub fn known(&self) -> usize {
        self.known.load(Ordering::SeqCst)
    }

    /// It under a title.
    pub fn site(&self, title: &str) -> Site {
        Site { title: Some(title.to_owned()), address: self.address.clone() }
    }

    /// The same under another name of this machine.
    pub fn under_another_name(&self, title: &str) -> Site {
        Site { address: self.address.replace("127.0.0.1", "localhost"), ..self.site(title) }
    }

    /// How often somebody has asked for its page.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}
