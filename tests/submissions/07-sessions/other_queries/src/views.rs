//! The pages: one that counts a visitor's views, and one that needs no session.

use askama::Template;
use askama_web::WebTemplate;
use tower_sessions::{Session, session};

use crate::error::AppError;

/// The key under which a session holds the number of views.
const VIEWS: &str = "views";

/// The page that says how often its visitor has seen it.
#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
pub struct Home {
    pub views: u32,
}

/// Counts this view, and shows how many there have been.
pub async fn home(session: Session) -> Result<Home, AppError> {
    // Task: Read the number of views from the session (0 if there is none), add 1, and store it.
    let views = look(&session).await?;
    Ok(Home { views })
}

/// Adds a view to those that the session holds, and says how many these are now.
async fn look(session: &Session) -> Result<u32, session::Error> {
    let seen: Option<u32> = session.get(VIEWS).await?;
    let views = seen.map_or(1, |seen| seen.saturating_add(1));
    session.insert_value(VIEWS, views.into()).await?;
    Ok(views)
}

/// A page that is the same for everybody, and so leaves the session alone.
pub async fn about() -> &'static str {
    "A bookshop that counts how often you look at its window."
}
