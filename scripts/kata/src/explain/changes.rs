//! Statements that insert, update and delete.

use super::code::{Code, Table};
use super::columns::{columns_in, table_of};
use super::found::Found;
use super::text::{between, in_parentheses, parts, snake_case};
use super::trouble::Trouble;

/// `update(Book::query()…)`.
pub fn update_target(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.message().contains(": IntoUpdateTarget`") {
        return None;
    }
    let marked = trouble.marked();
    let call = if trouble.line_text().contains("delete(") { "delete" } else { "update" };
    let name = marked.split("::").next()?;
    let table = code.table(code.model(name)?.table.as_deref()?)?;
    let rest = marked.strip_prefix(&format!("{name}::query()"))?;
    Some(Found::new([
        format!("`{name}::query()` is for reading. `{call}` starts from the table itself:"),
        String::new(),
        format!("    diesel::{call}({}::table{rest})", table.name),
    ]))
}

/// `update(table).set(…).find(id)`: the rows come before what changes in them.
pub fn find_after_set(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_update = trouble.is("E0599")
        && trouble.message().starts_with("the method `find` exists for struct `UpdateStatement<")
        && trouble.call() == "find";
    let text = code.text(&trouble.file());
    let line = text.lines().take(trouble.line()).filter(|line| line.contains("update(")).last()?;
    let table = between(line, "update(", ')').filter(|table| is_update && table.ends_with("::table"))?;
    let key = in_parentheses(trouble.around().1);
    Some(Found::new([
        "`update` needs the rows first, and `set` says what changes in them. SQL has them the other way around.".to_owned(),
        String::new(),
        format!("    diesel::update({table}.find({key}))"),
        "        .set(…)".to_owned(),
    ]))
}

pub fn set_missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    trouble.message().contains("SetNotCalled").then(|| {
        Found::new([
            "This `update` does not say what to change: `set` is missing.",
            "",
            "    .set(table::column.eq(value))",
        ])
    })
}

/// `set` with a column of another table.
pub fn set_other_table(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0271") || !trouble.message().contains("AsChangeset>::Target ==") {
        return None;
    }
    let (expected, found) = trouble.mismatch()?;
    let (expected, found) = (table_of(expected, code)?, table_of(found, code)?);
    let column = columns_in(trouble.marked(), code).first()?.1;
    let singular = found.name.trim_end_matches('s');
    let right =
        expected.column(&format!("{singular}_{}", column.name)).or_else(|| expected.column(&column.name));
    let mut lines = vec![format!(
        "This updates `{}`, but `{}::{}` is a column of `{}`.",
        expected.name, found.name, column.name, found.name
    )];
    if let Some(right) = right {
        lines.push(String::new());
        lines.push(format!("    .set({}::{}.eq(…))", expected.name, right.name));
    }
    Some(Found::new(lines))
}

/// `set(value)` and `set(column = value)`.
pub fn set_value(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (_, wanted) = trouble.unmet()?;
    if wanted.rsplit("::").next()? != "AsChangeset" {
        return None;
    }
    let marked = trouble.marked();
    if let Some((column, value)) = marked.split_once(" = ") {
        return Some(Found::new([
            "`=` assigns a Rust variable. In `set`, use `eq`:".to_owned(),
            String::new(),
            format!("    .set({column}.eq({value}))"),
        ]));
    }
    let is_value = marked.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '"');
    let column = code.tables.iter().find_map(|table| table.column(marked).map(|column| (table, column)));
    let column = column.map_or_else(
        || "table::column".to_owned(),
        |(table, column)| format!("{}::{}", table.name, column.name),
    );
    (is_value && !marked.is_empty()).then(|| {
        Found::new([
            format!("`set` needs to know which column gets `{marked}`:"),
            String::new(),
            format!("    .set({column}.eq({marked}))"),
        ])
    })
}

/// `values` with what is not a row of the table.
pub fn not_insertable(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (of, wanted) = trouble.unmet()?;
    if !wanted.contains("Insertable<") {
        return None;
    }
    let name = of.trim_start_matches('&').split('<').next()?.rsplit("::").next()?;
    // Where there is one table, rustc calls it `table`.
    let table = table_of(between(wanted, "Insertable<", '>')?, code);
    let table = table.or_else(|| code.table(code.model(name)?.table.as_deref()?))?;
    if let Some(model) = code.model(name) {
        let new = code.models_of(&table.name).find(|other| other.derives("Insertable"));
        if let Some(new) = new.filter(|new| new.name != name && !model.derives("Insertable")) {
            return Some(Found::new([
                format!(
                    "`{name}` is a row that is already in the table. To insert a new row, use a `{}`:",
                    new.name
                ),
                String::new(),
                format!("    .values(…)      a `{}`, or a reference to one", new.name),
                String::new(),
                "The database chooses the key of the new row.".to_owned(),
            ]));
        }
        return (!model.derives("Insertable")).then(|| {
            Found::new([
                format!("`{name}` cannot be inserted: it does not derive `Insertable`."),
                String::new(),
                "    #[derive(Insertable)]".to_owned(),
                format!("    #[diesel(table_name = {}, check_for_backend(Backend))]", table.name),
                format!("    pub struct {name} {{"),
            ])
            .at(&model.file, model.line)
        });
    }
    if let Some(found) = tuple_of_values(trouble, table) {
        return Some(found);
    }
    let column = trouble.marked().rsplit('.').next().and_then(|name| table.column(name));
    let columns = column.map_or_else(|| "column".to_owned(), |column| column.name.clone());
    let is_value = ["str", "String", "i32", "i64", "{integer}"].contains(&name)
        && trouble.around().0.trim_end().ends_with(".values(");
    let new = code.models_of(&table.name).find(|model| model.derives("Insertable"));
    is_value.then(|| {
        let mut lines = vec![
            format!(
                "`values` takes a row, or columns with their values. `{}` is only a value.",
                trouble.marked()
            ),
            String::new(),
        ];
        if let Some(new) = new {
            lines.push(format!(
                "    .values({})      a whole `{}`",
                snake_case(&new.name).trim_end_matches(&format!("_{}", table.name.trim_end_matches('s'))),
                new.name
            ));
        }
        lines.push(format!("    .values({}::{columns}.eq({}))", table.name, trouble.marked()));
        Found::new(lines)
    })
}

/// `values((book_id, publisher_id))`: values in a tuple, which do not say their columns.
fn tuple_of_values(trouble: &Trouble<'_>, table: &Table) -> Option<Found> {
    let inside = trouble.line_text().split_once(".values((")?.1;
    let names = parts(in_parentheses(inside));
    let is_column = |name: &&str| table.column(name).is_some();
    (names.len() > 1 && names.iter().all(is_column)).then(|| {
        let columns: Vec<_> = names.iter().map(|name| format!("{}::{name}.eq({name})", table.name)).collect();
        Found::new([
            "Each value needs its column:".to_owned(),
            String::new(),
            format!("    .values(({}))", columns.join(", ")),
        ])
    })
}

/// `on_conflict(…)` without what is to happen then.
pub fn conflict_unfinished(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let of = between(trouble.message(), "exists for struct `", '`')?;
    if of.starts_with("IncompleteDoUpdate<") {
        return Some(Found::new([
            "`do_update()` does not say what to change in the existing row: `set` is missing.",
            "",
            "    .set(&row)",
        ]));
    }
    of.starts_with("IncompleteOnConflict<").then(|| {
        Found::new([
            "`on_conflict(…)` names the key that may already exist, but not what to do in that case.",
            "",
            "    .do_update().set(&row)      updates the existing row",
            "    .do_nothing()               keeps it",
        ])
    })
}
