//! Keeps the live pages up to date. One task serves all viewers, and runs only while there are any: it notices that the
//! database has changed, reads what the pages show, and publishes it.
//!
//! A slow browser does not delay the others, and nothing is queued for it: it gets the latest state when it is ready.

pub mod change;
pub mod parts;
mod viewers;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use askama::Template;
use groundwork::causes::with_causes;
use groundwork::echo::{Echo, echo_statements};
use groundwork::order_up::{Clock, Timestamp};
use groundwork::read;
use tokio::sync::watch;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::business_day::BusinessDays;
use crate::config::Config;
use crate::models::kitchen::{self, Kitchen};
use crate::models::tonight::{self, Place};
use crate::price_format::PriceFormat;
use crate::security::still_signed_in::{StillSignedIn, Viewer, still_signed_in};

use change::{Changes, ChangesError};
use parts::{KitchenPart, TonightPart};
use viewers::Viewers;

/// How often the task checks whether anything has changed.
const TICK: Duration = Duration::from_millis(250);

/// How often viewers are sent a sign of life. A page that does not get one reports that it may be out of date.
const BEAT: Duration = Duration::from_secs(1);

/// A database that takes longer than this counts as lost.
const PATIENCE: Duration = Duration::from_millis(1500);

/// How long to wait before the next attempt to connect.
const RETRY: Duration = Duration::from_millis(500);

/// A handle to the viewers and the task, which its clones share.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    database_url: String,
    echo: Option<Echo>,
    clock: Clock,
    days: BusinessDays,
    prices: PriceFormat,
    viewers: Mutex<Viewers>,
    news: watch::Sender<News>,
}

/// What the pages show.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// `None` until the database was read.
    pub tonight: Option<Part>,
    pub kitchen: Option<Part>,
    /// The time of day at which this was last known to be right.
    pub time: String,
    /// Whether the database does not respond.
    pub is_lost: bool,
}

/// The HTML of a part of a page. While it stays the same, so does the pointer.
pub type Part = Arc<str>;

/// One open page of a viewer. Dropping it ends the updates.
pub struct Visit {
    live: Live,
    number: u64,
    news: watch::Receiver<News>,
    /// Whether it has received anything.
    has_begun: bool,
}

/// What a page receives.
pub enum Update {
    News(News),
    /// The viewer's session has ended.
    SignedOut,
}

impl Live {
    pub fn new(config: &Config, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            database_url: config.database_url.clone(),
            echo: config.sql_echo,
            clock,
            days: config.business_days.clone(),
            prices: config.prices.clone(),
            viewers: Mutex::default(),
            news: watch::Sender::default(),
        }))
    }

    /// Begins a visit, unless this session has too many. The first visit starts the task.
    pub fn enter(&self, viewer: Viewer) -> Option<Visit> {
        let mut viewers = self.viewers();
        let number = viewers.enter(viewer)?;
        if !viewers.are_served {
            viewers.are_served = true;
            // The last state is as old as the last visit.
            self.0.news.send_replace(News::default());
            tokio::spawn(serve(Serving { live: self.clone(), has_ended: false }));
        }
        Some(Visit { live: self.clone(), number, news: self.0.news.subscribe(), has_begun: false })
    }

    fn viewers(&self) -> MutexGuard<'_, Viewers> {
        self.0.viewers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there are viewers. If not, the task ends, and the next visit starts another one.
    fn goes_on(&self) -> bool {
        let mut viewers = self.viewers();
        viewers.are_served = !viewers.is_empty();
        viewers.are_served
    }

    fn lose(&self, why: &dyn std::error::Error) {
        let is_new = self.0.news.send_if_modified(|news| !std::mem::replace(&mut news.is_lost, true));
        if is_new {
            tracing::warn!(error = %with_causes(why), "the live pages cannot be kept up to date");
        }
    }

    /// Publishes what was read, and removes the viewers who are no longer signed in.
    fn publish(&self, snapshot: &Snapshot) -> askama::Result<()> {
        let now = self.0.clock.now();
        let tonight = TonightPart { places: &snapshot.places, prices: &self.0.prices, now }.render()?;
        let kitchen = KitchenPart { kitchen: &snapshot.kitchen, now }.render()?;
        self.viewers().keep(&snapshot.checked, &snapshot.still);
        self.0.news.send_modify(|news| {
            replace(&mut news.tonight, tonight);
            replace(&mut news.kitchen, kitchen);
            news.time = self.0.days.time(now);
            news.is_lost = false;
        });
        Ok(())
    }
}

