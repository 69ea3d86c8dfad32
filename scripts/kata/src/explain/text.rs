//! Texts: what rustc's hold, and what explanations are made of.

/// The text between `before` and the next `end`.
pub fn between<'a>(text: &'a str, before: &str, end: char) -> Option<&'a str> {
    text.split_once(before)?.1.split(end).next()
}

/// Longer names are compared with none: that takes as long as both lengths multiplied, and nobody means them.
const LONGEST_NAME: usize = 100;

/// The name that somebody may have meant.
pub fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let likeness = |other: &&&str| (strsim::jaro_winkler(name, other) * 1000.0) as u32;
    let names = names.iter().filter(|other| name.len().max(other.len()) <= LONGEST_NAME);
    let best = names.max_by_key(likeness)?;
    (likeness(&best) >= 800).then_some(*best)
}

/// `a`, `b` and `c`.
pub fn listed(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A type with its article: "an `Arc<Pool>`".
pub fn with_article(of: &str) -> String {
    // `&String` is read as a reference, and `usize` with a consonant.
    let article = if of.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} `{of}`")
}

/// `new_book` for `NewBook`.
pub fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// The parts between commas, those inside of brackets left whole; without blanks around them.
pub fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let is_comma = |c: char| {
        match c {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    };
    text.split(is_comma).map(str::trim).collect()
}

/// The arguments of a generic type: `Vec<Book>` and `Error` for `Result<Vec<Book>, Error>`.
pub fn arguments<'a>(of: &'a str, name: &str) -> Option<Vec<&'a str>> {
    Some(parts(of.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>')?))
}

/// What is in the parentheses of a call: `text` begins behind the one that opens. Without the other, all of it.
pub fn in_parentheses(text: &str) -> &str {
    let mut depth = 1;
    let is_end = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    text.split(is_end).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, arguments, in_parentheses, nearest, parts, with_article};

    #[test]
    fn names_are_compared_up_to_a_length() {
        assert_eq!(nearest("titel", &["id", "title"]), Some("title"));
        assert_eq!(nearest("pages", &["id", "title"]), None);
        let long = "x".repeat(LONGEST_NAME + 1);
        assert_eq!(nearest(&long, &[&long]), None);
    }

    #[test]
    fn types_are_split_into_their_parts() {
        assert_eq!(arguments("Result<Vec<(A, B)>, Error>", "Result").unwrap(), ["Vec<(A, B)>", "Error"]);
        assert_eq!(arguments("Option<_>", "Option").unwrap(), ["_"]);
        assert_eq!(arguments("Vec<A>", "Option"), None);
        assert_eq!(arguments("()", "Option"), None);
    }

    #[test]
    fn a_type_has_the_article_that_fits_its_pronunciation() {
        let all = ["Arc<Pool>", "&i32", "Option<_>", "Pool", "usize", "User"].map(with_article);
        assert_eq!(
            all,
            ["an `Arc<Pool>`", "a `&i32`", "an `Option<_>`", "a `Pool`", "a `usize`", "a `User`"]
        );
    }

    #[test]
    fn nested_commas_and_parentheses_do_not_end_a_part() {
        assert_eq!(parts("a: A<B, C>, (d, e)"), ["a: A<B, C>", "(d, e)"]);
        assert_eq!(in_parentheses("a(b), c) -> d()"), "a(b), c");
        assert_eq!(in_parentheses("a(b), "), "a(b), ");
    }
}
