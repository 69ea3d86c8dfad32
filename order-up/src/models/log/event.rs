//! The kinds of events in the log.
//!
//! An event is stored as JSON, such as `{"moved":{"from":4}}`. Each kind has facts of its own, and if each fact had a
//! column, most columns of a row would be empty. Both databases can query JSON:
//!
//!     SELECT json_extract(event, '$.moved.from') FROM log_entries;    -- SQLite
//!     SELECT event::json -> 'moved' -> 'from' FROM log_entries;       -- PostgreSQL
//!
//! The log keeps entries for years, so this file only grows, too. A new kind is a new variant. A new fact of an old
//! kind gets `#[serde(default)]`, because old entries do not have it. Names are never changed, not even bad ones.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::result::Error;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};

use crate::money::Cents;

/// What was done.
#[derive(Clone, Debug, Deserialize, FromSqlRow, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Some of a line was taken off the order, or all of it, which leaves 0.
    TakenBack {
        item: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        price: Cents,
        quantity: i32,
        left: i32,
    },
    /// More of a line than before.
    Raised {
        item: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        price: Cents,
        from: i32,
        to: i32,
    },
    Closed,
    Reopened,
    /// The order came from this table.
    Moved {
        from: i32,
    },
    HandedOver {
        from: String,
        to: String,
    },
    PriceChanged {
        item: String,
        from: Cents,
        to: Cents,
    },
    SoldOut {
        item: String,
    },
    /// A dish that was sold out can be ordered after all.
    BackOn {
        item: String,
    },
}

/// A pattern for the stored form of [`Event::TakenBack`]. `_` stands for any character, so `!` is before it.
pub(super) const TAKEN_BACK: &str = r#"{"taken!_back":%"#;

impl Event {
    /// The event as it is stored.
    pub(super) fn json(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::SerializationError(error.into()))
    }
}

impl<DB: Backend> FromSql<Text, DB> for Event
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(serde_json::from_str(&String::from_sql(value)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When this fails, fix the code and not the test: the JSON is in the tables of restaurants.
    #[test]
    fn what_was_written_once_can_be_read() {
        let (item, none) = (|| "IPA".to_owned(), String::new);
        for (stored, event) in [
            (
                r#"{"taken_back":{"item":"IPA","price":500,"quantity":1,"left":3}}"#,
                Event::TakenBack { item: item(), note: none(), price: Cents(500), quantity: 1, left: 3 },
            ),
            (
                r#"{"raised":{"item":"IPA","price":500,"from":4,"to":6}}"#,
                Event::Raised { item: item(), note: none(), price: Cents(500), from: 4, to: 6 },
            ),
            (
                r#"{"taken_back":{"item":"IPA","note":"no ice","price":500,"quantity":1,"left":3}}"#,
                Event::TakenBack {
                    item: item(),
                    note: "no ice".to_owned(),
                    price: Cents(500),
                    quantity: 1,
                    left: 3,
                },
            ),
            (r#""closed""#, Event::Closed),
            (r#""reopened""#, Event::Reopened),
            (r#"{"moved":{"from":4}}"#, Event::Moved { from: 4 }),
            (
                r#"{"handed_over":{"from":"Robin","to":"Sam"}}"#,
                Event::HandedOver { from: "Robin".to_owned(), to: "Sam".to_owned() },
            ),
            (
                r#"{"price_changed":{"item":"IPA","from":500,"to":600}}"#,
                Event::PriceChanged { item: item(), from: Cents(500), to: Cents(600) },
            ),
            (r#"{"sold_out":{"item":"IPA"}}"#, Event::SoldOut { item: item() }),
            (r#"{"back_on":{"item":"IPA"}}"#, Event::BackOn { item: item() }),
        ] {
            assert_eq!(serde_json::from_str::<Event>(stored).expect("it is an event"), event);
            assert_eq!(event.json().expect("it can be stored"), stored);
        }
    }
}
