//! What is wrong in a template: askama reports it at the struct, and the compiler at the derive.

use super::code::{Code, Model};
use super::found::Found;
use super::text::{between, listed, nearest, snake_case};
use super::trouble::Trouble;

/// The struct whose derive is marked, its template, and the template's text.
fn template<'a>(trouble: &Trouble<'_>, code: &'a Code) -> Option<(&'a Model, &'a str, &'a str)> {
    let file = trouble.file();
    let model = code.model_from(&file, trouble.line()).filter(|model| model.derives("Template"))?;
    let lines: Vec<_> = code.text(&file).lines().collect();
    let path = lines[..model.line.min(lines.len())]
        .iter()
        .rev()
        .take(6)
        .find_map(|line| between(line, "path = \"", '"'))?;
    let name = format!("{}templates/{path}", code.folder);
    let source = code.sources.iter().find(|source| source.file == name)?;
    Some((model, &source.file, &source.text))
}

/// The line, from 1, that holds the name as a word inside of `{{ … }}` or `{% … %}`.
fn line_of(text: &str, word: &str) -> Option<usize> {
    let is_word =
        |part: &str| part.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == word);
    let inside = |line: &str| {
        line.split('{').skip(1).any(|part| {
            let is_code = part.starts_with('%') || line.contains("{{");
            is_code && is_word(part.split('}').next().unwrap_or_default())
        })
    };
    text.lines().position(inside).map(|at| at + 1)
}

fn fields(model: &Model) -> String {
    let names: Vec<_> = model.fields.iter().map(|field| field.name.as_str()).collect();
    format!("The fields of `{}`: {}.", model.name, listed(&names))
}

pub fn field(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let (model, file, text) = template(trouble, code)?;
    // A name with a capital is a constant's to askama, and not a field's.
    let (field, of) = match between(trouble.message(), "cannot find value `", '`') {
        Some(name) => (name, model),
        None => {
            let field = between(trouble.message(), "no field `", '`')?;
            let of = between(trouble.message(), "on type `", '`')?.trim_start_matches('&');
            (field, code.model(of.rsplit("::").next()?)?)
        }
    };
    let names: Vec<_> = of.fields.iter().map(|field| field.name.as_str()).collect();
    let line = line_of(text, field)?;
    let mut lines =
        vec![format!("The template uses `{field}`, and `{}` has no such field.", of.name), fields(of)];
    // `{{ home.views }}`: in a template the struct has no name.
    let is_struct = of.name == model.name && field == snake_case(&model.name);
    let written = text.lines().nth(line - 1)?;
    if is_struct && written.contains(&format!("{field}.")) {
        lines.push(String::new());
        lines.push(format!("Write its fields without `{field}.` before them."));
    } else if let Some(near) = nearest(field, &names) {
        lines.push(String::new());
        lines.push(format!("    {}", replaced(written, field, near).trim()));
    }
    Some(Found::new(lines).at(file, line))
}

fn replaced(line: &str, word: &str, with: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(word) {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"');
        let (before, behind) = (&rest[..at], &rest[at + word.len()..]);
        text += before;
        text += if is_part(before.chars().last()) || is_part(behind.chars().next()) { word } else { with };
        rest = behind;
    }
    text + rest
}

pub fn method(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = between(trouble.message(), "no method named `", '`')?;
    let (model, file, text) = template(trouble, code)?;
    let line = line_of(text, name)?;
    model.fields.iter().find(|field| field.name == name)?;
    Some(
        Found::new([
            format!("`{name}` is a field of `{}`, not a method.", model.name),
            String::new(),
            format!("    {{{{ {name} }}}}"),
        ])
        .at(file, line),
    )
}

/// A filter that askama does not have: it looks for one of the lesson's own.
pub fn filter(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    const FILTERS: &[&str] = &[
        "capitalize",
        "center",
        "default",
        "deref",
        "e",
        "escape",
        "filesizeformat",
        "fmt",
        "format",
        "indent",
        "join",
        "json",
        "linebreaks",
        "linebreaksbr",
        "lower",
        "lowercase",
        "paragraphbreaks",
        "pluralize",
        "reject",
        "safe",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "uppercase",
        "urlencode",
        "wordcount",
    ];
    let name = between(trouble.message(), "cannot find module or crate `", '`')?;
    if name != "filters" {
        return None;
    }
    let (_, file, text) = template(trouble, code)?;
    let used = |line: &str| {
        let parts: Vec<_> = line.split('|').skip(1).collect();
        parts.into_iter().find_map(|part| {
            let name: String =
                part.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            (!name.is_empty() && !FILTERS.contains(&name.as_str()) && line.contains("{{")).then_some(name)
        })
    };
    let (at, name) = text.lines().enumerate().find_map(|(at, line)| Some((at, used(line)?)))?;
    let mut lines =
        vec![format!("askama has no filter `{name}`, so it looks for a module `filters` in your code.")];
    if let Some(near) = nearest(&name, FILTERS) {
        lines.extend([String::new(), format!("    |{near}")]);
    }
    Some(Found::new(lines).at(file, at + 1))
}

