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
use groundwork::order_up::Timestamp;
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
        /// What it takes to put them back. Old entries do not have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        portions: Option<Portions>,
    },
    /// What the entry with this id took back is on the order again.
    PutBack {
        item: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        price: Cents,
        quantity: i32,
        entry: i32,
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

/// What was stored about portions that were taken back, beside their line.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Portions {
    pub menu_item_id: i32,
    /// How many of them were cooked.
    pub cooked: i32,
    /// How many of them were ordered when, the earliest first.
    pub ordered: Vec<(i32, Timestamp)>,
    /// How many portions of the line the kitchen had marked as cooked when, if the whole line was taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<(i32, Timestamp)>,
}

/// Patterns for the stored forms of [`Event::TakenBack`] and [`Event::PutBack`]. `_` stands for any character, so `!`
/// is before it.
pub(super) const TAKEN_BACK: &str = r#"{"taken!_back":%"#;
pub(super) const PUT_BACK: &str = r#"{"put!_back":%"#;

impl Event {
    /// The event as it is stored.
    pub(super) fn json(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::SerializationError(error.into()))
    }

    /// The id of the entry that this one undoes.
    pub(super) fn puts_back(&self) -> Option<i32> {
        if let Self::PutBack { entry, .. } = self { Some(*entry) } else { None }
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
    fn stored_events_can_still_be_read() {
        let (item, none) = (|| "IPA".to_owned(), String::new);
        for (stored, event) in [
            (
                r#"{"taken_back":{"item":"IPA","price":500,"quantity":1,"left":3}}"#,
                Event::TakenBack {
                    item: item(),
                    note: none(),
                    price: Cents(500),
                    quantity: 1,
                    left: 3,
                    portions: None,
                },
            ),
            (
                r#"{"taken_back":{"item":"IPA","price":500,"quantity":1,"left":3,"portions":{"menu_item_id":7,"cooked":0,"ordered":[[1,100]]}}}"#,
                Event::TakenBack {
                    item: item(),
                    note: none(),
                    price: Cents(500),
                    quantity: 1,
                    left: 3,
                    portions: Some(Portions {
                        menu_item_id: 7,
                        cooked: 0,
                        ordered: vec![(1, Timestamp(100))],
                        marked: Vec::new(),
                    }),
                },
            ),
            (
                r#"{"taken_back":{"item":"IPA","price":500,"quantity":2,"left":0,"portions":{"menu_item_id":7,"cooked":1,"ordered":[[1,100],[1,200]],"marked":[[1,300]]}}}"#,
                Event::TakenBack {
                    item: item(),
                    note: none(),
                    price: Cents(500),
                    quantity: 2,
                    left: 0,
                    portions: Some(Portions {
                        menu_item_id: 7,
                        cooked: 1,
                        ordered: vec![(1, Timestamp(100)), (1, Timestamp(200))],
                        marked: vec![(1, Timestamp(300))],
                    }),
                },
            ),
            (
                r#"{"put_back":{"item":"IPA","note":"no ice","price":500,"quantity":1,"entry":12}}"#,
                Event::PutBack {
                    item: item(),
                    note: "no ice".to_owned(),
                    price: Cents(500),
                    quantity: 1,
                    entry: 12,
                },
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
                    portions: None,
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
