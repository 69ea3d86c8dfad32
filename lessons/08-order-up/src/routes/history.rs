//! What was sold on a business day, for managers: as a page, and as a file for a spreadsheet.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;

use crate::app::App;
use crate::business_day::{BusinessDays, next, previous};
use crate::error::AppError;
use crate::models::bill::Bill;
use crate::models::history::closed_between;

use crate::money::Cents;
use crate::page::page;
use crate::query;
use crate::security::signed_in::{Manager, Me};

pub fn router() -> Router<App> {
    Router::new().route("/history", get(show))
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    me: Me,
    day: Date,
    previous: Date,
    next: Option<Date>,
    days: BusinessDays,
    bills: Vec<Bill>,
    total: Cents,
    notice: Option<&'static str>,
}

impl HistoryPage {
    /// When the order was closed, on the restaurant's clock.
    fn closed(&self, bill: &Bill) -> String {
        bill.order.closed_at.map(|at| self.days.time(at)).unwrap_or_default()
    }
}

async fn show(State(app): State<App>, Manager(me): Manager, uri: Uri) -> Result<Response, AppError> {
    let days = app.config.business_days.clone();
    let today = days.day_of(app.clock.now());
    let (day, notice) = match query::value(&uri, "day").map(|day| day.parse()) {
        None => (today, None),
        // Days that are yet to come, and days that no calendar has, have no orders.
        Some(Ok(day)) if (EARLIEST..=today).contains(&day) => (day, None),
        Some(_) => (today, Some("There is nothing for that day. This is today.")),
    };
    let (start, end) = days.bounds(day)?;
    let bills = app.pool.run(move |conn| closed_between(conn, start, end)).await??;
    if query::value(&uri, "format").as_deref() == Some("csv") {
        return csv(day, &days, &bills);
    }
    let total = bills.iter().map(Bill::total).sum();
    let next = Some(next(day)).filter(|next| *next <= today);
    page(StatusCode::OK, &HistoryPage { me, day, previous: previous(day), next, days, bills, total, notice })
}

const EARLIEST: Date = Date::constant(1970, 1, 2);

/// One row for each line of a bill.
fn csv(day: Date, days: &BusinessDays, bills: &[Bill]) -> Result<Response, AppError> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record([
        "day", "order", "closed", "table", "guests", "server", "item", "quantity", "price", "total",
    ])?;
    for bill in bills {
        for line in &bill.lines {
            file.write_record([
                day.to_string(),
                bill.order.id.to_string(),
                bill.order.closed_at.map(|at| days.day_and_time(at)).unwrap_or_default(),
                bill.table_number.to_string(),
                bill.order.guests.map(|guests| guests.to_string()).unwrap_or_default(),
                as_text(&bill.server),
                as_text(&line.name),
                line.quantity.to_string(),
                line.price.plain(),
                line.total().plain(),
            ])?;
        }
    }
    let body = file.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    let name = format!("attachment; filename=\"order-up-{day}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

/// A spreadsheet would run a name that begins like a formula. After an apostrophe it is text.
fn as_text(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() }
}
