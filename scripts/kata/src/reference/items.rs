//! Finds an item of a Rust file by its name: where it begins, with its documentation and attributes, and ends.

use std::ops::RangeInclusive;

use anyhow::{Context, Result};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The lines of the item, counted from 1. A method is named with its type, `App::new`, and an implementation with
/// both of its names, `Display for App`.
///
/// # Errors
///
/// When the text is not Rust.
pub fn find(text: &str, name: &str) -> Result<Option<RangeInclusive<usize>>> {
    let stream: TokenStream = text.parse().ok().context("cannot be read as Rust")?;
    Ok(find_in(stream, name))
}

fn find_in(stream: TokenStream, name: &str) -> Option<RangeInclusive<usize>> {
    let items = items(&stream.into_iter().collect::<Vec<_>>());
    if let Some(item) = items.iter().find(|item| item.name.as_deref() == Some(name)) {
        return Some(item.lines.clone());
    }
    // A method, or an item of a module that stands in the same file.
    let (outer, inner) = name.split_once("::")?;
    let bodies = items.into_iter().filter(|item| item.holder.as_deref() == Some(outer));
    bodies.filter_map(|item| find_in(item.body?, inner)).next()
}

struct Item {
    lines: RangeInclusive<usize>,
    name: Option<String>,
    /// The type, trait or module whose items are in the body.
    holder: Option<String>,
    body: Option<TokenStream>,
}

/// The items of a file or of a body, in order.
fn items(trees: &[TokenTree]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < trees.len() {
        let start = at;
        while is_punct(trees.get(at), '#') {
            at += 2;
        }
        // The attribute of what is around, `#![…]`.
        if at > start && is_punct(trees.get(at - 1), '!') {
            at += 1;
            continue;
        }
        let keyword = keyword(trees, at);
        let word = trees.get(keyword).map(ToString::to_string).unwrap_or_default();
        let needs_semicolon = ["const", "static", "type", "use"].contains(&word.as_str());
        let is_end = |tree: &TokenTree| {
            is_punct(Some(tree), ';') || (!needs_semicolon && is_group(tree, Delimiter::Brace))
        };
        let rest = trees.get(keyword..).unwrap_or_default();
        let end = rest.iter().position(is_end).map_or(trees.len() - 1, |end| keyword + end);
        let lines = trees[start].span().start().line..=trees[end].span().end().line;
        items.push(item(&word, &trees[keyword.min(end)..=end], lines));
        at = end + 1;
    }
    items
}

/// Where the word stands that says what an item is; visibility and the like come before it.
fn keyword(trees: &[TokenTree], mut at: usize) -> usize {
    const BEFORE: [&str; 5] = ["async", "default", "extern", "pub", "unsafe"];
    const BEHIND_CONST: [&str; 4] = ["async", "extern", "fn", "unsafe"];
    loop {
        let next = trees.get(at + 1).map(ToString::to_string).unwrap_or_default();
        match trees.get(at) {
            Some(TokenTree::Ident(word)) if BEFORE.iter().any(|before| word == before) => at += 1,
            Some(TokenTree::Ident(word)) if word == "const" && BEHIND_CONST.contains(&&*next) => at += 1,
            // `pub(crate)`, and `extern "C"`.
            Some(TokenTree::Literal(_)) => at += 1,
            Some(tree) if is_group(tree, Delimiter::Parenthesis) => at += 1,
            _ => return at,
        }
    }
}

/// The item whose keyword is `word`, and whose tokens begin with it.
fn item(word: &str, trees: &[TokenTree], lines: RangeInclusive<usize>) -> Item {
    let body = match trees.last() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    };
    let mut idents = trees.iter().skip(1).filter_map(plain).filter(|word| word != "mut");
    let (name, holder) = match word {
        "fn" | "struct" | "enum" | "union" | "type" | "const" | "static" | "macro_rules" => {
            (idents.next(), None)
        }
        "mod" | "trait" => {
            let name = idents.next();
            (name.clone(), name)
        }
        "impl" => {
            let (of, holder) = implementation(&trees[1..]);
            (of.zip(holder.clone()).map(|(of, holder)| format!("{of} for {holder}")), holder)
        }
        "use" => (None, None),
        // A macro that makes items, such as Diesel's `table!`, begins with the name of what it makes.
        _ => (made_by_macro(trees), None),
    };
    Item { lines, name, holder, body }
}

