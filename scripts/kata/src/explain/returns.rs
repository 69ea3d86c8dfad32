//! The end of a function, and `?` where it can end none.

use super::code::Code;
use super::found::Found;
use super::heads::heads;
use super::results::expression;
use super::text::{arguments, between, with_article};
use super::trouble::{Trouble, marked};

/// The last line is a result without a value, and the function returns one with a value; or the other way around.
pub fn other_result(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let (expected, found) = (arguments(expected, "Result")?, arguments(found, "Result")?);
    let ([wanted, error], [given, other_error]) = (&expected[..], &found[..]) else { return None };
    let is_function = trouble.labels().any(|label| label.ends_with("because of return type"));
    let span = trouble.span()?;
    let is_last = ends_function(code.text(&trouble.file()), span.line_end);
    let is_whole = trouble.around().0.trim().is_empty() && trouble.around().1.trim().is_empty();
    if error != other_error || wanted == given || wanted.contains('_') || given.contains('_') {
        return None;
    }
    if !is_function || !is_last || !is_whole || (*given != "()" && *wanted != "()") {
        return None;
    }
    let text = expression(trouble, code);
    let text = text.trim();
    let shown = if text.contains('\n') || text.is_empty() { "…" } else { text };
    let (why, end) = match *given {
        "()" => (
            format!(
                "On success, this last line has no value, but the function must return {}.",
                with_article(wanted)
            ),
            "Ok(…)",
        ),
        _ => (
            format!(
                "On success, this last line returns {}, but the function must return `()`.",
                with_article(given)
            ),
            "Ok(())",
        ),
    };
    Some(Found::new([why, String::new(), format!("    {shown}?;"), format!("    {end}")]))
}

/// Whether nothing but the end of a function comes behind this line.
fn ends_function(text: &str, line: usize) -> bool {
    let lines: Vec<_> = text.lines().collect();
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let Some(end) = lines.iter().skip(line).find(|line| !line.trim().is_empty()) else { return false };
    let outer = |line: &&&str| !line.trim().is_empty() && indentation(line) <= indentation(end);
    let head = lines.iter().take(line).rev().find(outer);
    // A head of several lines ends at its parenthesis.
    end.trim() == "}" && head.is_some_and(|head| head.contains("fn ") || head.trim_start().starts_with(')'))
}

/// `?` in a function that returns neither a result nor an option.
pub fn question_mark_nowhere(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let rest = trouble.message().strip_prefix("the `?` operator can only be used in a ")?;
    if !trouble.is("E0277")
        || !(rest.starts_with("function that returns") || rest.starts_with("method that returns"))
    {
        return None;
    }
    let head = trouble.spans().find(|span| {
        span.label.as_deref().is_some_and(|label| label.starts_with("this function should return"))
    })?;
    let head = head.text.first()?.text.trim();
    let name = between(head, "fn ", '(')?.split('<').next()?;
    let own = code.sources.iter().find(|source| source.file == trouble.file())?;
    let [head] = &heads(own, name, &["fn "])[..] else { return None };
    let is_given = code
        .handed_out
        .iter()
        .filter(|source| source.file == own.file)
        .any(|source| heads(source, name, &["fn "]).iter().any(|other| other.text == head.text));
    let returns = head.text.split_once("->").map_or("()", |(_, of)| of.trim());
    let why = format!(
        "`?` returns an error to the caller, and `{name}` returns `{returns}`, which has no place for one."
    );
    let lines = match is_given {
        true => vec![
            why,
            "You cannot change the return type here, so handle the error in this function:".to_owned(),
            String::new(),
            "    .expect(\"…\")                                 if it cannot fail here; say why".to_owned(),
            "    match … { Ok(value) => …, Err(error) => … }    if it can".to_owned(),
        ],
        false => vec![why, String::new(), format!("    fn {name}(…) -> Result<{returns}, …>")],
    };
    Some(Found::new(lines))
}

/// A text as the pattern for a `String`, or for an option of one.
pub fn text_pattern(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    if !matches!(expected, "String" | "&String") || !matches!(found, "&str" | "&'static str") {
        return None;
    }
    const OF: &str = "this expression has type `";
    let matched =
        trouble.spans().find(|span| span.label.as_deref().is_some_and(|label| label.starts_with(OF)))?;
    let of = matched.label.as_deref()?.strip_prefix(OF)?.trim_end_matches('`');
    let (call, becomes) = match of {
        "String" | "&String" => (".as_str()", "a `&str`"),
        "Option<String>" | "&Option<String>" => (".as_deref()", "an `Option<&str>`"),
        "Option<&String>" => (".map(String::as_str)", "an `Option<&str>`"),
        _ => return None,
    };
    let (what, is_text) = (marked(matched), trouble.marked().starts_with('"'));
    (is_text && !what.is_empty()).then(|| {
        Found::new([
            format!(
                "A string pattern is a `&str`, but this is {}. `{call}` turns it into {becomes}:",
                with_article(of)
            ),
            String::new(),
            format!("    match {what}{call} {{"),
        ])
        .at(trouble.file(), matched.line_start)
    })
}
