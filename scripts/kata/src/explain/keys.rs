//! Composite keys, and keys that are wrong: in `table!`, on the struct, and in `find`.

use super::code::{Code, Table};
use super::found::Found;
use super::source::is_name;
use super::text::{between, in_parentheses, listed, nearest};
use super::trouble::Trouble;

/// The line in which `table!` begins the table, its number, and the columns of the key that it names there.
struct Head<'a> {
    text: &'a str,
    line: usize,
    key: Vec<&'a str>,
}

fn head<'a>(table: &Table, code: &'a Code) -> Option<Head<'a>> {
    code.text(&table.file).lines().enumerate().find_map(|(at, text)| {
        let rest = text.trim().strip_prefix(table.name.as_str())?.trim_start();
        let key = in_parentheses(rest.strip_prefix('(')?);
        rest.ends_with('{').then(|| Head {
            text: text.trim(),
            line: at + 1,
            key: key.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
        })
    })
}

/// A key in `table!` that is not a column.
pub fn of_table(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = between(trouble.message(), "cannot find type `", '`')
        .or_else(|| between(trouble.message(), "cannot find value `", '`'))?;
    let file = trouble.file();
    let table = code.tables.iter().find(|table| {
        table.file == file && head(table, code).is_some_and(|head| head.line == trouble.line())
    })?;
    let head = head(table, code).filter(|head| head.key.contains(&name))?;
    if table.column(name).is_some() {
        return None;
    }
    let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let near = nearest(name, &columns).or_else(|| columns.contains(&"id").then_some("id"))?;
    Some(
        Found::new([
            format!(
                "`table!` names the key in these parentheses, and `{}` has no column `{name}`.",
                table.name
            ),
            format!("Its columns: {}.", listed(&columns)),
            String::new(),
            format!("    {}", head.text.replacen(&format!("({name}"), &format!("({near}"), 1)),
        ])
        .at(file, head.line),
    )
}

/// `Identifiable` without the key, on a struct whose table has none called `id`.
pub fn of_struct(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let column = between(trouble.message(), "no field with column name `", '`')?;
    if column != "id" || trouble.marked() != "Identifiable" {
        return None;
    }
    let model = code.model_from(&trouble.file(), trouble.line())?;
    let table = code.table(model.table.as_deref()?)?;
    let head = head(table, code)?;
    let is_field = |name: &&str| model.fields.iter().any(|field| field.name == **name);
    if table.column(column).is_some() || head.key.is_empty() || !head.key.iter().all(is_field) {
        return None;
    }
    Some(
        Found::new([
            format!("`Identifiable` looks for a key `id`, and `{}` has another one. Name it:", table.name),
            String::new(),
            format!("    #[diesel(primary_key({}))]", head.key.join(", ")),
            format!("    pub struct {} {{", model.name),
        ])
        .at(&model.file, model.line),
    )
}

/// `find((book_id, publisher_id))`, where `table!` has one of the two as the key.
pub fn too_short(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (of, wanted) = trouble.unmet()?;
    let line = trouble.line_text();
    let (before, call) = line.split_once(".find(")?;
    let given = in_parentheses(call).trim().strip_prefix('(')?.strip_suffix(')')?;
    let names: Vec<_> = given.split(',').map(|name| name.trim().trim_start_matches(['&', '*'])).collect();
    let is_expression = wanted == "Expression" || wanted.starts_with("AsExpression<");
    if !of.starts_with('(') || !is_expression || names.len() < 2 || !names.iter().all(|name| is_name(name)) {
        return None;
    }
    let mut words = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_');
    let name = words.find(|word| !word.is_empty() && !["table", "query"].contains(word))?;
    let table = code.table(name).or_else(|| code.table(code.model(name)?.table.as_deref()?))?;
    let head = head(table, code)?;
    // A call that passes these columns means them.
    if head.key.len() >= names.len() || names.iter().any(|name| table.column(name).is_none()) {
        return None;
    }
    Some(
        Found::new([
            format!(
                "`find` takes the whole key, and `table!` says that `{}` has the key `{}`. You pass {}.",
                table.name,
                head.key.join(", "),
                listed(&names)
            ),
            "If they are the primary key in the migration, name both in `table!`:".to_owned(),
            String::new(),
            format!("    {} ({}) {{", table.name, names.join(", ")),
        ])
        .at(&table.file, head.line),
    )
}
