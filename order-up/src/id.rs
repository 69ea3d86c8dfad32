//! The numbers in a path such as `/orders/7`.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::AppError;

/// The id that a path names. A path without a number in that place does not exist.
pub struct Id(pub i32);

/// The two ids that a path names.
pub struct Ids(pub i32, pub i32);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path(id) = Path::from_request_parts(parts, state).await?;
        Ok(Self(id))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path((first, second)) = Path::from_request_parts(parts, state).await?;
        Ok(Self(first, second))
    }
}
