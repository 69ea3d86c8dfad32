//! Routes that axum refuses when the app is built, and what a request misses that no layer has put there.

use super::code::{Code, Source};
use super::failure::Failure;
use super::found::Found;
use super::text::between;

/// The line of the lesson's code that panicked, with its file.
fn place<'a>(failure: &Failure<'_>, code: &'a Code) -> Option<(&'a Source, usize, &'a str)> {
    let panic = failure.panic()?;
    let source = code.sources.iter().find(|source| source.file == panic.file)?;
    let line = panic.line as usize;
    // A chain of calls is one expression: the panic names its line of the call, or its first one.
    Some((source, line, source.text.lines().nth(line.checked_sub(1)?)?))
}

/// The first line from the panic's on, or else of the file, for which this holds.
fn line_with(source: &Source, from: usize, is_it: impl Fn(&str) -> bool) -> Option<(usize, &str)> {
    let lines = || source.text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines().find(|(at, line)| *at >= from && is_it(line)).or_else(|| lines().find(|(_, line)| is_it(line)))
}

/// `/books/:id` and `/files/*path`, as axum wrote them before 0.8.
pub fn path_syntax(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let sign = between(failure.message(), "Path segments must not start with `", '`')?;
    let (source, line, _) = place(failure, code)?;
    let is_old = |text: &str| text.contains(&format!("/{sign}")) && text.contains('"');
    let (line, written) = line_with(source, line, is_old)?;
    let path = written.split('"').find(|part| part.contains(&format!("/{sign}")))?;
    let new: Vec<_> = path
        .split('/')
        .map(|segment| match segment.strip_prefix(sign) {
            Some(name) if sign == "*" => format!("{{*{name}}}"),
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        })
        .collect();
    let new = new.join("/");
    Some(
        Found::new([
            format!(
                "`\"{path}\"` is the syntax of axum 0.7 and earlier. Since axum 0.8, a variable part is in braces:"
            ),
            String::new(),
            format!("    {}", written.trim().replace(path, &new)),
        ])
        .at(&source.file, line),
    )
}

/// A path without its slash.
pub fn path_start(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    if !failure.message().starts_with("Paths must start with a `/`") {
        return None;
    }
    let (source, line, _) = place(failure, code)?;
    let path = |text: &str| {
        let paths = text.split("route(\"").skip(1).filter_map(|rest| rest.split('"').next());
        paths.into_iter().find(|path| !path.starts_with('/')).map(str::to_owned)
    };
    let (line, written) = line_with(source, line, |text| path(text).is_some())?;
    let path = path(written)?;
    Some(
        Found::new([
            format!("A path begins with `/`, and `\"{path}\"` does not."),
            String::new(),
            format!("    {}", written.trim().replacen(&format!("\"{path}\""), &format!("\"/{path}\""), 1)),
        ])
        .at(&source.file, line),
    )
}

/// Two handlers for one request.
pub fn overlap(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let handled = between(failure.message(), "Handler for `", '`')
        .filter(|_| failure.message().starts_with("Overlapping method route"))?;
    let (method, path) = handled.split_once(' ')?;
    let (method, quoted) = (method.to_lowercase(), format!("\"{path}\""));
    let (source, ..) = place(failure, code)?;
    let is_it = |line: &str| line.contains(&quoted) && line.contains(&format!("{method}("));
    let lines: Vec<_> = source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| is_it(line))
        .map(|(at, line)| (at + 1, line.trim()))
        .collect();
    let [(first, one), .., (last, other)] = lines[..] else {
        // Both in one line.
        let (line, written) = *lines.first()?;
        return (written.matches(&quoted).count() > 1).then(|| {
            Found::new([
                format!("Two handlers are given for `{handled}`; axum cannot know which is meant."),
                String::new(),
                format!("    {written}"),
            ])
            .at(&source.file, line)
        });
    };
    Some(
        Found::new([
            format!("Two handlers are given for `{handled}`; axum cannot know which is meant."),
            String::new(),
            format!("    line {first}: {one}"),
            format!("    line {last}: {other}"),
        ])
        .at(&source.file, last),
    )
}

/// Two paths that differ only in the name of what varies.
pub fn conflict(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let said = failure.message();
    let new = between(said, "Invalid route \"", '"')?;
    let (_, old) = said.split_once("conflict with previously registered route: ")?;
    let (source, ..) = place(failure, code)?;
    let line = source.text.lines().position(|line| line.contains(&format!("\"{new}\"")))? + 1;
    Some(
        Found::new([
            format!(
                "`{new}` and `{}` are the same path to axum: names in braces do not tell paths apart.",
                old.trim()
            ),
            String::new(),
            "Give both methods to one route: `.route(path, get(…).post(…))`.".to_owned(),
        ])
        .at(&source.file, line),
    )
}

/// A handler asks for a session, or for an extension, that no layer has put into the request.
pub fn layer_missing(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let session =
        failure.texts().any(|text| text.contains("Can't extract session. Is `SessionManagerLayer` enabled?"));
    let extension = failure.said("Missing request extension: Extension of type `", '`');
    let (what, layer) = match extension {
        _ if session => ("A handler asks for the `Session`".to_owned(), "the session's layer".to_owned()),
        Some(of) => {
            let name = of.rsplit("::").next()?;
            (format!("A handler asks for an `Extension<{name}>`"), "`.layer(Extension(…))`".to_owned())
        }
        None => return None,
    };
    let too_early = code.sources.iter().filter(|source| source.file.ends_with(".rs")).find_map(early_layer);
    if let Some((source, line, route)) = too_early {
        return Some(
            Found::new([
                format!("{what}, but its route is added after the layer."),
                "A layer wraps only the routes that were added before it, so add it last.".to_owned(),
                String::new(),
                format!("    {}", source.text.lines().nth(route - 1)?.trim()),
                format!("    {}", source.text.lines().nth(line - 1)?.trim()),
            ])
            .at(&source.file, line),
        );
    }
    let (source, line) = failure.task_place("Router", code)?;
    Some(
        Found::new([
            format!(
                "{what}, and no layer has put one into the request: {layer} is missing around the routes."
            ),
            String::new(),
            "    .layer(…)      after the routes".to_owned(),
        ])
        .at(&source.file, line),
    )
}

/// `.layer(…)` with a `.route(…)` behind it in the same chain: their lines.
fn early_layer(source: &Source) -> Option<(&Source, usize, usize)> {
    let mut layer = None;
    for (at, line) in source.text.lines().enumerate() {
        let (in_line, routes) = (line.find(".layer("), line.rfind(".route("));
        if let (Some(layer), Some(route)) = (in_line, routes)
            && layer < route
        {
            return Some((source, at + 1, at + 1));
        }
        if in_line.is_some() {
            layer = Some(at + 1);
        } else if let (Some(layer), true) = (layer, routes.is_some()) {
            return Some((source, layer, at + 1));
        }
        if line.contains(';') || line.trim() == "}" {
            layer = None;
        }
    }
    None
}
