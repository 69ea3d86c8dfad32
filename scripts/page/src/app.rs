//! What all handlers share.

use std::sync::{Arc, Mutex, PoisonError};

use kata::Database;
use kata::course::Course;
use tokio::sync::broadcast;

use crate::editor::Editor;
use crate::judging::Guide;
use crate::links::Links;

/// What has happened to a lesson.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// Its code is being judged.
    Judging(String),
    /// There is a new verdict on it.
    Verdict(String),
    /// The student's app of a lesson runs, runs again, or does so no longer.
    App(String),
    /// The guide cannot do its work, and says why.
    Broken(String),
}

/// The state of the server.
#[derive(Clone)]
pub struct App {
    pub course: Arc<Course>,
    pub database: Database,
    pub editor: Arc<Editor>,
    /// What every address begins with.
    pub root: String,
    pub news: broadcast::Sender<News>,
    /// Lessons without a verdict that somebody looks at, for the watcher to have judged.
    pub wanted: Arc<Mutex<Vec<String>>>,
    /// What judges, where no guide watches.
    pub guide: Option<Arc<Guide>>,
    /// Why the guide cannot do its work, if it cannot.
    pub broken: Arc<Mutex<Option<String>>>,
}

impl App {
    pub fn new(course: Course, database: Database, token: &str) -> Self {
        Self {
            course: Arc::new(course),
            database,
            editor: Arc::new(Editor::of(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))),
            root: format!("/{token}/"),
            news: broadcast::channel(64).0,
            wanted: Arc::default(),
            guide: Guide::of_this_program().map(Arc::new),
            broken: Arc::default(),
        }
    }

    /// Tells all pages. What is broken is known before they ask; a verdict says that the guide works again.
    pub fn tell(&self, news: News) {
        let broken = match &news {
            News::Broken(why) => Some(Some(why.clone())),
            News::Verdict(_) => Some(None),
            News::Judging(_) | News::App(_) => None,
        };
        if let Some(broken) = broken {
            *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = broken;
        }
        // Nobody may be there to be told.
        let _ = self.news.send(news);
    }

    pub fn links(&self) -> Links<'_> {
        Links { course: &self.course, root: self.root.clone(), editor: Some(&self.editor) }
    }
}
