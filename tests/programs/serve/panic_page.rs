//! A page for a panic: which task is not written yet, or which line panicked.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gates::trace::text;

use super::{escaped, page, paragraph};

/// Where the latest panics happened, and with which words: the page of a panic only gets the words.
static LATEST: Mutex<VecDeque<(String, String)>> = Mutex::new(VecDeque::new());

/// Requests run at the same time, so the place of a page's panic may not be the last.
const REMEMBERED: usize = 20;

/// What `todo!` puts in front of its text.
const GAP: &str = "not yet implemented: ";

/// Prints each panic on one line, without advice on backtraces, and remembers where it was.
pub fn remember_panics() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let words = text(panic.payload()).to_owned();
        match words.strip_prefix(GAP) {
            Some(task) => eprintln!("Not written yet: {task} ({place})"),
            None => eprintln!("Panicked at {place}: {words}"),
        }
        let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
        latest.push_back((place, words));
        if latest.len() > REMEMBERED {
            latest.pop_front();
        }
    }));
}

/// Answers a request whose handler panics with a page. A task of its own can panic without its connection.
pub async fn around(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => words(&*error.into_panic()).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The page for a panic.
#[derive(Clone)]
pub struct PanicPage {
    said: String,
    place: String,
}

pub fn words(panic: &(dyn Any + Send)) -> PanicPage {
    let said = text(panic).to_owned();
    let latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let place = latest.iter().rev().find(|(_, words)| *words == said);
    PanicPage { place: place.map_or_else(String::new, |(place, _)| place.clone()), said }
}

impl IntoResponse for PanicPage {
    fn into_response(self) -> Response {
        let place = format!("<p>The place: <code>{}</code></p>", escaped(&self.place));
        match self.said.strip_prefix(GAP) {
            Some(task) => {
                let body = format!("{}{place}{}", paragraph(&format!("The task: {task}.")), paragraph(AFTER));
                page(StatusCode::NOT_IMPLEMENTED, "This is not written yet", &body)
            }
            None => {
                let body = format!("<pre>{}</pre>{place}{}", escaped(&self.said), paragraph(AFTER));
                page(StatusCode::INTERNAL_SERVER_ERROR, "This page panicked", &body)
            }
        }
    }
}

const AFTER: &str = "Edit it and save. When it compiles, the app starts again: then load this page again.";
