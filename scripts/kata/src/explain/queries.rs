//! Conditions, columns, and the values that they are compared with.

use super::code::Code;
use super::columns::{column_before, columns_in, table_of};
use super::found::Found;
use super::schema::rust_type;
use super::source::{function, is_of_name};
use super::text::{between, in_parentheses, parts};
use super::trouble::Trouble;
use crate::Database;

/// `==`, `>=`, `&&` on columns: Rust's own operators compare values, and here is a piece of SQL.
pub fn rust_operator(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if let Some(operator) =
        between(trouble.message(), "binary operation `", '`').filter(|_| trouble.is("E0369"))
    {
        let column = trouble.labels().find_map(|label| {
            table_of(label, code).filter(|_| label.contains("::columns::")).map(|_| label)
        })?;
        let table = table_of(column, code)?;
        let name = column.rsplit("::").next()?;
        let method = match operator {
            "==" => "eq",
            "!=" => "ne",
            ">=" => "ge",
            "<=" => "le",
            ">" => "gt",
            "<" => "lt",
            _ => return None,
        };
        let behind = trouble.around().1.trim_start();
        let value = behind.split([')', ',', '&', '|']).next()?.trim();
        return Some(Found::new([
            format!(
                "`{operator}` compares two Rust values. A column is not a value: a method builds the SQL for it."
            ),
            String::new(),
            format!("    {}::{name}.{method}({value})", table.name),
        ]));
    }
    let (expected, found) = trouble.mismatched_types()?;
    let behind = trouble.around().1.trim_start();
    let before = trouble.around().0.trim_end();
    let operator = ["&&", "||"]
        .into_iter()
        .find(|operator| behind.starts_with(operator) || before.ends_with(operator))?;
    let method = if operator == "&&" { "and" } else { "or" };
    (expected == "bool" && found.starts_with("Grouped<")).then(|| {
        Found::new([
            format!("`{operator}` combines two Rust `bool`s. A method combines two SQL conditions:"),
            String::new(),
            format!("    {}.{method}(…)", trouble.marked()),
        ])
    })
}

/// A method of Rust's texts or options, on a column.
pub fn column_method(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let method = between(trouble.message(), "no method named `", '`')?;
    let of = between(trouble.message(), "found for struct `", '`').filter(|of| of.contains("columns::"))?;
    let table = table_of(of, code).or_else(|| column_before(trouble, code).map(|(table, _)| table))?;
    let column = table.column(of.rsplit("::").next()?)?;
    let path = format!("{}::{}", table.name, column.name);
    let (why, right) = match method {
        "starts_with" => ("SQL uses a pattern", format!("{path}.like(format!(\"{{text}}%\"))")),
        "contains" => ("SQL uses a pattern", format!("{path}.like(format!(\"%{{text}}%\"))")),
        "ends_with" => ("SQL uses a pattern", format!("{path}.like(format!(\"%{{text}}\"))")),
        "is_some" => ("SQL has a test for NULL", format!("{path}.is_not_null()")),
        "is_none" => ("SQL has a test for NULL", format!("{path}.is_null()")),
        "equals" => ("Diesel calls it `eq`", format!("{path}.eq(…)")),
        "unwrap" | "unwrap_or" | "expect" if column.of.starts_with("Nullable<") => (
            "a comparison with NULL is never true, so rows without a value are left out anyway",
            path.clone(),
        ),
        "ilike" if code.database == Database::Sqlite => (
            "`ilike` exists only on PostgreSQL, and this course makes `like` case-sensitive on SQLite, too",
            format!("{path}.like(…)"),
        ),
        _ => return None,
    };
    Some(Found::new([
        format!("`{path}` is a column, not a Rust value, so it has no `{method}`: {why}."),
        String::new(),
        format!("    {right}"),
    ]))
}

/// `filter(books::pages)`.
pub fn not_a_condition(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble
        .message()
        .contains("is neither `diesel::sql_types::Bool` nor `diesel::sql_types::Nullable<Bool>`")
    {
        return None;
    }
    let (table, column) = columns_in(trouble.marked(), code).first().copied()?;
    (trouble.marked() == format!("{}::{}", table.name, column.name)).then(|| {
        Found::new([
            format!(
                "`filter` expects a condition that is true or false, and `{}` is `{}`.",
                trouble.marked(),
                column.of
            ),
            String::new(),
            format!("    .filter({}.eq(…))", trouble.marked()),
            String::new(),
            "Others: `ne`, `lt`, `le`, `gt`, `ge`, `like`, `is_null`, `is_not_null`, `eq_any`.".to_owned(),
        ])
    })
}