/// The trait, if there is one, and the type, each without its path and parameters.
fn implementation(trees: &[TokenTree]) -> (Option<String>, Option<String>) {
    let (mut of, mut last) = (None, None);
    let mut depth = 0;
    for (index, tree) in trees.iter().enumerate() {
        let is_arrow = index > 0 && is_punct(trees.get(index - 1), '-');
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' && !is_arrow => depth -= 1,
            TokenTree::Ident(word) if depth == 0 && word == "where" => break,
            TokenTree::Ident(word) if depth == 0 && word == "for" => of = last.take(),
            TokenTree::Ident(_) if depth == 0 => last = plain(tree),
            _ => {}
        }
    }
    (of, last)
}

fn made_by_macro(trees: &[TokenTree]) -> Option<String> {
    let at = trees.iter().position(|tree| is_punct(Some(tree), '!'))?;
    let TokenTree::Group(group) = trees.get(at + 1)? else { return None };
    let inside: Vec<_> = group.stream().into_iter().collect();
    let attributes = inside.chunks(2).take_while(|pair| is_punct(pair.first(), '#')).count();
    plain(inside.get(attributes * 2)?)
}

/// A name without `r#`.
fn plain(tree: &TokenTree) -> Option<String> {
    let TokenTree::Ident(name) = tree else { return None };
    Some(name.to_string().trim_start_matches("r#").to_owned())
}

fn is_punct(tree: Option<&TokenTree>, character: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn is_group(tree: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter)
}

#[cfg(test)]
mod tests {
    use super::find;

    const TEXT: &str = r##"//! A file.

#![allow(unused)]
use std::{fmt, fs};

diesel::table! {
    /// All of them.
    orders (id) { id -> Integer, }
}

/// What there is.
#[derive(Debug)]
pub struct Order<T> {
    id: T,
}

pub(crate) struct Table(i32);

const MOST: [i32; 2] = { [1, 2] };

pub static mut COUNT: i32 = 0;

impl<T: Into<i64>> Order<T>
where
    T: Copy,
{
    const LIMIT: i32 = 3;

    /// Makes one.
    #[must_use]
    pub const fn new(id: T) -> Self {
        Self { id }
    }

    async fn load(f: impl Fn() -> i32) {}
}

impl<T> fmt::Display for self::Order<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Table {
    fn new() -> Self {
        Self(0)
    }
}

macro_rules! twice { ($x:expr) => { $x + $x }; }

pub trait Named {
    fn name(&self) -> String;
}

mod inner {
    pub fn deep() {}
}

unsafe extern "C" fn last() {}
"##;

    /// The lines of the item, first and last.
    fn found(name: &str) -> Option<(&'static str, &'static str)> {
        let lines = find(TEXT, name).unwrap()?;
        let line = |number: &usize| TEXT.lines().nth(number - 1).unwrap().trim();
        Some((line(lines.start()), line(lines.end())))
    }

    #[test]
    fn an_item_comes_with_its_documentation_and_attributes() {
        for (name, first, last) in [
            ("orders", "diesel::table! {", "}"),
            ("Order", "/// What there is.", "}"),
            ("Table", "pub(crate) struct Table(i32);", "pub(crate) struct Table(i32);"),
            ("MOST", "const MOST: [i32; 2] = { [1, 2] };", "const MOST: [i32; 2] = { [1, 2] };"),
            ("COUNT", "pub static mut COUNT: i32 = 0;", "pub static mut COUNT: i32 = 0;"),
            ("Order::LIMIT", "const LIMIT: i32 = 3;", "const LIMIT: i32 = 3;"),
            ("Order::new", "/// Makes one.", "}"),
            ("Order::load", "async fn load(f: impl Fn() -> i32) {}", "async fn load(f: impl Fn() -> i32) {}"),
            ("Display for Order", "impl<T> fmt::Display for self::Order<T> {", "}"),
            ("Order::fmt", "fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {", "}"),
            ("Table::new", "fn new() -> Self {", "}"),
            (
                "twice",
                "macro_rules! twice { ($x:expr) => { $x + $x }; }",
                "macro_rules! twice { ($x:expr) => { $x + $x }; }",
            ),
            ("Named::name", "fn name(&self) -> String;", "fn name(&self) -> String;"),
            ("inner::deep", "pub fn deep() {}", "pub fn deep() {}"),
            ("last", "unsafe extern \"C\" fn last() {}", "unsafe extern \"C\" fn last() {}"),
        ] {
            assert_eq!(found(name), Some((first, last)), "{name}");
        }
    }

    #[test]
    fn an_item_that_does_not_exist_is_not_found() {
        for name in ["Orders", "Table::load", "fmt", "deep", "Debug", "new", "Order::", ""] {
            assert_eq!(found(name), None, "{name}");
        }
        assert!(find("fn (", "a").is_err());
        assert_eq!(find("", "a").unwrap(), None);
        assert_eq!(find("//! Nothing.\n#![a]", "a").unwrap(), None);
    }
}
