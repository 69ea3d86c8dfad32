//! Texts: what rustc's hold, and what explanations are made of.

/// The text between `before` and the next `end`.
pub fn between<'a>(text: &'a str, before: &str, end: char) -> Option<&'a str> {
    text.split_once(before)?.1.split(end).next()
}

/// The name that somebody may have meant.
pub fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let likeness = |other: &&&str| (strsim::jaro_winkler(name, other) * 1000.0) as u32;
    let best = names.iter().max_by_key(likeness)?;
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
