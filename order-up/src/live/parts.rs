//! The parts of the live pages that change. They contain nothing about the viewer, so one rendering serves all viewers.

use std::borrow::Borrow;

use askama::Template;
use groundwork::order_up::Timestamp;

use crate::models::bill::Bill;
use crate::models::kitchen::Kitchen;
use crate::models::tonight::Place;
use crate::price_format::PriceFormat;

/// The tables, as the page `/tonight` shows them.
#[derive(Template)]
#[template(path = "tonight_part.html")]
pub struct TonightPart<'a> {
    pub places: &'a [Place],
    pub prices: &'a PriceFormat,
    pub now: Timestamp,
}

impl TonightPart<'_> {
    fn total(&self, bill: &Bill) -> String {
        self.prices.show(bill.total())
    }

    fn minutes(&self, place: &Place) -> u64 {
        place.minutes(self.now).unwrap_or_default()
    }

    fn free(&self) -> usize {
        self.places.iter().filter(|place| place.party.is_none()).count()
    }
}

/// The dishes to cook, as the page `/kitchen` shows them.
#[derive(Template)]
#[template(path = "kitchen_part.html")]
pub struct KitchenPart<'a> {
    pub kitchen: &'a Kitchen,
    pub now: Timestamp,
}

impl KitchenPart<'_> {
    fn minutes(&self, ordered_at: impl Borrow<Timestamp>) -> u64 {
        self.now.since(*ordered_at.borrow()).as_secs() / 60
    }
}
