//! What people bring along from other versions of Diesel, and from iterators: `dsl::*`, older attributes, closures.

use super::code::Code;
use super::found::Found;
use super::source::{split_at, value_before};
use super::text::between;
use super::trouble::Trouble;

/// `use crate::schema::books::dsl::*` brings the table as `books`, and not the module of that name.
pub fn hides_table(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_about_table = trouble.is("E0223")
        || trouble.is("E0599")
            && trouble.message().ends_with("found for struct `table` in the current scope");
    let file = trouble.file();
    let lines: Vec<_> = code.text(&file).lines().collect();
    let (at, table) = lines.iter().enumerate().find_map(|(at, line)| {
        let path = line.trim().strip_prefix("use ")?.strip_suffix("::dsl::*;")?;
        Some((at, code.table(path.rsplit("::").next()?)?))
    })?;
    if !is_about_table {
        return None;
    }
    Some(
        Found::new([
            format!(
                "`dsl::*` imports the table as `{0}`, and this hides the module `{0}`. Import the module:",
                table.name
            ),
            String::new(),
            format!("    {}", lines[at].trim().replace("::dsl::*", "")),
            String::new(),
            format!(
                "In queries, write `{0}::table` and `{0}::{1}`.",
                table.name,
                table.columns.first()?.name
            ),
        ])
        .at(file, at + 1),
    )
}

/// `#[table_name = "books"]`, as Diesel 1 had it.
pub fn older_attribute(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let attribute = between(trouble.message(), "cannot find attribute `", '`')?;
    if !["table_name", "belongs_to", "primary_key", "column_name", "changeset_options"].contains(&attribute) {
        return None;
    }
    let line = trouble.line_text();
    let rest = line.strip_prefix("#[")?.strip_suffix(']')?;
    let right = match rest.split_once('=') {
        Some((name, value)) => format!("{} = {}", name.trim(), value.trim().trim_matches('"')),
        None => rest.to_owned(),
    };
    let checked = code.sources.iter().any(|source| source.text.contains("check_for_backend(Backend)"));
    let checked = if attribute == "table_name" && checked { ", check_for_backend(Backend)" } else { "" };
    Some(Found::new([
        "Diesel 1 wrote it this way. Since Diesel 2, its attributes are in `diesel(…)`:".to_owned(),
        String::new(),
        format!("    #[diesel({right}{checked})]"),
    ]))
}

/// A parameter that has the name of a column which is imported by its bare name.
pub fn takes_name(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let mut labels = trouble.labels();
    let name = labels.find_map(|label| {
        between(label, "`", '`')
            .filter(|_| label.contains("is interpreted as a unit struct, not a new binding"))
    })?;
    let table = code.tables.iter().find(|table| table.column(name).is_some())?;
    let file = trouble.file();
    let is_import = |line: &&str| {
        line.trim_start().starts_with("use ") && (line.contains("dsl") || line.contains("columns"))
    };
    let (at, import) = code.text(&file).lines().enumerate().find(|(_, line)| is_import(line))?;
    Some(
        Found::new([
            format!(
                "`{name}` is imported as a column here, so no variable can have this name. Remove this line:"
            ),
            String::new(),
            format!("    {}", import.trim()),
            String::new(),
            format!("In queries, write the column with its table: `{}::{name}`.", table.name),
        ])
        .at(file, at + 1),
    )
}

/// `query.filter(|book| …)`, as an iterator's.
pub fn closure_for_condition(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (before, from) = split_at(trouble, code)?;
    let outside = before.strip_suffix('|')?.trim_end().strip_suffix(".filter(")?;
    let receiver = value_before(outside);
    let model = code.models.iter().find(|model| receiver.starts_with(&format!("{}::query()", model.name)));
    let table = match model {
        Some(model) => code.table(model.table.as_deref()?)?,
        None => code.tables.iter().find(|table| receiver.starts_with(&format!("{}::table", table.name)))?,
    };
    if !trouble.is("E0282") || receiver.contains(".load") {
        return None;
    }
    let (parameter, body) = from.split_once('|')?;
    let used = body.split_once(&format!("{}.", parameter.trim()))?.1;
    let column: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let column = table.column(&column).map_or("…", |column| column.name.as_str());
    Some(Found::new([
        "The database filters the rows, so this `filter` takes an SQL condition. It cannot run a closure."
            .to_owned(),
        String::new(),
        format!("    .filter({}::{column}.eq(…))      or `ge`, `like`, …", table.name),
    ]))
}

/// A function for every kind of connection, of models that are checked for one database.
pub fn any_connection(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let resolved =
        between(trouble.message(), "type mismatch resolving `<", '`').filter(|_| trouble.is("E0271"))?;
    let (name, _) = resolved.split_once(" as Connection>::Backend == ")?;
    let line = (0..trouble.line()).rev().find(|line| {
        code.text(&trouble.file()).lines().nth(*line).is_some_and(|text| text.contains("fn "))
    })?;
    Some(
        Found::new([
            format!("`{name}` stands for any connection, and these models are for one database. Take the lesson's connection:"),
            String::new(),
            "    conn: &mut Db".to_owned(),
        ])
        .at(trouble.file(), line + 1),
    )
}
