//! The columns and tables that an error or a line names.

use super::code::{Code, Field, Table};
use super::trouble::Trouble;

/// `books` of `schema::books::columns::pages` or `schema::books::table`.
pub fn table_of<'a>(path: &str, code: &'a Code) -> Option<&'a Table> {
    let mut names = path.split("::").collect::<Vec<_>>();
    names.retain(|name| !["schema", "columns", "table", "crate", "step"].contains(name));
    names.iter().find_map(|name| code.table(name))
}

/// The column that the line names before the place: `books::pages.ge(`.
pub fn column_before<'a>(trouble: &Trouble<'_>, code: &'a Code) -> Option<(&'a Table, &'a Field)> {
    let (before, _) = trouble.around();
    columns_in(before, code).last().copied()
}

pub fn columns_in<'a>(text: &str, code: &'a Code) -> Vec<(&'a Table, &'a Field)> {
    let is_end = |c: char| !c.is_alphanumeric() && c != '_' && c != ':';
    let words = text.split(is_end).filter_map(|word| word.split_once("::"));
    words
        .filter_map(|(table, column)| {
            let table = code.table(table)?;
            Some((table, table.column(column)?))
        })
        .collect()
}
