//! The sentence of a mistake, as a student reads it.

/// Words that keep their capital wherever they stand.
const NAMES: [&str; 6] = ["Argon2", "Cargo", "Diesel", "JavaScript", "PostgreSQL", "Rust"];

/// What the guide says of a gate that saw what this mistake leaves. It is true of whoever reads it, whatever they have
/// written: it says what was tried, and what came out.
pub fn label(says: &str) -> String {
    let first = says.split(' ').next().unwrap_or_default();
    let word = first.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    // A name, an abbreviation, or code.
    let keeps_its_capital = NAMES.iter().any(|name| word.strip_suffix("'s").unwrap_or(word) == *name)
        || !word.chars().skip(1).all(|letter| letter.is_lowercase() || letter == '\'' || letter == '-');
    let mut letters = says.chars();
    let says = match letters.next() {
        Some(letter) if !keeps_its_capital => letter.to_lowercase().chain(letters).collect(),
        _ => says.to_owned(),
    };
    format!("You get this result when {says}")
}

/// Whether this can follow the words that a label begins with: it is a whole sentence, on one line.
pub fn is_sentence(says: &str) -> bool {
    let starts = says.starts_with(|sign: char| sign.is_uppercase() || sign == '`');
    starts && says.ends_with('.') && says.trim() == says && !says.contains('\n') && !says.contains(": ")
}

#[cfg(test)]
mod tests {
    use super::{is_sentence, label};

    #[test]
    fn a_label_starts_in_lower_case_unless_it_begins_with_a_name() {
        for (says, expected) in [
            ("The books come by title.", "the books come by title."),
            (
                "A delete without a condition empties the table.",
                "a delete without a condition empties the table.",
            ),
            ("Diesel's plain transaction is used.", "Diesel's plain transaction is used."),
            ("PostgreSQL, too, decides.", "PostgreSQL, too, decides."),
            ("SQLite's `LIKE` decides.", "SQLite's `LIKE` decides."),
            ("URL and password show.", "URL and password show."),
            ("`down.sql` is empty.", "`down.sql` is empty."),
            ("An author's books have no order.", "an author's books have no order."),
            ("Émile's books are lost.", "émile's books are lost."),
        ] {
            assert_eq!(label(says), format!("You get this result when {expected}"));
            assert!(is_sentence(says), "{says}");
        }
        for says in
            ["", "the books", "The books", " The books.", "The books.\nAnd more.", "No order: they come so."]
        {
            assert!(!is_sentence(says), "{says}");
        }
    }
}
