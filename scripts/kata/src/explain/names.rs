//! Names that rustc cannot find, or that mean something else than they do in Python.

use super::code::{Code, Table};
use super::found::{Found, MOST_LINES};
use super::imports;
use super::text::between;
use super::trouble::Trouble;

/// The methods that come with `diesel::prelude`, and the derives.
const OF_PRELUDE: &[&str] = &[
    "as_returning",
    "as_select",
    "desc",
    "asc",
    "distinct",
    "eq",
    "establish",
    "execute",
    "filter",
    "find",
    "first",
    "ge",
    "get_result",
    "get_results",
    "grouped_by",
    "gt",
    "inner_join",
    "is_not_null",
    "is_null",
    "le",
    "left_join",
    "like",
    "limit",
    "load",
    "lt",
    "ne",
    "offset",
    "optional",
    "order",
    "query",
    "returning",
    "select",
    "set",
    "transaction",
    "belonging_to",
];

/// A file without `use diesel::prelude::*`.
pub fn prelude(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let file = trouble.file();
    let text = code.text(&file);
    if text.is_empty() || text.contains("diesel::prelude") {
        return None;
    }
    let derive = between(trouble.message(), "cannot find derive macro `", '`');
    let is_derive = derive.is_some_and(|derive| {
        ["AsChangeset", "Associations", "HasQuery", "Identifiable", "Insertable", "Queryable", "Selectable"]
            .contains(&derive)
    });
    let method = between(trouble.message(), "named `", '`').filter(|_| trouble.is("E0599"));
    let is_method = method.is_some_and(|method| OF_PRELUDE.contains(&method))
        && trouble.notes().any(|note| note.contains("diesel") || note.contains("but not in scope"));
    let is_type =
        between(trouble.message(), "cannot find type `", '`').is_some_and(|name| name == "QueryResult");
    let name =
        derive.or(method).filter(|_| is_derive || is_method).or_else(|| is_type.then_some("QueryResult"))?;
    Some(
        Found::new([
            format!("`{name}` comes from Diesel's prelude, and this file does not import it."),
            String::new(),
            "    use diesel::prelude::*;".to_owned(),
        ])
        .at(file, imports::place(text)),
    )
}

/// `table!` makes a module in `schema.rs`; another file imports it.
pub fn table_import(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = trouble.unresolved_module()?;
    let table = code.table(name)?;
    if trouble.file() == table.file {
        return None;
    }
    let module = table.file.rsplit('/').next()?.trim_end_matches(".rs");
    Some(
        Found::new([
            format!("`{name}` is not a crate. It is the module that `table!` creates in `{module}.rs`. Import it in this file:"),
            String::new(),
            format!("    use crate::{module}::{name};"),
        ])
        .at(trouble.file(), imports::place(code.text(&trouble.file()))),
    )
}

/// `books.id`, as in Python; in Rust a dot is for values.
pub fn column_path(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let what = trouble.message().strip_prefix("expected value, found ").filter(|_| trouble.is("E0423"))?;
    let name = between(what, "`", '`')?.rsplit("::").next()?;
    let behind = trouble.around().1.strip_prefix('.')?;
    let next: String = behind.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let table = code.table(name).or_else(|| code.table(code.model(name)?.table.as_deref()?));
    let right = match (what.starts_with("module"), &table) {
        // `Book.title`, where a column is meant.
        (false, Some(table)) if table.column(&next).is_some() => format!("{}::{next}", table.name),
        // SQLAlchemy's `Book.query` is not a call.
        (false, _) if next == "query" => format!("{name}::query()"),
        _ => format!("{name}::{next}"),
    };
    let what =
        if right.starts_with(name) && !what.starts_with("module") { "a type" } else { "a table's module" };
    Some(Found::new([
        format!("`{name}` is {what}, not a value. Use `::` instead of a dot:"),
        String::new(),
        format!("    {right}"),
    ]))
}

/// A struct or a module where Diesel wants the table, or what to read.
pub fn table_as_value(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let what = trouble.message().strip_prefix("expected value, found ").filter(|_| trouble.is("E0423"))?;
    let name = between(what, "`", '`')?.rsplit("::").next()?;
    let before = trouble.around().0.trim_end();
    let call = before.strip_suffix('(')?.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    let model = code.model(name);
    let table = code.table(name).or_else(|| code.table(model?.table.as_deref()?))?;
    let (why, right) = match call {
        "insert_into" | "update" | "delete" | "inner_join" | "left_join" => {
            ("expects a table".to_owned(), format!("{call}({}::table)", table.name))
        }
        "returning" => ("expects columns".to_owned(), format!("returning({}::as_returning())", model?.name)),
        "select" => ("expects columns".to_owned(), format!("select({}::as_select())", model?.name)),
        _ => return None,
    };
    let is = if model.is_some() { "a struct" } else { "the module of a table" };
    Some(Found::new([
        format!("`{call}` {why}, and `{name}` is {is}."),
        String::new(),
        format!("    {right}"),
    ]))
}

/// A column by its name alone.
pub fn column_alone(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = between(trouble.message(), "cannot find value `", '`')
        .filter(|_| trouble.message().ends_with("in this scope"))?;
    let text = code.text(&trouble.file());
    let is_there = |table: &&Table| {
        let words = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == table.name)
        };
        table.column(name).is_some() && words(text)
    };
    let tables: Vec<_> = code.tables.iter().filter(is_there).collect();
    // Only in a query is a column meant.
    let before = trouble.around().0;
    let is_in_query = [".order(", ".filter(", ".select(", ".set(", ".group_by(", "order((", "select(("]
        .iter()
        .any(|call| before.contains(call));
    if tables.is_empty() || !is_in_query {
        return None;
    }
    let line = trouble.line_text();
    let likely = tables.iter().find(|table| code.names_table(line, table));
    let paths: Vec<_> = match (likely, &tables[..]) {
        (Some(table), _) | (None, [table]) => vec![format!("    {}::{name}", table.name)],
        (None, tables) => tables.iter().map(|table| format!("    {}::{name}", table.name)).collect(),
    };
    let which = if paths.len() == 1 { "" } else { " One of:" };
    let mut lines = vec![format!("Write a column with its table.{which}"), String::new()];
    lines.extend(paths.into_iter().take(MOST_LINES - 2));
    Some(Found::new(lines))
}

/// A function of Diesel's that its prelude does not bring.
pub fn diesel_path(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    const FUNCTIONS: &[&str] = &["delete", "insert_into", "select", "sql_query", "update"];
    let name =
        between(trouble.message(), "cannot find function `", '`').filter(|name| FUNCTIONS.contains(name));
    let name = name.or_else(|| {
        let name = between(trouble.message(), "cannot find value `", '`')?;
        (name == "NotFound").then_some(name)
    })?;
    if !trouble.message().ends_with("in this scope") {
        return None;
    }
    let is = if name == "NotFound" { "Diesel's error for a missing row" } else { "a function of Diesel's" };
    Some(Found::new([
        format!("`{name}` is {is}, and the prelude does not import it. Use its path:"),
        String::new(),
        format!("    diesel::{name}{}", if name == "NotFound" { "" } else { "(…)" }),
    ]))
}
