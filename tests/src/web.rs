//! A browser that speaks to a router in the same process, without a network.

use std::fmt;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

/// A browser. Its methods wait for the answer, so that a gate reads like a list of steps.
pub struct Browser {
    /// Here until the browser is dropped.
    app: Option<Router>,
    runtime: tokio::runtime::Runtime,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub body: String,
}

impl Browser {
    pub fn new(app: impl FnOnce() -> Router) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime can be made");
        // An app may ask for the runtime it is made in.
        let app = runtime.block_on(async { app() });
        Self { app: Some(app), runtime }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.runtime.block_on(ask(self.app(), path.to_owned()))
    }

    /// Asks `times` times before the first answer has come.
    pub fn get_at_once(&self, path: &str, times: usize) -> Vec<Answer> {
        self.runtime.block_on(async {
            let asked: Vec<_> = (0..times).map(|_| tokio::spawn(ask(self.app(), path.to_owned()))).collect();
            let mut answers = Vec::new();
            for answer in asked {
                match answer.await {
                    Ok(answer) => answers.push(answer),
                    Err(failed) => std::panic::resume_unwind(failed.into_panic()),
                }
            }
            answers
        })
    }
}

impl Browser {
    fn app(&self) -> Router {
        self.app.clone().expect("the app is here until the browser is dropped")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A pool closes its connections on the runtime, so it goes first.
        let _inside = self.runtime.enter();
        self.app = None;
    }
}

async fn ask(app: Router, path: String) -> Answer {
    let request = Request::get(path).body(Body::empty()).expect("the gate's request is one");
    let Ok(response) = app.oneshot(request).await;
    let status = response.status();
    let body = to_bytes(response.into_body(), 1024 * 1024).await.expect("the answer has an end");
    Answer { status, body: String::from_utf8_lossy(&body).into_owned() }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.status, self.body)
    }
}
