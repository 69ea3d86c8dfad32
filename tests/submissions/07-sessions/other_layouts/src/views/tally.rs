//! A number of views, in a session.

use tower_sessions::Session;
use tower_sessions::session::Error;

/// The session's name for it.
const VIEWS: &str = "views";

#[derive(Clone, Copy, Default)]
pub(super) struct Tally(u32);

impl Tally {
    /// Takes the number out of the session.
    pub(super) async fn take(session: &Session) -> Result<Self, Error> {
        session.remove(VIEWS).await.map(|views| views.map_or_else(Self::default, Self))
    }

    pub(super) fn and_one(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Puts the number back.
    pub(super) async fn put(self, session: &Session) -> Result<Self, Error> {
        session.insert_value(VIEWS, self.0.into()).await?;
        Ok(self)
    }
}

impl From<Tally> for super::Home {
    fn from(Tally(views): Tally) -> Self {
        Self { views }
    }
}
