//! A bill in parts, for guests who pay apart: one checks what the first pays, shows or prints it as a bill of its own,
//! and goes on with what is left.
//!
//! The address holds all of it, so nothing is stored, and the browser's Back leads to the part before.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use form_urlencoded::Serializer;

use super::board::{self, View};
use crate::app::App;
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::form::Form;
use crate::house::House;
use crate::id::Id;
use crate::models::bill::{self, Bill};
use crate::models::order::OrderError;
use crate::models::order_detail::OrderDetail;
use crate::models::split::{Part, Share, Split, split};
use crate::page::page;
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new().route("/orders/{id}/split", get(show))
}

/// What an earlier guest pays; one field for each.
const PAID: &str = "paid";
/// Set when the part that is checked is to be shown.
const PART: &str = "part";
/// Set when the part is all that is left.
const REST: &str = "rest";
/// The name of each line's checkbox; its value is the line's id.
const LINE: &str = "line_ids";
/// The start of the name of each line's quantity field; the line's id follows.
const QUANTITY: &str = "quantity_";

#[derive(Template)]
#[template(path = "split.html")]
struct SplitPage {
    me: Me,
    bill: Bill,
    house: House,
    days: BusinessDays,
    /// What earlier guests pay.
    paid: Vec<Share>,
    /// Their parts; then the one that is shown, if there is one.
    split: Split,
    /// What this guest pays, when it is shown.
    share: Option<Share>,
    form: Form,
    notice: Option<&'static str>,
}

impl SplitPage {
    fn opened(&self) -> String {
        self.days.day_and_time(self.bill.order.opened_at)
    }

    /// The part that is shown.
    fn part(&self) -> Option<&Part> {
        self.share.as_ref().and(self.split.parts.last())
    }

    /// The number of the part that is shown or chosen.
    fn number(&self) -> usize {
        self.paid.len() + 1
    }

    /// Where the next guest's part is chosen.
    fn next(&self) -> String {
        self.address(self.paid.iter().chain(&self.share), |_| {})
    }

    /// Where all that is left is shown as one part.
    fn all_the_rest(&self) -> String {
        self.address(&self.paid, |query| {
            query.append_key_only(REST);
        })
    }

    /// Where what this guest pays is changed.
    fn change(&self) -> String {
        self.address(&self.paid, |query| {
            for (line, quantity) in self.share.iter().flat_map(Share::lines) {
                query.append_pair(&format!("{QUANTITY}{line}"), &quantity.to_string());
                query.append_pair(LINE, &line.to_string());
            }
        })
    }

    fn address<'a>(
        &self,
        paid: impl IntoIterator<Item = &'a Share>,
        more: impl FnOnce(&mut Serializer<'_, String>),
    ) -> String {
        let mut query = Serializer::new(String::new());
        for share in paid {
            query.append_pair(PAID, &share.to_string());
        }
        more(&mut query);
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/orders/{}/split{mark}{query}", self.bill.order.id)
    }
}

async fn show(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    uri: Uri,
) -> Result<Response, AppError> {
    let employee = me.employee.clone();
    let bill = match app.pool.run(move |conn| bill::find(conn, &employee, id)).await? {
        Ok(bill) => bill,
        Err(OrderError::Unknown) => return Err(AppError::NotFound),
        Err(error) => return board::refused(&app, me, view, Form::default(), error).await,
    };
    let form = Form::read_from(uri.query().unwrap_or_default().as_bytes());
    let (house, days) = (app.config.house.clone(), app.config.business_days.clone());
    let Chosen { status, paid, split, share, form, notice } = choose(&bill, &house, form);
    page(status, &SplitPage { me, bill, house, days, paid, split, share, form, notice })
}

/// What an address says of the parts.
struct Chosen {
    status: StatusCode,
    paid: Vec<Share>,
    split: Split,
    share: Option<Share>,
    form: Form,
    notice: Option<&'static str>,
}

fn choose(bill: &Bill, house: &House, mut form: Form) -> Chosen {
    let paid: Option<Vec<_>> = form.values(PAID).map(Share::parse).collect();
    let split_so_far = paid.and_then(|paid| Some((split(&bill.lines, &paid, house)?, paid)));
    let Some((so_far, mut paid)) = split_so_far else {
        return Chosen {
            status: StatusCode::CONFLICT,
            paid: Vec::new(),
            split: Split::none(&bill.lines, house),
            share: None,
            form: Form::default(),
            notice: Some(CHANGED),
        };
    };
    let (status, share, notice) = match share(&mut form, &so_far.rest.lines) {
        Ok(share) => (StatusCode::OK, share, None),
        Err((status, notice)) => (status, None, Some(notice)),
    };
    let with_share = share.and_then(|share| {
        paid.push(share);
        let split = split(&bill.lines, &paid, house);
        let share = paid.pop();
        Some((split?, share))
    });
    let (split, share) = with_share.unwrap_or((so_far, None));
    Chosen { status, paid, split, share, form, notice }
}

/// What this guest pays of the lines that are left, if it is to be shown.
fn share(form: &mut Form, left: &[OrderDetail]) -> Result<Option<Share>, (StatusCode, &'static str)> {
    if form.has(REST, "") {
        return Ok(Some(left.iter().collect()).filter(|share: &Share| !share.is_empty()));
    }
    if !form.has(PART, "") {
        return Ok(None);
    }
    let is_left = |id: &str| left.iter().any(|line| line.id.to_string() == id);
    let is_known = |(name, value): (&str, &str)| match name.strip_prefix(QUANTITY) {
        Some(id) => is_left(id) || value.trim().is_empty(),
        None => name != LINE || is_left(value),
    };
    if !form.fields().all(is_known) {
        return Err((StatusCode::CONFLICT, CHANGED));
    }
    let mut share = Share::default();
    for line in left {
        let field = format!("{QUANTITY}{}", line.id);
        let is_checked = form.has(LINE, &line.id);
        if !is_checked && is_none(form.value(&field)) {
            continue;
        }
        // Beside a checked box, an empty field means all that is left of the line.
        if let Some(quantity) = form.optional_number(&field, 1..=line.quantity) {
            share.add(line.id, quantity.unwrap_or(line.quantity));
        }
    }
    let is_wrong = form.mistakes().next().is_some();
    match (is_wrong, share.is_empty()) {
        (true, _) => Err((StatusCode::UNPROCESSABLE_ENTITY, MARKED)),
        (false, true) => Err((StatusCode::UNPROCESSABLE_ENTITY, NOTHING)),
        (false, false) => Ok(Some(share)),
    }
}

/// Whether this quantity takes nothing where no box is checked.
fn is_none(quantity: &str) -> bool {
    let quantity = quantity.trim();
    quantity.is_empty() || quantity.parse() == Ok(0)
}

const CHANGED: &str =
    "The order has changed since you started to split it. Check what is left, and choose again.";
const MARKED: &str = "Fix what is marked below.";
const NOTHING: &str = "Check what this guest pays, or type how many.";
