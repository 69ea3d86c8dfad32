//! What has caused an error, for logs and for the command line.

use std::error::Error;
use std::iter::successors;

/// The causes of `error`, the nearest first. Some libraries repeat a cause in the text of the error
/// above it; such a cause is left out.
pub fn causes(error: &dyn Error) -> Vec<String> {
    let mut above = error.to_string();
    let mut causes = Vec::new();
    for cause in successors(error.source(), |cause: &&dyn Error| (**cause).source()) {
        let text = cause.to_string();
        if !above.contains(&text) {
            causes.push(text.clone());
        }
        above = text;
    }
    causes
}

/// `error` and its causes on one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut texts = vec![error.to_string()];
    texts.extend(causes(error));
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use thiserror::Error;

    use super::with_causes;

    #[derive(Debug, Error)]
    #[error("cannot read the menu")]
    struct Outer(#[source] Repeating);

    #[derive(Debug, Error)]
    #[error("the disk failed: {0}")]
    struct Repeating(#[source] io::Error);

    #[test]
    fn an_error_is_followed_by_its_causes_without_repetition() {
        let error = Outer(Repeating(io::Error::other("no power")));
        assert_eq!(with_causes(&error), "cannot read the menu: the disk failed: no power");
    }
}
