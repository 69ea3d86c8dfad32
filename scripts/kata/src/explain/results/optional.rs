//! `optional`, which makes `None` of a missing row.

use super::super::code::Code;
use super::super::found::Found;
use super::super::source::{connection, split_at};
use super::super::text::{arguments, between};
use super::super::trouble::Trouble;
use super::{inside, ok};

pub fn missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let wanted = inside(ok(expected)?, "Option")?;
    if ok(found)? != wanted {
        return None;
    }
    Some(Found::new([
        format!(
            "`first` returns an error when there is no row. This function should return `None` in that case: a missing `{wanted}` is not an error."
        ),
        String::new(),
        "    .first(conn).optional()".to_owned(),
        String::new(),
        "`optional` turns the error `NotFound` into `Ok(None)` and keeps every other error.".to_owned(),
    ]))
}

/// `optional` on a query, which has no result yet.
pub fn before_query(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let of = between(trouble.message(), "no method named `optional` found for struct `", '`')?;
    let is_query = of.starts_with("SelectStatement<")
        || of.starts_with("BoxedSelectStatement<")
        || of.ends_with("::table");
    let (_, from) = split_at(trouble, code)?;
    let rest = from.strip_prefix("optional()")?.trim_start();
    let connection = connection(code.text(&trouble.file()), trouble.line());
    if !is_query {
        return None;
    }
    if rest.starts_with(".load(") || rest.starts_with(".get_results(") {
        return Some(Found::new([
            "`load` returns an empty list if there is no row, so it needs no `optional`:".to_owned(),
            String::new(),
            format!("    .load({connection})"),
        ]));
    }
    let run = if rest.starts_with(".get_result(") { "get_result" } else { "first" };
    Some(Found::new([
        format!("`optional` works on a result, and this query has not run yet. Call it after `{run}`:"),
        String::new(),
        format!("    .{run}({connection}).optional()"),
    ]))
}

/// `optional` on a result whose error is not Diesel's any longer.
pub fn too_late(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let is_optional = between(trouble.message(), "no method named `", '`') == Some("optional");
    let of = between(trouble.label(), "method not found in `", '`').filter(|_| is_optional)?;
    let error = *arguments(of, "Result")?.get(1)?;
    (error != "diesel::result::Error" && !error.starts_with("Result<")).then(|| {
        Found::new([
            format!("`optional` only works on Diesel's error. This result already holds a `{error}`. Call it on the query's own result:"),
            String::new(),
            "    .first(conn).optional()".to_owned(),
        ])
    })
}

pub fn behind_question_mark(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let is_option = trouble.message().contains("` found for enum `Option<");
    let is_optional = between(trouble.message(), "no method named `", '`') == Some("optional") && !is_option;
    (is_optional && trouble.around().0.trim_end().ends_with("?.")).then(|| {
        Found::new([
            "`optional` works on the result. After `?` there is no result left: the function has already returned if there was no row.",
            "",
            "    .first(conn).optional()",
        ])
    })
}
