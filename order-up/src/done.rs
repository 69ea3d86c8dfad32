//! The confirmation that the next page shows once.
//!
//! A short-lived cookie carries it there, and that page deletes it. So the page keeps its usual address, and reloading
//! it does not show the confirmation again.

use axum::http::Method;
use axum::http::request::Parts;
use tower_cookies::cookie::SameSite;
use tower_cookies::cookie::time::Duration;
use tower_cookies::{Cookie, Cookies};

const NAME: &str = "done";

/// What a form has done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Done {
    /// The id of the table.
    Assigned(i32),
    Added,
    Cooked,
    NotCooked,
    /// The ids of the order and of the log's entry.
    TakenOff {
        order: i32,
        entry: i32,
    },
    PutBack,
    Moved,
    HandedOver,
    /// The id of the order.
    Closed(i32),
    Reopened,
    Saved,
    Removed,
    TypeMoved,
    SoldOut,
    BackOn,
    PasswordSet,
    Retired,
    Reinstated,
}

/// The confirmation on the next page.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub words: &'static str,
    /// The id of the table to link to.
    pub table: Option<i32>,
    /// Where the form is sent that undoes it.
    pub undo: Option<String>,
}

impl Done {
    const ALL: [Self; 18] = [
        Self::Assigned(0),
        Self::Added,
        Self::Cooked,
        Self::NotCooked,
        Self::TakenOff { order: 0, entry: 0 },
        Self::PutBack,
        Self::Moved,
        Self::HandedOver,
        Self::Closed(0),
        Self::Reopened,
        Self::Saved,
        Self::Removed,
        Self::TypeMoved,
        Self::SoldOut,
        Self::BackOn,
        Self::PasswordSet,
        Self::Retired,
        Self::Reinstated,
    ];

    /// The name in the cookie, and the text on the page.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Assigned(_) => ("assigned", "The table has been assigned."),
            Self::Added => ("added", "Added to the order."),
            Self::Cooked => ("cooked", "Marked as done."),
            Self::NotCooked => ("not-cooked", "Back on the list."),
            Self::TakenOff { .. } => ("taken-off", "Removed from the order."),
            Self::PutBack => ("put-back", "Back on the order."),
            Self::Moved => ("moved", "The order has been moved to the other table."),
            Self::HandedOver => ("handed-over", "The order has been handed over."),
            Self::Closed(_) => ("closed", "The order is closed, and the table is free."),
            Self::Reopened => ("reopened", "The order is open again."),
            Self::Saved => ("saved", "Saved."),
            Self::Removed => ("removed", "Removed."),
            Self::TypeMoved => ("type-moved", "The type has been moved."),
            Self::SoldOut => ("sold-out", "The item is sold out until the next business day."),
            Self::BackOn => ("back-on", "The item can be ordered again."),
            Self::PasswordSet => ("password-set", "The password has been changed."),
            Self::Retired => ("retired", "The employee has been retired and signed out."),
            Self::Reinstated => ("reinstated", "The employee can sign in again."),
        }
    }

    /// The cookie that carries it to the next page.
    pub fn cookie(self) -> Cookie<'static> {
        let name = self.words().0;
        let value = match self {
            Self::Assigned(id) | Self::Closed(id) => format!("{name}.{id}"),
            Self::TakenOff { order, entry } => format!("{name}.{order}.{entry}"),
            _ => name.to_owned(),
        };
        let cookie = Cookie::build((NAME, value)).path("/").http_only(true);
        cookie.same_site(SameSite::Lax).max_age(Duration::minutes(1)).build()
    }

    /// The text for the requested page. It is shown only once.
    pub fn take(parts: &Parts) -> Option<Said> {
        let cookies = parts.extensions.get::<Cookies>().filter(|_| parts.method == Method::GET)?;
        let cookie = cookies.get(NAME)?;
        cookies.remove(Cookie::build(NAME).path("/").build());
        let mut values = cookie.value().split('.');
        let name = values.next()?;
        let done = Self::ALL.into_iter().find(|done| done.words().0 == name)?;
        let ids: Option<Vec<i32>> = values.map(|id| id.parse().ok()).collect();
        let (mut table, mut undo) = (None, None);
        match (done, ids.as_deref()) {
            (Self::Assigned(_), Some(&[id])) => table = Some(id),
            (Self::Closed(_), Some(&[id])) => undo = Some(format!("/orders/{id}/close/undo")),
            (Self::TakenOff { .. }, Some(&[order, entry])) => {
                undo = Some(format!("/orders/{order}/taken-back/{entry}/undo"));
            }
            _ => {}
        }
        Some(Said { words: done.words().1, table, undo })
    }
}
