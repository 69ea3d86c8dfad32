//! Work that Ctrl-C ends.

use std::panic::resume_unwind;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::build;
use crate::watch::Event;

/// How often to check whether the work is done.
const TURN: Duration = Duration::from_millis(5);
/// How long a signal may take that has ended the compiler already.
const LATE: Duration = Duration::from_millis(100);

/// Does `work`, unless somebody asks for an end meanwhile: then it builds no further, and there is no result.
///
/// # Errors
///
/// When `work` fails.
pub fn unless_interrupted<T: Send>(
    events: &Receiver<Event>,
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<Option<T>> {
    thread::scope(|scope| {
        let work = scope.spawn(work);
        let mut is_interrupted = false;
        while !work.is_finished() {
            if is_end_wanted(events, TURN) {
                is_interrupted = true;
                build::interrupt();
            }
        }
        let done = work.join().unwrap_or_else(|panic| resume_unwind(panic));
        // Ctrl-C reaches the compiler, too, and that may have ended first.
        is_interrupted |= done.is_err() && is_end_wanted(events, LATE);
        if is_interrupted { Ok(None) } else { done.map(Some) }
    })
}

/// Whether somebody asks for an end within this time.
fn is_end_wanted(events: &Receiver<Event>, within: Duration) -> bool {
    let start = Instant::now();
    loop {
        match events.recv_timeout(within.saturating_sub(start.elapsed())) {
            Ok(Event::Stop | Event::Interrupted) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
