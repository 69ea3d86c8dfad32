//! The links of a text in Markdown.

/// The targets of a text's links to files, without what follows a `#`. Blocks of code have no links.
pub fn of(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("\n```").step_by(2);
    let targets = prose.flat_map(|prose| prose.split("](").skip(1));
    let targets = targets.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
    files.map(|target| target.split('#').next().unwrap_or_default()).filter(|target| !target.is_empty())
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn links_to_files_are_distinguished_from_others() {
        let text = "[a](a.md) and [b](../b/c.rs#L7), [c](#c), [d](https://d.org/e.md)\n```rust\nx[0](y)\n```\n[f](f/)";
        assert_eq!(of(text).collect::<Vec<_>>(), ["a.md", "../b/c.rs", "f/"]);
    }
}
