//! The table of operators: what each does to a piece of work, and what it looks for.
//!
//! `README.md` shows the same table; a test compares the two.

/// One kind of mistake, made on purpose.
pub struct Operator {
    pub name: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    /// What a gate must have noticed to catch it.
    pub looks_for: &'static str,
}

const fn operator(
    name: &'static str,
    before: &'static str,
    after: &'static str,
    looks_for: &'static str,
) -> Operator {
    Operator { name, before, after, looks_for }
}

/// All operators: Rust's first, then those of migrations, then those of templates.
pub const OPERATORS: [Operator; 31] = [
    operator(
        "drop-call",
        "query.filter(x).load(conn)",
        "query.load(conn)",
        "each line of a chain of calls matters",
    ),
    operator(
        "swap-call",
        "books::pages.ge(100)",
        "books::pages.gt(100)",
        "the edge, the direction, the kind of join",
    ),
    operator("swap-path", "SameSite::Lax", "SameSite::None", "one of several values that look alike"),
    operator(
        "swap-key",
        "find((book_id, publisher_id))",
        "find((publisher_id, book_id))",
        "two columns of one type",
    ),
    operator(
        "shorten-tuple",
        "order((name, id))",
        "order(name)",
        "every column of an order or of what is written",
    ),
    operator(
        "load-then-first",
        "query.first(conn)",
        "all rows, and the first of them",
        "the database does the work",
    ),
    operator("no-transaction", "write(conn, |conn| …)", "(|conn| …)(conn)", "all or nothing"),
    operator("plain-transaction", "write(conn, work)", "conn.transaction(work)", "many writers at once"),
    operator("flip-operator", "a == b", "a != b", "comparisons, logic and arithmetic"),
    operator("negate-condition", "if x", "if !(x)", "both branches"),
    operator("drop-guard", "Some(n) if n > 0 =>", "Some(n) =>", "the case that a guard keeps out"),
    operator("drop-arm", "0 => Err(NotFound), _ => Ok(())", "_ => Ok(())", "the case that an arm is for"),
    operator("drop-statement", "prepare(&mut conn)?;", "", "everything that is done for its effect"),
    operator(
        "wrong-result",
        "fn f() -> Option<T> { … }",
        "fn f() -> Option<T> { None }",
        "that anything is done at all",
    ),
    operator("some-to-none", "Some(value)", "None", "what is there is handed on"),
    operator("error-to-ok", "Err(NotFound)", "Ok(Default::default())", "a refusal is said"),
    operator("swallow-error", "read()?", "read().unwrap_or_default()", "an error is not taken for nothing"),
    operator("flip-bool", "with_secure(true)", "with_secure(false)", "switches and flags"),
    operator("change-number", "50", "51", "limits, counts and keys"),
    operator("change-text", "\"/about\"", "\"\"", "names, paths and keys"),
    operator("status", "StatusCode::NOT_FOUND", "StatusCode::IM_A_TEAPOT", "what a browser is told"),
    operator("chars-for-bytes", "key.len()", "key.chars().count()", "text that is not ASCII"),
    operator(
        "sql-clause",
        "title TEXT NOT NULL",
        "title TEXT",
        "NOT NULL, UNIQUE, CHECK, REFERENCES, ON DELETE, WHERE",
    ),
    operator("sql-key", "PRIMARY KEY (a, b)", "PRIMARY KEY (a)", "each part of a key"),
    operator("sql-statement", "CREATE UNIQUE INDEX …;", "", "a statement of a migration"),
    operator(
        "sql-swap",
        "ON DELETE CASCADE",
        "ON DELETE SET NULL",
        "types, limits, names and what a delete does",
    ),
    operator("html-element", "<td>{{ total }}</td>", "", "an element of a page"),
    operator("html-value", "{{ total }}", "", "a value on a page"),
    operator("html-attribute", "<a href=\"/\">", "<a>", "an attribute of an element"),
    operator("html-condition", "{% if x %}", "{% if !(x) %}", "what shows only sometimes"),
    operator("drop-setting", "DATABASE_URL=…", "", "a line of a file of settings"),
];

/// The operator of this name.
pub fn named(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name == name)
}

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
        for Operator { name, before, after, looks_for } in &OPERATORS {
            let row = format!("| `{name}` | {} | {} | {looks_for} |", shown(before), shown(after));
            assert!(readme.contains(&row), "README.md lacks the row\n{row}");
        }
        let rows = readme.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, OPERATORS.len(), "README.md has a row for an operator that there is not");
    }
}
