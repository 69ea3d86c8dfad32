//! What a function reads in the place of what it is given, or under another name than it writes.

use super::code::{Code, Source};
use super::failure::Failure;
use super::found::Found;
use super::heads::heads;

/// A function's file, its name, and the numbers and texts of its lines.
type Function<'a> = (&'a Source, String, Vec<(usize, &'a str)>);

/// The functions in which the gate's tasks are.
fn function<'a>(failure: &Failure<'_>, code: &'a Code) -> Vec<Function<'a>> {
    let tasks = failure.gate.tasks.iter();
    let found = tasks.filter_map(|task| {
        let source = code
            .sources
            .iter()
            .find(|source| source.file.ends_with(".rs") && source.text.contains(task.as_str()))?;
        let lines: Vec<_> = source.text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
        let marker = lines.iter().position(|(_, line)| line.contains(task.as_str()))?;
        let head = lines[..marker].iter().rposition(|(_, line)| line.contains("fn "))?;
        let indentation = lines[head].1.len() - lines[head].1.trim_start().len();
        let is_end = |line: &str| line.trim_end() == format!("{}}}", " ".repeat(indentation));
        let end =
            lines[marker..].iter().position(|(_, line)| is_end(line)).map_or(lines.len(), |at| marker + at);
        let name = lines[head].1.split_once("fn ")?.1.split(['(', '<']).next()?.to_owned();
        Some((source, name, lines[head..end].to_vec()))
    });
    found.collect()
}

/// The process's environment in a function that is given the variables.
pub fn environment(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    const PARAMETER: &str = "variables";
    function(failure, code).into_iter().find_map(|(source, name, lines)| {
        let [head] = &heads(source, &name, &["fn "])[..] else { return None };
        if !head.text.contains(&format!("{PARAMETER}: ")) {
            return None;
        }
        let (line, written) = lines.iter().find(|(_, line)| {
            ["env::var(", "env::var_os(", "env::vars("].iter().any(|call| line.contains(call)) && !line.trim().starts_with("//")
        })?;
        Some(
            Found::new([
                format!("`{name}` receives the variables in its parameter `{PARAMETER}`, and the gate passes its own values."),
                "But this line reads the process's variables:".to_owned(),
                String::new(),
                format!("    {}", written.trim()),
                String::new(),
                format!("Read `{PARAMETER}` instead. The program passes the process's variables in it."),
            ])
            .at(&source.file, *line),
        )
    })
}

/// A session's value that is written under one name and read under another.
pub fn session_names(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    function(failure, code).into_iter().find_map(|(source, _, lines)| {
        let code_lines = || lines.iter().filter(|(_, line)| !line.trim().starts_with("//"));
        let names = |call: &'static str| -> Vec<(usize, &str)> {
            let named = code_lines().filter_map(|(at, line)| {
                let rest = line.split_once("session.")?.1.strip_prefix(call)?;
                let rest = if call == "get" { rest.split_once('(')?.1 } else { rest.strip_prefix('(')? };
                Some((*at, rest.strip_prefix('"')?.split('"').next()?))
            });
            named.collect()
        };
        // A second value would have a name of its own.
        let ([(_, read)], [(line, written)]) = (&names("get")[..], &names("insert")[..]) else { return None };
        (read != written).then(|| {
            Found::new([
                format!("The number is stored in the session as `{written}`, but read as `{read}`."),
                String::new(),
                format!("    session.get::<…>(\"{read}\")"),
                format!("    session.insert(\"{written}\", …)"),
                String::new(),
                "Both need the same name. Use a constant, so that a typo cannot make them differ.".to_owned(),
            ])
            .at(&source.file, *line)
        })
    })
}

/// An error that a statement drops, where the gate should have seen one.
pub fn error_dropped(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let expected: Vec<_> = failure.report.expected.as_deref()?.lines().collect();
    let got: Vec<_> = failure.got().lines().collect();
    let at = expected.iter().zip(&got).position(|(expected, got)| expected != got)?;
    let before = at.checked_sub(1).map_or("", |before| expected[before].trim());
    let is_question = before.starts_with("an error") && expected[at].trim() == "true";
    let is_missing = expected[at].trim().starts_with("Err(") && got[at].trim().starts_with("Ok(");
    let is_accepted = expected[at].trim().starts_with("refused: ") && got[at].trim() == "not refused";
    if failure.panic().is_some() || !(is_question || is_missing || is_accepted) {
        return None;
    }
    let functions = function(failure, code);
    let drops = |line: &str| {
        let line = line.trim();
        line.ends_with(").ok();")
            && !line.contains('=')
            && !line.starts_with("//")
            && !line.starts_with("return")
    };
    let mut all = functions.iter().flat_map(|(source, _, lines)| {
        lines.iter().filter(|(_, line)| drops(line)).map(move |(at, line)| (source, *at, line.trim()))
    });
    let (source, line, written) = all.next()?;
    Some(
        Found::new([
            "`ok()` discards the error of this call, so the function continues as if it had succeeded:".to_owned(),
            String::new(),
            format!("    {written}"),
            String::new(),
            "Return the error with `?` instead. If the function returns a different error type, write `.map_err(…)?`."
                .to_owned(),
        ])
        .at(&source.file, line),
    )
}
