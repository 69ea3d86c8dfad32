//! The business day that a page is asked for, as in `/history?day=2026-02-14`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::civil::Date;

use crate::app::App;
use crate::business_day::{next, previous};
use crate::query;

/// The first day of which every time zone has all hours.
const EARLIEST: Date = Date::constant(1970, 1, 2);

pub struct AskedDay {
    pub day: Date,
    /// What the page says when it shows today in place of what was asked for.
    pub notice: Option<&'static str>,
    today: Date,
}

impl AskedDay {
    pub fn previous(&self) -> Date {
        previous(self.day)
    }

    /// The day after, unless it is yet to come.
    pub fn next(&self) -> Option<Date> {
        Some(next(self.day)).filter(|next| *next <= self.today)
    }
}

impl FromRequestParts<App> for AskedDay {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let today = app.config.business_days.day_of(app.clock.now());
        let (day, notice) = match query::value(&parts.uri, "day").map(|day| day.parse()) {
            None => (today, None),
            // Days in the future, and days that do not exist, have no orders.
            Some(Ok(day)) if (EARLIEST..=today).contains(&day) => (day, None),
            Some(_) => (today, Some("There are no orders for that day. Showing today instead.")),
        };
        Ok(Self { day, notice, today })
    }
}
