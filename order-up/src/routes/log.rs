//! The log, for managers: the newest entries first, of all days and orders or of one.

use std::ops::Range;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use form_urlencoded::Serializer;
use groundwork::order_up::Timestamp;

use crate::app::App;
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::form::Form;
use crate::models::log::{Event, LogEntry, Search, newest};
use crate::page::page;
use crate::security::signed_in::{Manager, Me};

pub fn router() -> Router<App> {
    Router::new().route("/log", get(show))
}

/// So many entries are on a page.
const ON_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    me: Me,
    days: BusinessDays,
    form: Form,
    /// `None` if something is wrong with the form.
    entries: Option<Vec<LogEntry>>,
    /// The address of the page with the entries before these.
    older: Option<String>,
}

impl LogPage {
    /// Day and time of an entry, on the restaurant's clock.
    fn when(&self, entry: &LogEntry) -> String {
        self.days.day_and_time(entry.logged_at)
    }
}

async fn show(State(app): State<App>, Manager(me): Manager, uri: Uri) -> Result<Response, AppError> {
    let days = app.config.business_days.clone();
    let mut form = Form::read_from(uri.query().unwrap_or_default().as_bytes());
    let (within, order_id) = (within(&mut form, &days), form.optional_number("order", 1..=i32::MAX));
    let (Some(within), Some(order_id)) = (within, order_id) else {
        let page_with_mistakes = LogPage { me, days, form, entries: None, older: None };
        return page(StatusCode::UNPROCESSABLE_ENTITY, &page_with_mistakes);
    };
    // Nobody types this: it is in the link to the older entries.
    let before = match form.value("before") {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    let search = Search { order_id, within, before };
    // One more than are shown: if it is there, there are older ones.
    let read = move |conn: &mut _| newest(conn, &search, ON_A_PAGE as i64 + 1);
    let mut entries = app.pool.run(read).await??;
    let has_older = entries.len() > ON_A_PAGE;
    entries.truncate(ON_A_PAGE);
    let older = entries.last().filter(|_| has_older).map(|last| older_than(last.id, &form));
    page(StatusCode::OK, &LogPage { me, days, form, entries: Some(entries), older })
}

/// The business day that was asked for, or nothing if the field is empty. The outer `None` is an error.
fn within(form: &mut Form, days: &BusinessDays) -> Option<Option<Range<Timestamp>>> {
    let day = form.value("day").trim();
    if day.is_empty() {
        return Some(None);
    }
    let bounds = day.parse().ok().and_then(|day| days.bounds(day).ok());
    if bounds.is_none() {
        form.refuse("day", "Enter a day like 2026-02-14.");
    }
    bounds.map(|(start, end)| Some(start..end))
}

/// The address of the entries before the one with this id, of the same day or order.
fn older_than(id: i32, form: &Form) -> String {
    let asked = ["day", "order"].map(|name| (name, form.value(name).trim()));
    let asked = asked.into_iter().filter(|(_, value)| !value.is_empty());
    let query =
        Serializer::new(String::new()).extend_pairs(asked).append_pair("before", &id.to_string()).finish();
    format!("/log?{query}")
}
