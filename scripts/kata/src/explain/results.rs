//! What a function returns, and what its last expression is: `Result`, `Option`, rows, or how many rows.

pub mod optional;

use super::code::Code;
use super::found::Found;
use super::text::arguments;
use super::trouble::{Trouble, marked};

/// What a `Result` holds when all is well.
fn ok(of: &str) -> Option<&str> {
    arguments(of, "Result")?.first().copied()
}

fn inside<'a>(of: &'a str, name: &str) -> Option<&'a str> {
    arguments(of, name)?.first().copied()
}

pub fn query_not_run(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let wanted = ok(expected)?;
    let statement = [
        "SelectStatement",
        "InsertStatement",
        "UpdateStatement",
        "DeleteStatement",
        "BoxedSelectStatement",
        "SqlQuery",
    ];
    let statement = statement.iter().find(|statement| found.starts_with(**statement))?;
    let run = match (*statement, inside(wanted, "Vec"), inside(wanted, "Option"), wanted) {
        (_, Some(_), ..) => ".load(conn)",
        (_, _, Some(_), _) => ".first(conn).optional()",
        ("SelectStatement" | "BoxedSelectStatement" | "SqlQuery", ..) => ".first(conn)",
        (.., "()" | "usize") => ".execute(conn)",
        _ => ".get_result(conn)",
    };
    Some(Found::new([
        "This only builds a query. Nothing sends it to the database yet.".to_owned(),
        String::new(),
        format!("    {run}"),
        String::new(),
        "`load` returns all rows, `first` one row, `get_result` the row of an insert or update, `execute` the number of rows.".to_owned(),
    ]))
}

pub fn one_row_for_many(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let of = inside(ok(expected)?, "Vec")?;
    if ok(found)? != of
        || !expression(trouble, code).contains(".first(")
            && !expression(trouble, code).contains(".get_result(")
    {
        return None;
    }
    Some(Found::new([
        format!("This reads one `{of}`, but the function returns a list of them. `load` reads all rows."),
        String::new(),
        "    .load(conn)".to_owned(),
    ]))
}

pub fn many_rows_for_one(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let found = ok(found)?;
    let rows = inside(found, "Vec").or_else(|| inside(inside(found, "Option")?, "Vec"))?;
    let wanted = ok(expected)?;
    let (wanted, run) = match inside(wanted, "Option") {
        Some(wanted) => (wanted, ".first(conn).optional()"),
        None => (wanted, ".first(conn)"),
    };
    (rows == wanted).then(|| {
        Found::new([
            format!("`load` returns a list of rows, even if there is only one. The function returns one `{wanted}`."),
            String::new(),
            format!("    {run}"),
        ])
    })
}

pub fn count_for_rows(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let wanted = ok(expected)?;
    let of = inside(wanted, "Vec").or_else(|| inside(wanted, "Option")).unwrap_or(wanted);
    if ok(found)? != "usize" || code.model(of).is_none() {
        return None;
    }
    let run = if wanted.starts_with("Vec<") { ".load(conn)" } else { ".get_result(conn)" };
    Some(Found::new([
        "`execute` returns the number of rows that the statement changed, not the rows themselves."
            .to_owned(),
        String::new(),
        format!("    {run}"),
    ]))
}

pub fn count_for_nothing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    if ok(found)? != "usize" || ok(expected)? != "()" {
        return None;
    }
    let mark = if expression(trouble, code).contains(".await") { ".await?" } else { "?" };
    Some(Found::new([
        "`execute` returns the number of rows that changed. This function returns `()`.".to_owned(),
        String::new(),
        format!("    ….execute(conn){mark};"),
        "    Ok(())".to_owned(),
        String::new(),
        "If it matters whether there was such a row, check the number first.".to_owned(),
    ]))
}

/// `Option<Result<…>>` for `Result<Option<…>>`.
pub fn turned_inside_out(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let wanted = inside(ok(expected)?, "Option")?;
    let inner = inside(found, "Option")?;
    if ok(inner).is_none_or(|of| of != wanted) {
        return None;
    }
    Some(Found::new([
        "This is a `Result` inside an `Option`. The function returns an `Option` inside a `Result`."
            .to_owned(),
        String::new(),
        "    .transpose()       after `map`, swaps the two".to_owned(),
        String::new(),
        "A query that ends in `.first(conn).optional()` has it the right way around.".to_owned(),
    ]))
}

