//! What belongs to a table, and is asked of the struct; and names that something else has taken.

use super::code::Code;
use super::found::Found;
use super::text::{between, in_parentheses};
use super::trouble::Trouble;

/// `Book::title`, where the column is meant.
pub fn column(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0599") || !trouble.message().starts_with("no ") {
        return None;
    }
    let name = between(trouble.message(), " named `", '`')?;
    let of =
        between(trouble.message(), " found for struct `", '`')?.split('<').next()?.rsplit("::").next()?;
    let table = code.table(code.model(of)?.table.as_deref()?)?;
    table.column(name)?;
    trouble.around().0.ends_with(&format!("{of}::")).then(|| {
        Found::new([
            format!(
                "Columns belong to the table. `{of}` is the struct for its rows, which has fields instead:"
            ),
            String::new(),
            format!("    {}::{name}", table.name),
        ])
    })
}

/// `Book::find(id)`: a query begins with the table, or with `query()`.
pub fn query(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0599") {
        return None;
    }
    let call = between(trouble.message(), "the function or associated item `", '`')?;
    let of =
        between(trouble.message(), "exists for struct `", '`')?.split('<').next()?.rsplit("::").next()?;
    let model = code.model(of)?;
    let table = code.table(model.table.as_deref()?)?;
    let (before, behind) = trouble.around();
    let before = before.strip_suffix(&format!("{of}::"))?;
    if ![
        "count",
        "distinct",
        "filter",
        "find",
        "first",
        "inner_join",
        "left_join",
        "limit",
        "load",
        "order",
        "select",
    ]
    .contains(&call)
    {
        return None;
    }
    let rest = in_parentheses(behind.strip_prefix('(')?);
    let changes = ["update(", "delete("].iter().any(|start| before.ends_with(start));
    let from = match (changes, model.derives("HasQuery")) {
        (false, true) => format!("{of}::query()"),
        _ => format!("{}::table", table.name),
    };
    Some(Found::new([
        format!("`{call}` is a method of a query or a table, and `{of}` is the struct for a row:"),
        String::new(),
        match rest.trim() {
            "" if call == "select" => format!("    {from}"),
            "" if ["filter", "find", "order"].contains(&call) => format!("    {from}.{call}(…)"),
            rest => format!("    {from}.{call}({rest})"),
        },
    ]))
}

/// `author_id.eq(author_id)`: the function's argument has the column's name.
pub fn shadowed_column(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let before = trouble.around().0.strip_suffix(".eq(")?;
    let name = before.rsplit('(').next()?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_in_query = [".set(", ".filter("].iter().any(|call| before.ends_with(&format!("{call}{name}")));
    if !is_name || !is_in_query || expected != format!("&{found}") {
        return None;
    }
    let mut tables = code.tables.iter().filter(|table| table.column(name).is_some());
    let table = tables.next().filter(|_| tables.next().is_none())?;
    Some(Found::new([
        format!(
            "`{name}` is the function's own variable here, not the column. Write the column with its table:"
        ),
        String::new(),
        format!("    {}::{name}.eq({})", table.name, trouble.marked()),
    ]))
}

/// A join without `select`, which returns the columns of all its tables.
pub fn select_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (of, wanted) = trouble.unmet()?;
    let target = between(wanted, "CompatibleType<", ',')?.rsplit("::").next()?;
    if !of.starts_with("((") {
        return None;
    }
    let model =
        code.model(target).filter(|model| model.derives("HasQuery") || model.derives("Selectable"))?;
    let lines: Vec<_> = code.text(&trouble.file()).lines().take(trouble.line()).collect();
    let is_start = |line: &&str| line.ends_with(['{', ';']) || line.trim_start().starts_with("//");
    let query: Vec<_> = lines.iter().rev().take_while(|line| !is_start(line)).collect();
    let says = |call: &str| query.iter().any(|line| line.contains(call));
    (says("join(") && !says(".select(") && !says("as_select(")).then(|| {
        Found::new([
            format!(
                "A query with a join returns the columns of all its tables. Choose those of `{}`:",
                model.name
            ),
            String::new(),
            format!("    .select({}::as_select())", model.name),
        ])
    })
}

/// Two structs of one name: the lesson's own, and that of an earlier lesson, which is a field of it.
pub fn of_earlier_lesson(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatch().filter(|_| trouble.is("E0308"))?;
    let [expected, found] = [expected, found].map(|of| of.trim_start_matches('&'));
    let is_alike =
        trouble.notes().any(|note| note.ends_with("have similar names, but are actually distinct types"));
    let name =
        found.rsplit("::").next().filter(|name| is_alike && expected.ends_with(&format!("::{name}")))?;
    let field = code.model(name)?.fields.iter().find(|field| field.of == expected)?;
    let given = trouble.marked();
    Some(Found::new([
        format!(
            "`{given}` is this lesson's `{name}`, and a `{expected}` is expected. It has one, in the field `{}`:",
            field.name
        ),
        String::new(),
        format!("    &{}.{}", given.trim_start_matches('&'), field.name),
    ]))
}
