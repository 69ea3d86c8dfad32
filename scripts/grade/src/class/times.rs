//! Moments and spans, as people write them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, Zoned};

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

/// The moment that a text names, in `zone` where it says nothing else. Of an hour that the clocks show twice, it is the
/// first one, which is never too late.
///
/// # Errors
///
/// When it is not a time, or there is no zone.
pub fn moment(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, NoTime> {
    read(text, zone, false)
}

/// The same for the end of a time: of an hour that the clocks show twice, it is the second one.
///
/// # Errors
///
/// When it is not a time, or there is no zone.
pub fn deadline(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, NoTime> {
    read(text, zone, true)
}

fn read(text: &str, zone: Option<&TimeZone>, is_end: bool) -> Result<Timestamp, NoTime> {
    let text = text.trim();
    if let Some(moment) = with_zone(text) {
        return Ok(moment);
    }
    if text.parse::<jiff::civil::Date>().is_ok() && !text.contains(':') {
        return Err(NoTime::Day(text.to_owned()));
    }
    let local: DateTime = text.parse().map_err(|_| NoTime::Form)?;
    let zone = zone.ok_or(NoTime::Zone)?;
    let skipped = || NoTime::Skipped(zone.iana_name().unwrap_or("the zone").to_owned());
    let ambiguous = zone.to_ambiguous_timestamp(local);
    if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
        return Err(skipped());
    }
    let moment = if is_end { ambiguous.later() } else { ambiguous.earlier() };
    moment.map_err(|_| NoTime::Form)
}

/// A time that says its zone itself, as in `2026-05-01 23:59:00 -0500` or `…[America/New_York]`.
fn with_zone(text: &str) -> Option<Timestamp> {
    let parsed = text.parse::<Timestamp>().ok();
    let zoned = || text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    parsed.or_else(zoned).or_else(|| {
        // As Gradescope and Canvas write it.
        let (time, offset) = text.rsplit_once(' ')?;
        let offset = match offset {
            "UTC" | "GMT" | "Z" => "Z",
            offset if offset.starts_with(['+', '-']) => offset,
            _ => return None,
        };
        format!("{time}{offset}").parse().ok()
    })
}

/// `15 min`, `2 h`, `7 days`.
pub fn span(text: &str) -> Option<Span> {
    let span: Span = text.parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!duration.is_negative()).then_some(span)
}

/// So much later. A day ends when the clocks of the zone show the same time again, also if they have been changed.
pub fn after(moment: Timestamp, span: Span, zone: Option<&TimeZone>) -> Timestamp {
    let zoned = moment.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC));
    zoned.checked_add(span).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
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

    use jiff::{SignedDuration, SpanRelativeTo};

    use super::{after, deadline, moment, shown, shown_span, span};

    fn length(text: &str) -> Option<SignedDuration> {
        span(text).map(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).unwrap())
    }

    #[test]
    fn a_time_is_read_in_its_time_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (text, utc) in [
            ("2026-05-01T23:59:00", "2026-05-01T21:59:00Z"),
            ("2026-05-01 23:59", "2026-05-01T21:59:00Z"),
            ("2026-05-01T23:59:00Z", "2026-05-01T23:59:00Z"),
            ("2026-05-01T23:59:00-05:00", "2026-05-02T04:59:00Z"),
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
            ("2026-05-01 23:59:00 -0500", "2026-05-02T04:59:00Z"),
            ("2026-05-01 23:59:00 UTC", "2026-05-01T23:59:00Z"),
            ("2026-05-01T23:59:00[America/New_York]", "2026-05-02T03:59:00Z"),
            ("2026-05-01 23:59 +02:00", "2026-05-01T21:59:00Z"),
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
            ("2026-05-01 23:59 EST", "is not a day and a time"),
            ("2026-03-29T02:30:00", "the clocks of Europe/Berlin skip"),
        ] {
            let error = moment(text, Some(&berlin)).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        assert!(moment("2026-05-01T23:59:00", None).unwrap_err().to_string().contains("has no time zone"));
    }

    #[test]
    fn daylight_saving_time_never_shortens_a_deadline() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let zone = Some(&berlin);
        let end = deadline("2026-10-25T02:30:00", zone).unwrap();
        assert_eq!(end.to_string(), "2026-10-25T01:30:00Z", "the second time that the clocks show it");
        for (due, days, end) in [
            // 25 hours, 23 hours, 24 hours.
            ("2026-10-24T23:59:00", "1 day", "2026-10-25T22:59:00Z"),
            ("2026-03-28T23:59:00", "1 day", "2026-03-29T21:59:00Z"),
            ("2026-05-01T23:59:00", "24 h", "2026-05-02T21:59:00Z"),
        ] {
            let due = deadline(due, zone).unwrap();
            assert_eq!(after(due, span(days).unwrap(), zone).to_string(), end);
        }
    }

    #[test]
    fn a_duration_is_parsed_and_shown() {
        for (text, seconds) in [("15 min", 900), ("2h", 7200), ("7 days", 604_800), ("1 day 2 hours", 93_600)]
        {
            assert_eq!(length(text).map(|span| span.as_secs()), Some(seconds), "{text}");
        }
        for text in ["", "soon", "-1 h", "15", "1 month"] {
            assert!(span(text).is_none(), "{text}");
        }
        for (text, shown) in [("20 s", "1 min"), ("3 h 5 min", "3 h 5 min"), ("3 days 4 h", "3 d 4 h")] {
            assert_eq!(shown_span(length(text).unwrap()), shown);
        }
    }
}