/// A loop at the end, whose value is `()`.
pub fn loop_at_the_end(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let head = trouble.line_text();
    let is_loop = head.starts_with("for ") || head.starts_with("while ");
    (is_loop && expected.starts_with("Result<") && found == "()").then(|| {
        let word = head.split(' ').next().unwrap_or_default();
        Found::new([
            format!("A `{word}` loop has no value of its own, and a result is expected at this end. Write it after the loop:"),
            String::new(),
            "    Ok(())".to_owned(),
        ])
    })
}

/// A list of results, where one result with a list is wanted.
pub fn results_in_list(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let each = inside(found, "Vec")?;
    if !expected.starts_with("Result<") || !each.starts_with("Result<") {
        return None;
    }
    Some(Found::new([
        "`collect::<Vec<_>>()` makes a list of results. The function returns one result with a list:"
            .to_owned(),
        String::new(),
        "    .collect()".to_owned(),
        String::new(),
        "Without the type, `collect` makes a `QueryResult<Vec<_>>`: it stops at the first error and returns it.".to_owned(),
    ]))
}

/// The last expression ends with a semicolon, so that the function returns nothing.
pub fn semicolon(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let is_semicolon = trouble.notes().any(|note| note.starts_with("remove this semicolon"));
    (found == "()" && is_semicolon).then(|| {
        // The proposal names the line; the error itself names the function's head.
        let line = trouble.proposed_line("remove this semicolon").unwrap_or_else(|| trouble.line());
        Found::new([
            format!("The last line ends with `;`, so its value is dropped and the function returns `()` instead of `{expected}`."),
            String::new(),
            "Remove the `;` at the end of the last line.".to_owned(),
        ])
        .at(trouble.file(), line)
    })
}

pub fn ok_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let wanted = ok(expected)?;
    // A pattern, or what something is compared with: the function's own value is another one.
    let is_other = ["this expression has type `", "expected because this is `"];
    if trouble.labels().any(|label| is_other.iter().any(|start| label.starts_with(start))) {
        return None;
    }
    let text = expression(trouble, code);
    let is_option = found == "Option<_>" && wanted.starts_with("Option<");
    let same = wanted == found
        || is_option
        || (wanted.contains('_') && !found.starts_with("Result<") && found != "()");
    let is_unit = found == "()" && text.trim() == "()";
    if !(same || is_unit) || found.starts_with("Option<") && !wanted.starts_with("Option<") {
        return None;
    }
    if trouble.message().starts_with("`?`") || text.trim_end().ends_with('?') {
        return Some(Found::new([
            format!("`?` takes the `{found}` out of its result, but the function returns the result itself."),
            String::new(),
            "Remove the last `?`. If you need the value first, end the function with:".to_owned(),
            "    Ok(…)".to_owned(),
        ]));
    }
    if text.contains(".unwrap()") || text.contains(".expect(") {
        return Some(Found::new([
            "`unwrap` takes the value out of its result and panics if there is an error. The function returns the result itself.".to_owned(),
            String::new(),
            "Remove `.unwrap()`, so that the caller can handle the error.".to_owned(),
        ]));
    }
    let shown = if text.trim().is_empty() || text.contains('\n') { "…" } else { text.trim() };
    Some(Found::new([
        format!("The function returns a `Result`, and this is a bare `{found}`. Wrap it in `Ok`:"),
        String::new(),
        format!("    Ok({shown})"),
    ]))
}

pub fn some_missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let shown = trouble.marked();
    (inside(expected, "Option")? == found && !shown.is_empty()).then(|| {
        Found::new([
            format!("This is a bare `{found}`, and `{expected}` is expected. Wrap it in `Some`:"),
            String::new(),
            format!("    Some({shown})"),
        ])
    })
}

/// The marked expression, over as many lines as it takes.
pub fn expression(trouble: &Trouble<'_>, code: &Code) -> String {
    let Some(span) = trouble.span() else { return String::new() };
    let lines: Vec<_> = code
        .text(&trouble.file())
        .lines()
        .skip(span.line_start - 1)
        .take(span.line_end - span.line_start + 1)
        .collect();
    match &lines[..] {
        [_] | [] => marked(span).to_owned(),
        lines => lines.join("\n"),
    }
}
