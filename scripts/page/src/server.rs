//! Serves the pages to a browser on this machine.

use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::PoisonError;

use anyhow::{Context, Result};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{Html, IntoResponse, Response, Sse};
use axum::routing::get;
use axum::{Router, middleware};
use futures_util::Stream;
use kata::course::Course;
use kata::{Database, verdicts};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::access::{Hosts, only_from_here, token};
use crate::app::{App, News};
use crate::judging::Watching;
use crate::{course_map, lesson_page};

pub const STYLE: &str = include_str!("../static/style.css");
pub const SCRIPT: &str = include_str!("../static/page.js");

/// Serves until somebody presses Ctrl-C, and ends what it has started.
///
/// # Errors
///
/// When the port is taken, or the system has no random numbers.
pub fn run(course: Course, database: Database, port: u16) -> Result<()> {
    let _shown = verdicts::showing(&course.root)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener =
            listener.with_context(|| format!("cannot listen on port {port}; `--port` names another"))?;
        let port = listener.local_addr()?.port();
        let app = App::new(course, database, &token().context("the system has no random numbers")?);
        // Somebody who reads no more than the address still gets the page.
        let _ = writeln!(
            io::stdout(),
            "The page: http://127.0.0.1:{port}{}\n\
             The address is for this computer, and secret: it holds a token. Ctrl-C ends.",
            app.root
        );
        tokio::select! {
            // Streams of events never end by themselves, so nothing is waited for.
            served = serve(listener, app) => served,
            stopped = stop() => stopped.context("cannot listen for signals"),
        }
    })
}

/// Waits until somebody presses Ctrl-C, or the page is to end for another reason.
#[cfg(unix)]
async fn stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
        _ = hang_up.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Serves the pages, and tells them of saves and verdicts.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(listener: TcpListener, app: App) -> Result<()> {
    let _watching = Watching::start(app.clone());
    let hosts = Hosts::of_port(listener.local_addr()?.port());
    axum::serve(listener, router(app, &hosts)).await.context("the server stopped")
}

/// The pages, below the token.
pub fn router(app: App, hosts: &Hosts) -> Router {
    let pages = Router::new()
        .route("/", get(home))
        .route("/events", get(events))
        .route("/static/{file}", get(asset))
        .route("/{lesson}/", get(lesson))
        .route("/{lesson}/{document}/", get(document));
    let root = app.root.trim_end_matches('/').to_owned();
    Router::new()
        .nest(&root, pages)
        // A nested route does not match its own root with a slash.
        .route(&format!("{root}/"), get(home))
        .with_state(app)
        .layer(middleware::from_fn_with_state(hosts.clone(), only_from_here))
}

async fn home(State(app): State<App>) -> Response {
    page(course_map::page(&app.links(), app.database, true))
}

async fn lesson(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    if verdicts::latest(&app.course.root, &name, app.database).is_none() {
        app.wanted.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
    }
    let broken = app.broken.lock().unwrap_or_else(PoisonError::into_inner).clone();
    page(lesson_page::page(&app.links(), app.database, &name, None, broken.as_deref(), host(&headers)))
}

async fn document(
    State(app): State<App>,
    Path((name, document)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let broken = app.broken.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (links, host) = (app.links(), host(&headers));
    page(lesson_page::page(&links, app.database, &name, Some(&document), broken.as_deref(), host))
}

/// The name of this machine, and the port, under which a browser asks for the page.
fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

fn page(made: Result<Option<String>>) -> Response {
    match made {
        Ok(Some(page)) => Html(page).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "There is no such page in this course.").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response(),
    }
}

async fn asset(Path(file): Path<String>) -> Response {
    match &*file {
        "style.css" => ([(CONTENT_TYPE, "text/css")], STYLE).into_response(),
        "page.js" => ([(CONTENT_TYPE, "text/javascript")], SCRIPT).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn events(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = app.news.subscribe();
    let stream = futures_util::stream::unfold(news, async |mut news| {
        let event = match news.recv().await {
            Ok(News::Judging(lesson)) => Event::default().event("judging").data(lesson),
            Ok(News::Verdict(lesson) | News::App(lesson)) => Event::default().event("verdict").data(lesson),
            // A browser that has missed some loads the page again. Browsers drop an event without data.
            Ok(News::Broken(_)) | Err(broadcast::error::RecvError::Lagged(_)) => {
                Event::default().event("verdict").data("all")
            }
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        Some((Ok(event), news))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
