//! The cells of a table as a person reads them: NULL, moments, and what is stored as JSON.

use gate_contract::trace::Column;
use serde_json::Value;
use time::OffsetDateTime;

use crate::escaped;

/// A cell as HTML.
pub fn cell(column: &Column, text: &Option<String>) -> String {
    let Some(text) = text else { return "<i>NULL</i>".to_owned() };
    if let Some(moment) = moment(column, text) {
        return format!("{} <small>{moment}</small>", escaped(text));
    }
    if let Some(pairs) = pairs(text) {
        return pairs;
    }
    match text.chars().any(|c| c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace())) {
        true => "<i>bytes that are not text</i>".to_owned(),
        false => escaped(text),
    }
}

/// What a number of seconds stands for, in a column such as `expires_at`.
fn moment(column: &Column, text: &str) -> Option<String> {
    if !column.name.ends_with("_at") {
        return None;
    }
    // Fewer are a number of another kind, or a time that nobody meant.
    let seconds = text.parse().ok().filter(|seconds: &i64| *seconds >= 100_000_000)?;
    let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (date, hour, minute) = (moment.date(), moment.hour(), moment.minute());
    Some(format!("{date} {hour:02}:{minute:02} UTC"))
}

/// What a JSON object holds, name by name.
fn pairs(text: &str) -> Option<String> {
    let Value::Object(object) = serde_json::from_str(text).ok()? else { return None };
    let pair = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(&value))
    };
    let pairs: String = object.iter().map(pair).collect();
    Some(if pairs.is_empty() {
        "<i>empty</i>".to_owned()
    } else {
        format!("<dl class=\"json\">{pairs}</dl>")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, text: &str) -> String {
        let column = Column {
            name: name.to_owned(),
            kind: "text".to_owned(),
            may_be_null: true,
            in_key: false,
            refers_to: None,
        };
        cell(&column, &Some(text.to_owned()))
    }

    #[test]
    fn what_a_store_writes_can_be_read() {
        for (name, text, expected) in [
            ("data", "{\"views\":14}", "<dl class=\"json\"><dt>views</dt><dd>14</dd></dl>"),
            ("data", "{\"<a>\":\"b&c\"}", "<dl class=\"json\"><dt>&lt;a&gt;</dt><dd>b&amp;c</dd></dl>"),
            ("data", "{}", "<i>empty</i>"),
            ("data", "{\"views\":", "{&quot;views&quot;:"),
            ("data", "[1]", "[1]"),
            ("data", "\u{1}\u{fffd}x", "<i>bytes that are not text</i>"),
            ("expires_at", "1767225600", "1767225600 <small>2026-01-01 00:00 UTC</small>"),
            ("expires_at", "9223372036854775807", "9223372036854775807"),
            ("expires_at", "7", "7"),
            ("pages", "1767225600", "1767225600"),
            ("title", "<b>\n", "&lt;b&gt;\n"),
        ] {
            assert_eq!(shown(name, text), expected, "{name}: {text}");
        }
    }
}
