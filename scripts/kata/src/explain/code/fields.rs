//! Fields and columns, with their types as they are usually written.

use proc_macro2::{Delimiter, Group, TokenTree};

/// What is nested deeper is nobody's model: whoever reads it needs a stack that has an end.
pub const DEEPEST: usize = 64;

/// A column or a field. The type is written without blanks.
#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub of: String,
    pub line: usize,
}

/// The fields of a struct, whose types come behind `:`, or the columns of a table, whose types come behind `->`.
pub fn fields(body: &Group, before_type: char) -> Vec<Field> {
    let trees: Vec<_> = body.stream().into_iter().collect();
    let mut fields = Vec::new();
    let mut start = 0;
    let mut depth = 0;
    for at in 0..=trees.len() {
        match trees.get(at) {
            Some(tree) if is_punct(Some(tree), '<') => depth += 1,
            Some(tree) if is_punct(Some(tree), '>') && !is_punct(trees.get(at.wrapping_sub(1)), '-') => {
                depth -= 1;
            }
            Some(tree) if !is_punct(Some(tree), ',') || depth > 0 => {}
            _ => {
                fields.extend(field(&trees[start..at], before_type));
                start = at + 1;
            }
        }
    }
    fields
}

fn field(trees: &[TokenTree], before_type: char) -> Option<Field> {
    let at = trees.iter().position(|tree| is_punct(Some(tree), before_type))?;
    let name = trees[..at].iter().rev().find_map(|tree| match tree {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    })?;
    let of = written(&trees[at + 1..]);
    Some(Field {
        name: name.to_string().trim_start_matches("r#").to_owned(),
        of,
        line: name.span().start().line,
    })
}

/// A type as it is usually written: blanks between two words, and nowhere else.
fn written(trees: &[TokenTree]) -> String {
    written_to(trees, 0)
}

fn written_to(trees: &[TokenTree], depth: usize) -> String {
    let mut text = String::new();
    let mut is_behind_word = false;
    for tree in trees {
        let is_word = matches!(tree, TokenTree::Ident(_) | TokenTree::Literal(_));
        if is_word && is_behind_word {
            text.push(' ');
        }
        is_behind_word = is_word;
        match tree {
            TokenTree::Group(_) if depth > DEEPEST => {}
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    _ => ("", ""),
                };
                let inner: Vec<_> = group.stream().into_iter().collect();
                text += &format!("{open}{}{close}", written_to(&inner, depth + 1));
            }
            other => text += &other.to_string(),
        }
    }
    text
}

pub fn is_punct(tree: Option<&TokenTree>, wanted: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}