/// `find` with a key of another type or of too few columns.
pub fn key_type(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let line = trouble.line_text();
    let call = line.split_once(".find(")?.1;
    let given = *parts(in_parentheses(call)).first()?;
    let is_at_find = trouble.around().0.ends_with(".find(") || trouble.marked().starts_with("find");
    let before = &line[..line.find(".find(")?];
    let name = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .find(|word| !word.is_empty() && *word != "table" && *word != "query")?;
    let table = code.table(name).or_else(|| code.table(code.model(name)?.table.as_deref()?))?;
    // Where rustc wants a pair, the key has two columns.
    let is_pair = trouble.mismatched_types().is_some_and(|(expected, _)| expected == "(_, _)")
        || trouble.is("E0061")
            && trouble.message().contains("2 arguments were supplied")
            && trouble.marked() == "find";
    if is_pair && is_at_find {
        let names: Vec<_> = table.columns.iter().take(2).map(|column| column.name.as_str()).collect();
        return Some(Found::new([
            format!("The key of `{}` has two columns. `find` takes them as one tuple.", table.name),
            String::new(),
            format!("    .find(({}))", names.join(", ")),
        ]));
    }
    let (of, wanted) = trouble.unmet().filter(|_| is_at_find)?;
    if wanted != "Expression" && !wanted.starts_with("AsExpression<") {
        return None;
    }
    let key = table.columns.first()?;
    let right = rust_type(&key.of)?;
    if of.trim_start_matches('&') == right {
        return None;
    }
    let mut lines = vec![format!(
        "`find` looks up the key of `{}`: `{}` is `{}`, and `{given}` has the type `{of}`.",
        table.name, key.name, key.of
    )];
    lines.push(String::new());
    match right.as_str() {
        "String" => lines.push(format!("    .find({given}.to_string())")),
        // A text or another number that was made of the right one.
        _ if given.ends_with(".to_string()") => {
            lines.push(format!("    .find({})", given.trim_end_matches(".to_string()")));
        }
        _ if of == format!("Option<{right}>") && given.chars().all(|c| is_of_name(c) || c == '.') => {
            let name = given.rsplit('.').next()?;
            let head = function(code.text(&trouble.file()), trouble.line()).unwrap_or_default();
            let returns_option = head.split_once("->").is_some_and(|(_, of)| of.contains("Result<Option<"));
            let end = if returns_option { "return Ok(None)" } else { "…" };
            lines.push(format!("    let Some({name}) = {given} else {{ {end} }};"));
        }
        _ => lines.push(format!("    .find(…)      with a value of the type `{right}`")),
    }
    Some(Found::new(lines))
}

/// A value of a type that its column does not have.
pub fn value_type(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (of, wanted) = trouble.unmet()?;
    if !wanted.starts_with("AsExpression<") {
        return None;
    }
    let (table, column) = column_before(trouble, code)?;
    let right = rust_type(&column.of)?;
    let right =
        right.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(&right).to_owned();
    if of == right || of.trim_start_matches('&') == right {
        return None;
    }
    let method = trouble.marked();
    let mut lines = vec![
        format!(
            "`{}::{}` is `{}`, so it is compared with `{right}`. This is `{of}`.",
            table.name, column.name, column.of
        ),
        String::new(),
    ];
    match (of, right.as_str()) {
        ("&str" | "String" | "&String" | "str", "i32" | "i64") => {
            lines.push(format!("    .{method}(…)      with a number, without quotes"));
        }
        ("i64" | "u32" | "usize" | "u64" | "i16", "i32") => {
            lines.push("Make the variable an `i32` from the start: a cast value might not fit.".to_owned());
        }
        ("OffsetDateTime", "i64") => lines.push(format!("    .{method}(….unix_timestamp())")),
        _ if right == "String" => lines.push(format!("    .{method}(….to_string())")),
        _ => lines.push(format!("    .{method}(…)      with a value of the type `{right}`")),
    }
    Some(Found::new(lines))
}

/// `order(a, b)`: the method takes one argument, which may be a tuple.
pub fn tuple_missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let method = trouble.marked();
    let takes_one =
        ["order", "select", "set", "values", "group_by", "then_order_by", "order_by", "returning"]
            .contains(&method);
    if !trouble.is("E0061") || !takes_one || !trouble.message().contains("takes 1 argument but") {
        return None;
    }
    let rest = trouble.around().1.strip_prefix('(')?;
    let arguments = in_parentheses(rest);
    // They go on in the next line.
    let arguments = if arguments.len() == rest.len() { "…" } else { arguments };
    Some(Found::new([
        format!("`{method}` takes one argument. Put several columns into a tuple, with its own parentheses:"),
        String::new(),
        format!("    .{method}(({arguments}))"),
    ]))
}
