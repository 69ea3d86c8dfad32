//! The name of a new lesson.

use anyhow::{Result, bail};

/// What a module cannot be called, of the words that a topic may be: Rust's keywords.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];
/// Names that something else in the lesson has, and those that Windows keeps for devices.
const TAKEN: [&str; 15] = [
    "alloc",
    "aux",
    "con",
    "core",
    "diesel",
    "gates",
    "groundwork",
    "insta",
    "lib",
    "main",
    "nul",
    "prn",
    "schema",
    "std",
    "step",
];

/// The name of a lesson, as in `09-full-text-search`.
pub struct Name {
    pub number: u32,
    pub text: String,
}

impl Name {
    /// # Errors
    ///
    /// When a lesson cannot have this name.
    pub fn of(text: &str) -> Result<Self> {
        let parts = text.split_once('-').filter(|(digits, topic)| {
            digits.len() == 2
                && topic.split('-').all(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        });
        let is_plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        match parts.and_then(|(digits, _)| digits.parse().ok()).filter(|_| is_plain) {
            Some(number) => Self { number, text: text.to_owned() }.checked(),
            None => {
                bail!("`{text}` is not a name such as `09-full-text-search`: two digits and lower-case words")
            }
        }
    }

    /// The name, if the topic can be that of a module.
    fn checked(self) -> Result<Self> {
        let module = self.module();
        if KEYWORDS.contains(&module.as_str()) {
            bail!(
                "the topic `{module}` is a keyword of Rust, and the lesson has a module of that name; choose another"
            );
        }
        if TAKEN.contains(&module.as_str()) {
            bail!("a lesson cannot have a module `{module}`; choose another topic");
        }
        Ok(self)
    }

    /// The topic as a module's name: `full_text_search`.
    fn module(&self) -> String {
        self.topic().replace('-', "_")
    }

    pub fn topic(&self) -> &str {
        &self.text[3..]
    }

    /// A title to begin with: `Full text search`.
    pub fn title(&self) -> String {
        let words = self.topic().replace('-', " ");
        words[..1].to_uppercase() + &words[1..]
    }

    /// A template with the lesson's names in place of its own.
    pub fn fill(&self, text: &str) -> String {
        text.replace("NN-topic", &self.text)
            .replace("NN_topic", &self.text.replace('-', "_"))
            .replace("TOPIC", &self.module())
            .replace("TITLE", &self.title())
            .replace("NUMBER", &self.number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_lesson_has_two_digits_and_words() {
        for name in ["09-topic", "10-full-text-search", "09-i18n"] {
            assert!(Name::of(name).is_ok(), "{name}");
        }
        for name in
            ["9-topic", "topic", "09", "09-", "09_topic", "09-Topic", "09-a b", "09--a", "09-../a", "009-a"]
        {
            assert!(Name::of(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_topic_can_be_the_name_of_a_module() {
        for name in ["09-match", "09-async", "09-gen", "09-schema", "09-main", "09-con", "09-groundwork"] {
            assert!(Name::of(name).is_err(), "{name}");
        }
        for name in ["09-match-arms", "09-schemas", "09-auth"] {
            assert!(Name::of(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_are_filled_in() {
        let name = Name::of("10-full-text-search").unwrap();
        assert_eq!(
            name.fill("NUMBER: TITLE, solution-NN-topic, tests/gates/NN_topic.rs, mod TOPIC;"),
            "10: Full text search, solution-10-full-text-search, tests/gates/10_full_text_search.rs, mod \
             full_text_search;"
        );
    }
}
