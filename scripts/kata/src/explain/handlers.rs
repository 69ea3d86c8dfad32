//! Handlers: axum only says that a function is not one.

use super::code::Code;
use super::found::Found;
use super::heads::heads;
use super::text::{between, in_parentheses, parts};
use super::trouble::Trouble;

/// `Session(session): Session`, as `State(pool): State<Pool>` is written.
pub fn not_a_tuple(trouble: &Trouble<'_>, _code: &Code) -> Option<Found> {
    let of = between(trouble.message(), "expected tuple struct or tuple variant, found struct `", '`')?;
    let argument = between(trouble.line_text(), &format!("{of}("), ')').filter(|_| trouble.is("E0532"))?;
    trouble.line_text().contains(&format!("{of}({argument}): {of}")).then(|| {
        Found::new([
            format!("`State(pool)` takes a value out of a tuple struct. `{of}` is not one, so name the argument itself:"),
            String::new(),
            format!("    {argument}: {of}"),
            String::new(),
            format!("If rustc suggests importing another `{of}`, ignore that."),
        ])
    })
}

/// The extractors that the course uses; the last ones read the body.
const EXTRACTORS: &[&str] = &[
    "State",
    "Path",
    "Query",
    "HeaderMap",
    "Uri",
    "OriginalUri",
    "Method",
    "Session",
    "Extension",
    "AuthSession",
    "MatchedPath",
    "ConnectInfo",
    "CookieJar",
    "Cookies",
    "SignedCookieJar",
    "PrivateCookieJar",
    "Host",
    "RawQuery",
    "Version",
    "Option",
    "Result",
];

const OF_BODY: &[&str] = &["Form", "Json", "String", "Bytes", "Request", "RawForm", "Multipart"];

/// A handler's head, as the lesson has written it.
struct Handler {
    name: String,
    is_async: bool,
    /// The pattern and the type of each.
    parameters: Vec<(String, String)>,
    returns: String,
    file: String,
    line: usize,
}

impl Handler {
    /// The function with this name, if there is exactly one.
    fn find(name: &str, code: &Code) -> Option<Self> {
        let mut found = code.sources.iter().flat_map(|source| heads(source, name, &["fn "]));
        let head = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let (before, rest) = head.text.split_once('(')?;
        let inside = in_parentheses(rest);
        let parameters = parts(inside).into_iter().filter_map(|parameter| {
            // Of a pattern such as `State(pool): State<Pool>`, the colon that is not part of a path.
            let is_alone =
                |at: usize| !parameter[at + 1..].starts_with(':') && !parameter[..at].ends_with(':');
            let (at, _) = parameter.match_indices(':').find(|(at, _)| is_alone(*at))?;
            Some((parameter[..at].trim().to_owned(), parameter[at + 1..].trim().to_owned()))
        });
        Some(Self {
            name: name.to_owned(),
            is_async: before.contains("async "),
            parameters: parameters.collect(),
            returns: rest[inside.len() + 1..].trim().trim_start_matches("->").trim().to_owned(),
            file: head.file.to_owned(),
            line: head.line,
        })
    }
}

fn plain(of: &str) -> &str {
    of.split('<').next().unwrap_or(of).rsplit("::").next().unwrap_or(of).trim()
}

/// Whether a trait's bound is axum's for handlers.
fn is_about_handler(trouble: &Trouble<'_>) -> bool {
    trouble.is("E0277") && trouble.unmet().is_some_and(|(_, wanted)| wanted.starts_with("Handler<"))
}

pub fn handler_called(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !is_about_handler(trouble) {
        return None;
    }
    let name = trouble.marked().split('(').next().filter(|_| trouble.marked().ends_with(')'))?;
    Handler::find(name, code)?;
    let method =
        trouble.around().0.trim_end().strip_suffix('(')?.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    Some(Found::new([
        format!(
            "`{name}()` calls the handler right here. axum needs the function itself, to call it for each request."
        ),
        String::new(),
        format!("    {method}({name})"),
    ]))
}

/// `route("/", home)`: the method is missing.
pub fn method_missing(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (expected, found) = trouble.mismatched_types()?;
    if !expected.starts_with("MethodRouter") || found != "fn item" {
        return None;
    }
    let marked = trouble.marked();
    let handler = Handler::find(marked.rsplit("::").next()?, code)?;
    let before = trouble.around().0.trim_end().strip_suffix(',')?.rsplit_once("route(")?.1;
    let is_form = handler.parameters.iter().any(|(_, of)| OF_BODY.contains(&plain(of)));
    let method = if is_form { "post" } else { "get" };
    Some(Found::new([
        format!(
            "`route` needs to know which HTTP method `{marked}` handles: `get` for a page, `post` for a form."
        ),
        String::new(),
        format!("    .route({before}, {method}({marked}))"),
    ]))
}

