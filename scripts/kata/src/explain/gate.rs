//! What a gate uses and does not find: the gate stays as it is, and the lesson's own code is the place.

use super::code::{Code, Source};
use super::found::Found;
use super::heads::heads;
use super::text::{between, nearest};
use super::trouble::Trouble;

const ITEMS: [&str; 6] = ["fn ", "struct ", "enum ", "const ", "type ", "mod "];

fn find(sources: &[Source], name: &str) -> Option<(String, usize, String)> {
    let sources = sources.iter().filter(|source| source.file.ends_with(".rs"));
    let head = sources.flat_map(|source| heads(source, name, &ITEMS)).next()?;
    Some((head.file.to_owned(), head.line, head.text))
}

/// A function or a type that a gate uses, and that has another name, other parameters, or is private.
pub fn asks_for(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let message = trouble.message();
    if trouble.is("E0603") {
        return private(between(message, "`", '`')?, code);
    }
    if !trouble.is_in_gate() {
        return None;
    }
    let unknown = [
        "cannot find function `",
        "cannot find type `",
        "cannot find value `",
        "cannot find struct, variant or union type `",
        "unresolved import `",
        "no method named `",
        "no function or associated item named `",
        "cannot find associated function `",
    ]
    .into_iter()
    .find_map(|start| between(message, start, '`'));
    if let Some(name) = unknown {
        let name = name.rsplit("::").next()?;
        if let Some((file, line, _)) = find(&code.sources, name) {
            // It is there, and somewhere else.
            let (asked, ..) = find(&code.handed_out, name)?;
            // A gate that imports all names of a module does not see the private ones.
            if asked == file {
                return private(name, code);
            }
            return Some(
                Found::new([
                    format!("The gates look for `{name}` in `{asked}`, but it is in `{file}` now."),
                    String::new(),
                    "Move it back, or add a `pub use` for it there.".to_owned(),
                ])
                .at(&file, line),
            );
        }
        let (file, line, head) = find(&code.handed_out, name)?;
        let text = code.text(&file);
        let items: Vec<_> = text
            .lines()
            .filter_map(|line| {
                line.trim()
                    .strip_prefix("pub fn ")
                    .or_else(|| line.trim().strip_prefix("pub async fn "))
                    .or_else(|| line.trim().strip_prefix("pub struct "))
            })
            .collect();
        let mut names: Vec<_> = items
            .iter()
            .map(|item| item.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
            .collect();
        // What was handed out has its own place; what is new may be this one under another name.
        names.retain(|other| find(&code.handed_out, other).is_none());
        let near = nearest(name, &names).or(match &names[..] {
            [only] => Some(*only),
            _ => None,
        });
        let mut lines = vec![match near {
            Some(near) => format!("The gates call `{name}`, which is called `{near}` now."),
            None => format!("The gates call `{name}`, which is no longer in `{file}`."),
        }];
        lines.extend([
            String::new(),
            format!("    {head}"),
            String::new(),
            "Do not edit the gate: change it here.".to_owned(),
        ]);
        let line = near
            .and_then(|near| find(&code.sources, near))
            .map_or(line.min(text.lines().count().max(1)), |(_, line, _)| line);
        return Some(Found::new(lines).at(file, line));
    }
    // Other parameters or another type, at a call of the lesson's function.
    let (name, file, line, now, asked) = called(trouble).into_iter().find_map(|name| {
        let (file, line, now) = find(&code.sources, &name)?;
        let (_, _, asked) = find(&code.handed_out, &name)?;
        (now != asked).then_some((name, file, line, now, asked))
    })?;
    Some(
        Found::new([
            format!("The gates call `{name}` with its original signature, and it has changed:"),
            String::new(),
            format!("    {asked}"),
            format!("    {now}      ← now"),
            String::new(),
            "Do not edit the gate: change it here.".to_owned(),
        ])
        .at(file, line),
    )
}

/// A function or a type that others use, and that has lost its `pub`.
fn private(name: &str, code: &Code) -> Option<Found> {
    let (file, line, head) = find(&code.sources, name)?;
    (!head.starts_with("pub")).then(|| {
        Found::new([
            format!("The gates use `{name}`, but it is not `pub`."),
            String::new(),
            format!("    pub {head}"),
        ])
        .at(file, line)
    })
}

/// The functions that the gate's line calls.
fn called(trouble: &Trouble<'_>) -> Vec<String> {
    let text = trouble.gate_line().unwrap_or_default();
    let calls = text.match_indices('(').map(|(at, _)| &text[..at]);
    let is_end = |c: char| !c.is_alphanumeric() && c != '_';
    calls
        .filter_map(|before| before.rsplit(is_end).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A gate shows what the lesson's types hold, which needs `Debug`; and it compares and copies them.
pub fn shows(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is_in_gate() || !trouble.is("E0277") {
        return None;
    }
    let message = trouble.message();
    let (of, wanted) = match message.split_once("` doesn't implement `") {
        Some((of, wanted)) => (of.trim_start_matches('`'), wanted.trim_end_matches('`')),
        None => trouble.unmet()?,
    };
    let wanted = wanted.rsplit("::").next()?;
    let name = of.rsplit("::").next()?;
    let model = code.model(name)?;
    (["Debug", "Clone", "PartialEq"].contains(&wanted) && !model.derives(wanted)).then(|| {
        Found::new([
            format!("The gates need `{wanted}` for `{name}`, which does not derive it."),
            String::new(),
            format!("    #[derive({wanted})]"),
            format!("    pub struct {name} {{"),
        ])
        .at(&model.file, model.line)
    })
}
