//! Connections, the pool that lends them, and the futures and results that it returns.

use super::code::Code;
use super::found::Found;
use super::results::expression;
use super::source::{binding, is_name, is_of_name};
use super::text::between;
use super::trouble::Trouble;

/// `conn` where `&mut conn` is wanted, or the other way around.
pub fn connection_reference(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let marked = trouble.marked();
    let is_connection = |of: &str| ["SqliteConnection", "PgConnection"].iter().any(|name| of.ends_with(name));
    let own = trouble.mismatch().filter(|(_, found)| is_connection(found) && !found.starts_with('&'));
    if own.is_some_and(|(expected, found)| expected == format!("&mut {found}")) {
        return Some(Found::new([
            format!("This would move `{marked}`, which is needed afterward. Borrow it mutably:"),
            String::new(),
            format!("    (&mut {marked})"),
        ]));
    }
    let name = marked.strip_prefix("&mut ").or_else(|| marked.strip_prefix('&'))?.trim();
    let is_nested = trouble.message().starts_with("the trait bound `&mut SqliteConnection: ")
        || trouble.message().starts_with("the trait bound `&mut PgConnection: ")
        || trouble
            .notes()
            .any(|note| note.contains("`&&mut SqliteConnection`") || note.contains("`&&mut PgConnection`"))
        || trouble.mismatch().is_some_and(|(_, found)| found.starts_with("&mut &mut "));
    if is_nested {
        return Some(Found::new([
            format!(
                "`{name}` is already a `&mut Db`. With another `&`, it becomes a reference to a reference."
            ),
            String::new(),
            format!("    ({name})"),
        ]));
    }
    let wants_mut =
        trouble.notes().any(|note| note.starts_with("expected mutable reference `&mut SqliteConnection`"));
    (wants_mut && marked.starts_with('&') && !marked.starts_with("&mut ")).then(|| {
        Found::new([
            "Using a connection changes its state, so it is borrowed as `&mut`, even for a read.".to_owned(),
            String::new(),
            format!("    (&mut {name})"),
        ])
    })
}

/// `?` on a future.
pub fn await_missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let is_future = trouble.label().contains("applied to type `impl Future<");
    (trouble.is("E0277") && is_future).then(|| {
        let marks = if trouble.label().contains("Output = Result<Result<") { "??" } else { "?" };
        Found::new([
            "This is a future. It has no result for `?` until it is awaited.".to_owned(),
            String::new(),
            format!("    ….await{marks}"),
        ])
    })
}

/// A result in a result: the pool's, and the database's in it.
pub fn one_question_mark(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_result = |of: &str| of.starts_with("Result<") || of.starts_with("std::result::Result<");
    let shown = trouble
        .message()
        .strip_prefix('`')
        .and_then(|rest| rest.split_once("` doesn't implement `std::fmt::Display`"));
    // Another rule explains `optional` on a result of other errors.
    let no_method = between(trouble.message(), "found for enum `", '`')
        .filter(|_| !trouble.message().starts_with("no method named `optional`"));
    let of = shown.map(|(of, _)| of).or(no_method).filter(|of| is_result(of))?;
    let text = code.text(&trouble.file());
    let lines: Vec<_> = text.lines().collect();
    let at = trouble.line().checked_sub(1)?;
    // The line where the value comes from: the last one before with `.await` and too few `?`.
    let from = (0..=at.min(lines.len().checked_sub(1)?))
        .rev()
        .take(8)
        .find(|line| lines[*line].contains(".await"))?;
    let has = lines[from].split(".await").nth(1)?.chars().take_while(|c| *c == '?').count();
    let wants = has + of.matches("Result<").count();
    if wants > 2 || has > 1 {
        return None;
    }
    let (outer, mark) = (
        if wants == 2 {
            "This is a result inside a result: the pool's and the database's. Each needs its own `?`."
        } else {
            "This is a result. `?` takes the value out of it."
        },
        "?".repeat(wants),
    );
    Some(
        Found::new([
            outer.to_owned(),
            String::new(),
            format!("    ….await{mark};"),
            String::new(),
            "rustc suggests `{:?}`, which would show visitors `Ok(…)`.".to_owned(),
        ])
        .at(trouble.file(), from + 1),
    )
}

/// What runs on another thread cannot borrow from this one.
pub fn closure_borrows(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    if trouble.is("E0373") {
        let name = between(trouble.message(), "but it borrows `", '`')?;
        let head = trouble.marked();
        return Some(Found::new([
            format!(
                "The closure runs on another thread and may outlive this function, so it must own `{name}`. Add `move`:"
            ),
            String::new(),
            format!("    move {head} …"),
        ]));
    }
    if !trouble.is("E0521") {
        return None;
    }
    let name = trouble.labels().find_map(|label| {
        between(label, "`", '`').filter(|_| label.contains("is a reference that is only valid in"))
    })?;
    Some(Found::new([
        format!(
            "The closure runs on another thread, but this function only borrows `{name}`. Copy it first:"
        ),
        String::new(),
        format!("    let … = {name}.to_string();      or `.to_owned()`, `.clone()`"),
        "    … move |conn| …                  then move the copy in".to_owned(),
    ]))
}

