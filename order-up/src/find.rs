//! Finds dishes on a long menu.

use crate::alphabetical::letters;

/// The field of the board in which a person types what to look for.
pub const FIND: &str = "find";

/// Menus with more dishes than this have the field.
pub const LONG: usize = 30;

/// What somebody looks for: parts of words, in any order. Nothing at all is found everywhere.
pub struct Words(Vec<String>);

impl Words {
    pub fn new(typed: &str) -> Self {
        Self(letters(typed).split_whitespace().map(str::to_owned).collect())
    }

    /// Whether all the words are in a dish's name or in that of its type.
    pub fn are_in(&self, name: &str, kind: &str) -> bool {
        let text = letters(&format!("{name} {kind}"));
        self.0.iter().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dish_is_found_by_parts_of_its_name_and_type() {
        for typed in
            ["", "  ", "crème", "creme", "CREME", "bru", "brulee creme", "dessert", "desserts brulée", "è"]
        {
            assert!(Words::new(typed).are_in("Crème brûlée", "Desserts"), "{typed:?}");
        }
        for typed in ["tea", "creme tea", "cremebrulee", "desserts soup", "."] {
            assert!(!Words::new(typed).are_in("Crème brûlée", "Desserts"), "{typed:?}");
        }
        assert!(Words::new("strasse").are_in("Straße", ""));
        assert!(Words::new("борщ").are_in("Борщ", ""));
    }
}
