//! Receives the events of a live page. An `Instance` is one instance of the app; each browser of `Open` is another.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use gates::Browser;
use hyper::body::Body as _;
use order_up::connection::Connection;
use order_up::{Clock, app};
use tokio::runtime::Runtime;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::Open;
use crate::restaurant::sign_in;

/// The longest wait for an event on a busy machine. On an idle one they come within a second.
const LONGEST: Duration = Duration::from_secs(20);

/// One instance of the app.
pub struct Instance {
    app: Option<Router>,
    runtime: Arc<Runtime>,
}

/// The events that a page receives.
pub struct Events {
    body: Option<Body>,
    runtime: Arc<Runtime>,
    text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: String,
    pub data: String,
}

impl Instance {
    pub fn of(open: &Open) -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let (config, time) = (open.config(), Arc::clone(&open.time));
        let app = runtime.block_on(async { app(config, Clock::new(move || time.load(Ordering::SeqCst))) });
        Self { app: Some(app), runtime: Arc::new(runtime) }
    }

    /// A browser in which this employee has signed in.
    pub fn browser_of(&self, employee_number: &str) -> Browser {
        let mut browser = Browser::new(|| self.app());
        assert_eq!(sign_in(&mut browser, employee_number, "password").status, 303);
        browser
    }

    /// The events of a page, for the session of this browser.
    pub fn look(&self, browser: &mut Browser, page: &str) -> Events {
        let (status, events) = self.ask(browser, page, None);
        assert_eq!(status, 200);
        events
    }

    /// Requests the events on a connection of the server, and returns the status with them.
    pub fn ask(
        &self,
        browser: &mut Browser,
        page: &str,
        connection: Option<Connection>,
    ) -> (StatusCode, Events) {
        let cookies = browser.cookies().iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let mut request =
            Request::get(page).header("cookie", cookies).body(Body::empty()).expect("it is one");
        if let Some(connection) = connection {
            request.extensions_mut().insert(connection);
        }
        let answer = self.runtime.block_on(self.app().oneshot(request)).expect("a router answers");
        let (parts, body) = answer.into_parts();
        if parts.status == 200 {
            assert_eq!(parts.headers["content-type"], "text/event-stream");
            assert_eq!(parts.headers["cache-control"], "no-store");
        }
        let runtime = Arc::clone(&self.runtime);
        (parts.status, Events { body: Some(body), runtime, text: String::new() })
    }

    fn app(&self) -> Router {
        self.app.clone().expect("it is here until it is dropped")
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // A pool closes its connections on the runtime.
        let _inside = self.runtime.enter();
        self.app = None;
    }
}

impl Events {
    /// The next event. `None` when there are no more.
    pub fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                let [name, data] =
                    ["event: ", "data: "].map(|name| field(name).unwrap_or_default().to_owned());
                self.text = rest.to_owned();
                return Some(Event { name, data });
            }
            let body = self.body.as_mut().expect("it is here until it is dropped");
            let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            let frame = self.runtime.block_on(async { timeout(LONGEST, frame).await });
            let frame = frame.unwrap_or_else(|_| panic!("nothing came for {LONGEST:?}"))?;
            let bytes = frame.expect("the events go on").into_data().expect("they have no trailers");
            self.text += std::str::from_utf8(&bytes).expect("they are text");
        }
    }

    /// The first event with this name from now on.
    #[track_caller]
    pub fn wait_for(&mut self, name: &str) -> Event {
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < LONGEST, "no {name} came for {LONGEST:?}");
            let event = self.next().unwrap_or_else(|| panic!("the events have ended without {name}"));
            if event.name == name {
                return event;
            }
        }
    }

    /// The first part of a page from now on that holds `text`.
    #[track_caller]
    pub fn wait_for_part(&mut self, text: &str) -> String {
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < LONGEST, "no part with {text:?} came for {LONGEST:?}");
            let part = self.wait_for("part");
            let data: serde_json::Value = serde_json::from_str(&part.data).expect("a part is JSON");
            let html = data["html"].as_str().expect("it holds HTML");
            if html.contains(text) {
                return html.to_owned();
            }
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        self.body = None;
    }
}
