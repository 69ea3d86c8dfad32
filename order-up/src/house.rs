//! What bills say of the restaurant: its name, and the tax that its prices include.

use crate::money::Cents;
use crate::tax::Tax;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct House {
    pub name: Option<String>,
    pub tax: Option<Tax>,
}

impl House {
    /// The name as the settings have it: one line, and not longer than a bill is wide.
    pub fn name_from(text: &str) -> Option<String> {
        let name = text.trim();
        let is_line = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        is_line.then(|| name.to_owned())
    }

    /// How much of an amount is tax, where the prices include one.
    pub fn tax_in(&self, amount: Cents) -> Option<Cents> {
        self.tax.as_ref().map(|tax| tax.included_in(amount))
    }
}
