//! Several threads that start together.

use std::sync::Barrier;
use std::thread;

/// Runs `work` on each item, each on a thread of its own, and returns the results in the items'
/// order. None starts before all are ready.
///
/// # Panics
///
/// When one of them does, with its panic: a `todo!` shows as itself.
pub fn at_once<I: Send, T: Send>(items: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let (ready, work) = (&Barrier::new(items.len()), &work);
    thread::scope(|scope| {
        let start = |item| {
            scope.spawn(move || {
                ready.wait();
                work(item)
            })
        };
        let threads: Vec<_> = items.into_iter().map(start).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, T>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    })
}
