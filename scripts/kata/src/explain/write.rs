//! `write`, which takes a connection and hands it to its closure.

use super::code::Code;
use super::found::Found;
use super::source::is_of_name;
use super::text::between;
use super::trouble::Trouble;

const CALLS: [&str; 3] = ["write(", "transaction(", "immediate_transaction("];

/// The closure ignores the connection that it gets, and uses the one outside.
pub fn outer_connection(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !["E0499", "E0500", "E0501", "E0502"].iter().any(|id| trouble.is(id)) {
        return None;
    }
    let name = between(trouble.message(), "cannot borrow `", '`')?.trim_start_matches('*');
    let mut lines = trouble.spans().filter_map(|span| {
        let text = code.text(&trouble.file()).lines().nth(span.line_start.checked_sub(1)?)?;
        let given = between(text, "|", '|')?.split(':').next()?.trim();
        let is_call = CALLS.iter().any(|call| text.contains(call)) && text.contains(name);
        (is_call && given != name && !given.is_empty()).then_some((span.line_start, text, given))
    });
    let (line, text, given) = lines.next()?;
    let all = code.text(&trouble.file());
    // Where the closure uses its own in other places, another name for it would break these.
    let is_used = |line: &str| line.split(|c: char| !is_of_name(c)).any(|word| word == given);
    let closure = || all.lines().skip(line).take_while(|line| !line.starts_with('}'));
    if closure().any(is_used) {
        let is_outer = |line: &str| line.split(|c: char| !is_of_name(c)).any(|word| word == name);
        let (at, wrong) = closure().enumerate().find(|(_, line)| is_outer(line))?;
        return Some(
            Found::new([
                format!("`{name}` is borrowed until the closure has ended, and the closure gets it as `{given}`. Use that here:"),
                String::new(),
                format!("    {}", with_word(wrong.trim(), name, given)),
            ])
            .at(trouble.file(), line + 1 + at),
        );
    }
    Some(
        Found::new([
            format!("This call borrows `{name}` and passes it to its closure as `{given}`. Name the closure's parameter `{name}`:"),
            String::new(),
            format!("    {}", text.trim().replacen(&format!("|{given}"), &format!("|{name}"), 1)),
        ])
        .at(trouble.file(), line),
    )
}

/// The line with another word in place of this one.
fn with_word(line: &str, word: &str, other: &str) -> String {
    let mut changed = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once(word) {
        let is_word = !before.ends_with(is_of_name) && !behind.starts_with(is_of_name);
        changed += before;
        changed += if is_word { other } else { word };
        rest = behind;
    }
    changed + rest
}

/// `write(|conn| …)`.
pub fn connection_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_one_short = trouble.is("E0061")
        && trouble.message() == "this function takes 2 arguments but 1 argument was supplied";
    let line = trouble.line_text();
    let has_conn = code.text(&trouble.file()).contains("conn: &mut Db");
    (is_one_short && has_conn && trouble.call() == "write" && line.contains("write(|")).then(|| {
        Found::new([
            "`write` needs the connection first, and passes it to the closure:".to_owned(),
            String::new(),
            format!("    {}", line.replacen("write(|", "write(conn, |", 1)),
        ])
    })
}

/// `?` behind `write(…)`, which leaves open which error its closure returns.
pub fn error_type(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_open =
        trouble.is("E0283") && trouble.label().contains("type parameter `E` declared on the enum `Result`");
    let is_of_write = trouble.notes().any(|note| {
        note.contains("required by a bound in `groundwork::write`")
            || note.contains("required by a bound in `write`")
    });
    if !is_open || !is_of_write {
        return None;
    }
    const HEAD: &str = "write(conn, |conn| {";
    let text = code.text(&trouble.file());
    let (at, line) =
        text.lines().enumerate().take(trouble.line()).filter(|(_, line)| line.contains(HEAD)).last()?;
    Some(
        Found::new([
            "With `?` after `write(…)`, rustc cannot infer the closure's error type. State it:".to_owned(),
            String::new(),
            format!("    {}", line.trim().replacen("|conn| {", "|conn| -> QueryResult<_> {", 1)),
            String::new(),
            "Or let `write(…)` be the function's last expression, without `?` and `Ok`.".to_owned(),
        ])
        .at(trouble.file(), at + 1),
    )
}
