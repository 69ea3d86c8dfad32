//! Values that have moved away before the last use of them.

use cargo_metadata::diagnostic::DiagnosticSpan;

use super::code::Code;
use super::found::Found;
use super::source::{is_name, is_of_name, split_at, statement, value_before};
use super::text::{between, with_article};
use super::trouble::{Trouble, marked};

/// A list that is taken apart, and a row that is handed over, before something else borrows it.
pub fn moved_early(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = between(trouble.message(), "of moved value: `", '`').filter(|_| trouble.is("E0382"))?;
    let is_place = |span: &&DiagnosticSpan| {
        let label = span.label.as_deref().unwrap_or_default();
        label.starts_with("value moved here") || label.starts_with(&format!("`{name}` moved due to this"))
    };
    let moved = trouble.spans().find(is_place)?;
    // In a loop, the use comes before the move, and no order helps.
    if moved.label.as_deref()?.contains("previous iteration") {
        return None;
    }
    let text = moved.text.first()?;
    let line = text.text.trim();
    let used = trouble.line();
    if line.starts_with("for ") && line.contains(&format!(" in {name} {{")) {
        return Some(
            Found::new([
                format!("This loop takes the values out of `{name}`, but line {used} still needs them. Borrow them here:"),
                String::new(),
                format!("    {}", line.replacen(&format!(" in {name} {{"), &format!(" in &{name} {{"), 1)),
            ])
            .at(trouble.file(), moved.line_start),
        );
    }
    if marked(moved).starts_with("into_iter(") && used >= moved.line_start {
        if let Some(found) = called_inside(trouble, moved, name, code) {
            return Some(found);
        }
        return (used > moved.line_start).then(|| {
            Found::new([
                format!("`into_iter()` takes the values out of `{name}`, but line {used} still needs it:"),
                String::new(),
                format!("    {}", trouble.line_text()),
                String::new(),
                format!("First finish everything that borrows `{name}`, then call `{name}.into_iter()`. You do not need `clone`."),
            ])
            .at(trouble.file(), moved.line_start)
        });
    }
    // `books.grouped_by(&authors)`: the groups own the rows.
    if marked(moved) == name && line.contains(&format!("{name}.grouped_by(")) && used > moved.line_start {
        return Some(
            Found::new([
                format!("`grouped_by` moves the rows of `{name}` into the groups, but line {used} still needs them:"),
                String::new(),
                format!("    {}", trouble.line_text()),
                String::new(),
                format!("First finish everything that uses `{name}`, then call `{name}.grouped_by(…)`. You do not need `clone`."),
            ])
            .at(trouble.file(), moved.line_start),
        );
    }
    let call = format!(".values({name})");
    line.contains(&call).then(|| {
        Found::new([
            format!("`values({name})` moves `{name}`, but line {used} still needs it. Borrow it instead:"),
            String::new(),
            format!("    {}", line.replacen(&call, &format!(".values(&{name})"), 1)),
        ])
        .at(trouble.file(), moved.line_start)
    })
}

/// `authors.into_iter().zip(books.grouped_by(&authors))`: the call comes second, whatever the parentheses suggest.
fn called_inside(trouble: &Trouble<'_>, moved: &DiagnosticSpan, name: &str, code: &Code) -> Option<Found> {
    let (before, from) = split_at(trouble, code)?;
    let argument = trouble.marked();
    let called = value_before(before.strip_suffix('(')?);
    let (receiver, method) = called.rsplit_once('.')?;
    let is_whole = from.strip_prefix(argument)?.starts_with(')') && !called.contains('\n');
    // In one chain: the statement goes on from the one to the other.
    let chain = statement(before);
    if !is_whole
        || !is_name(receiver)
        || !chain.contains("into_iter()")
        || trouble.line() > moved.line_start + 8
    {
        return None;
    }
    let value = if method == "grouped_by" { "groups" } else { "value" };
    let call = format!("{called}({argument})");
    let line = trouble.line_text().replacen(&call, value, 1);
    Some(Found::new([
        format!(
            "`into_iter()` takes the values out of `{name}` first, and then `{method}` needs them. Call `{method}` in a line before:"
        ),
        String::new(),
        format!("    let {value} = {call};"),
        format!("    {line}"),
    ]))
}

