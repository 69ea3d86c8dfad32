//! Whether a form was submitted for the first time, and where the browser goes next.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Redirect;

use crate::query;

/// Whether this submission of a form did its work, or an earlier one had done it before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Submission {
    First,
    Repeat,
}

impl Submission {
    /// Redirects to a page, which shows a notice after a repeat.
    pub fn redirect_to(self, page: &str) -> Redirect {
        match self {
            Self::First => Redirect::to(page),
            Self::Repeat if page.contains('?') => Redirect::to(&format!("{page}&again")),
            Self::Repeat => Redirect::to(&format!("{page}?again")),
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
    /// What the page then says. A person who went back may have typed something else into the form.
    pub fn notice(&self) -> Option<String> {
        self.0.then(|| REPEATED.to_owned())
    }
}

const REPEATED: &str =
    "That form had been sent before, so it was not done twice. To send something else, use this page.";
