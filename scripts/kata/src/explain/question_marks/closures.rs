//! `?` in closures, from which it returns.

use super::super::code::Code;
use super::super::found::Found;
use super::super::heads::heads;
use super::super::source::{
    end_of, function, function_name, is_of_name, split, split_at, statement, value_before,
};
use super::super::text::{between, in_parentheses};
use super::super::trouble::Trouble;

/// `?` in a closure whose value is not a result.
pub fn question_mark(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.message().starts_with("the `?` operator can only be used in a closure that returns `Result`")
    {
        return None;
    }
    let file = trouble.file();
    let text = code.text(&file);
    let (before, _) = split_at(trouble, code)?;
    if !is_fallible(value_before(before), code) {
        return None;
    }
    let closure = trouble.spans().find(|span| {
        span.label.as_deref().is_some_and(|label| label.starts_with("this function should return"))
    })?;
    let (outside, closure) = split(text, closure.line_start, closure.column_start)?;
    let outside = outside.trim_end().strip_suffix('(')?;
    let method = outside.rsplit(|c: char| !is_of_name(c)).next()?;
    let receiver = value_before(outside.strip_suffix(method)?.trim_end().strip_suffix('.')?);
    let whole = in_parentheses(closure);
    let (parameter, body) =
        whole.strip_prefix("move ").unwrap_or(whole).strip_prefix('|')?.split_once('|')?;
    let rest = &closure[(whole.len() + 1).min(closure.len())..];
    let head = function(text, trouble.line())?;
    let name = function_name(&head);
    let why = format!("`?` returns from the closure around it, not from `{name}`");
    let returned = between(trouble.label(), "in a closure that returns `", '`').unwrap_or_default();
    if method == "for_each" {
        let parameter = parameter.split(':').next()?.trim();
        let list = receiver.strip_suffix(".into_iter()").unwrap_or(receiver).lines().last()?.trim();
        return Some(Found::new([
            format!(
                "{why}, and `for_each` cannot return an error. In a loop, `?` returns from the function:"
            ),
            String::new(),
            format!("    for {parameter} in {list} {{"),
        ]));
    }
    if method != "map" {
        return None;
    }
    let result = returned_result(body)?;
    let lines = [
        format!("{why}. This closure returns `{returned}`; let it return a result:"),
        String::new(),
        format!("    {result}"),
    ];
    if receiver.contains("iter()") {
        let collects = rest.trim_start().starts_with(".collect()")
            || rest.trim_start().starts_with(".collect::<Vec<_>>()");
        if !collects {
            return None;
        }
        let is_last = !statement(outside).starts_with("let ") && !statement(outside).contains("Ok(");
        let of = if head.contains("QueryResult<") { "QueryResult<Vec<_>>" } else { "Result<Vec<_>, _>" };
        let (collect, end) = match is_last {
            true => {
                (".collect()".to_owned(), "`collect` makes one result of them, and stops at the first error.")
            }
            false => (
                format!(".collect::<{of}>()?"),
                "`collect` makes one result of them, and this last `?` returns the first error from the function.",
            ),
        };
        return Some(Found::new(lines.into_iter().chain([
            format!("    {collect}"),
            String::new(),
            end.to_owned(),
        ])));
    }
    let is_lazy =
        rest.contains(".collect") && rest.split(';').next().is_some_and(|rest| rest.contains(".collect"));
    (!is_lazy).then(|| {
        Found::new(lines.into_iter().chain([
            "    .transpose()?".to_owned(),
            String::new(),
            "`transpose` turns the option with a result into a result with an option, and `?` returns its error.".to_owned(),
        ]))
    })
}

/// The last expression of a closure, as a result.
fn returned_result(body: &str) -> Option<String> {
    let body = body.trim();
    let last = match body.strip_prefix('{').and_then(|body| body.strip_suffix('}')) {
        Some(inside) => {
            let mut rest = inside;
            while let Some(end) = end_of(rest, |c| c == ';') {
                rest = &rest[end + 1..];
            }
            rest.trim()
        }
        None => body.trim_end_matches(',').trim(),
    };
    let result = match last.strip_suffix('?') {
        // The `?` is all that is too much.
        Some(result) if value_before(last) == last => result.to_owned(),
        _ => format!("Ok({last})"),
    };
    (!last.is_empty() && !last.contains('\n')).then_some(result)
}

/// Whether a value is a result: it takes the connection, or comes from a function that returns a result.
fn is_fallible(value: &str, code: &Code) -> bool {
    let words: Vec<_> = value.split(|c: char| !is_of_name(c)).collect();
    let ends_with_call = value.trim_end().ends_with(')');
    let last = value.trim_end().strip_suffix(')').map(|inside| {
        let from = inside.char_indices().rev().scan(1, |depth, (at, c)| {
            match c {
                ')' => *depth += 1,
                '(' => *depth -= 1,
                _ => {}
            }
            Some((at, *depth))
        });
        from.into_iter()
            .find(|(_, depth)| *depth == 0)
            .map_or((inside, ""), |(at, _)| (&inside[..at], &inside[at + 1..]))
    });
    let Some((called, given)) = last.filter(|_| ends_with_call && !words.is_empty()) else { return false };
    let takes_connection = given.split(|c: char| !is_of_name(c)).any(|word| word == "conn");
    let name = called.rsplit(|c: char| !is_of_name(c)).next().unwrap_or_default();
    let mut own = code
        .sources
        .iter()
        .filter(|source| source.file.ends_with(".rs"))
        .flat_map(|source| heads(source, name, &["fn "]));
    takes_connection
        || own.any(|head| head.text.split_once("->").is_some_and(|(_, of)| of.contains("Result<")))
}
