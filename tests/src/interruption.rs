//! Somebody else, who acts between two statements of somebody.
//!
//! Code that checks first and acts afterwards is right as long as nobody comes in between. Here somebody always does:
//! the log of statements stops one before it runs, and lets the other go ahead until they are done, or wait for a lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

/// After this long in one statement, the other may be waiting for a lock; the database is queried then.
const QUIET: Duration = Duration::from_millis(20);
/// The same where somebody holds a lock before the other begins: work that is stopped here does not release it.
const SHORT: Duration = Duration::from_millis(3);
/// Nobody waits longer than this for somebody who waits for something else than the database.
const LONG: Duration = Duration::from_secs(5);

/// What is to happen before a statement.
pub struct Interruption {
    /// How many statements run before it.
    pub before: usize,
    /// Lets the other begin.
    pub begin: Sender<String>,
    /// Set when the other has done all.
    pub is_done: Arc<AtomicBool>,
    /// Whether somebody waits for a lock.
    pub is_locked: Box<dyn FnMut() -> bool + Send>,
}

impl Interruption {
    /// Takes the interruption out if the statement that begins now is the one.
    pub fn due(slot: &mut Option<Self>) -> Option<Self> {
        let interruption = slot.as_mut()?;
        if interruption.before == 0 {
            return slot.take();
        }
        interruption.before -= 1;
        None
    }

    /// Lets the other act, before `statement`, until they are done or cannot go on. `progress` says how many statements
    /// have begun, and how many others than this one are running that may wait for a lock.
    pub fn happen(mut self, statement: &str, progress: impl Fn() -> (usize, usize)) {
        let quiet = if (self.is_locked)() { SHORT } else { QUIET };
        let start = Instant::now();
        if self.begin.send(statement.to_owned()).is_err() {
            return;
        }
        let (mut ran, mut since) = (0, Instant::now());
        while !self.is_done.load(SeqCst) && start.elapsed() < LONG {
            let (now, running) = progress();
            if now != ran {
                (ran, since) = (now, Instant::now());
            }
            // A statement that waits for nothing is late only because the computer is busy.
            if running > 0 && since.elapsed() >= quiet && (self.is_locked)() {
                return;
            }
            thread::sleep(Duration::from_micros(200));
        }
    }
}
