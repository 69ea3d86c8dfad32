//! Sorts names as people expect: an apple pie before a zucchini, regardless of case and accents.
//!
//! Each database has an order of its own. SQLite compares bytes, so all capital letters come before all small
//! ones. What PostgreSQL does depends on how the database was created. The lists here are short, so they are
//! sorted in Rust, after they are read, in the same way for both databases.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The sort key of a name. Different names have different keys.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Alphabetical {
    letters: String,
    name: String,
}

impl Alphabetical {
    pub fn new(name: &str) -> Self {
        Self { letters: letters(name), name: name.to_owned() }
    }
}

/// The letters of a text, whatever their size and accents.
pub fn letters(text: &str) -> String {
    // In upper case `ß` becomes `SS`, which is how people sort it.
    text.nfkd().filter(|it| !is_combining_mark(*it)).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_alphabetically_regardless_of_case_and_accents() {
        let sorted = [
            "apple pie",
            "Banana",
            "Crème brûlée",
            "creme Fraîche",
            "Éclair",
            "eggs",
            "Straße",
            "strasse 2",
            "Zucchini",
            "Żurek",
            "борщ",
            "Вареники",
        ];
        let mut names = sorted;
        names.sort_unstable();
        assert_ne!(names, sorted);
        names.sort_by_key(|name| Alphabetical::new(name));
        assert_eq!(names, sorted);
    }

    #[test]
    fn names_that_differ_never_compare_as_equal() {
        assert_ne!(Alphabetical::new("Soups"), Alphabetical::new("soups"));
        assert!(Alphabetical::new("Soups") < Alphabetical::new("soups"));
    }
}
