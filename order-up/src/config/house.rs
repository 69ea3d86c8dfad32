//! The settings about the restaurant that bills show.

use super::error::ConfigError;
use crate::house::House;
use crate::tax::Tax;

/// The house with this name, and with this tax in its prices.
///
/// # Errors
///
/// Names the setting that is invalid, and what it may be.
pub fn house(name: Option<&str>, tax: Option<&str>) -> Result<House, ConfigError> {
    let name = name.map(|text| {
        let advice = "write one line of at most 60 characters";
        House::name_from(text).ok_or_else(|| invalid("RESTAURANT_NAME", text, advice))
    });
    let tax = tax.map(|text| {
        let advice = "write the percentage like 8 or 8.875, from 0 to 100";
        Tax::parse(text).ok_or_else(|| invalid("TAX_INCLUDED", text, advice))
    });
    Ok(House { name: name.transpose()?, tax: tax.transpose()?.filter(|tax| !tax.is_zero()) })
}

fn invalid(name: &'static str, value: &str, advice: &'static str) -> ConfigError {
    ConfigError::Invalid { name, value: value.to_owned(), advice, source: None }
}
