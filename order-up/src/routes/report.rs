//! What a business day brought in, for managers: to read, to print, and as a file for a spreadsheet.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::asked_day::AskedDay;
use crate::error::AppError;
use crate::house::House;
use crate::models::report::{Report, Sales, Sold, report};
use crate::page::page;
use crate::price_format::PriceFormat;
use crate::query;
use crate::security::signed_in::{Manager, Me};
use crate::spreadsheet::{Spreadsheet, text};

pub fn router() -> Router<App> {
    Router::new().route("/report", get(show))
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    me: Me,
    house: House,
    asked: AskedDay,
    report: Report,
}

async fn show(
    State(app): State<App>,
    Manager(me): Manager,
    asked: AskedDay,
    uri: Uri,
) -> Result<Response, AppError> {
    let (start, end) = app.config.business_days.bounds(asked.day)?;
    let report = app.pool.run(move |conn| report(conn, &(start..end))).await??;
    if query::value(&uri, "format").as_deref() == Some("csv") {
        return csv(&asked.day.to_string(), &app.config.prices, &report);
    }
    page(StatusCode::OK, &ReportPage { me, house: app.config.house.clone(), asked, report })
}

const COLUMNS: [&str; 9] =
    ["day", "by", "name", "bills", "guests", "quantity", "total", "per bill", "per guest"];

/// One row for the day, and one for each server, type and dish, and for each who has taken something back.
fn csv(day: &str, prices: &PriceFormat, report: &Report) -> Result<Response, AppError> {
    let mut file = Spreadsheet::new(prices, &COLUMNS)?;
    add_sales(&mut file, [day, "day", ""], &report.all)?;
    for (name, sales) in &report.servers {
        add_sales(&mut file, [day, "server", name], sales)?;
    }
    for (by, rows) in
        [("type", &report.kinds), ("dish", &report.dishes), ("taken back by", &report.taken_back)]
    {
        for (name, sold) in rows {
            add_sold(&mut file, [day, by, name], sold)?;
        }
    }
    file.download(&format!("order-up-report-{day}.csv"))
}

fn add_sales(file: &mut Spreadsheet, [day, by, name]: [&str; 3], sales: &Sales) -> Result<(), csv::Error> {
    let average = |amount: Option<_>| amount.map(|amount| file.amount(amount)).unwrap_or_default();
    let row = [
        day.to_owned(),
        by.to_owned(),
        text(name),
        sales.bills.to_string(),
        sales.guests.to_string(),
        String::new(),
        file.amount(sales.total),
        average(sales.per_bill()),
        average(sales.per_guest()),
    ];
    file.add(&row)
}

fn add_sold(file: &mut Spreadsheet, [day, by, name]: [&str; 3], sold: &Sold) -> Result<(), csv::Error> {
    let none = String::new;
    let row = [
        day.to_owned(),
        by.to_owned(),
        text(name),
        none(),
        none(),
        sold.quantity.to_string(),
        file.amount(sold.total),
        none(),
        none(),
    ];
    file.add(&row)
}
