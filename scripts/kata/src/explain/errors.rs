//! Errors: which one is returned, and that none is ignored.

use super::code::Code;
use super::found::Found;
use super::results::expression;
use super::source::{function, is_name};
use super::text::arguments;
use super::text::{between, with_article};
use super::trouble::Trouble;

pub fn err_missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let error = *arguments(expected, "Result")?.get(1)?;
    (error == found).then(|| {
        let shown = trouble.marked();
        let shown = if shown.is_empty() { "…" } else { shown };
        Found::new([
            format!("The function returns a `Result`, and this is a bare `{found}`. Wrap it in `Err`:"),
            String::new(),
            format!("    Err({shown})"),
        ])
    })
}

/// `Err("not found")`.
pub fn text_for_error(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let is_text = matches!(found, "&str" | "String" | "&'static str");
    let is_error = expected == "Error" || expected == "diesel::result::Error";
    (is_text && is_error && trouble.around().0.trim_end().ends_with("Err(")).then(|| {
        Found::new([
            "A `QueryResult` holds Diesel's own error type, not a string. If a row does not exist, return:",
            "",
            "    Err(diesel::NotFound)",
        ])
    })
}

/// `?` on an `Option` in a function that returns a `Result`.
pub fn option_with_question_mark(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_option = trouble.message().contains("can only be used on `Result`s, not `Option`s");
    let head = function(code.text(&trouble.file()), trouble.line()).unwrap_or_default();
    let returns_option = head.split_once("->").is_some_and(|(_, of)| of.contains("Result<Option<"));
    let (before, behind) = trouble.around();
    let bound = before.trim().strip_prefix("let ").and_then(|bound| bound.split_once(" = "));
    if let Some((name, value)) = bound.filter(|(name, _)| is_name(name) && behind.trim() == ";")
        && is_option
        && returns_option
    {
        return Some(Found::new([
            "`?` cannot return `None` here: the function returns a `Result`. Return `Ok(None)` if there is no value:".to_owned(),
            String::new(),
            format!("    let Some({name}) = {value} else {{ return Ok(None) }};"),
        ]));
    }
    is_option.then(|| {
        Found::new([
            "`?` cannot return `None` here: the function returns a `Result`. Choose the error:",
            "",
            "    .ok_or_else(|| …)?",
            "",
            "After the bars comes the error that the function returns.",
        ])
    })
}

/// `?` on an error that the function's error is not made from.
pub fn error_conversion(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let to = between(trouble.message(), "couldn't convert the error to `", '`')?;
    let from = trouble.labels().find_map(|label| between(label, "because it has type `Result<_, ", '`'))?;
    let from = from.strip_suffix('>').unwrap_or(from);
    if from.starts_with("askama::") {
        return Some(Found::new([
            "Return the template itself: axum renders it when it builds the response.".to_owned(),
            String::new(),
            format!(
                "    Ok({})",
                trouble.around().0.trim().trim_start_matches("Ok(").trim_end_matches(".render()")
            ),
        ]));
    }
    // A name that says nothing by itself.
    if from.rsplit("::").next() == Some("Error") && from != "diesel::result::Error" {
        return None;
    }
    let short = |of: &str| of.split('<').next().unwrap_or(of).rsplit("::").next().unwrap_or(of).to_owned();
    // Many crates have an `Error`.
    let from = if short(from) == "Error" { from.to_owned() } else { short(from) };
    let to = short(to);
    // The lesson's error types have functions that make one of another error.
    let makers: Vec<_> = code
        .sources
        .iter()
        .flat_map(|source| source.text.lines())
        .filter_map(|line| {
            let name = line.trim().strip_prefix("pub fn ")?.split('(').next()?;
            Some((name, line))
        })
        .filter(|(_, line)| line.contains("-> Self") && line.contains(&from))
        .map(|(name, _)| name)
        .collect();
    let mut lines = vec![format!(
        "`?` would return {}, but the function's error type is `{to}`, and there is no conversion.",
        with_article(&from)
    )];
    lines.push(String::new());
    match (to.as_str(), &makers[..]) {
        (_, [maker, ..]) => lines.push(format!("    .map_err(|error| {to}::{maker}(…))?")),
        ("ConnectError", []) => {
            lines.push(
                "    .map_err(|error| ConnectError::no_connection(url, error))?    no connection".to_owned(),
            );
            lines.push("    .map_err(|error| ConnectError::not_usable(url, error))?       a connection, but not usable".to_owned());
        }
        _ => lines.push("    .map_err(|error| …)?".to_owned()),
    }
    lines.push(String::new());
    lines.push("`map_err` converts the error and keeps the value.".to_owned());
    Some(Found::new(lines))
}

/// A result, a future, or a statement that nobody looks at. The lessons have rustc refuse it.
pub fn ignored(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let what = trouble.message().strip_prefix("unused ")?;
    let what = what.strip_suffix(" that must be used")?.replace('`', "");
    let text = expression(trouble, code);
    if what.contains("Future") || trouble.notes().any(|note| note.contains("futures do nothing unless")) {
        return Some(Found::new([
            "This creates a future, but nothing awaits it, so it never runs.".to_owned(),
            String::new(),
            "    ….await?;".to_owned(),
            String::new(),
            "`.await` runs it, and `?` returns its error if there is one.".to_owned(),
        ]));
    }
    if what.contains("Statement") {
        return Some(Found::new([
            "This only builds a statement. Nothing runs it.".to_owned(),
            String::new(),
            "    ….execute(conn)?;".to_owned(),
            String::new(),
            "A statement runs when it gets a connection: `execute`, `load`, `first` or `get_result`."
                .to_owned(),
        ]));
    }
    if what.starts_with("Map")
        || what.contains("iterator")
        || trouble.notes().any(|note| note.starts_with("iterators are lazy"))
    {
        return Some(Found::new([
            "An iterator is lazy: `map` does nothing until something takes its values.".to_owned(),
            String::new(),
            "    for each in … { …?; }          to do something with each".to_owned(),
            "    ….collect()                    to keep what comes out".to_owned(),
        ]));
    }
    if what.contains("Result") {
        let mark = if text.contains(".await") || text.is_empty() || text.contains('(') { "?" } else { "" };
        return Some(Found::new([
            "This ignores a possible error: if it happens, the function carries on as if it had not."
                .to_owned(),
            String::new(),
            format!("    …{mark};"),
            String::new(),
            "`?` returns the error to the caller. rustc suggests `let _ =`, which would hide it.".to_owned(),
        ]));
    }
    None
}
