//! What `required` hands to the handlers.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use groundwork::order_up::{Timestamp, form_token};
use groundwork::{Db, write};

use super::Employee;
use crate::error::AppError;

/// The reader of a page, and the token for its forms.
#[derive(Clone)]
pub struct Me {
    pub employee: Employee,
    pub token: String,
}

/// A form that is from a page of its sender.
#[derive(Clone)]
pub struct Fields {
    /// In the order in which they were sent.
    fields: Arc<[(String, String)]>,
    path: Arc<str>,
}

impl Fields {
    pub fn parse(body: &[u8], path: &str) -> Self {
        Self { fields: form_urlencoded::parse(body).into_owned().collect(), path: path.into() }
    }

    /// Runs `work` as one transaction, unless this form has done its work before. When it fails, the form may be
    /// sent again.
    pub fn once(
        &self,
        conn: &mut Db,
        now: Timestamp,
        work: impl FnOnce(&mut Db) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        write(conn, |conn| {
            let key = format!("{} {}", self.get("token"), self.path);
            if form_token::spend(conn, &key, now)? { work(conn) } else { Ok(()) }
        })
    }

    /// The first field with this name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All fields with this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for Me {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, StatusCode> {
        parts.extensions.get().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, StatusCode> {
        parts.extensions.get().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
