//! How much of the processor and of memory processes have used, as the system counts it.

#[cfg(unix)]
use nix::sys::resource::{UsageWho, getrusage};

/// Zero where the system does not report it.
#[derive(Default)]
pub struct Usage {
    /// Of the processor.
    pub milliseconds: u64,
    /// The most memory of one process.
    pub peak_kib: u64,
}

/// Of this process.
pub fn own() -> Usage {
    #[cfg(unix)]
    return of(UsageWho::RUSAGE_SELF);
    #[cfg(not(unix))]
    Usage::default()
}

/// Of all processes that this one has started and that have ended.
pub fn of_children() -> Usage {
    #[cfg(unix)]
    return of(UsageWho::RUSAGE_CHILDREN);
    #[cfg(not(unix))]
    Usage::default()
}

#[cfg(unix)]
fn of(who: UsageWho) -> Usage {
    let Ok(usage) = getrusage(who) else { return Usage::default() };
    let milliseconds = |time: nix::sys::time::TimeVal| {
        let [seconds, micros] = [i128::from(time.tv_sec()), i128::from(time.tv_usec())]
            .map(|part| u64::try_from(part).unwrap_or(0));
        seconds * 1000 + micros / 1000
    };
    let peak = u64::try_from(usage.max_rss()).unwrap_or(0);
    Usage {
        milliseconds: milliseconds(usage.user_time()) + milliseconds(usage.system_time()),
        peak_kib: if cfg!(target_os = "macos") { peak / 1024 } else { peak },
    }
}
