//! Watches a program while it runs, and ends the run when the program has used more than it may.
//!
//! On a busy machine a program takes longer by the clock, and that is not its fault. So the processor's time
//! decides. The clock is for a program that waits: it stops while the program could go on and gets no
//! processor.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::outcome::{End, Resource};
#[cfg(target_os = "linux")]
use super::shared::Access;
use super::spec::{Isolation, Spec};
use crate::limits::Limits;

/// How often usage is measured. The first time comes sooner.
const INTERVAL: Duration = Duration::from_millis(15);
/// How often the threads' waiting for a processor is measured.
const STARVATION_INTERVAL: Duration = Duration::from_millis(200);

/// What the watch saw.
pub struct Watched {
    /// Why it was ended; `None` when it ended by itself.
    pub end: Option<End>,
    pub peak: u64,
    /// How many milliseconds it could have gone on and got no processor.
    pub starved: u64,
}

/// How long a program has run.
#[derive(Clone, Copy, Debug, Default)]
struct Time {
    /// By the clock.
    elapsed: Duration,
    /// How long its threads could have gone on and got no processor. `None` where the system does not report it.
    starved: Option<Duration>,
    /// The processor's time of all its processes, where the system reports it before they end.
    processor: Duration,
}

/// Whether a program's time is up.
fn out_of_time(limits: &Limits, time: Time) -> Option<End> {
    let own = time.elapsed.saturating_sub(time.starved.unwrap_or_default());
    if time.processor > Duration::from_secs(limits.cpu_seconds) {
        return Some(End::TimedOut);
    }
    // Where starvation is unknown, all of the longest time may have been starvation.
    if time.starved.is_some() && own >= limits.wall() {
        return Some(End::TimedOut);
    }
    let end = if time.starved.is_some() { End::Starved } else { End::TimedOut };
    (time.elapsed >= limits.longest()).then_some(end)
}

