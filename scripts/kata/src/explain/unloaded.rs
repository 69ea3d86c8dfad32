//! Queries that have not run yet, where rows are needed.

use super::code::Code;
use super::found::Found;
use super::source::{Binding, binding, connection, is_name, split_at, value_before};
use super::text::{between, in_parentheses};
use super::trouble::Trouble;

/// What lists have, and queries do not.
const OF_ROWS: &[&str] = &[
    "collect",
    "contains",
    "enumerate",
    "for_each",
    "grouped_by",
    "into_iter",
    "is_empty",
    "iter",
    "last",
    "len",
    "map",
    "push",
    "try_for_each",
    "zip",
];
/// What results and options have.
const OF_RESULT: &[&str] =
    &["expect", "is_err", "is_none", "is_ok", "is_some", "ok", "ok_or", "unwrap", "unwrap_or"];

/// Whether this type, as rustc writes it, is that of a query.
fn is_query(of: &str) -> bool {
    let of =
        of.trim_start_matches('&').rsplit_once("::").map_or(of.trim_start_matches('&'), |(path, last)| {
            // The path before the type's own arguments.
            if path.contains('<') { of.trim_start_matches('&') } else { last }
        });
    of.starts_with("SelectStatement<") || of.starts_with("BoxedSelectStatement<")
}

/// How a query is used.
enum Use<'a> {
    /// As rows, by a method.
    Method(&'a str),
    Loop,
    BelongingTo,
    /// As a result.
    Result(&'a str),
}

pub fn query_not_loaded(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (message, label) = (trouble.message(), trouble.label());
    let (before, from) = split_at(trouble, code)?;
    let method =
        ["exists for struct `", "found for struct `"].iter().find_map(|words| between(message, words, '`'));
    if method.is_some_and(is_query) && trouble.is("E0599") {
        let name = trouble.call();
        let value = value_before(before.strip_suffix('.')?);
        return match name {
            _ if OF_ROWS.contains(&name) => found(&Use::Method(name), value, from, trouble, code),
            _ if OF_RESULT.contains(&name) => found(&Use::Result(name), value, from, trouble, code),
            _ => None,
        };
    }
    if !trouble.is("E0277") {
        return declared(trouble, code);
    }
    if message.ends_with("` is not an iterator") && is_query(message.strip_prefix('`')?) {
        let value = trouble.marked();
        return before.trim_end().ends_with(" in").then(|| found(&Use::Loop, value, from, trouble, code))?;
    }
    if between(label, "the `?` operator cannot be applied to type `", '`').is_some_and(is_query) {
        return found(&Use::Result("?"), trouble.marked(), from, trouble, code);
    }
    let (of, wanted) = trouble.unmet()?;
    let given = wanted.split_once("BelongingToDsl<").map_or(of, |(_, given)| given);
    let value =
        in_parentheses(trouble.line_text().split_once("belonging_to(")?.1).trim().trim_start_matches('&');
    let is_belonging = wanted.contains("BelongingToDsl<") || wanted.ends_with("Identifiable");
    (is_belonging && is_query(given)).then(|| found(&Use::BelongingTo, value, from, trouble, code))?
}

/// `let books: Vec<Book> = Book::query();`
fn declared(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, given) = trouble.mismatched_types()?;
    let is_declared = trouble.labels().any(|label| label == "expected due to this");
    let run = match expected {
        _ if expected.starts_with("Vec<") => "load",
        _ if code.model(expected.rsplit("::").next()?).is_some() => "first",
        _ => return None,
    };
    let connection = connection(code.text(&trouble.file()), trouble.line());
    (is_declared && is_query(given)).then(|| {
        Found::new([
            format!(
                "This only builds a query, and {} is declared here. Run it:",
                super::text::with_article(expected)
            ),
            String::new(),
            format!("    .{run}({connection})?"),
        ])
    })
}

fn found(used: &Use<'_>, value: &str, from: &str, trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let file = trouble.file();
    let text = code.text(&file);
    let bound = binding(text, value, trouble.line()).filter(|_| is_name(value));
    let what = match &bound {
        Some(_) => format!("`{value}` is a query that has not run yet"),
        None => "This query has not run yet".to_owned(),
    };
    let conn = connection(text, trouble.line());
    let why = match used {
        Use::Method(name) => format!("{what}, and `{name}` needs its rows. Load them first:"),
        Use::Loop => format!("{what}, and the loop needs its rows. Load them first:"),
        Use::BelongingTo => format!("{what}, and `belonging_to` needs its rows. Load them first:"),
        Use::Result(name) => {
            let lines = [
                format!("{what}, so there is no result for `{name}`. Run it:"),
                String::new(),
                format!("    .load({conn})      all rows"),
                format!("    .first({conn})     one row"),
            ];
            let found = Found::new(lines);
            return Some(match bound {
                Some(bound) => found.at(file, bound.line),
                None => found,
            });
        }
    };
    let right = match (&bound, used) {
        (Some(bound), _) => return Some(Found::new(loaded(bound, &conn, why)).at(file, bound.line)),
        (None, Use::Method("collect")) => {
            return Some(Found::new([
                format!("{what}. `load` runs it and returns a `Vec`, which needs no `collect`:"),
                String::new(),
                format!("    .load({conn})"),
            ]));
        }
        (None, Use::Method(name)) => {
            let call = format!("{name}({})", in_parentheses(from.strip_prefix(*name)?.strip_prefix('(')?));
            let call = match *name {
                "map" | "zip" | "for_each" | "try_for_each" | "enumerate" => format!("into_iter().{call}"),
                _ => call,
            };
            format!("    .load({conn})?.{}", if call.contains('\n') { format!("{name}(…)") } else { call })
        }
        (None, Use::Loop) => format!("    {value}.load({conn})?"),
        (None, _) => format!("    .load({conn})?"),
    };
    Some(Found::new([why, String::new(), right]))
}

/// The end of the statement, with `load`.
fn loaded(bound: &Binding<'_>, conn: &str, why: String) -> Vec<String> {
    match bound.is_one_line() {
        true => vec![why, String::new(), bound.with_end(&format!(".load({conn})?;"))],
        false => {
            vec![
                why,
                String::new(),
                format!("    {}", bound.with_end("")),
                format!("        .load({conn})?;"),
            ]
        }
    }
}
