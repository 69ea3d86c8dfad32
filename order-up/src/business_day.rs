//! Which day an order belongs to: a restaurant's day ends when it closes, not at midnight.

use std::ops::Range;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};

use groundwork::order_up::Timestamp;

/// How the restaurant counts its days.
#[derive(Clone, Debug)]
pub struct BusinessDays {
    pub time_zone: TimeZone,
    /// An order that is paid before this time belongs to the day before.
    pub ends_at: Time,
}

impl BusinessDays {
    /// The business day of an instant.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        let local = self.local(instant);
        let date = local.date();
        if local.time() < self.ends_at { date.saturating_sub(1.day()) } else { date }
    }

    /// The first second of `day`, and the first second after it.
    ///
    /// # Errors
    ///
    /// When the day is at the end of the calendar.
    pub fn bounds(&self, day: Date) -> Result<(Timestamp, Timestamp), jiff::Error> {
        let start = |day: Date| {
            // On the days when clocks change, a time that does not exist becomes the one after.
            let zoned = day.to_datetime(self.ends_at).to_zoned(self.time_zone.clone());
            zoned.map(|zoned| Timestamp(zoned.timestamp().as_second()))
        };
        Ok((start(day)?, start(next(day))?))
    }

    /// The business day of an instant, from its first second to the first one after it.
    ///
    /// # Errors
    ///
    /// When the day is at the end of the calendar.
    pub fn around(&self, instant: Timestamp) -> Result<Range<Timestamp>, jiff::Error> {
        let (start, end) = self.bounds(self.day_of(instant))?;
        Ok(start..end)
    }

    /// The time of day on the restaurant's clock, as `18:42`.
    pub fn time(&self, instant: Timestamp) -> String {
        self.local(instant).strftime("%H:%M").to_string()
    }

    /// Day and time on the restaurant's clock, as `2026-02-14 18:42`.
    pub fn day_and_time(&self, instant: Timestamp) -> String {
        self.local(instant).strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn local(&self, instant: Timestamp) -> Zoned {
        // The calendar ends thousands of years from now.
        let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let end = if instant.0 < 0 { first } else { last };
        jiff::Timestamp::from_second(instant.0).unwrap_or(end).to_zoned(self.time_zone.clone())
    }
}

pub fn next(day: Date) -> Date {
    day.saturating_add(days(1))
}

pub fn previous(day: Date) -> Date {
    day.saturating_sub(days(1))
}

fn days(days: i64) -> Span {
    days.days()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::civil::{date, time};

    use super::*;

    fn new_york() -> BusinessDays {
        let time_zone = TimeZone::get("America/New_York").expect("the time zone is known");
        BusinessDays { time_zone, ends_at: time(4, 0, 0, 0) }
    }

    fn instant(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().expect("a time").as_second())
    }

    #[test]
    fn an_hour_after_midnight_is_still_yesterday() {
        let days = new_york();
        assert_eq!(days.day_of(instant("2026-02-15T06:00:00Z")), date(2026, 2, 14));
        assert_eq!(days.day_of(instant("2026-02-15T08:59:59Z")), date(2026, 2, 14));
        assert_eq!(days.day_of(instant("2026-02-15T09:00:00Z")), date(2026, 2, 15));
    }

    #[test]
    fn the_bounds_of_a_day_contain_exactly_its_instants() {
        let days = new_york();
        for day in [date(2026, 2, 14), date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)] {
            let (start, end) = days.bounds(day).expect("the calendar has this day");
            assert_eq!([start, end - Duration::from_secs(1)].map(|instant| days.day_of(instant)), [day, day]);
            assert_eq!(days.day_of(end), next(day));
        }
    }

    #[test]
    fn an_instant_beyond_the_calendar_belongs_to_its_first_or_last_day() {
        assert_eq!(new_york().day_of(Timestamp(i64::MAX)).year(), 9999);
        assert_eq!(new_york().day_of(Timestamp(i64::MIN)).year(), -9999);
    }

    #[test]
    fn a_day_on_which_the_clocks_change_has_23_or_25_hours() {
        let hours = |day| {
            let (start, end) = new_york().bounds(day).expect("the calendar has this day");
            end.since(start).as_secs() / 3600
        };
        assert_eq!(
            [hours(date(2026, 3, 7)), hours(date(2026, 10, 31)), hours(date(2026, 2, 14))],
            [23, 25, 24]
        );
    }
}
