//! The form for a new dish: what was typed, and what is wrong with it.

use super::price;
use crate::money::Cents;
use crate::security::Fields;

#[derive(Default)]
pub struct Form {
    pub name: Field,
    pub price: Field,
    pub menu: Field,
    pub kind: Field,
}

#[derive(Default)]
pub struct Field {
    pub typed: String,
    pub mistake: Option<String>,
}

/// What a form without mistakes says.
pub struct Checked {
    pub name: String,
    pub price: Cents,
    pub menu: String,
    pub kind: String,
}

const HIGHEST_PRICE: Cents = Cents(1_000_000);

impl Form {
    pub fn typed(fields: &Fields) -> Self {
        let field = |name| Field { typed: fields.get(name).to_owned(), mistake: None };
        Self { name: field("name"), price: field("price"), menu: field("menu"), kind: field("type") }
    }

    /// Looks at all fields, and notes each mistake.
    pub fn check(&mut self) -> Option<Checked> {
        let name = self.name.text(50);
        let price = self.price.price();
        let menu = self.menu.text(30);
        let kind = self.kind.text(20);
        Some(Checked { name: name?, price: price?, menu: menu?, kind: kind? })
    }
}

impl Field {
    fn text(&mut self, longest: usize) -> Option<String> {
        let text = self.typed.trim();
        if (1..=longest).contains(&text.chars().count()) {
            return Some(text.to_owned());
        }
        self.mistake = Some(format!("From 1 to {longest} characters, please."));
        None
    }

    fn price(&mut self) -> Option<Cents> {
        let price = price::parse(self.typed.trim()).filter(|&price| price <= HIGHEST_PRICE);
        if price.is_none() {
            self.mistake = Some("A price is from 0.00 to 10000.00, as in 6.50.".to_owned());
        }
        price
    }
}
