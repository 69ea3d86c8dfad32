//! Panics that have one usual cause.

use super::code::{Code, Source};
use super::failure::Failure;
use super::found::Found;
use super::text::between;

/// The lesson's file that panicked, the line, and its text.
fn place<'a>(failure: &Failure<'_>, code: &'a Code) -> Option<(&'a Source, usize, &'a str)> {
    let panic = failure.panic()?;
    let source = code.sources.iter().find(|source| source.file == panic.file)?;
    let line = panic.line as usize;
    Some((source, line, source.text.lines().nth(line.checked_sub(1)?)?))
}

/// The head of the function that the line is in.
fn head(source: &Source, line: usize) -> Option<String> {
    let lines: Vec<_> = source.text.lines().take(line).collect();
    let start = lines.iter().rposition(|line| {
        let words: Vec<_> = line.split_whitespace().take(4).collect();
        words.contains(&"fn")
    })?;
    // A head of several lines ends at its brace.
    let text = source.text.lines().skip(start).take(8).collect::<Vec<_>>().join(" ");
    Some(text.split('{').next()?.trim().to_owned())
}

/// What takes the value out of a result, and panics without one: as it is written in the line.
fn unwrapping(line: &str) -> Option<&str> {
    let start = [".unwrap()", ".expect("].iter().filter_map(|call| line.find(call)).min()?;
    let rest = &line[start..];
    let end = if rest.starts_with(".unwrap()") { ".unwrap()".len() } else { rest.find("\")")? + 2 };
    Some(&rest[..end])
}

/// Whether several calls of a line could be the one that panicked.
fn has_several(line: &str) -> bool {
    line.matches(".unwrap()").count() + line.matches(".expect(").count() > 1
}

/// The line with `?` in the place of each `unwrap`, where they follow each other: each takes a result out of another.
fn in_a_row(line: &str) -> Option<String> {
    let start = line.find(".unwrap()")?;
    let count = line.matches(".unwrap()").count();
    let row = ".unwrap()".repeat(count);
    (line[start..].starts_with(&row) && !line.contains(".expect("))
        .then(|| line.replacen(&row, &"?".repeat(count), 1))
}

/// The debug form of the error on which somebody has called `unwrap` or `expect`.
fn unwrapped<'a>(message: &'a str, line: &str) -> Option<&'a str> {
    if let Some(error) = message.strip_prefix("called `Result::unwrap()` on an `Err` value: ") {
        return Some(error);
    }
    let text = between(line, ".expect(\"", '"')?;
    message.strip_prefix(text)?.strip_prefix(": ")
}

/// `unwrap` on an error of the database.
pub fn unwrap_on_error(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let (source, line, written) = place(failure, code)?;
    // The call may be a line further in a chain; the panic names the line of the call.
    let call = unwrapping(written)?;
    let error = unwrapped(failure.message(), written)?;
    let returns_result = head(source, line)
        .is_some_and(|head| head.split_once("->").is_some_and(|(_, of)| of.contains("Result<")));
    let right = |with: &str| match has_several(written) {
        // `Some` around it would hold another `Option`.
        false if with.starts_with(".optional") && written.contains("Some(") => format!("…{with}"),
        false => written.trim().replacen(call, with, 1),
        true if with == "?" => in_a_row(written.trim()).unwrap_or_else(|| "…?".to_owned()),
        // Which of them it is, the panic does not say.
        true => format!("…{with}"),
    };
    let name = call.trim_start_matches('.').split('(').next()?;
    let mut lines = if error == "NotFound" {
        vec![
            format!(
                "There is no such row. Diesel reports that as the error `NotFound`, and `{name}` turns it into a panic."
            ),
            String::new(),
            format!("    {}      None without a row", right(".optional()?")),
        ]
    } else if let Some(kind) = between(error, "DatabaseError(", ',') {
        let said = between(error, ", \"", '"').unwrap_or_default().trim_end_matches('\\');
        vec![
            format!(
                "The database rejected the statement ({kind}: {said}), and `{name}` turns its error into a panic."
            ),
            String::new(),
        ]
    } else {
        let kind = error.split(['(', ' ', '{']).next()?;
        vec![
            format!("`{name}` turns the error `{kind}`, which the caller may need, into a panic."),
            String::new(),
        ]
    };
    match returns_result {
        true => {
            lines.push(format!("    {}      passes the error on", right("?")));
            lines.push(
                "If the function returns a different error type, convert the error with `.map_err(…)?`."
                    .to_owned(),
            );
        }
        false => lines.push("Let the function return a `Result`, and pass the error on with `?`.".to_owned()),
    }
    Some(Found::new(lines).at(&source.file, line))
}

/// `unwrap` on `None`.
pub fn unwrap_on_none(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let (source, line, written) = place(failure, code)?;
    let message = failure.message();
    let is_expected = || between(written, ".expect(\"", '"').is_some_and(|text| text == message);
    if message != "called `Option::unwrap()` on a `None` value" && !is_expected() {
        return None;
    }
    let call = unwrapping(written)?;
    // `session.get::<u32>("views").await?.unwrap()`: of a number, nothing is often 0.
    let is_number =
        ["u32", "i32", "i64", "u64", "usize"].iter().any(|of| written.contains(&format!("<{of}>")));
    let mut lines = vec![
        format!("This is `None`, and `{}` panics on `None`.", call.trim_start_matches('.')),
        String::new(),
    ];
    lines.push(match is_number {
        true => format!("    {}", written.trim().replacen(call, ".unwrap_or(0)", 1)),
        false => "    match … { Some(value) => …, None => … }".to_owned(),
    });
    Some(Found::new(lines).at(&source.file, line))
}