/// What axum finds wrong with a handler, which it does not say.
pub fn handler(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !is_about_handler(trouble) {
        return None;
    }
    let handler = Handler::find(trouble.marked().rsplit("::").next()?, code)?;
    let name = &handler.name;
    if !handler.is_async {
        return Some(
            Found::new([
                format!("`{name}` is not `async`, and a handler must be: axum awaits it."),
                String::new(),
                format!("    async fn {name}(…)"),
            ])
            .at(&handler.file, handler.line),
        );
    }
    let is_of_body = |of: &str| OF_BODY.contains(&plain(of));
    let bodies: Vec<_> = handler.parameters.iter().filter(|(_, of)| is_of_body(of)).collect();
    if let [_, (_, second), ..] = &bodies[..] {
        return Some(
            Found::new([
                format!(
                    "`{name}` has two parameters that read the request's body, and it can be read only once."
                ),
                String::new(),
                format!("Remove `{}` or `{second}`.", bodies[0].1),
            ])
            .at(&handler.file, handler.line),
        );
    }
    if let Some((pattern, of)) = bodies.first()
        && handler.parameters.last().is_some_and(|last| last.1 != *of)
    {
        return Some(
            Found::new([
                format!("`{}` reads the request's body, so it must be the last parameter.", plain(of)),
                String::new(),
                format!("    async fn {name}(…, {pattern}: {of})"),
            ])
            .at(&handler.file, handler.line),
        );
    }
    // What implements an extractor's trait in the lesson is one, too.
    let is_own = |of: &str| {
        code.sources.iter().any(|source| {
            source
                .text
                .lines()
                .any(|line| line.contains("FromRequest") && line.contains(&format!(" for {}", plain(of))))
        })
    };
    let is_extractor = |of: &str| EXTRACTORS.contains(&plain(of)) || is_of_body(of) || is_own(of);
    if let Some((pattern, of)) = handler.parameters.iter().find(|(_, of)| !is_extractor(of)) {
        // Types of other crates may be extractors. These types, which the course knows, are not.
        let is_known = of.starts_with('&')
            || ["Pool", "Config", "Db", "i32", "i64", "u32", "usize", "bool", "&str"].contains(&plain(of))
            || code.model(plain(of)).is_some();
        if !is_known {
            return None;
        }
        let right = match plain(of) {
            "Pool" | "Config" => {
                format!("State({}): State<{}>", pattern.trim_start_matches("mut "), plain(of))
            }
            "Db" => "State(pool): State<Pool>".to_owned(),
            _ if of.starts_with('&') => format!("…: {}", of.trim_start_matches('&')),
            _ => format!("Path({pattern}): Path<{of}>"),
        };
        return Some(
            Found::new([
                format!("axum cannot make the parameter `{pattern}: {of}` of `{name}` from a request: `{of}` is not an extractor."),
                String::new(),
                format!("    {right}"),
                String::new(),
                "Extractors: `State` (what the app shares), `Path`, `Query`, `Form`, `Session`, …".to_owned(),
            ])
            .at(&handler.file, handler.line),
        );
    }
    returns(&handler, code)
}

/// A handler whose answer is not a response.
fn returns(handler: &Handler, code: &Code) -> Option<Found> {
    let name = &handler.name;
    let (answer, error) = match plain(&handler.returns) {
        "Result" => {
            let inside = handler
                .returns
                .split_once('<')
                .map_or("", |(_, rest)| rest.strip_suffix('>').unwrap_or(rest));
            let mut inside = parts(inside).into_iter().map(str::to_owned);
            (inside.next().unwrap_or_default(), inside.next())
        }
        _ => (handler.returns.clone(), None),
    };
    let is_response = |error: &str| {
        let line = format!("IntoResponse for {}", plain(error));
        code.sources.iter().any(|source| source.text.lines().any(|other| other.contains(&line)))
    };
    // Errors of other crates are named after what they are; few of them are responses.
    let is_error = |error: &str| {
        let name = plain(error);
        error.starts_with("Box<dyn ")
            || error.ends_with("::Error")
            || ["PoolError", "ConnectError"].contains(&name)
    };
    if let Some(error) = error.filter(|error| is_error(error) && !is_response(error)) {
        let own = code.sources.iter().flat_map(|source| source.text.lines()).find_map(|line| {
            let of = line.trim().strip_prefix("impl IntoResponse for ")?;
            of.split([' ', '{']).next().filter(|name| name.ends_with("Error"))
        });
        let own = own.unwrap_or("AppError");
        return Some(
            Found::new([
                format!("`{name}` returns the error `{error}`, which axum cannot turn into a response: it does not implement `IntoResponse`."),
                String::new(),
                format!("    Result<{answer}, {own}>"),
                String::new(),
                format!("`?` converts errors to `{own}`, which shows visitors a plain page and keeps the error for the log."),
            ])
            .at(&handler.file, handler.line),
        );
    }
    if let Some(model) = code.model(plain(&answer)) {
        if model.derives("Template") && !model.derives("WebTemplate") {
            return Some(
                Found::new([
                    format!("`{name}` returns the template `{}`, which axum cannot turn into a response yet: `WebTemplate` is missing.", model.name),
                    String::new(),
                    "    #[derive(Template, WebTemplate)]".to_owned(),
                    format!("    pub struct {} {{", model.name),
                ])
                .at(&model.file, model.line),
            );
        }
        if model.derives("Template") {
            return None;
        }
    }
    let is_number = ["i32", "i64", "u32", "u64", "usize", "bool", "f64"].contains(&answer.as_str());
    (is_number || plain(&answer) == "Vec" || plain(&answer) == "Option").then(|| {
        Found::new([
            format!("`{name}` returns `{answer}`, which axum cannot turn into a response."),
            String::new(),
            "A `String`, a status, a template, or a tuple of a status and one of these is a response."
                .to_owned(),
        ])
        .at(&handler.file, handler.line)
    })
}
