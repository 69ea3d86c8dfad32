//! Results that are used as what is in them, and `?` in closures.

mod closures;

use super::code::Code;
use super::found::Found;
use super::source::{binding, end_of, function, is_name, split, split_at, value_before, value_from};
use super::text::{arguments, between, in_parentheses};
use super::trouble::{Trouble, marked};
pub use closures::question_mark as in_closure;

const NUMBERS: &[&str] = &["usize", "i64", "i32", "u64", "u32"];

/// A result that is compared with a number or with `None`, or matched against them.
pub fn result_compared(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let file = trouble.file();
    let text = code.text(&file);
    let Compared { value, of, sign, other } = compared(trouble, code)?;
    let inside = *arguments(of, "Result")?.first()?;
    let is_number =
        NUMBERS.contains(&inside) && (NUMBERS.contains(&other) || matches!(other, "integer" | "{integer}"));
    let is_option = inside.starts_with("Option<") && other.starts_with("Option<");
    let head = function(text, trouble.line())?;
    let returns_result = head.split_once("->").is_some_and(|(_, of)| of.contains("Result"));
    if !(is_number || is_option) || !returns_result || value.is_empty() || value.ends_with('?') {
        return None;
    }
    let what = if is_number { "a number" } else { "an `Option`" };
    let advice = "Do not follow rustc's suggestion `Ok(…)`: a database error would then count as a different";
    let is_advised = trouble.notes().any(|note| note.starts_with("try wrapping the "));
    let advice = [String::new(), format!("{advice} {}.", if is_number { "number" } else { "value" })];
    let advice = advice.into_iter().filter(|_| is_advised);
    let bound =
        binding(text, value, trouble.line()).filter(|bound| is_name(value) && can_end_with_mark(bound.text));
    let (right, line) =
        match bound.filter(|bound| bound.declared_type().is_none_or(|of| !of.contains("Result"))) {
            Some(bound) => (bound.with_end("?;"), bound.line),
            None => {
                let shown = code_line(text, trouble, value, sign)?;
                (format!("    {}", shown.0), shown.1)
            }
        };
    let why = match sign {
        "" => format!("This pattern is for {what}, but the value is a result."),
        _ => format!("This compares a result with {what}."),
    };
    let inside = what.split_once(' ')?.1;
    let why = format!("{why} `?` takes the {inside} out of it, and returns an error if there is one:");
    Some(Found::new([why, String::new(), right].into_iter().chain(advice)).at(file, line))
}

/// A `?` would go in front of the `;`.
fn can_end_with_mark(binding: &str) -> bool {
    binding.ends_with(");") || binding.ends_with(".await;")
}

/// The line with a `?` behind the value, and its number.
fn code_line(text: &str, trouble: &Trouble<'_>, value: &str, sign: &str) -> Option<(String, usize)> {
    let last = value.lines().last()?;
    let lines: Vec<_> = text.lines().collect();
    let is_line = |at: &usize| {
        let line = lines[*at];
        line.contains(last) && (line.contains(sign) || sign.is_empty())
    };
    let at = (0..trouble.line().min(lines.len())).rev().take(3).find(is_line)?;
    let end = lines[at].rfind(last)? + last.len();
    Some((format!("{}?{}", lines[at][..end].trim(), &lines[at][end..]), at + 1))
}

struct Compared<'a> {
    /// What is a result.
    value: &'a str,
    /// Its type.
    of: &'a str,
    /// Empty in a pattern.
    sign: &'a str,
    /// The type of what it is compared with.
    other: &'a str,
}

const SIGNS: [&str; 6] = ["==", "!=", ">=", "<=", ">", "<"];