/// Tokio without its runtime, or within another one.
pub fn runtime(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let message = failure.message();
    // A runtime panics in its own code, and not where somebody blocks.
    let blocking = || {
        let rust = code.sources.iter().filter(|source| source.file.ends_with(".rs"));
        let mut lines = rust
            .flat_map(|source| source.text.lines().enumerate().map(move |(at, line)| (source, at + 1, line)));
        let mut found = lines.by_ref().filter(|(_, _, line)| line.contains("block_on("));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    };
    let (source, line, written) = place(failure, code).or_else(blocking)?;
    if message.starts_with("there is no reactor running") {
        return Some(
            Found::new([
                "This needs Tokio's runtime, which is not running on this thread.".to_owned(),
                "The runtime runs `async` functions that axum or `#[tokio::main]` starts, but not your own threads."
                    .to_owned(),
                String::new(),
                format!("    {}", written.trim()),
            ])
            .at(&source.file, line),
        );
    }
    let blocks = message.starts_with("Cannot start a runtime from within a runtime")
        || message.starts_with("Cannot block the current thread from within a runtime");
    if !blocks {
        return None;
    }
    let mut lines = vec![
        "This blocks the thread until the future is done, but the runtime needs this thread to run the future."
            .to_owned(),
        "In an `async` function, await the future:".to_owned(),
        String::new(),
    ];
    lines.push(match between(written, "block_on(", ')').filter(|inner| !inner.contains('(')) {
        Some(inner) => format!("    {inner}.await"),
        None => "    ….await".to_owned(),
    });
    Some(Found::new(lines).at(&source.file, line))
}

/// A `RefCell` that is borrowed already, and a `Mutex` whose holder has panicked.
pub fn borrowed(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let message = failure.message();
    let (source, line, written) = place(failure, code)?;
    if message.contains("PoisonError") {
        return Some(
            Found::new([
                "A thread panicked while it held this lock, so the data that it guards may be half changed.".to_owned(),
                "That panic is the cause: look for it above. Hold a lock only briefly, around code that cannot panic."
                    .to_owned(),
                String::new(),
                format!("    {}", written.trim()),
            ])
            .at(&source.file, line),
        );
    }
    let is_mutable = message.contains("already mutably borrowed");
    if !is_mutable && !message.contains("already borrowed") {
        return None;
    }
    let call = if written.contains(".borrow_mut(") { "borrow_mut" } else { "borrow" };
    if !written.contains(&format!(".{call}(")) {
        return None;
    }
    let other = if is_mutable { "a `borrow_mut()`" } else { "another `borrow()`" };
    Some(
        Found::new([
            format!("`{call}()` panics while what {other} has returned is still there: it lives to the end of its block."),
            "Put the first one into its own block, or copy what you need from it.".to_owned(),
            String::new(),
            format!("    {}", written.trim()),
        ])
        .at(&source.file, line),
    )
}

/// Texts are counted in bytes and consist of characters; and numbers and lists have an end.
pub fn out_of_range(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let message = failure.message();
    let (source, line, written) = place(failure, code)?;
    let why = if message.contains("is not a char boundary") || message.contains("inside a character") {
        "String ranges count bytes, and this one cuts a character in two: `é` has two bytes.".to_owned()
    } else if message.contains("byte index ") && message.contains("out of bounds") {
        "The string is shorter than this range, which counts bytes.".to_owned()
    } else if let Some(what) =
        between(message, "attempt to ", '\0').filter(|_| message.ends_with("with overflow"))
    {
        format!(
            "The result does not fit the number's type: this would {} past its limit.",
            what.trim_end_matches(" with overflow")
        )
    } else if let Some(len) = between(message, "index out of bounds: the len is ", ' ') {
        let index = message.rsplit(' ').next()?;
        format!(
            "The list's length is {len}. Its elements are counted from 0, and this asks for number {index}."
        )
    } else {
        return None;
    };
    let right = if message.contains("overflow") {
        "`checked_…` returns `None` instead of panicking, `saturating_…` the largest or smallest number."
    } else {
        "`.get(…)` returns `None` instead of panicking."
    };
    Some(
        Found::new([why, String::new(), format!("    {}", written.trim()), String::new(), right.to_owned()])
            .at(&source.file, line),
    )
}

/// SQLite has one writer at a time.
pub fn locked(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let is_locked =
        |text: &str| text.contains("database is locked") || text.contains("database table is locked");
    if !failure.texts().any(is_locked) {
        return None;
    }
    let rust = || code.sources.iter().filter(|source| source.file.ends_with(".rs"));
    let line_with = |call: &str| {
        let mut places = rust().flat_map(|source| {
            source.text.lines().enumerate().map(move |(at, line)| (source, at + 1, line.trim()))
        });
        places.find(|(_, _, line)| line.contains(call) && !line.starts_with("//"))
    };
    if let Some((source, line, written)) = line_with(".transaction(").or_else(|| line_with(".transaction::<"))
    {
        let conn = written
            .split(".transaction")
            .next()?
            .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
            .next()?;
        return Some(
            Found::new([
                "SQLite lets one connection write at a time. A plain transaction starts as a reader and requests the write lock"
                    .to_owned(),
                "at its first write. If another connection has written in the meantime, SQLite rejects it at once.".to_owned(),
                String::new(),
                format!("    {written}      ← now"),
                format!("    groundwork::write({conn}, |conn| …)      takes the write lock first"),
            ])
            .at(&source.file, line),
        );
    }
    let (source, line, written) = line_with("::establish(").or_else(|| line_with("connect(&"))?;
    Some(
        Found::new([
            "SQLite lets one connection write at a time, and this opens a second one beside the first."
                .to_owned(),
            String::new(),
            format!("    {written}"),
            String::new(),
            "Pass on the `conn` that the function received.".to_owned(),
        ])
        .at(&source.file, line),
    )
}
