//! Source as tokens, where it is not nested deeper than a person writes it.

use proc_macro2::{TokenStream, TokenTree};

/// What is nested deeper is nobody's lesson, and whoever follows or prints it needs a stack that has an end.
const DEEPEST: usize = 200;

/// The tokens of a text, unless it is not Rust or its brackets are nested too deep.
pub fn tokens(text: &str) -> Option<TokenStream> {
    let tokens: TokenStream = text.parse().ok()?;
    let mut open = vec![tokens.clone().into_iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            Some(TokenTree::Group(_)) if open.len() > DEEPEST => return None,
            Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
            Some(_) => {}
            None => drop(open.pop()),
        }
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_with_too_deeply_nested_brackets_is_not_parsed() {
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
            for (depth, is_read) in [(1, true), (DEEPEST, true), (DEEPEST + 1, false), (100_000, false)] {
                let text = format!("fn f() {}{}", open.repeat(depth), close.repeat(depth));
                assert_eq!(tokens(&text).is_some(), is_read, "{depth} times {open}");
            }
        }
        // Side by side is not nested, and a bracket in a string or a comment does not count.
        assert!(tokens(&"(())".repeat(1_000)).is_some());
        assert!(
            tokens(&format!("const A: &str = \"{}\"; // {}", "(".repeat(1_000), "(".repeat(1_000))).is_some()
        );
        assert!(tokens("fn f( {").is_none());
    }
}
