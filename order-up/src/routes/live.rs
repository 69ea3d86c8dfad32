//! The live pages as server-sent events, <https://html.spec.whatwg.org/multipage/server-sent-events.html>. The script
//! `static/live.js` reads them:
//!
//! - `part`: new HTML for the part of the page that changes, as JSON with the time of day;
//! - `beat`: the time of day, about once a second, if the page is still right;
//! - `lost`: the database does not respond;
//! - `ended`: the session has ended, and with it the events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use axum_login::AuthSession;
use futures_util::stream;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::connection::Connection;
use crate::error::AppError;
use crate::live::{News, Part, Update, Visit};
use crate::security::employees::Employees;
use crate::security::still_signed_in::Viewer;

pub fn router() -> Router<App> {
    Router::new().route("/tonight/live", get(tonight)).route("/kitchen/live", get(kitchen))
}

async fn tonight(
    State(app): State<App>,
    auth: AuthSession<Employees>,
    connection: Option<Extension<Connection>>,
) -> Result<Response, AppError> {
    follow(&app, &auth, connection, |news| news.tonight.as_ref())
}

async fn kitchen(
    State(app): State<App>,
    auth: AuthSession<Employees>,
    connection: Option<Extension<Connection>>,
) -> Result<Response, AppError> {
    follow(&app, &auth, connection, |news| news.kitchen.as_ref())
}

/// Finds the part of a page in the news.
type Find = fn(&News) -> Option<&Part>;

/// The events of one browser.
struct Events {
    visit: Visit,
    find: Find,
    /// What was sent last.
    sent: Option<Part>,
    is_over: bool,
    connection: Option<Connection>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// Keeps nginx from buffering the events.
const AT_ONCE: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Begins to send the events of the part that `find` finds.
///
/// It does not extract `Me`, which would consume the confirmation that another page is about to show.
fn follow(
    app: &App,
    auth: &AuthSession<Employees>,
    connection: Option<Extension<Connection>>,
    find: Find,
) -> Result<Response, AppError> {
    let (employee, session) = auth.user.as_ref().zip(auth.session.id()).ok_or(AppError::NotSignedIn)?;
    let viewer = Viewer {
        session: session.to_string(),
        employee_id: employee.id,
        session_key: employee.session_key.clone(),
    };
    let connection = connection.map(|Extension(connection)| connection);
    let permit = connection.as_ref().map(Connection::permit);
    let visit = if let Some(None) = permit { None } else { app.live.enter(viewer) };
    let Some(visit) = visit else {
        return Ok(
            (StatusCode::TOO_MANY_REQUESTS, "too many pages are kept up to date already\n").into_response()
        );
    };
    let events = Events { visit, find, sent: None, is_over: false, connection, _permit: permit.flatten() };
    // axum would send `no-cache`, which lets a browser store the events.
    let headers = [AT_ONCE, (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Sse::new(stream::unfold(events, Events::next))).into_response())
}

impl Events {
    /// The next event, until the session ends or the program is asked to stop.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.is_over {
            return None;
        }
        let heard = match &mut self.connection {
            None => self.visit.next().await,
            Some(connection) => tokio::select! {
                heard = self.visit.next() => heard,
                () = connection.stopped() => return None,
            },
        };
        let event = match heard {
            Update::SignedOut => {
                self.is_over = true;
                // A browser ignores an event without data.
                Event::default().event("ended").data("signed out")
            }
            Update::News(news) if news.is_lost => Event::default().event("lost").data("no database"),
            Update::News(news) => match (self.find)(&news) {
                Some(part) if self.sent.as_ref().is_none_or(|sent| !Arc::ptr_eq(sent, part)) => {
                    self.sent = Some(Arc::clone(part));
                    let data = json!({ "time": news.time, "html": &**part });
                    Event::default().event("part").data(data.to_string())
                }
                _ => Event::default().event("beat").data(news.time),
            },
        };
        Some((Ok(event), self))
    }
}
