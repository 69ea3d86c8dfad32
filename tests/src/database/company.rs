//! Somebody else at the same database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use gate_contract::trace;

use super::{Database, place};
use crate::interruption::Interruption;
use crate::sql_log;

/// When nothing has run for so long, everybody waits.
const QUIET: Duration = Duration::from_millis(5);

impl Database {
    /// Does `work` while the gate's own connection holds a transaction in which `statement` ran, and ends that
    /// when `work` has come as far as it gets meanwhile. So they meet, however few cores there are.
    pub fn while_writing<T: Send>(&mut self, statement: &str, work: impl FnOnce() -> T + Send) -> T {
        self.run_all("BEGIN");
        self.run_all(statement);
        let held = trace::now();
        thread::scope(|scope| {
            let work = scope.spawn(work);
            let (mut ran, mut since) = (0, Instant::now());
            while !work.is_finished() && (ran == 0 || since.elapsed() < QUIET) {
                let now = sql_log::lock(&self.log).lines.len();
                if now != ran {
                    (ran, since) = (now, Instant::now());
                }
                thread::sleep(Duration::from_millis(1));
            }
            self.run_all("COMMIT");
            trace::record_time(None, 0, held);
            work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Does `work`, and has somebody else do `meanwhile` before its statement number `before`, counted from 0. If
    /// `meanwhile` waits for a lock that `work` holds, it goes on when `work` has released it.
    ///
    /// `None` in place of what came of `meanwhile` when `work` had no such statement. With it comes the statement.
    ///
    /// # Panics
    ///
    /// When statements ran between which nobody can come, as the server alone knows of them.
    pub fn interrupt<T, M: Send>(
        &self,
        before: usize,
        meanwhile: impl FnOnce() -> M + Send,
        work: impl FnOnce() -> T,
    ) -> (T, Option<(M, String)>) {
        let (begin, begun) = channel::<String>();
        let is_done = Arc::new(AtomicBool::new(false));
        let is_locked = Box::new(place::lock_probe(&self.url));
        let done = Arc::clone(&is_done);
        thread::scope(|scope| {
            let other = scope.spawn(move || {
                // Nobody sends when there was no such statement.
                let statement = begun.recv().ok()?;
                // Also when it panics: else the work waits for nothing.
                let _done = OnDrop(done);
                Some((meanwhile(), statement))
            });
            sql_log::check(&self.log);
            sql_log::lock(&self.log).interruption = Some(Interruption { before, begin, is_done, is_locked });
            let result = work();
            sql_log::lock(&self.log).interruption = None;
            if sql_log::check(&self.log) > 0 {
                panic!(
                    "statements ran on a connection without the gate's instrumentation: nobody can come between them"
                );
            }
            (result, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    }
}

/// Says that something is over when it is dropped.
struct OnDrop(Arc<AtomicBool>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}