fn replace(part: &mut Option<Part>, html: String) {
    if part.as_deref() != Some(&*html) {
        *part = Some(html.into());
    }
}

impl Visit {
    /// The current state at first, and then each new one.
    pub async fn next(&mut self) -> Update {
        let is_there = |news: &News| news.tonight.is_some() || news.is_lost;
        // The sender is a part of `live`, so it is there.
        let _ = match self.has_begun {
            true => self.news.changed().await,
            false => self.news.wait_for(is_there).await.map(drop),
        };
        self.has_begun = true;
        let news = self.news.borrow_and_update().clone();
        if self.live.viewers().has(self.number) { Update::News(news) } else { Update::SignedOut }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.live.viewers().leave(self.number);
    }
}

/// Notes that no task is running when it was ended from outside, for example with its runtime.
struct Serving {
    live: Live,
    has_ended: bool,
}

impl Drop for Serving {
    fn drop(&mut self) {
        if !self.has_ended {
            self.live.viewers().are_served = false;
        }
    }
}

/// What was read in one snapshot.
struct Snapshot {
    places: Vec<Place>,
    kitchen: Kitchen,
    /// Whose sessions were checked, and which of them are there.
    checked: Vec<Viewer>,
    still: StillSignedIn,
}

/// Serves the viewers until there are none.
async fn serve(mut serving: Serving) {
    let live = serving.live.clone();
    let (mut changes, mut last) = (None, None);
    let mut told = Instant::now();
    while live.goes_on() {
        let mut step = spawn_blocking({
            let (live, is_first) = (live.clone(), last.is_none());
            move || step(&live, changes, is_first)
        });
        // The thread may be stuck for longer on a server that is out of reach. The pages show that meanwhile.
        let done = match timeout(PATIENCE, &mut step).await {
            Ok(done) => done,
            Err(late) => {
                live.lose(&late);
                step.await
            }
        };
        match flatten(done) {
            Ok((follows, snapshot)) => {
                // The minutes pass even if nothing changes.
                let is_news = snapshot.is_some() || told.elapsed() >= BEAT;
                last = snapshot.or(last);
                if is_news && let Some(snapshot) = &last {
                    match live.publish(snapshot) {
                        Ok(()) => told = Instant::now(),
                        Err(error) => live.lose(&error),
                    }
                }
                changes = Some(follows);
                sleep(TICK).await;
            }
            Err(error) => {
                live.lose(&*error);
                (changes, last) = (None, None);
                sleep(RETRY).await;
            }
        }
    }
    serving.has_ended = true;
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn flatten<T>(done: Result<Result<T, ChangesError>, JoinError>) -> Result<T, Failure> {
    Ok(done??)
}

/// Connects if need be, and reads what the pages show if anything has changed.
fn step(
    live: &Live,
    changes: Option<Changes>,
    is_first: bool,
) -> Result<(Changes, Option<Snapshot>), ChangesError> {
    let mut changes = match changes {
        Some(changes) => changes,
        None => Changes::follow(&live.0.database_url)?,
    };
    let now = live.0.clock.now();
    let is_due = changes.are_there()? | is_first | live.viewers().are_to_be_checked(now);
    let snapshot = if is_due { Some(read_now(live, &mut changes, now)?) } else { None };
    Ok((changes, snapshot))
}

/// Reads what the pages show. `SQL_ECHO` shows these statements, but not the checks four times a second.
fn read_now(live: &Live, changes: &mut Changes, now: Timestamp) -> Result<Snapshot, ChangesError> {
    let conn = &mut changes.conn;
    if let Some(echo) = live.0.echo {
        echo_statements(conn, echo);
    }
    let checked = live.viewers().all();
    let snapshot = read(conn, |conn| {
        let still = still_signed_in(conn, &checked, now)?;
        let (places, kitchen) = (tonight::places_now(conn)?, kitchen::kitchen_now(conn, now)?);
        Ok(Snapshot { places, kitchen, checked, still })
    });
    if live.0.echo.is_some() {
        echo_statements(conn, |_| {});
    }
    snapshot
}
