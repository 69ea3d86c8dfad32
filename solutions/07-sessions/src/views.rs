//! The pages: one that counts a visitor's views, and one that needs no session.

use askama::Template;
use askama_web::WebTemplate;
use tower_sessions::Session;

use crate::error::AppError;

/// The page that shows how often the visitor has viewed it.
#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
pub struct Home {
    pub views: u32,
}

/// Counts this view, and shows how many there have been.
pub async fn home(session: Session) -> Result<Home, AppError> {
    // Task: Read the number of views from the session (0 if there is none), add 1, and store it.
    let views = session.get::<u32>("views").await?.unwrap_or(0) + 1;
    session.insert("views", views).await?;
    Ok(Home { views })
}

/// A page that is the same for everybody, and so leaves the session alone.
pub async fn about() -> &'static str {
    "A bookshop that counts your visits."
}
