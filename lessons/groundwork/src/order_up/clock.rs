//! What time it is.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::timestamp::Timestamp;

/// Tells the time. It is an argument of the app, so that a test can set the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that calls `now` for the seconds since the beginning of 1970, in UTC.
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The clock of this machine.
    pub fn system() -> Self {
        // Before 1970 the clock is wrong, and 1970 is as good as any other time.
        Self::new(|| {
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs().cast_signed())
        })
    }

    pub fn now(&self) -> Timestamp {
        Timestamp((self.0)())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", (self.0)())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_printed_with_its_time() {
        assert_eq!(format!("{:?}", Clock::new(|| 1_792_000_000)), "Clock(1792000000)");
    }

    #[test]
    fn the_system_clock_is_in_this_century() {
        let Timestamp(now) = Clock::system().now();
        // From 2026 to 2100.
        assert!((1_767_225_600..4_102_444_800).contains(&now), "{now}");
    }
}
