//! Imports: where they go, and those that a file came with.

use proc_macro2::{Delimiter, TokenTree};

use super::code::Code;
use super::found::Found;
use super::nesting::tokens;
use super::text::between;
use super::trouble::Trouble;

/// The line of a file where another import goes: that of the first `use`, or the first one after what is about the
/// whole file, which has to stay at the top.
pub fn place(text: &str) -> usize {
    let is_import = |line: &str| line.starts_with("use ") || line.starts_with("pub use ");
    let is_code = |line: &str| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#!");
    let first = text.lines().position(is_import).or_else(|| text.lines().position(is_code));
    first.unwrap_or_else(|| text.lines().count()) + 1
}

/// Something in front of the `//!` lines.
pub fn inner_docs(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    if !trouble.is("E0753") {
        return None;
    }
    let file = trouble.file();
    let before = code.text(&file).lines().take(trouble.line() - 1).enumerate();
    let before: Vec<_> = before.filter(|(_, line)| !line.trim().is_empty()).collect();
    // More than one line in front of them is hard to move by a rule.
    let [(at, written)] = before[..] else { return None };
    written.starts_with("use ").then(|| {
        Found::new([
            "The lines with `//!` are about the whole file, and nothing may come before them. Move this line below them:",
            "",
            &format!("    {written}"),
            "",
            "The `//!` lines stay as they are, whatever rustc suggests.",
        ])
        .at(file, at + 1)
    })
}

/// A name that the file imported when it was handed out, and imports no longer.
pub fn handed_out(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_about_name =
        ["E0405", "E0412", "E0422", "E0425", "E0433", "E0531"].iter().any(|id| trouble.is(id));
    let is_macro = || trouble.message().starts_with("cannot find ") && trouble.message().contains(" macro `");
    if !is_about_name && !is_macro() {
        return None;
    }
    let name = between(trouble.message(), "`", '`')?;
    let file = trouble.file();
    let handed_out = code.handed_out.iter().find(|source| source.file == file)?;
    let path = imported(&handed_out.text, name)?;
    let text = code.text(&file);
    if imported(text, name).is_some() {
        return None;
    }
    Some(
        Found::new([
            format!("`{name}` is not imported. The original file imported it:"),
            String::new(),
            format!("    use {path};"),
        ])
        .at(file, place(text)),
    )
}

/// The path of the name, where one of the file's own imports brings it.
fn imported(text: &str, name: &str) -> Option<String> {
    let trees: Vec<_> = tokens(text)?.into_iter().collect();
    let is_use = |tree: &TokenTree| matches!(tree, TokenTree::Ident(word) if word == "use");
    let mut all = Vec::new();
    for (at, _) in trees.iter().enumerate().filter(|(_, tree)| is_use(tree)) {
        let is_end = |tree: &&TokenTree| matches!(tree, TokenTree::Punct(sign) if sign.as_char() == ';');
        let import = trees[at + 1..].iter().take_while(|tree| !is_end(tree)).cloned();
        paths(&import.collect::<Vec<_>>(), "", &mut all);
    }
    let brings = |path: &String| path.rsplit([':', ' ']).next() == Some(name);
    all.into_iter().find(brings)
}

/// The single paths of an import: two for `a::{b, c}`.
fn paths(trees: &[TokenTree], before: &str, all: &mut Vec<String>) {
    let mut path = before.to_owned();
    for tree in trees {
        match tree {
            TokenTree::Ident(word) if word == "as" => path.push_str(" as "),
            TokenTree::Ident(word) if word == "self" && !path.is_empty() => {
                path.truncate(path.trim_end_matches(':').len());
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                let is_comma =
                    |tree: &TokenTree| matches!(tree, TokenTree::Punct(sign) if sign.as_char() == ',');
                inside
                    .split(is_comma)
                    .filter(|part| !part.is_empty())
                    .for_each(|part| paths(part, &path, all));
                return;
            }
            other => path.push_str(&other.to_string()),
        }
    }
    all.push(path);
}

#[cfg(test)]
mod tests {
    use super::{imported, place};

    #[test]
    fn an_import_goes_next_to_the_others_and_never_before_the_inner_docs() {
        assert_eq!(place("//! Docs.\n\nuse a::b;\n"), 3);
        assert_eq!(place("//! Docs.\n//! More.\n\n#![allow(unused)]\n\nfn a() {}\n"), 6);
        assert_eq!(place("//! Docs.\n\n// A comment.\npub struct A;\n"), 4);
        assert_eq!(place("fn a() {}\n"), 1);
        assert_eq!(place(""), 1);
    }

    #[test]
    fn each_name_of_an_import_has_its_path() {
        let text = "//! Docs.\nuse std::{fmt::{self, Debug}, path::Path as P};\nuse a::*;\npub use b::c;\nfn get() {}";
        let path = |name| imported(text, name);
        assert_eq!(path("fmt").as_deref(), Some("std::fmt"));
        assert_eq!(path("Debug").as_deref(), Some("std::fmt::Debug"));
        assert_eq!(path("P").as_deref(), Some("std::path::Path as P"));
        assert_eq!(path("c").as_deref(), Some("b::c"));
        assert_eq!(path("get"), None);
        assert_eq!(path("std"), None);
    }
}
