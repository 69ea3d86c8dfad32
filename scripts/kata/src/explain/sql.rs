//! SQL that a student has written, read as far as explanations speak of it.
//!
//! The words come from PostgreSQL's own grammar, which is close enough to SQLite's. They are read although the text is
//! wrong, so nothing here expects whole statements.

pub mod syntax;
pub mod tables;
pub mod words;

use squawk_lexer::{LiteralKind, TokenKind, tokenize};

/// A word of SQL, or a sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// As it is written.
    pub text: String,
    pub kind: Kind,
    /// Where it is in the text, in bytes.
    pub start: usize,
    /// Counted from 1.
    pub line: usize,
    /// Nothing but blanks comes before it in its line.
    pub is_first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A name or a keyword.
    Name,
    /// A name between double quotes.
    Quoted,
    Text,
    /// A text or a name whose quote is never closed.
    Open,
    Other,
}

impl Word {
    /// Whether it is this sign or keyword.
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text.eq_ignore_ascii_case(text)
    }

    /// Behind its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it names something, a table or a column.
    pub fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Name | Kind::Quoted)
    }

    /// The name that it is to the database, or the value of a text.
    pub fn name(&self) -> String {
        match self.kind {
            Kind::Name => self.text.to_lowercase(),
            _ => self.text.trim_matches(['"', '\'']).to_owned(),
        }
    }
}

/// The words of a text, without comments.
pub fn words(text: &str) -> Vec<Word> {
    let (mut words, mut at, mut line, mut is_first) = (Vec::new(), 0, 1, true);
    for token in tokenize(text) {
        let end = at + token.len as usize;
        let Some(written) = text.get(at..end) else { break };
        let kind = match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => None,
            TokenKind::Eof => break,
            TokenKind::Ident => Some(Kind::Name),
            TokenKind::QuotedIdent { terminated } => Some(if terminated { Kind::Quoted } else { Kind::Open }),
            TokenKind::Literal { kind: LiteralKind::Str { terminated } } => {
                Some(if terminated { Kind::Text } else { Kind::Open })
            }
            _ => Some(Kind::Other),
        };
        if let Some(kind) = kind {
            words.push(Word { text: written.to_owned(), kind, start: at, line, is_first });
            is_first = false;
        }
        let breaks = written.matches('\n').count();
        line += breaks;
        is_first |= breaks > 0;
        at = end;
    }
    words
}

/// The line in which the part from `start` to `end` is, with something else in its place; without the blanks around it.
pub fn replaced(text: &str, start: usize, end: usize, with: &str) -> String {
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    format!("{}{with}{}", &text[line..start], &text[end..line_end]).trim().to_owned()
}

/// The words between semicolons.
pub fn statements(words: &[Word]) -> impl Iterator<Item = &[Word]> {
    words.split(|word| word.is(";")).filter(|statement| !statement.is_empty())
}

/// How many parentheses are open before the word at this index.
pub fn depth(words: &[Word], at: usize) -> usize {
    let mut depth = 0_usize;
    for word in &words[..at.min(words.len())] {
        match word.text.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            // A statement that ends has left its parentheses.
            ";" => depth = 0,
            _ => {}
        }
    }
    depth
}

/// The parts between commas of what is in the parentheses that open at `at`; and the index behind them.
pub fn list(words: &[Word], at: usize) -> (Vec<&[Word]>, usize) {
    let mut depth = 0_usize;
    let (mut parts, mut start) = (Vec::new(), at + 1);
    for (index, word) in words.iter().enumerate().skip(at) {
        match word.text.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 1 => {
                parts.push(&words[start..index]);
                start = index + 1;
            }
            _ => {}
        }
        if depth == 0 {
            parts.push(&words[start.min(index)..index]);
            return (parts, index + 1);
        }
    }
    parts.push(&words[start.min(words.len())..]);
    (parts, words.len())
}

#[cfg(test)]
mod tests {
    use super::{Kind, depth, list, replaced, statements, words};

    #[test]
    fn a_word_is_replaced_only_as_a_whole_word() {
        let text = "A;\n  ADD author_id INTEGER REFERENCES author (id);\nB;";
        let words = words(text);
        let word = words.iter().find(|word| word.text == "author").unwrap();
        let line = "ADD author_id INTEGER REFERENCES authors (id);";
        assert_eq!(replaced(text, word.start, word.end(), "authors"), line);
    }

    #[test]
    fn words_have_line_numbers_and_comments_are_not_words() {
        let words = words("-- A table:\nCREATE TABLE \"a\" (\n  b TEXT /* 'c */ DEFAULT 'it''s'\n);");
        let shown: Vec<_> = words.iter().map(|word| (word.text.as_str(), word.line, word.is_first)).collect();
        assert_eq!(
            shown[..4],
            [("CREATE", 2, true), ("TABLE", 2, false), ("\"a\"", 2, false), ("(", 2, false)]
        );
        assert_eq!(
            shown[4..],
            [
                ("b", 3, true),
                ("TEXT", 3, false),
                ("DEFAULT", 3, false),
                ("'it''s'", 3, false),
                (")", 4, true),
                (";", 4, false)
            ]
        );
    }

    #[test]
    fn a_quote_that_is_not_closed_is_one_word_to_the_end() {
        let words = words("CREATE USER a PASSWORD 'b;\nCREATE DATABASE c;");
        assert_eq!(words.last().map(|word| word.kind), Some(Kind::Open));
        assert_eq!(words.last().map(|word| word.line), Some(1));
    }

    #[test]
    fn incomplete_statements_and_lists_are_still_split() {
        let words = words("A (b, c (d, e), f; G (h");
        assert_eq!(statements(&words).count(), 2);
        let (parts, end) = list(&words, 1);
        assert_eq!((parts.len(), end), (3, words.len()));
        assert_eq!(depth(&words, words.len()), 1);
    }
}
