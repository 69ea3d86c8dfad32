//! A browser that speaks to a router in the same process, without a network.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
#[cfg(feature = "html")]
use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use cookie::Cookie;
#[cfg(feature = "html")]
use scraper::Html;
use tower::ServiceExt;

/// No page is longer.
pub(super) const LONGEST: usize = 1024 * 1024;

/// A browser with its cookies. Its methods wait for the answer, so that a gate reads like a list
/// of steps.
pub struct Browser {
    /// Here until the browser is dropped.
    app: Option<Router>,
    runtime: tokio::runtime::Runtime,
    cookies: BTreeMap<String, String>,
    /// Sent with every request.
    headers: BTreeMap<&'static str, String>,
    /// Where the server sees it.
    address: SocketAddr,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The cookies that the server has set, with their attributes.
    pub set_cookies: Vec<Cookie<'static>>,
    /// The body as a browser reads it, once somebody looks.
    #[cfg(feature = "html")]
    pub(super) page: OnceLock<Html>,
}

impl Browser {
    pub fn new(app: impl FnOnce() -> Router) -> Self {
        let runtime = runtime();
        // An app may ask for the runtime it is made in.
        let app = Some(runtime.block_on(async { app() }));
        let address = SocketAddr::from(([127, 0, 0, 1], 50_000));
        Self { app, runtime, cookies: BTreeMap::new(), headers: BTreeMap::new(), address }
    }

    /// The same browser on another machine.
    #[must_use]
    pub fn at(mut self, address: [u8; 4]) -> Self {
        self.address = SocketAddr::from((address, 50_000));
        self
    }

    /// Another browser, without cookies, that uses the same app.
    pub fn another(&self) -> Self {
        let runtime = runtime();
        let app = Some(self.app());
        Self { app, runtime, cookies: BTreeMap::new(), headers: BTreeMap::new(), address: self.address }
    }

    /// Starts the app again, as after a restart of the server. The cookies stay.
    pub fn restart(&mut self, app: impl FnOnce() -> Router) {
        let _inside = self.runtime.enter();
        self.app = None;
        self.app = Some(app());
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send(self.request("GET", path, ""))
    }

    /// Sends a form with these fields.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request("POST", path, &encoded(fields)))
    }

    /// Sends what no page of the app has a form or a link for.
    ///
    /// # Panics
    ///
    /// When it is not HTTP: a server would not pass it to an app.
    pub fn ask(&mut self, method: &str, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let mut request = self.request(method, path, "");
        *request.body_mut() = Body::from(body);
        let content_type = content_type.parse().expect("the content type can stand in a header");
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        self.send(request)
    }

    /// Goes where the answer leads to, as a browser does by itself.
    pub fn follow(&mut self, answer: &Answer) -> Answer {
        match answer.location() {
            Some(place) => self.get(&place),
            None => panic!("the answer leads nowhere: {answer}"),
        }
    }

    /// What the browser says about itself and the page it shows.
    pub fn headers(&mut self) -> &mut BTreeMap<&'static str, String> {
        &mut self.headers
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).extension(ConnectInfo(self.address));
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(body.to_owned())).expect("the gate's request is one")
    }

    fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = self.runtime.block_on(ask(self.app(), request));
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
            let asked: Vec<_> =
                (0..times).map(|_| tokio::spawn(ask(self.app(), self.request("GET", path, "")))).collect();
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

async fn ask(app: Router, request: Request<Body>) -> Answer {
    let Ok(response) = app.oneshot(request).await;
    let status = response.status();
    let headers = response.headers().clone();
    let set = headers.get_all(SET_COOKIE).iter();
    let set_cookies = set.filter_map(|header| Cookie::parse(header.to_str().ok()?.to_owned()).ok()).collect();
    let body = to_bytes(response.into_body(), LONGEST).await.expect("the answer has an end");
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer {
        status,
        headers,
        body,
        set_cookies,
        #[cfg(feature = "html")]
        page: OnceLock::new(),
    }
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime can be made")
}

/// The fields as a form sends them.
pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Answer {
    /// Where the answer sends the browser, with `value` in place of `was` in the query: anybody can write such a URL.
    ///
    /// # Panics
    ///
    /// When the answer leads nowhere, or to a place whose query does not hold `was`.
    pub fn location_with(&self, was: &str, value: &str) -> String {
        let place = self.location().unwrap_or_else(|| panic!("the answer leads nowhere: {self}"));
        let (path, query) = place.split_once('?').unwrap_or((&place, ""));
        if form_urlencoded::parse(query.as_bytes()).all(|(_, value)| value != was) {
            panic!("{place:?} holds no {was:?} in its query, so nobody finds the way back to it");
        }
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let forged: Vec<_> =
            pairs.map(|(name, old)| (name, if old == was { value.to_owned() } else { old })).collect();
        let forged: Vec<_> = forged.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        format!("{path}?{}", encoded(&forged))
    }

    /// Where the answer sends the browser.
    pub fn location(&self) -> Option<String> {
        self.headers.get(LOCATION)?.to_str().ok().map(str::to_owned)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.status, self.body)
    }
}
