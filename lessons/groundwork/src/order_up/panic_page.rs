//! A page in place of an empty answer when a handler panics, as at a `todo!`.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, Once, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

/// The places of the latest panics and their texts, the newest last. The response is made after the panic, maybe on
/// another thread, and others may panic meanwhile. So the text is used to find the panic.
static LATEST: Mutex<VecDeque<(String, String)>> = Mutex::new(VecDeque::new());

/// How many panics are remembered.
const REMEMBERED: usize = 20;

/// `router`, with a page for each panic in its handlers. In a build for development the page says where the code
/// panicked, and with which words; in a release build it apologizes.
pub fn around(router: Router) -> Router {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            remember(panic);
            report(panic);
        }));
    });
    router.layer(CatchPanicLayer::custom(page))
}

fn remember(panic: &PanicHookInfo<'_>) {
    let Some(place) = panic.location() else { return };
    let place = format!("{}, line {}", place.file(), place.line());
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    latest.push_back((place, text(panic.payload()).to_owned()));
    if latest.len() > REMEMBERED {
        latest.pop_front();
    }
}

/// What `panic!` was given: a literal, or text made by formatting.
fn text(payload: &dyn Any) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text")
}

#[allow(clippy::needless_pass_by_value, reason = "tower-http hands the panic over")]
fn page(panic: Box<dyn Any + Send>) -> Response {
    let words = if cfg!(debug_assertions) { words(text(&*panic)) } else { APOLOGY.to_owned() };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Not finished</title>\
         <link rel=\"stylesheet\" href=\"/style.css\"><main>{words}</main></html>"
    );
    (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
}

fn words(said: &str) -> String {
    let latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let place = latest.iter().rev().find(|(_, text)| text == said);
    let place = place.map_or("the code", |(place, _)| place);
    format!(
        "<h1>This page panicked</h1><p>In <code>{}</code>:</p><pre>{}</pre>\
         <p>Fix it there, and load the page again.</p>",
        escaped(place),
        escaped(said)
    )
}

/// The text as it shows in a page; a panic may repeat what a visitor has typed.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const APOLOGY: &str = "<h1>Something went wrong</h1><p>The error has been logged. Try again.</p>";

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_produces_a_page_with_its_location() {
        let app = around(Router::new().route("/", get(async || -> () { panic!("a <gap>") })));
        let answer = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(answer.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8_lossy(&body).replace('\\', "/");
        assert!(body.contains("src/order_up/panic_page.rs, line "), "{body}");
        assert!(body.contains("a &lt;gap&gt;"), "{body}");
    }

    #[test]
    fn a_panic_keeps_its_location_when_another_comes_before_its_page_is_rendered() {
        let _router = around(Router::new());
        let line = line!() + 1;
        let _ = std::panic::catch_unwind(|| panic!("the first"));
        let _ = std::panic::catch_unwind(|| panic!("the second"));
        let words = words("the first");
        assert!(words.contains(&format!("panic_page.rs, line {line}<")), "{words}");
    }
}
