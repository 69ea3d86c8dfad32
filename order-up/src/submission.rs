//! Whether a form was submitted for the first time, and where the browser goes next.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use crate::done::Done;
use crate::query;

/// Whether this submission of a form did its work, and the result of that, or an earlier one had done it before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Submission<T = ()> {
    First(T),
    Repeat,
}

impl Submission {
    /// Redirects to a page, which confirms what was done, or shows a notice after a repeat.
    pub fn redirect_to(self, page: &str, done: Done) -> Response {
        self.redirect_with(page, |()| done)
    }
}

impl<T> Submission<T> {
    /// Like [`Submission::redirect_to`], where the confirmation depends on the result.
    pub fn redirect_with(self, page: &str, done: impl FnOnce(T) -> Done) -> Response {
        match self {
            Self::First(result) => {
                let said = AppendHeaders([(SET_COOKIE, done(result).cookie().to_string())]);
                (said, Redirect::to(page)).into_response()
            }
            Self::Repeat if page.contains('?') => Redirect::to(&format!("{page}&again")).into_response(),
            Self::Repeat => Redirect::to(&format!("{page}?again")).into_response(),
        }
    }
}

/// Whether this page was redirected to after a [`Submission::Repeat`].
pub struct AfterRepeat(bool);

impl<S: Sync> FromRequestParts<S> for AfterRepeat {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(query::is_set(&parts.uri, "again")))
    }
}

impl AfterRepeat {
    /// The notice for the page. A person who went back may have typed something else into the form.
    pub fn notice(&self) -> Option<String> {
        self.0.then(|| REPEATED.to_owned())
    }
}

const REPEATED: &str =
    "You already submitted that form, so nothing was done twice. To submit something else, use this page.";
