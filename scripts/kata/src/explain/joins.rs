//! Queries over several tables.

use super::code::{Code, Table};
use super::columns::table_of;
use super::found::Found;
use super::text::between;
use super::trouble::Trouble;

/// A join without `joinable!`.
pub fn joinable(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let rest = trouble.message().strip_prefix("cannot join `")?;
    let (one, rest) = rest.split_once("` to `")?;
    let (one, other) = (table_of(one, code)?, table_of(rest.split('`').next()?, code)?);
    let refers = |child: &Table, parent: &Table| {
        let singular = parent.name.trim_end_matches('s').to_owned();
        child
            .columns
            .iter()
            .find(|column| column.name == format!("{singular}_id"))
            .map(|column| column.name.clone())
    };
    let (child, parent, column) = match (refers(one, other), refers(other, one)) {
        (Some(column), None) => (one, other, column),
        (None, Some(column)) => (other, one, column),
        (None, None) => return linked(one, other, code),
        _ => return None,
    };
    Some(
        Found::new([
            format!(
                "Diesel does not know how to join `{}` and `{}`: nothing says which key connects them.",
                one.name, other.name
            ),
            String::new(),
            format!("    diesel::joinable!({} -> {} ({column}));", child.name, parent.name),
            String::new(),
            format!(
                "Add it to `schema.rs`, below the tables: `{column}` of `{}` refers to `{}`.",
                child.name, parent.name
            ),
        ])
        .at(&child.file, child.columns.last()?.line),
    )
}

/// Two tables that only the rows of a third connect.
fn linked(one: &Table, other: &Table, code: &Code) -> Option<Found> {
    let key = |table: &Table| format!("{}_id", table.name.trim_end_matches('s'));
    let has = |link: &Table, table: &Table| link.column(&key(table)).is_some();
    let mut links = code.tables.iter().filter(|link| has(link, one) && has(link, other));
    let link = links.next().filter(|_| links.next().is_none())?;
    Some(Found::new([
        format!(
            "No column connects `{}` and `{}` directly: `{}` links them.",
            one.name, other.name, link.name
        ),
        format!("Join `{}`, and join `{}` inside that join:", link.name, one.name),
        String::new(),
        format!("    .inner_join({}::table.inner_join({}::table))", link.name, one.name),
        String::new(),
        "No `joinable!` can help here, whatever rustc's note says.".to_owned(),
    ]))
}

/// Two tables in a query that were never named together.
pub fn tables_in_one_query(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (of, wanted) = trouble.unmet()?;
    let other = between(wanted, "TableNotEqual<", '>')?;
    let (one, other) = (table_of(of, code)?, table_of(other, code)?);
    let mut names = [one.name.as_str(), other.name.as_str()];
    names.sort_unstable();
    Some(
        Found::new([
            format!(
                "This query uses `{}` and `{}` together. Diesel requires that to be declared once.",
                names[0], names[1]
            ),
            String::new(),
            format!("    diesel::allow_tables_to_appear_in_same_query!({});", names.join(", ")),
            String::new(),
            "Add it to `schema.rs`, below the tables.".to_owned(),
        ])
        .at(&one.file, one.columns.last()?.line),
    )
}

/// A column of a table that the query does not read.
pub fn join_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_about_tables = trouble.is("E0271") && trouble.message().contains("AppearsInFromClause<");
    if !is_about_tables || trouble.mismatch()? != ("Once", "Never") {
        return None;
    }
    let note = trouble
        .notes()
        .find(|note| note.contains("to implement `AppearsOnTable<") && note.contains("::columns::"))?;
    let column = between(note, "required for `", '`')?;
    let reads =
        note.split_once("to implement `AppearsOnTable<")?.1.trim_end_matches("`").trim_end_matches('>');
    // Of a join, rustc writes both tables as `table`.
    let reads = table_of(reads, code).filter(|_| !reads.contains('<'))?;
    let table = table_of(column, code)?;
    let name = column.rsplit("::").next()?;
    let column = table.column(name)?;
    if table.name == reads.name {
        return None;
    }
    let are_joinable = code.sources.iter().any(|source| {
        let joins = source.text.split("joinable!(").skip(1).filter_map(|rest| rest.split(')').next());
        joins.filter_map(|join| join.split_once("->")).any(|(child, parent)| {
            let (child, parent) = (child.trim(), parent.trim().split([' ', '(']).next().unwrap_or_default());
            (child == table.name && parent == reads.name) || (child == reads.name && parent == table.name)
        })
    });
    let mut lines = vec![
        format!(
            "`{}::{}` is a column of `{0}`, but this query only reads `{}`.",
            table.name, column.name, reads.name
        ),
        String::new(),
    ];
    if are_joinable {
        lines.push(format!("    .inner_join({}::table)      to read both", table.name));
    }
    if reads.column(name).is_some() {
        lines.push(format!("    {}::{name}      if the column of `{0}` is meant", reads.name));
    }
    // rustc names the method that runs the query; the column stands in a line above it.
    let path = format!("{}::{name}", table.name);
    let all: Vec<_> = code.text(&trouble.file()).lines().collect();
    let line = (0..trouble.line())
        .rev()
        .take(12)
        .find(|line| all.get(*line).is_some_and(|text| text.contains(&path)));
    let line = line.map_or(trouble.line(), |line| line + 1);
    (lines.len() > 2).then(|| Found::new(lines).at(trouble.file(), line))
}
