//! `schema.rs` says one thing and the database another: nothing compares them before a query runs.

use super::code::{Code, Table};
use super::failure::Failure;
use super::found::Found;
use super::sql::tables::{Tables, migrations};
use super::text::{between, listed, nearest};

/// A table or a column of `schema.rs` that no migration makes.
pub fn not_made(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    // What a migration's own SQL names is not what `table!` says.
    if failure.refused(code).is_some() {
        return None;
    }
    let files = migrations(code);
    let tables = Tables::of(&files);
    // In the debug form of an error the quotes inside of it have backslashes.
    let texts: Vec<_> = failure.texts().map(|text| text.replace('\\', "")).collect();
    let said = |before: &str, end: char, with: &str| {
        texts.iter().filter(|text| text.contains(with)).find_map(|text| between(text, before, end))
    };
    // A statement that inserts names the column by itself.
    let inserted = texts.iter().find_map(|text| {
        let (before, column) = text.split_once(" has no column named ")?;
        Some((before.rsplit(' ').next()?, column.split(|c: char| !c.is_alphanumeric() && c != '_').next()?))
    });
    let inserted = inserted.or_else(|| {
        texts.iter().find_map(|text| {
            let (before, table) = text.split_once("\" of relation \"")?;
            Some((table.split('"').next()?, before.rsplit('"').next()?))
        })
    });
    if let Some((table, column)) = inserted {
        return column_not_made(code.table(table)?, column, &tables);
    }
    let is_end = |c: char| !c.is_alphanumeric() && c != '_' && c != '.';
    let path = said("no such column: ", '\n', "")
        .or_else(|| said("column ", ' ', "does not exist"))
        .and_then(|path| path.split(is_end).next());
    if let Some((table, column)) = path.and_then(|path| path.split_once('.')) {
        return column_not_made(code.table(table)?, column, &tables);
    }
    let name = said("no such table: ", '"', "")
        .or_else(|| said("relation \"", '"', "does not exist"))
        .and_then(|name| name.split(is_end).next())?;
    let table = code.table(name)?;
    if tables.table(name).is_some() {
        return None;
    }
    let names: Vec<_> = tables.tables.iter().map(|table| table.name.as_str()).collect();
    let line = line_of(table, code)?;
    let mut lines = vec![format!(
        "`table!` declares a table `{name}`, but no migration creates it. The migrations create {}.",
        listed(&names)
    )];
    if let Some(near) = nearest(name, &names) {
        let written = code.text(&table.file).lines().nth(line - 1)?.trim();
        lines.extend([String::new(), format!("    {}", written.replacen(name, near, 1))]);
    }
    Some(Found::new(lines).at(&table.file, line))
}

fn column_not_made(table: &Table, column: &str, tables: &Tables) -> Option<Found> {
    let known = tables.table(&table.name)?;
    let field = table.column(column)?;
    if known.column(column).is_some() {
        return None;
    }
    let names = known.column_names();
    let mut lines = vec![format!(
        "`table!` gives `{}` a column `{column}`, but no migration creates it. The table has {}.",
        table.name,
        listed(&names)
    )];
    let others: Vec<_> = names.iter().copied().filter(|name| table.column(name).is_none()).collect();
    let near = match &others[..] {
        [only] => Some(*only),
        _ => nearest(column, &others),
    };
    if let Some(near) = near {
        lines.extend([String::new(), format!("    {near} -> {},", field.of)]);
    }
    Some(Found::new(lines).at(&table.file, field.line))
}

fn line_of(table: &Table, code: &Code) -> Option<usize> {
    let is_head = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix(table.name.as_str()).is_some_and(|rest| rest.trim_start().starts_with(['(', '{']))
    };
    code.text(&table.file).lines().position(is_head).map(|at| at + 1)
}

/// A column is empty in a row, and `schema.rs` says that it cannot be. The error names no column, so it is explained
/// where there is only one.
pub fn unexpected_null(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    if !failure.texts().any(|text| text.contains("UnexpectedNullError") || text.contains("Unexpected null")) {
        return None;
    }
    let files = migrations(code);
    let tables = Tables::of(&files);
    let mut places = code.tables.iter().flat_map(|table| {
        let made = tables.table(&table.name);
        table.columns.iter().filter_map(move |column| {
            let made = made?.column(&column.name).filter(|made| !made.is_always_there)?;
            (!column.of.starts_with("Nullable<")).then_some((table, column, made))
        })
    });
    let ((table, column, _), None) = (places.next()?, places.next()) else { return None };
    let name = &column.name;
    let models: Vec<_> = code.models_of(&table.name).collect();
    let field = models.iter().find_map(|model| {
        let field =
            model.fields.iter().find(|field| &field.name == name && !field.of.starts_with("Option<"))?;
        Some(format!("    pub {name}: Option<{}>,      in `{}`", field.of, model.name))
    });
    let mut lines = vec![
        format!("A row of `{}` has no `{name}`, and `table!` says that every row has one.", table.name),
        String::new(),
        format!("    {name} -> Nullable<{}>,      in `table!`", column.of),
    ];
    lines.extend(field);
    Some(Found::new(lines).at(&table.file, column.line))
}