fn compared<'a>(trouble: &'a Trouble<'_>, code: &'a Code) -> Option<Compared<'a>> {
    let labelled = |start: &str| {
        trouble.spans().find_map(|span| {
            let of = span.label.as_deref()?.strip_prefix(start)?.trim_end_matches('`');
            Some((marked(span), of))
        })
    };
    let message = trouble.message();
    if let Some((_, other)) = trouble.mismatched_types() {
        if let Some((value, of)) = labelled("this expression has type `") {
            return (!has_result_arm(trouble, code)).then_some(Compared { value, of, sign: "", other });
        }
        let before = trouble.around().0.trim_end();
        let sign = SIGNS.into_iter().find(|sign| before.ends_with(sign))?;
        let (value, of) = labelled("expected because this is `")?;
        let value = if value.is_empty() { last_line_before(before, sign) } else { value };
        return Some(Compared { value, of, sign, other });
    }
    if let Some(of) = between(message, "cannot be applied to type `", '`').filter(|_| trouble.is("E0369")) {
        let sign = SIGNS.into_iter().find(|sign| *sign == trouble.marked())?;
        let value = trouble.spans().find(|span| span.label.as_deref() == Some(of)).map(marked)?;
        let other = trouble.labels().find(|label| *label != of && !label.is_empty())?;
        return Some(Compared { value, of, sign, other });
    }
    // `0 == deleted`.
    let other = between(message, "can't compare `", '`').filter(|_| trouble.is("E0277"))?;
    let of = between(message, "` with `", '`')?;
    let sign = SIGNS.into_iter().find(|sign| *sign == trouble.marked())?;
    Some(Compared { value: value_from(trouble.around().1), of, sign, other })
}

fn last_line_before<'a>(before: &'a str, sign: &str) -> &'a str {
    value_before(before.strip_suffix(sign).unwrap_or(before))
}

/// Whether another pattern of the same `match` is one of a result: then the value is meant to be one.
fn has_result_arm(trouble: &Trouble<'_>, code: &Code) -> bool {
    let scrutinee = trouble.spans().find(|span| {
        span.label.as_deref().is_some_and(|label| label.starts_with("this expression has type `"))
    });
    let text = code.text(&trouble.file()).to_owned();
    let body = scrutinee
        .and_then(|span| split(&text, span.line_end, span.column_end))
        .map(|(_, from)| from.trim_start());
    let Some(body) = body.and_then(|from| from.strip_prefix('{')) else { return false };
    let body = &body[..end_of(body, |_| false).unwrap_or(body.len())];
    body.lines().any(|line| ["Ok(", "Err("].iter().any(|arm| line.trim_start().starts_with(arm)))
}

/// A method of the rows, of a row or of an option, or a field, of the result that holds it.
pub fn question_mark_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let file = trouble.file();
    let text = code.text(&file);
    let (before, from) = split_at(trouble, code)?;
    let (value, used) = if trouble.is("E0599") {
        let is_of_result = trouble.message().contains("` found for enum `Result<");
        is_of_result.then_some(())?;
        trouble.notes().find(|note| note.starts_with("use the `?` operator to extract the `"))?;
        let name = trouble.call();
        let arguments = in_parentheses(from.strip_prefix(name)?.strip_prefix('(')?);
        (value_before(before.strip_suffix('.')?), format!(".{name}({arguments})"))
    } else if trouble.is("E0609") {
        let of = between(trouble.message(), "` on type `", '`')?;
        let inside = *arguments(of, "Result")?.first()?;
        let field = between(trouble.message(), "no field `", '`')?;
        let model = code.model(inside.rsplit("::").next()?)?;
        model.fields.iter().find(|other| other.name == field)?;
        (value_before(before.strip_suffix('.')?), format!(".{field}"))
    } else {
        let (of, wanted) = trouble.unmet().filter(|_| trouble.is("E0277"))?;
        let given = wanted.split_once("BelongingToDsl<").map_or(of, |(_, given)| given);
        let is_belonging = wanted.contains("BelongingToDsl<") || wanted.ends_with("Identifiable");
        (is_belonging && given.trim_start_matches('&').starts_with("Result<")).then_some(())?;
        let value = in_parentheses(trouble.line_text().split_once("belonging_to(")?.1).trim();
        (value.trim_start_matches('&'), String::new())
    };
    let bound =
        binding(text, value, trouble.line()).filter(|bound| is_name(value) && can_end_with_mark(bound.text));
    let bound = bound.filter(|bound| bound.declared_type().is_none_or(|of| !of.contains("Result")));
    let what = if is_name(value) { format!("`{value}`") } else { "This".to_owned() };
    let why =
        format!("{what} is a result. `?` takes the value out of it, and returns an error if there is one:");
    match bound {
        Some(bound) => Some(Found::new([why, String::new(), bound.with_end("?;")]).at(file, bound.line)),
        None => {
            let value = value.lines().last()?.trim();
            let used = if used.contains('\n') { "…".to_owned() } else { used };
            Some(Found::new([why, String::new(), format!("    {value}?{used}")]))
        }
    }
}
