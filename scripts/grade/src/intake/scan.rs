//! Scans the source for what no lesson needs and what reaches out of the crate.
//!
//! It only explains early: what it misses, the compiler refuses (`unsafe`), the sandbox does not show (files), or is in
//! the compiler's list of what it has read. So it may be left out, and what passes still does not pass by it.

use std::path::{Component, Path};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde::{Deserialize, Serialize};

use super::taken::Taken;

/// Macros that read a file when they are compiled.
const READERS: [&str; 5] = ["include", "include_str", "include_bytes", "embed_migrations", "include_dir"];
/// Attributes that decide what is linked.
const ATTRIBUTES: [&str; 4] = ["no_mangle", "link_section", "export_name", "global_allocator"];

/// How deep brackets are followed: the stack is limited, and the compiler reads what lies deeper.
const DEEPEST: usize = 200;

/// What is against the rules, and in which file.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, thiserror::Error)]
#[error("`{}`: {rule}", crate::text::line(.file))]
pub struct Violation {
    file: String,
    rule: Rule,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, thiserror::Error)]
enum Rule {
    #[error("`{call}!` reads {file}, which is outside the lesson")]
    Reads { call: String, file: String },
    #[error("a module's file is {0}, which is outside the lesson")]
    Module(String),
    #[error("the attribute `{0}` is not allowed in any lesson")]
    Attribute(String),
}

/// The first violation in these files.
pub fn scan(files: &Taken) -> Option<Violation> {
    files.iter().filter(|(path, _)| path.ends_with(".rs")).find_map(|(path, bytes)| {
        // What cannot be read is for the compiler to explain.
        let tokens = TokenStream::from_str(std::str::from_utf8(bytes).ok()?).ok()?;
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        first_in(tokens, folder, 0).map(|rule| Violation { file: path.clone(), rule })
    })
}

fn first_in(tokens: TokenStream, folder: &Path, depth: usize) -> Option<Rule> {
    if depth > DEEPEST {
        return None;
    }
    let trees: Vec<_> = tokens.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        let found = match tree {
            TokenTree::Ident(word) if READERS.iter().any(|reader| word == reader) => {
                match (trees.get(index + 1), trees.get(index + 2)) {
                    (Some(TokenTree::Punct(mark)), Some(TokenTree::Group(group)))
                        if mark.as_char() == '!' =>
                    {
                        let from = if word == "embed_migrations" { Path::new("") } else { folder };
                        escape(group.stream(), from, depth + 1)
                            .map(|file| Rule::Reads { call: word.to_string(), file })
                    }
                    _ => None,
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let next = match trees.get(index + 1) {
                    Some(TokenTree::Punct(mark)) if mark.as_char() == '!' => trees.get(index + 2),
                    next => next,
                };
                match next {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
                        attribute(group.stream(), folder)
                    }
                    _ => None,
                }
            }
            TokenTree::Group(group) => first_in(group.stream(), folder, depth + 1),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// An attribute that is refused, also where `unsafe(…)` or `cfg_attr(…, …)` is around it. A module's file may lie
/// anywhere in the lesson.
fn attribute(tokens: TokenStream, folder: &Path) -> Option<Rule> {
    let trees: Vec<_> = tokens.into_iter().collect();
    let first = match trees.first()? {
        TokenTree::Ident(word) => word.to_string(),
        _ => return None,
    };
    if ATTRIBUTES.contains(&first.as_str()) {
        return Some(Rule::Attribute(first));
    }
    let outside = |tokens| escape(tokens, folder, 0).map(Rule::Module);
    if first == "path" {
        return outside(trees.into_iter().collect());
    }
    if first != "unsafe" && first != "cfg_attr" {
        return None;
    }
    let Some(TokenTree::Group(group)) = trees.get(1) else { return None };
    let words: Vec<_> = group.stream().into_iter().collect();
    let refused = words.iter().find_map(|tree| match tree {
        TokenTree::Ident(word) if ATTRIBUTES.iter().any(|attribute| word == attribute) => {
            Some(word.to_string())
        }
        _ => None,
    });
    // In `cfg_attr(unix, path = "file", doc = "text")`, what follows `path =`.
    let path = words.windows(3).find_map(|three| match three {
        [TokenTree::Ident(word), TokenTree::Punct(_), file] if word == "path" => Some(file.clone()),
        _ => None,
    });
    refused.map(Rule::Attribute).or_else(|| outside(path?.into()))
}

/// A path among `tokens` that leads out of the lesson.
fn escape(tokens: TokenStream, folder: &Path, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    tokens.into_iter().find_map(|tree| match tree {
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let path = text.trim_start_matches(['r', '#']).trim_end_matches('#').trim_matches('"').to_owned();
            let mut depth = 0;
            // `concat!(env!("CARGO_MANIFEST_DIR"), "/file")` begins with a `/` and counts from the lesson's folder.
            for part in folder.join(&path).components() {
                depth += match part {
                    Component::Normal(_) => 1,
                    Component::ParentDir => -1,
                    Component::CurDir | Component::RootDir | Component::Prefix(_) => 0,
                };
                if depth < 0 {
                    return Some(text);
                }
            }
            None
        }
        TokenTree::Group(group) => escape(group.stream(), folder, depth + 1),
        _ => None,
    })
}
