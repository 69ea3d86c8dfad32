//! How long a gate may take: by the clock, without the time in which it gets no processor.
//!
//! A student's editor, browser and builds run beside the gate. A gate that
//! has to wait for them does not show a mistake in the student's code.

use std::collections::BTreeMap;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::Result;
use wait_timeout::ChildExt;

/// How often to check whether the gate is wanted.
const TURN: Duration = Duration::from_millis(20);
/// How often to check whether its time is up.
const INTERVAL: Duration = Duration::from_millis(250);
/// How many times the limit a gate may take on a machine that is busy.
const LONGEST: u32 = 6;

/// What ended the wait for a process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Waited {
    Ended(ExitStatus),
    TimeIsUp,
    Unwanted,
}

/// Waits for the end of the process, until its time is up or nobody wants it any more.
pub fn wait(child: &mut Child, limit: Duration, is_wanted: &dyn Fn() -> bool) -> Result<Waited> {
    let start = Instant::now();
    let mut checked = start;
    let mut threads = BTreeMap::new();
    loop {
        if let Some(status) = child.wait_timeout(TURN)? {
            return Ok(Waited::Ended(status));
        }
        if !is_wanted() {
            return Ok(Waited::Unwanted);
        }
        if checked.elapsed() < INTERVAL {
            continue;
        }
        checked = Instant::now();
        threads.extend(waited(child.id()));
        if is_up(limit, start.elapsed(), threads.values().sum()) {
            return Ok(Waited::TimeIsUp);
        }
    }
}

fn is_up(limit: Duration, elapsed: Duration, starved: Duration) -> bool {
    elapsed.saturating_sub(starved) >= limit || elapsed >= limit * LONGEST
}

/// For each thread of a process, how long it would have gone on and got no processor. Linux reports that.
#[cfg(target_os = "linux")]
fn waited(process: u32) -> Vec<(std::ffi::OsString, Duration)> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    let waited = |entry: std::fs::DirEntry| {
        // The time on a processor, the time of waiting for one, and how often it got one.
        let text = std::fs::read_to_string(entry.path().join("schedstat")).ok()?;
        let nanoseconds = text.split(' ').nth(1)?.parse().ok()?;
        Some((entry.file_name(), Duration::from_nanos(nanoseconds)))
    };
    threads.into_iter().flatten().flatten().filter_map(waited).collect()
}

#[cfg(not(target_os = "linux"))]
fn waited(_process: u32) -> Vec<(std::ffi::OsString, Duration)> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_without_a_processor_does_not_count() {
        let is_up = |elapsed, starved| {
            is_up(Duration::from_secs(10), Duration::from_secs(elapsed), Duration::from_secs(starved))
        };
        assert!(!is_up(9, 0));
        // A deadlock, and an endless loop on a machine that is busy.
        assert!(is_up(10, 0) && is_up(30, 20));
        // A gate that gets a sixth of a processor.
        assert!(!is_up(10, 8) && !is_up(50, 42));
        assert!(is_up(60, 55));
    }

    #[test]
    #[cfg(unix)]
    fn a_process_that_ends_is_distinguished_from_one_that_waits() {
        let sleep = |seconds: &str| std::process::Command::new("sleep").arg(seconds).spawn().unwrap();
        let ended = wait(&mut sleep("0"), Duration::from_secs(600), &|| true).unwrap();
        assert!(matches!(ended, Waited::Ended(status) if status.success()), "{ended:?}");
        let mut waits = sleep("3600");
        assert_eq!(wait(&mut waits, Duration::from_millis(300), &|| true).unwrap(), Waited::TimeIsUp);
        assert_eq!(wait(&mut waits, Duration::from_secs(600), &|| false).unwrap(), Waited::Unwanted);
        waits.kill().unwrap();
        waits.wait().unwrap();
    }
}
