//! Which texts are the same to a person, and so name the same one.

use unicode_normalization::UnicodeNormalization;

/// A text by which somebody is known: two that differ only in case, in blanks, or in how an accent is stored are alike.
pub fn alike(text: &str) -> String {
    let folded: String = text.nfkc().collect::<String>().to_lowercase().nfc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
