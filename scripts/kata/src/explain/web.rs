//! What a web app is put together from: async functions, state, sessions.

use super::code::Code;
use super::found::Found;
use super::text::with_article;
use super::trouble::Trouble;
use crate::files::detours::without_detours;

pub fn await_in_sync(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0728") {
        return None;
    }
    let head = trouble.spans().find(|span| span.label.as_deref() == Some("this is not `async`"))?;
    let text = head.text.first()?.text.trim().trim_end_matches('{').trim();
    // A query of Diesel's does not wait in this course; the pool's thread does.
    let is_query = text.contains("conn: &mut Db") || trouble.line_text().contains("(conn)");
    let line = head.line_start;
    let file = without_detours(&head.file_name);
    if is_query {
        return Some(Found::new([
            "This query is not asynchronous: it runs at once and returns its result.",
            "",
            "Remove `.await`. A web app awaits the pool, which runs the query on another thread.",
        ]));
    }
    // A handler is waited for; another function may have a caller that is not.
    let name = text.split_once("fn ")?.1.split(['(', '<']).next()?;
    let is_handler = |line: &str| {
        ["get(", "post(", "put(", "delete("].iter().any(|call| line.contains(&format!("{call}{name})")))
    };
    if !code.sources.iter().any(|source| source.text.lines().any(is_handler)) {
        return None;
    }
    let right = text.replacen("fn ", "async fn ", 1);
    Some(
        Found::new([
            "`.await` works only in an `async` function.".to_owned(),
            String::new(),
            format!("    {right}"),
        ])
        .at(file, line),
    )
}

/// `Router::new().route(…)` without the state that a handler asks for.
pub fn state_missing(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    let is_router = |of: &str| of.starts_with("MethodRouter") || of.starts_with("Router");
    let state = found.split_once('<')?.1.trim_end_matches('>').rsplit("::").next()?;
    (is_router(expected) && is_router(found) && !expected.contains('<')).then(|| {
        Found::new([
            format!("A handler expects `State<{state}>`, and the router has no state."),
            String::new(),
            "    Router::new()".to_owned(),
            "        .route(…)".to_owned(),
            format!("        .with_state(…)      {}, after the routes that use it", with_article(state)),
        ])
    })
}

pub fn state_type(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    if !trouble.around().0.trim_end().ends_with(".with_state(") {
        return None;
    }
    if found == format!("&{expected}") {
        return Some(Found::new([
            format!("The router owns its state, so it takes the `{expected}` itself, not a reference."),
            String::new(),
            format!("    .with_state({})", trouble.marked().trim_start_matches('&')),
        ]));
    }
    if expected == format!("&{found}") {
        return Some(Found::new([
            format!(
                "A handler expects `State<{expected}>`. Each request gets its own clone of the state, so use `State<{found}>`."
            ),
            String::new(),
            format!("    State(…): State<{found}>"),
        ]));
    }
    Some(Found::new([
        format!(
            "The handlers expect `State<{expected}>`, but the router's state is {}.",
            with_article(found)
        ),
        String::new(),
        match (expected, found) {
            ("Pool", "Config") => "    .with_state(Pool::new(config))".to_owned(),
            _ => format!("    .with_state(…)      {}", with_article(expected)),
        },
    ]))
}

pub fn session_store(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (of, wanted) = trouble.unmet()?;
    let own = code.sources.iter().flat_map(|source| source.text.lines());
    let own = own
        .filter_map(|line| line.trim().strip_prefix("impl SessionStore for "))
        .find_map(|rest| rest.split([' ', '{']).next())?;
    (wanted.ends_with("SessionStore") && of.rsplit("::").next() == Some("Pool")).then(|| {
        Found::new([
            "The session layer needs a store, and a pool is not a store. The store uses the pool:".to_owned(),
            String::new(),
            format!("    SessionManagerLayer::new({own}::new({}))", trouble.marked()),
        ])
    })
}