/// A closure without the connection that it gets.
pub fn closure_argument(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let takes_none =
        trouble.is("E0593") && trouble.message().contains("expected to take 1 argument, but it takes 0");
    let call = trouble.call();
    (takes_none && ["run", "write", "interact", "transaction", "immediate_transaction"].contains(&call)).then(|| {
        Found::new([
            format!("`{call}` passes the connection to its closure. Name it between the bars:"),
            String::new(),
            "    |conn| …".to_owned(),
        ])
    }).or_else(|| {
        let is_block = trouble.notes().any(|note| note.starts_with("you might have meant to create the closure instead of a block"));
        is_block.then(|| {
            Found::new([
                "This block runs right away, and its value is passed. The function needs a closure that it can call:",
                "",
                "    |conn| { … }",
            ])
        })
    })
}

/// `run(async move |conn| …)`: Diesel's calls block, and the pool expects that.
pub fn async_closure(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let returns = trouble.message().strip_prefix("expected `{async closure")?;
    let head = between(trouble.line_text(), "async", '|').filter(|_| trouble.is("E0271"))?;
    let given = trouble.line_text().split_once(&format!("async{head}|"))?.1.split_once('|')?.0;
    let call = trouble.around().0.trim_end().strip_suffix('(')?;
    let call = call.rsplit(|c: char| !is_of_name(c)).next()?;
    returns.contains("to return `Result<").then(|| {
        Found::new([
            format!("Diesel's calls block, so `{call}` runs an ordinary closure on a thread where that is allowed. Remove `async`:"),
            String::new(),
            format!("    {}|{given}|", head.trim_start()),
            String::new(),
            "Only the future that it returns is awaited.".to_owned(),
        ])
    })
}

/// `let find = |conn| …`: a closure with a name, whose argument has no type.
pub fn closure_type(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_closure = trouble.message().starts_with("implementation of `Fn")
        && trouble.message().ends_with("` is not general enough")
        && trouble.notes().any(|note| note.contains("closure with signature") && note.contains("Connection"));
    let file = trouble.file();
    let text = code.text(&file);
    let call = expression(trouble, code);
    let names = call.split(|c: char| !is_of_name(c)).filter(|name| is_closure && is_name(name));
    let (bound, name) =
        names.filter_map(|name| Some((binding(text, name, trouble.line())?, name))).find(|(bound, _)| {
            bound
                .text
                .split_once('=')
                .is_some_and(|(_, value)| value.trim_start().trim_start_matches("move ").starts_with('|'))
        })?;
    let argument = between(bound.text, "|", '|')?;
    let parameter = argument.split(':').next()?.trim();
    let is_open = argument.split_once(':').is_none_or(|(_, of)| of.trim() == "_");
    let db = if text.contains("Db") { "Db" } else { "groundwork::Db" };
    let line = bound.text.lines().next()?.replacen(
        &format!("|{argument}|"),
        &format!("|{parameter}: &mut {db}|"),
        1,
    );
    (is_open && is_name(parameter)).then(|| {
        Found::new([
            format!("rustc checks the closure `{name}` before it sees the call that passes a connection to it. Declare the type of `{parameter}`:"),
            String::new(),
            format!("    {line}"),
            String::new(),
            "A closure that is written directly in the call needs no type.".to_owned(),
        ])
        .at(file, bound.line)
    })
}

/// `pool.run(work(conn))`: the result of the work in place of the work.
pub fn result_called(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let is_closure_wanted = trouble
        .message()
        .starts_with("expected a `FnOnce(&mut SqliteConnection)` closure, found `Result<")
        || trouble.message().starts_with("expected a `FnOnce(&mut PgConnection)` closure, found `Result<");
    let marked = trouble.marked();
    let name = marked.split('(').next().filter(|name| is_closure_wanted && !name.is_empty())?;
    let rest = marked.strip_prefix(name)?;
    let right = match rest {
        "(conn)" => name.to_owned(),
        _ => format!("move |conn| {name}{rest}"),
    };
    Some(Found::new([
        format!(
            "`{name}{rest}` is called here, before there is a connection. The pool needs the function itself, to call it with one."
        ),
        String::new(),
        format!("    .run({right})"),
    ]))
}

pub fn pool_for_connection(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let wants_conn = expected.ends_with("SqliteConnection") || expected.ends_with("PgConnection");
    if !wants_conn || found.rsplit([' ', '&', ':']).next() != Some("Pool") {
        return None;
    }
    let before = trouble.around().0.trim_end().strip_suffix('(')?;
    let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next()?;
    let pool = trouble.marked().trim_start_matches('&').trim_start_matches("mut ").to_owned();
    Some(Found::new([
        format!(
            "`{name}` needs a connection, and `{pool}` is the pool. `run` takes a connection and calls the function:"
        ),
        String::new(),
        format!("    {pool}.run({name}).await??"),
    ]))
}
