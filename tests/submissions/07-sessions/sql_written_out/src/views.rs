//! The pages: one that counts a visitor's views, and one that needs no session.

use askama::Template;
use askama_web::WebTemplate;
use tower_sessions::Session;

use crate::error::AppError;

/// The page that says how often its visitor has seen it.
#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
pub struct Home {
    pub views: u32,
}

/// Where a session keeps how often its visitor has looked.
const VIEWS: &str = "views";

/// Counts this view, and shows how many there have been.
pub async fn home(session: Session) -> Result<Home, AppError> {
    // Task: Read the number of views from the session (0 if there is none), add 1, and store it.
    let views = match session.get::<u32>(VIEWS).await? {
        Some(before) => before.saturating_add(1),
        None => 1,
    };
    session.insert(VIEWS, views).await?;
    Ok(Home { views })
}

/// A page that is the same for everybody, and so leaves the session alone.
pub async fn about() -> &'static str {
    "A bookshop that counts how often you look at its window."
}
