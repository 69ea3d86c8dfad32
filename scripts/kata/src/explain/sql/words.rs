//! The words that SQL has, and the one that somebody may have meant.

use std::sync::LazyLock;

use super::{Kind, Word, depth};

/// How a statement begins.
pub const STARTS: [&str; 9] =
    ["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "SELECT", "PRAGMA", "GRANT"];

/// Types that both databases know, or one of them.
pub const TYPES: [&str; 24] = [
    "INTEGER",
    "INT",
    "BIGINT",
    "SMALLINT",
    "TEXT",
    "VARCHAR",
    "CHARACTER",
    "CHAR",
    "BOOLEAN",
    "BOOL",
    "REAL",
    "DOUBLE",
    "FLOAT",
    "NUMERIC",
    "DECIMAL",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "BLOB",
    "BYTEA",
    "SERIAL",
    "BIGSERIAL",
    "UUID",
];

/// The types of Rust and of other databases, with SQL's.
const OTHER_TYPES: [(&str, &str); 10] = [
    ("STRING", "TEXT"),
    ("STR", "TEXT"),
    ("I32", "INTEGER"),
    ("U32", "INTEGER"),
    ("I64", "BIGINT"),
    ("U64", "BIGINT"),
    ("F64", "DOUBLE PRECISION"),
    ("NUMBER", "INTEGER"),
    ("LONG", "BIGINT"),
    ("STRINGS", "TEXT"),
];

const FUNCTIONS: [&str; 7] = ["length", "lower", "upper", "trim", "coalesce", "count", "char_length"];

const NOUNS: [&str; 8] = ["TABLE", "INDEX", "UNIQUE", "USER", "ROLE", "DATABASE", "VIEW", "TRIGGER"];
/// What begins behind a column's type.
const CONSTRAINTS: [&str; 10] = [
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "REFERENCES",
    "CHECK",
    "DEFAULT",
    "CONSTRAINT",
    "GENERATED",
    "COLLATE",
];
/// What else there is behind a type: `ON DELETE`.
static IN_A_COLUMN: LazyLock<Vec<&str>> = LazyLock::new(|| [&CONSTRAINTS[..], &["ON"]].concat());
const OPTIONS: [&str; 14] = [
    "WITH",
    "PASSWORD",
    "LOGIN",
    "NOLOGIN",
    "OWNER",
    "ENCRYPTED",
    "SUPERUSER",
    "CREATEDB",
    "CREATEROLE",
    "ENCODING",
    "TEMPLATE",
    "INHERIT",
    "VALID",
    "ADMIN",
];

/// What fits behind a word, whatever comes before that.
const BEHIND: [(&str, &[&str]); 11] = [
    ("CREATE", &NOUNS),
    ("DROP", &["TABLE", "INDEX", "COLUMN", "CONSTRAINT", "USER", "ROLE", "DATABASE", "VIEW"]),
    ("ALTER", &["TABLE", "COLUMN", "USER", "ROLE", "DATABASE", "INDEX"]),
    ("PRIMARY", &["KEY"]),
    ("FOREIGN", &["KEY"]),
    ("NOT", &["NULL", "EXISTS", "IN", "LIKE"]),
    ("ON", &["DELETE", "UPDATE"]),
    ("DELETE", &["CASCADE", "RESTRICT", "SET", "NO", "FROM"]),
    ("ADD", &["COLUMN", "CONSTRAINT"]),
    ("GENERATED", &["BY", "ALWAYS"]),
    ("AS", &["IDENTITY"]),
];

/// The word that belongs at this place, where the one that is there is another and like it.
pub fn meant(words: &[Word], at: usize) -> Option<&'static str> {
    let before = at.checked_sub(1).map(|before| &words[before]);
    let expected: &[&str] = match before {
        None => &STARTS,
        Some(before) if before.is(";") => &STARTS,
        Some(before) => match BEHIND.iter().find(|(word, _)| before.is(word)) {
            Some((_, expected)) => expected,
            None if depth(words, at) > 0 || is_in(words, at, "COLUMN") => &IN_A_COLUMN,
            None if is_in(words, at, "USER") || is_in(words, at, "ROLE") || is_in(words, at, "DATABASE") => {
                &OPTIONS
            }
            None if is_in(words, at, "TABLE") && before.is_name() => &["ADD", "DROP", "RENAME", "ALTER"],
            None => return None,
        },
    };
    // The first word of a column is its name.
    let is_name = depth(words, at) > 0 && before.is_some_and(|before| before.is(",") || before.is("("));
    let word = &words[at];
    if is_name || expected.iter().any(|right| word.is(right)) {
        return None;
    }
    near(&word.text, expected)
}

/// Whether this noun is what the statement makes or changes: it stands behind the first word.
fn is_in(words: &[Word], at: usize, noun: &str) -> bool {
    let start = words[..at].iter().rposition(|word| word.is(";")).map_or(0, |end| end + 1);
    words[start..at].iter().any(|word| word.is(noun))
}

/// The word of these that differs in a letter or two.
fn near<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let word = word.to_uppercase();
    let distance = |other: &&&str| strsim::damerau_levenshtein(&word, other);
    let best = words.iter().min_by_key(distance)?;
    let most = if best.len() > 4 { 2 } else { 1 };
    let is_only = words.iter().filter(|other| distance(other) == distance(&best)).count() == 1;
    (distance(&best) <= most && is_only && !best.eq_ignore_ascii_case(&word)).then_some(*best)
}

/// Whether this ends the type of a column.
pub fn is_constraint(word: &Word) -> bool {
    CONSTRAINTS.iter().any(|other| word.is(other))
}

/// The type that somebody may have meant.
pub fn meant_type(word: &Word) -> Option<&'static str> {
    let upper = word.text.to_uppercase();
    if word.kind != Kind::Name || TYPES.contains(&upper.as_str()) {
        return None;
    }
    let other = OTHER_TYPES.iter().find(|(of, _)| *of == upper).map(|(_, right)| *right);
    other.or_else(|| near(&upper, &TYPES))
}

pub fn meant_function(name: &str) -> Option<&'static str> {
    FUNCTIONS.iter().copied().find(|known| strsim::damerau_levenshtein(known, &name.to_lowercase()) <= 2)
}