/// Waits until the program ends, or until it is out of a limit.
///
/// # Errors
///
/// When it cannot be measured what the program uses.
pub fn watch(
    spec: &Spec,
    start: Instant,
    ended: &mpsc::Receiver<End>,
    flood: &AtomicBool,
) -> io::Result<Watched> {
    let mut peak = 0;
    let mut pause = INTERVAL / 3;
    let mut starvation = Starvation::default();
    let mut time = Time::default();
    let mut measured = start;
    let mut written = 0;
    let end = loop {
        match ended.recv_timeout(pause) {
            Ok(end) => {
                // Once more: a short run may have used a lot.
                written = written_outside(spec);
                break Some(exceeded(spec, written, &mut peak, &mut time)?.unwrap_or(end));
            }
            Err(RecvTimeoutError::Disconnected) => break None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if flood.load(Ordering::SeqCst) {
            break Some(End::Exceeded(Resource::Output));
        }
        if let Some(end) = exceeded(spec, written, &mut peak, &mut time)? {
            break Some(end);
        }
        time.elapsed = start.elapsed();
        if measured.elapsed() >= STARVATION_INTERVAL || time.elapsed >= spec.limits.wall() {
            measured = Instant::now();
            time.starved = starvation.measure(spec)?;
            written = written_outside(spec);
        }
        if let Some(end) = out_of_time(&spec.limits, time) {
            break Some(end);
        }
        // Without a namespace, all processes of the machine have to be searched.
        pause = if spec.isolation == Isolation::None { INTERVAL * 3 } else { INTERVAL };
    };
    let starved = time.starved.unwrap_or_default().as_millis();
    Ok(Watched { end, peak, starved: u64::try_from(starved).unwrap_or(u64::MAX) })
}

/// What is in folders of the disk into which the program may write.
#[cfg(target_os = "linux")]
fn written_outside(spec: &Spec) -> u64 {
    let writable = spec.shared.iter().filter(|shared| shared.access == Access::Write);
    writable.map(|shared| super::disk::used(&shared.to)).sum()
}

#[cfg(not(target_os = "linux"))]
fn written_outside(_spec: &Spec) -> u64 {
    0
}

/// Which limit the program is out of. `written` is what it has written where that is not measured here.
#[cfg(target_os = "linux")]
fn exceeded(spec: &Spec, written: u64, peak: &mut u64, time: &mut Time) -> io::Result<Option<End>> {
    let limits = &spec.limits;
    let used = match super::processes::used(spec) {
        // To a process that cannot be dumped, only root has access. No gate and no compiler makes itself so.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(Some(End::Hid)),
        used => used?,
    };
    *peak = (*peak).max(used.memory);
    time.processor = used.processor;
    let resource = match used {
        used if used.processes > limits.processes => Resource::Processes,
        used if used.memory > limits.memory => Resource::Memory,
        used if used.written + written > limits.written => Resource::Disk,
        _ => return Ok(None),
    };
    Ok(Some(End::Exceeded(resource)))
}

#[cfg(not(target_os = "linux"))]
fn exceeded(_spec: &Spec, _written: u64, _peak: &mut u64, _time: &mut Time) -> io::Result<Option<End>> {
    Ok(None)
}

/// How long the program has waited for a processor. Of threads that wait at the same time the one that waits longest
/// counts, since they may be waiting for each other: many that are woken together do.
#[derive(Default)]
struct Starvation {
    /// By thread, so far.
    #[cfg(target_os = "linux")]
    threads: std::collections::BTreeMap<i32, Duration>,
    #[cfg(target_os = "linux")]
    all: Duration,
}

impl Starvation {
    #[cfg(target_os = "linux")]
    fn measure(&mut self, spec: &Spec) -> io::Result<Option<Duration>> {
        let Some(threads) = super::processes::starved(spec)? else { return Ok(None) };
        Ok(Some(self.add(threads)))
    }

    /// Adds what the threads have waited since the last time, and returns how long the program has waited in all.
    #[cfg(target_os = "linux")]
    fn add(&mut self, threads: Vec<(i32, Duration)>) -> Duration {
        let since = |(id, waited): &(i32, Duration)| {
            waited.saturating_sub(self.threads.get(id).copied().unwrap_or_default())
        };
        self.all += threads.iter().map(since).max().unwrap_or_default();
        self.threads.extend(threads);
        self.all
    }

    #[cfg(not(target_os = "linux"))]
    fn measure(&mut self, _spec: &Spec) -> io::Result<Option<Duration>> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_time_that_threads_wait_together_counts_once() {
        let mut starvation = Starvation::default();
        let seconds = Duration::from_secs;
        assert_eq!(starvation.add(vec![(1, seconds(2)), (2, seconds(1)), (3, seconds(1))]), seconds(2));
        // The first one is gone, and another has begun.
        assert_eq!(starvation.add(vec![(2, seconds(2)), (3, seconds(5)), (4, seconds(3))]), seconds(6));
        assert_eq!(starvation.add(Vec::new()), seconds(6));
    }

    #[test]
    fn cpu_time_decides_and_wall_time_only_for_a_program_that_waits() {
        let limits = Limits { wall_milliseconds: 10_000, cpu_seconds: 10, ..Limits::GATE };
        let after = |elapsed, starved: Option<u64>, processor| {
            let seconds = Duration::from_secs;
            let time = Time {
                elapsed: seconds(elapsed),
                starved: starved.map(seconds),
                processor: seconds(processor),
            };
            out_of_time(&limits, time)
        };
        // It works, and is not at its end.
        assert_eq!(after(9, Some(0), 9), None);
        // An endless loop, on a machine of its own and on one that it has to share.
        assert_eq!(after(11, Some(0), 11), Some(End::TimedOut));
        assert_eq!(after(30, Some(19), 11), Some(End::TimedOut));
        assert_eq!(after(3, None, 11), Some(End::TimedOut));
        // A deadlock, or a sleep. A busy machine does not help it.
        assert_eq!(after(10, Some(0), 0), Some(End::TimedOut));
        assert_eq!(after(11, Some(1), 0), Some(End::TimedOut));
        // Honest work that gets a tenth of a processor has its time, and loses nothing.
        assert_eq!(after(10, Some(9), 1), None);
        assert_eq!(after(59, Some(53), 6), None);
        assert_eq!(after(60, Some(54), 6), Some(End::Starved));
        // Where starvation is unknown, it has the longest time, and then it is out of time.
        assert_eq!(after(59, None, 0), None);
        assert_eq!(after(60, None, 0), Some(End::TimedOut));
    }
}
