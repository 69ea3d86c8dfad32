//! A browser that speaks to a router in the same process, without a network.

use std::collections::BTreeMap;
use std::fmt;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{Request, StatusCode};
use cookie::Cookie;
use tower::ServiceExt;

/// A browser with its cookies. Its methods wait for the answer, so that a gate reads like a list
/// of steps.
pub struct Browser {
    /// Here until the browser is dropped.
    app: Option<Router>,
    runtime: tokio::runtime::Runtime,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub body: String,
    /// The cookies that the server has set, with their attributes.
    pub set_cookies: Vec<Cookie<'static>>,
}

impl Browser {
    pub fn new(app: impl FnOnce() -> Router) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime can be made");
        // An app may ask for the runtime it is made in.
        let app = Some(runtime.block_on(async { app() }));
        Self { app, runtime, cookies: BTreeMap::new() }
    }

    /// Starts the app anew, as after a restart of the server. The cookies stay.
    pub fn restart(&mut self, app: impl FnOnce() -> Router) {
        let _inside = self.runtime.enter();
        self.app = None;
        self.app = Some(app());
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let answer = self.runtime.block_on(ask(self.app(), path.to_owned(), self.cookies.clone()));
        for cookie in &answer.set_cookies {
            let is_removal = cookie.max_age().is_some_and(|age| age.is_zero() || age.is_negative());
            if is_removal || cookie.value().is_empty() {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        answer
    }

    /// Asks `times` times before the first answer has come. Cookies that come back are not kept.
    pub fn get_at_once(&self, path: &str, times: usize) -> Vec<Answer> {
        self.runtime.block_on(async {
            let asked: Vec<_> = (0..times)
                .map(|_| tokio::spawn(ask(self.app(), path.to_owned(), self.cookies.clone())))
                .collect();
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

    /// The cookies that the browser would send.
    pub fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.cookies
    }

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

async fn ask(app: Router, path: String, cookies: BTreeMap<String, String>) -> Answer {
    let mut request = Request::get(path);
    if !cookies.is_empty() {
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header(COOKIE, pairs.join("; "));
    }
    let request = request.body(Body::empty()).expect("the gate's request is one");
    let Ok(response) = app.oneshot(request).await;
    let status = response.status();
    let headers = response.headers().get_all(SET_COOKIE).iter();
    let set_cookies =
        headers.filter_map(|header| Cookie::parse(header.to_str().ok()?.to_owned()).ok()).collect();
    let body = to_bytes(response.into_body(), 1024 * 1024).await.expect("the answer has an end");
    Answer { status, body: String::from_utf8_lossy(&body).into_owned(), set_cookies }
}

impl Answer {
    /// The text of the element with this id, as a visitor reads it.
    #[cfg(feature = "html")]
    pub fn element(&self, id: &str) -> String {
        let page = scraper::Html::parse_document(&self.body);
        let element =
            page.tree.nodes().filter_map(scraper::ElementRef::wrap).find(|it| it.attr("id") == Some(id));
        let Some(element) = element else { return format!("({}; no element has the id {id})", self.status) };
        let text: String = element.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.status, self.body)
    }
}
