//! The table of operators: what each does to a piece of work, and what it looks for.
//!
//! `README.md` shows the same table; a test compares the two.

use std::fmt;

use clap::ValueEnum;
use serde::Deserialize;

/// One kind of mistake, made on purpose.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::enum_variant_names, reason = "the variants have the names of the table")]
pub enum Operator {
    DropCall,
    SwapCall,
    SwapPath,
    SwapKey,
    ShortenTuple,
    LoadThenFirst,
    NoTransaction,
    PlainTransaction,
    FlipOperator,
    NegateCondition,
    DropGuard,
    DropArm,
    DropStatement,
    WrongResult,
    SomeToNone,
    ErrorToOk,
    SwallowError,
    FlipBool,
    ChangeNumber,
    ChangeText,
    Status,
    CharsForBytes,
    SqlClause,
    SqlKey,
    SqlStatement,
    SqlSwap,
    HtmlElement,
    HtmlValue,
    HtmlAttribute,
    HtmlCondition,
    DropSetting,
}

impl fmt::Display for Operator {
    /// The name, as the command line and `unobservable.toml` spell it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

/// What the table says about an operator.
pub struct Row {
    pub operator: Operator,
    pub before: &'static str,
    pub after: &'static str,
    /// What a gate must have noticed to catch it.
    pub looks_for: &'static str,
}

const fn row(operator: Operator, before: &'static str, after: &'static str, looks_for: &'static str) -> Row {
    Row { operator, before, after, looks_for }
}

/// All operators: Rust's first, then those of migrations, then those of templates.
pub const OPERATORS: [Row; 31] = [
    row(
        Operator::DropCall,
        "query.filter(x).load(conn)",
        "query.load(conn)",
        "each line of a chain of calls matters",
    ),
    row(
        Operator::SwapCall,
        "books::pages.ge(100)",
        "books::pages.gt(100)",
        "the edge, the direction, the kind of join",
    ),
    row(Operator::SwapPath, "SameSite::Lax", "SameSite::None", "one of several values that look alike"),
    row(
        Operator::SwapKey,
        "find((book_id, publisher_id))",
        "find((publisher_id, book_id))",
        "two columns of one type",
    ),
    row(
        Operator::ShortenTuple,
        "order((name, id))",
        "order(name)",
        "every column of an order or of what is written",
    ),
    row(
        Operator::LoadThenFirst,
        "query.first(conn)",
        "all rows, and the first of them",
        "the database does the work",
    ),
    row(Operator::NoTransaction, "write(conn, |conn| …)", "(|conn| …)(conn)", "all or nothing"),
    row(Operator::PlainTransaction, "write(conn, work)", "conn.transaction(work)", "many writers at once"),
    row(Operator::FlipOperator, "a == b", "a != b", "comparisons, logic and arithmetic"),
    row(Operator::NegateCondition, "if x", "if !(x)", "both branches"),
    row(Operator::DropGuard, "Some(n) if n > 0 =>", "Some(n) =>", "the case that a guard keeps out"),
    row(Operator::DropArm, "0 => Err(NotFound), _ => Ok(())", "_ => Ok(())", "the case that an arm is for"),
    row(Operator::DropStatement, "prepare(&mut conn)?;", "", "everything that is done for its effect"),
    row(
        Operator::WrongResult,
        "fn f() -> Option<T> { … }",
        "fn f() -> Option<T> { None }",
        "that anything is done at all",
    ),
    row(Operator::SomeToNone, "Some(value)", "None", "what is there is passed on"),
    row(Operator::ErrorToOk, "Err(NotFound)", "Ok(Default::default())", "a refusal is reported"),
    row(
        Operator::SwallowError,
        "read()?",
        "read().unwrap_or_default()",
        "an error is not treated as an empty result",
    ),
    row(Operator::FlipBool, "with_secure(true)", "with_secure(false)", "switches and flags"),
    row(Operator::ChangeNumber, "50", "51", "limits, counts and keys"),
    row(Operator::ChangeText, "\"/about\"", "\"\"", "names, paths and keys"),
    row(Operator::Status, "StatusCode::NOT_FOUND", "StatusCode::IM_A_TEAPOT", "what a browser gets"),
    row(Operator::CharsForBytes, "key.len()", "key.chars().count()", "text that is not ASCII"),
    row(
        Operator::SqlClause,
        "title TEXT NOT NULL",
        "title TEXT",
        "NOT NULL, UNIQUE, CHECK, REFERENCES, ON DELETE, WHERE",
    ),
    row(Operator::SqlKey, "PRIMARY KEY (a, b)", "PRIMARY KEY (a)", "each part of a key"),
    row(Operator::SqlStatement, "CREATE UNIQUE INDEX …;", "", "a statement of a migration"),
    row(
        Operator::SqlSwap,
        "ON DELETE CASCADE",
        "ON DELETE SET NULL",
        "types, limits, names and what a delete does",
    ),
    row(Operator::HtmlElement, "<td>{{ total }}</td>", "", "an element of a page"),
    row(Operator::HtmlValue, "{{ total }}", "", "a value on a page"),
    row(Operator::HtmlAttribute, "<a href=\"/\">", "<a>", "an attribute of an element"),
    row(Operator::HtmlCondition, "{% if x %}", "{% if !(x) %}", "what shows only sometimes"),
    row(Operator::DropSetting, "DATABASE_URL=…", "", "a line of a file of settings"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_the_table() {
        let readme = include_str!("../README.md");
        let shown = |text: &str| match text {
            "" => "(nothing)".to_owned(),
            text => format!("`{}`", text.replace('|', "\\|")),
        };
        for Row { operator, before, after, looks_for } in &OPERATORS {
            let row = format!("| `{operator}` | {} | {} | {looks_for} |", shown(before), shown(after));
            assert!(readme.contains(&row), "README.md lacks the row\n{row}");
        }
        let all: Vec<_> = OPERATORS.iter().map(|row| row.operator).collect();
        assert_eq!(all, Operator::value_variants());
        let rows = readme.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, OPERATORS.len(), "README.md has a row for an operator that there is not");
    }
}
