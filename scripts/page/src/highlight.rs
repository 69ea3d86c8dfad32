//! Code in color: spans with the classes of a few kinds of words, for the style sheet to color.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

use crate::escaped;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Scopes and the class of what is in one, the narrowest last.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "c"),
    ("string", "s"),
    ("constant", "n"),
    ("keyword", "k"),
    ("storage", "k"),
    ("support.type", "t"),
    ("entity.name.function", "f"),
    ("support.function", "f"),
    ("entity.name.tag", "k"),
    ("entity.name.type", "t"),
    ("entity.name.struct", "t"),
];

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect()
});

/// What has been highlighted, by language and code: a page is made again at every verdict, and its text stays.
static DONE: LazyLock<Mutex<HashMap<(String, String), String>>> = LazyLock::new(Mutex::default);

/// As many blocks are kept: more than all lessons have, so that SQL with ever new values does not fill the memory.
const KEPT: usize = 2000;

/// The code as HTML. Where the language is not known, nothing is colored.
pub fn highlighted(code: &str, language: &str) -> String {
    let language = match language.split([',', ' ']).next().unwrap_or_default() {
        // No grammar of its own is among the usual ones, or it has another name.
        "console" | "shell" => "sh",
        "rust" => "rs",
        "python" => "py",
        other => other,
    };
    if language.is_empty() || language == "text" {
        return escaped(code);
    }
    let key = (language.to_owned(), code.to_owned());
    let done = || DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(html) = done().get(&key) {
        return html.clone();
    }
    let syntax = SYNTAXES.find_syntax_by_token(language);
    let html = syntax.and_then(|syntax| by_syntax(code, syntax).ok()).unwrap_or_else(|| escaped(code));
    let mut done = done();
    if done.len() >= KEPT {
        done.clear();
    }
    done.insert(key, html.clone());
    html
}

fn by_syntax(code: &str, syntax: &SyntaxReference) -> Result<String, syntect::Error> {
    let (mut state, mut stack) = (ParseState::new(syntax), ScopeStack::new());
    // Neighbors of one class are one piece.
    let mut pieces: Vec<(Option<&'static str>, String)> = Vec::new();
    let mut add = |text: &str, class| match pieces.last_mut() {
        Some((last, piece)) if *last == class || text.trim().is_empty() => piece.push_str(text),
        _ => pieces.push((class, text.to_owned())),
    };
    for line in LinesWithEndings::from(code) {
        let mut from = 0;
        for (to, change) in state.parse_line(line, &SYNTAXES)? {
            add(&line[from..to], class(&stack));
            stack.apply(&change)?;
            from = to;
        }
        add(&line[from..], class(&stack));
    }
    let html = pieces.iter().map(|(class, text)| match class {
        Some(class) => format!("<span class=\"{class}\">{}</span>", escaped(text)),
        None => escaped(text),
    });
    Ok(html.collect())
}

fn class(stack: &ScopeStack) -> Option<&'static str> {
    let of = |scope: &Scope| {
        SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class)
    };
    let classes: Vec<_> = stack.as_slice().iter().filter_map(of).collect();
    // What is in a comment or a string is nothing else.
    let outer = classes.iter().find(|class| ["c", "s"].contains(class));
    outer.or(classes.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::highlighted;

    #[test]
    fn words_have_the_class_of_their_token_and_no_text_is_lost() {
        let rust = highlighted("// a <gap>\nfn all() -> u8 { 7 }\n", "rust");
        assert!(rust.contains("<span class=\"c\">// a &lt;gap&gt;"), "{rust}");
        assert!(rust.contains("<span class=\"k\">fn </span><span class=\"f\">all</span>"), "{rust}");
        assert!(rust.contains("<span class=\"n\">7 </span>}"), "{rust}");
        let sql = highlighted("SELECT title FROM books WHERE title LIKE 'A%'", "sql");
        assert!(sql.contains("<span class=\"k\">SELECT</span>") && sql.contains("class=\"s\""), "{sql}");
        assert_eq!(highlighted("a < b", "text"), "a &lt; b");
        assert_eq!(highlighted("a < b", "no-such-language"), "a &lt; b");
    }
}
