//! Moments and spans, as people write them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// What is wrong with a time, as the end of a sentence that begins with its text.
#[derive(Debug, thiserror::Error)]
pub enum NoTime {
    #[error("is not a day and a time, such as 2026-05-01T23:59:00")]
    Form,
    #[error("is a day without a time: write one, such as {0}T23:59:00")]
    Day(String),
    #[error(
        "has no time zone: write `zone = \"Europe/Berlin\"`, with yours, at the top of policy.toml, or put `Z` or \
         `+02:00` behind the time"
    )]
    Zone,
    #[error("is a time that the clocks of {0} skip")]
    Skipped(String),
}

/// The moment that a text names, in `zone` where it says nothing else.
///
/// # Errors
///
/// When it is no time, or there is no zone.
pub fn moment(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, NoTime> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if text.parse::<jiff::civil::Date>().is_ok() && !text.contains(':') {
        return Err(NoTime::Day(text.to_owned()));
    }
    let local: DateTime = text.parse().map_err(|_| NoTime::Form)?;
    let zone = zone.ok_or(NoTime::Zone)?;
    // An hour that is there twice: its first time.
    let skipped = || NoTime::Skipped(zone.iana_name().unwrap_or("the zone").to_owned());
    let ambiguous = zone.to_ambiguous_timestamp(local);
    if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
        return Err(skipped());
    }
    ambiguous.earlier().map_err(|_| NoTime::Form)
}

/// `15 min`, `2 h`, `7 days`. A day has 24 hours.
pub fn span(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!duration.is_negative()).then_some(duration)
}

/// A moment on the clocks of a zone, or of UTC.
pub fn shown(moment: Timestamp, zone: Option<&TimeZone>) -> String {
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    moment.to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// How late something is: `3 d 4 h`, `20 min`.
pub fn shown_span(late: SignedDuration) -> String {
    let minutes = late.as_mins().max(1);
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h {minutes} min"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{moment, shown, shown_span, span};

    #[test]
    fn a_time_is_read_in_its_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (text, utc) in [
            ("2026-05-01T23:59:00", "2026-05-01T21:59:00Z"),
            ("2026-05-01 23:59", "2026-05-01T21:59:00Z"),
            ("2026-05-01T23:59:00Z", "2026-05-01T23:59:00Z"),
            ("2026-05-01T23:59:00-05:00", "2026-05-02T04:59:00Z"),
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(moment(text, Some(&berlin)).unwrap().to_string(), utc, "{text}");
        }
        assert_eq!(
            shown(moment("2026-05-01T21:59:00Z", None).unwrap(), Some(&berlin)),
            "2026-05-01 23:59 CEST"
        );
        for (text, why) in [
            ("2026-05-01", "is a day without a time"),
            ("tomorrow", "is not a day and a time"),
            ("2026-03-29T02:30:00", "the clocks of Europe/Berlin skip"),
        ] {
            let error = moment(text, Some(&berlin)).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        assert!(moment("2026-05-01T23:59:00", None).unwrap_err().to_string().contains("has no time zone"));
    }

    #[test]
    fn a_span_is_read_and_shown() {
        for (text, seconds) in [("15 min", 900), ("2h", 7200), ("7 days", 604_800), ("1 day 2 hours", 93_600)]
        {
            assert_eq!(span(text).map(|span| span.as_secs()), Some(seconds), "{text}");
        }
        for text in ["", "soon", "-1 h", "15", "1 month"] {
            assert_eq!(span(text), None, "{text}");
        }
        for (text, shown) in [("20 s", "1 min"), ("3 h 5 min", "3 h 5 min"), ("3 days 4 h", "3 d 4 h")] {
            assert_eq!(shown_span(span(text).unwrap()), shown);
        }
    }
}