/// A value that would be moved out of something that is only borrowed.
pub fn moved_out(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let has_note = |start: &str| trouble.notes().any(|note| note.starts_with(start));
    let marked = trouble.marked();
    // What can be cloned, rustc proposes to clone; of a loop or a method's receiver, there may be a better way.
    let is_other =
        has_note("consider iterating over a slice") || has_note("you can `clone` the value and consume it");
    if !has_note("consider cloning the value") || is_other {
        return None;
    }
    let of_list = trouble.is("E0508") || trouble.message().starts_with("cannot move out of index of `Vec<");
    if of_list && marked.ends_with(']') {
        let list = marked.rsplit_once('[')?.0;
        return Some(Found::new([
            format!("`{list}` keeps its values, and this would move one of them out. Clone it:"),
            String::new(),
            format!("    {marked}.clone()"),
        ]));
    }
    let path = between(trouble.message(), "cannot move out of `", '`').filter(|_| trouble.is("E0507"))?;
    let is_shared = trouble.message().ends_with("` which is behind a shared reference");
    let owner = path.trim_start_matches('*').split('.').next()?;
    if !is_shared || path != marked {
        return None;
    }
    let (what, right) = match path.strip_prefix('*') {
        Some(path) => {
            (format!("This would move the value that `{path}` only borrows"), format!("{path}.clone()"))
        }
        None => {
            let field = path.rsplit('.').next()?;
            (
                format!("`{owner}` is only borrowed here, so `{field}` cannot be moved out of it"),
                format!("{path}.clone()"),
            )
        }
    };
    Some(Found::new([format!("{what}. Clone it:"), String::new(), format!("    {right}")]))
}

/// A reference to a number, where the number itself is wanted.
pub fn reference_to_number(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    const NUMBERS: [&str; 9] = ["i16", "i32", "i64", "u16", "u32", "u64", "usize", "f64", "bool"];
    let (expected, found) = trouble.mismatched_types()?;
    let marked = trouble.marked();
    if !NUMBERS.contains(&expected) || found != format!("&{expected}") {
        return None;
    }
    let (before, behind) = trouble.around();
    if let Some(name) = marked.strip_prefix('&').filter(|name| is_name(name)) {
        return Some(Found::new([
            format!("The `&` makes a reference, and {} is expected here:", with_article(expected)),
            String::new(),
            format!("    {}{name}{behind}", before.trim_start()),
        ]));
    }
    if !is_name(marked) {
        return None;
    }
    let right = match trouble.proposes(&format!("{marked}: *")) {
        true => format!("{marked}: *{marked}"),
        false => format!("*{marked}"),
    };
    let text = code.text(&trouble.file());
    let is_lent = |line: &str| {
        let names = |words: &str| words.split(|c: char| !is_of_name(c)).any(|word| word == marked);
        let of_loop = line.trim_start().strip_prefix("for ").and_then(|rest| rest.split_once(" in "));
        let of_closure = line.split_once('|').and_then(|(_, rest)| rest.split_once('|'));
        of_loop.is_some_and(|(pattern, _)| names(pattern))
            || of_closure.is_some_and(|(pattern, _)| names(pattern))
    };
    let mut above = text.lines().take(trouble.line()).collect::<Vec<_>>().into_iter().rev().take(10);
    let why = match above.any(is_lent) {
        true => format!(
            "Going through a borrowed list lends out its values, so `{marked}` is a `{found}`. `*` reads the value behind the reference:"
        ),
        false => format!(
            "`{marked}` is a `{found}`, and {} is expected here. `*` reads the value behind the reference:",
            with_article(expected)
        ),
    };
    Some(Found::new([why, String::new(), format!("    {}{right}{behind}", before.trim_start())]))
}
