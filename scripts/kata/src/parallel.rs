//! Work side by side.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

/// How many cores there are.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many gates to run at once. Much of a gate is waiting: for a process to begin, for somebody to act.
pub fn gates_at_once() -> usize {
    2 * cores()
}

/// Does `work(0)`, `work(1)`, …, `at_once` of them at a time, and returns the results in order, up to the first
/// whose `bool` says not to go on. Work that was begun after that one can check whether it is still wanted.
///
/// # Errors
///
/// The first error of `work`.
pub fn in_order<T: Send>(
    at_once: usize,
    count: usize,
    work: impl Fn(usize, &dyn Fn() -> bool) -> Result<(T, bool)> + Sync,
) -> Result<Vec<T>> {
    let (next, end) = (AtomicUsize::new(0), AtomicUsize::new(count));
    let results = Mutex::new(BTreeMap::new());
    let worker = || -> Result<()> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= end.load(Ordering::Relaxed) {
                return Ok(());
            }
            let is_wanted = || index < end.load(Ordering::Relaxed);
            let (result, go_on) = work(index, &is_wanted)?;
            if !go_on {
                end.fetch_min(index + 1, Ordering::Relaxed);
            }
            results.lock().expect("no worker panics while it holds this").insert(index, result);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))
    })?;
    let results = results.into_inner().expect("no worker panics while it holds this");
    Ok(results.into_values().take(end.into_inner()).collect())
}
