//! `feedback.html`.

use anyhow::Result;
use askama::Template;

use super::Letter;

#[derive(Template)]
#[template(path = "feedback.html")]
struct Page<'a> {
    letter: &'a Letter,
}

/// # Errors
///
/// None that a letter can cause.
pub fn text(letter: &Letter) -> Result<String> {
    Ok(Page { letter }.render()?)
}
