//! What was sold on a business day, for managers: as a page, and as a file for a spreadsheet.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::app::App;
use crate::asked_day::AskedDay;
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::models::bill::Bill;
use crate::models::history::closed_between;
use crate::money::Cents;
use crate::page::page;
use crate::price_format::PriceFormat;
use crate::query;
use crate::security::signed_in::{Manager, Me};
use crate::spreadsheet::{Spreadsheet, text};

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

async fn show(
    State(app): State<App>,
    Manager(me): Manager,
    asked: AskedDay,
    uri: Uri,
) -> Result<Response, AppError> {
    let days = app.config.business_days.clone();
    let (start, end) = days.bounds(asked.day)?;
    let bills = app.pool.run(move |conn| closed_between(conn, start, end)).await??;
    if query::value(&uri, "format").as_deref() == Some("csv") {
        return csv(asked.day, &days, &app.config.prices, &bills);
    }
    let total = bills.iter().map(Bill::total).sum();
    let (previous, next) = (asked.previous(), asked.next());
    let AskedDay { day, notice, .. } = asked;
    page(StatusCode::OK, &HistoryPage { me, day, previous, next, days, bills, total, notice })
}

const COLUMNS: [&str; 10] =
    ["day", "order", "closed", "table", "guests", "server", "item", "quantity", "price", "total"];

/// One row for each line of a bill.
fn csv(day: Date, days: &BusinessDays, prices: &PriceFormat, bills: &[Bill]) -> Result<Response, AppError> {
    let mut file = Spreadsheet::new(prices, &COLUMNS)?;
    for bill in bills {
        for line in &bill.lines {
            let row = [
                day.to_string(),
                bill.order.id.to_string(),
                bill.order.closed_at.map(|at| days.day_and_time(at)).unwrap_or_default(),
                bill.table_number.to_string(),
                bill.order.guests.map(|guests| guests.to_string()).unwrap_or_default(),
                text(&bill.server),
                text(&line.name),
                line.quantity.to_string(),
                file.amount(line.price),
                file.amount(line.total()),
            ];
            file.add(&row)?;
        }
    }
    file.download(&format!("order-up-{day}.csv"))
}