/// `{{ … }}` with what has no text, such as an `Option`.
pub fn not_shown(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.message().contains("`askama_auto_escape`") {
        return None;
    }
    let of = between(trouble.message(), "AutoEscaper<'_, ", '`')?;
    let of = of.rsplit_once(", ").map_or(of, |(of, _)| of).trim();
    let (model, file, text) = template(trouble, code)?;
    let is_option = of.starts_with("Option<");
    let field =
        model.fields.iter().find(|field| field.of == of || (is_option && field.of.starts_with("Option<")))?;
    let line = line_of(text, &field.name)?;
    is_option.then(|| {
        Found::new([
            format!("`{}` is an `{}`, which a template cannot display.", field.name, field.of),
            String::new(),
            format!("    {{% if let Some({0}) = {0} %}}{{{{ {0} }}}}{{% endif %}}", field.name),
        ])
        .at(file, line)
    })
}

pub fn not_a_list(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.message().starts_with("the method `into_iter` exists for")
        && !trouble.message().ends_with("is not an iterator")
    {
        return None;
    }
    let of =
        between(trouble.message(), "reference `", '`').or_else(|| between(trouble.message(), "`", '`'))?;
    let (model, file, text) = template(trouble, code)?;
    let field = model.fields.iter().find(|field| {
        field.of == of.trim_start_matches('&') && text.contains(&format!(" in {}", field.name))
    })?;
    let line = line_of(text, &field.name)?;
    Some(
        Found::new([
            format!("`for` needs a list, and `{}` is a single `{}`.", field.name, field.of),
            String::new(),
            format!("    {{{{ {} }}}}", field.name),
        ])
        .at(file, line),
    )
}

/// A template that askama cannot read; it names the line itself, in its message.
pub fn syntax(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let mut lines = trouble.message().lines();
    let what = lines.next()?;
    let place = lines.find_map(|line| line.trim().strip_prefix("--> "))?;
    let mut parts = place.rsplitn(3, ':');
    let (_column, line, file) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    let file = file.replace('\\', "/");
    let source =
        code.sources.iter().find(|source| file.ends_with(&source.file) && source.file.ends_with(".html"))?;
    let written = source.text.lines().nth(line.checked_sub(1)?)?.trim();
    let opens = |open: &str, close: &str| written.matches(open).count() > written.matches(close).count();
    let (why, right) =
        if let Some(end) = between(what, "expected `", '`').filter(|_| what.contains("to terminate `")) {
            (format!("The block that starts on this line is not closed: `{{% {end} %}}` is missing."), None)
        } else if opens("{{", "}}") {
            ("`{{` is closed by two braces.".to_owned(), Some(written.replace(" }<", " }}<")))
        } else if opens("{%", "%}") {
            ("`{%` is closed by `%}`.".to_owned(), None)
        } else {
            (format!("askama cannot read this line: {what}."), None)
        };
    let mut lines = vec![why, String::new(), format!("    {written}")];
    lines.extend(right.filter(|right| right != written).map(|right| format!("    {right}")));
    Some(Found::new(lines).at(&source.file, line))
}

pub fn file(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let name = trouble.message().strip_prefix("template \"")?.split('"').next()?;
    let there: Vec<_> = code
        .sources
        .iter()
        .filter_map(|source| source.file.strip_prefix(&format!("{}templates/", code.folder)))
        .collect();
    let mut lines =
        vec![format!("There is no template `{name}`. The folder `templates` contains {}.", listed(&there))];
    // A path from the lesson's folder on, or from elsewhere.
    let last = there.iter().find(|there| name.rsplit('/').next() == there.rsplit('/').next()).copied();
    if let Some(near) = last.or_else(|| nearest(name, &there)) {
        lines.extend([String::new(), format!("    #[template(path = \"{near}\")]")]);
    }
    Some(Found::new(lines))
}
