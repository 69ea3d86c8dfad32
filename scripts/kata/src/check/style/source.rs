//! The comments and the texts in a Rust file.

use anyhow::{Result, anyhow};
use proc_macro2::{TokenStream, TokenTree};

use super::prose::{self, Block};

/// The comments, and the string literals, which users may read.
pub fn blocks(text: &str, are_read_by_users: bool) -> Result<Vec<Block>> {
    let mut blocks = comments(text);
    let mut of_literals = Vec::new();
    literals(tokens(text)?, &mut of_literals);
    for block in &mut of_literals {
        block.is_read_by_users = are_read_by_users;
    }
    blocks.extend(of_literals);
    Ok(blocks)
}

fn tokens(text: &str) -> Result<TokenStream> {
    text.parse().map_err(|error| anyhow!("cannot read it as Rust: {error}"))
}

/// The names of the functions, each with its line.
///
/// # Errors
///
/// When the text is not Rust.
pub fn function_names(text: &str) -> Result<Vec<(usize, String)>> {
    let mut names = Vec::new();
    add_function_names(tokens(text)?, &mut names);
    Ok(names)
}

fn add_function_names(tokens: TokenStream, names: &mut Vec<(usize, String)>) {
    let mut is_name = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) if is_name => names.push((name.span().start().line, name.to_string())),
            TokenTree::Ident(word) if word == "fn" => {
                is_name = true;
                continue;
            }
            TokenTree::Group(group) => add_function_names(group.stream(), names),
            _ => {}
        }
        is_name = false;
    }
}

/// Comments that follow each other are a text in Markdown.
fn comments(text: &str) -> Vec<Block> {
    let mut blocks = prose::blocks(&comments_of(text, &["//"]));
    for block in &mut blocks {
        block.is_read_by_users = false;
    }
    blocks
}

/// The doc comments, as Markdown.
pub fn doc_comments(text: &str) -> String {
    comments_of(text, &["///", "//!"])
}

/// The lines of the comments that begin so. Whatever is not a comment ends one.
fn comments_of(text: &str, begin: &[&str]) -> String {
    let comment = |line: &str| {
        let line = line.trim_start();
        let is_one = begin.iter().any(|begin| line.starts_with(begin));
        let content = line.strip_prefix("//").filter(|_| is_one)?.trim_start_matches(['/', '!']);
        Some(content.strip_prefix(' ').unwrap_or(content).to_owned())
    };
    let prose: Vec<_> = text.lines().map(|line| comment(line).unwrap_or_default()).collect();
    prose.join("\n")
}

fn literals(tokens: TokenStream, blocks: &mut Vec<Block>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // A doc comment is an attribute here, and has been read.
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                tokens.next_if(|next| matches!(next, TokenTree::Punct(bang) if bang.as_char() == '!'));
                if let Some(TokenTree::Group(group)) = tokens.peek()
                    && !group.stream().to_string().starts_with("doc")
                {
                    literals(group.stream(), blocks);
                }
                tokens.next();
            }
            TokenTree::Group(group) => literals(group.stream(), blocks),
            TokenTree::Literal(literal) => {
                let written = literal.to_string();
                let Some(text) = written.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
                    continue;
                };
                // What is a text for people has words.
                if text.contains(' ') {
                    let line = literal.span().start().line;
                    blocks.extend(paragraphs(text).map(|text| Block::at(line, &text)));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// A literal's text as it is printed, by lines.
fn paragraphs(written: &str) -> impl Iterator<Item = String> {
    let mut text = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut characters = after.chars();
        match characters.next() {
            Some('n') => text.push('\n'),
            // The next line goes on with this one.
            Some('\n') => {
                rest = characters.as_str().trim_start();
                continue;
            }
            Some(other) => text.push(other),
            None => {}
        }
        rest = characters.as_str();
    }
    text.push_str(rest);
    text.lines().map(str::to_owned).collect::<Vec<_>>().into_iter()
}
