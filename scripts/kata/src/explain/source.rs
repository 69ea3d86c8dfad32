//! The source around an error: the expression, the statement, and the function that it is in.

use super::code::Code;
use super::trouble::Trouble;

/// The text of the file up to the error, and from it on.
pub fn split_at<'a>(trouble: &Trouble<'_>, code: &'a Code) -> Option<(&'a str, &'a str)> {
    let span = trouble.span()?;
    split(code.text(&trouble.file()), span.line_start, span.column_start)
}

/// The text up to a line and a column, both counted from 1, and from there on.
pub fn split(text: &str, line: usize, column: usize) -> Option<(&str, &str)> {
    let before: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(before..)?;
    let at = rest.char_indices().nth(column.checked_sub(1)?).map_or(rest.len(), |(at, _)| at);
    text.split_at_checked(before + at)
}

/// What has been written of the statement at the end of this text.
pub fn statement(before: &str) -> &str {
    before.rsplit([';', '{', '}']).next().unwrap_or_default().trim_start()
}

/// A `let`, from that word to its `;`.
pub struct Binding<'a> {
    /// Counted from 1.
    pub line: usize,
    pub text: &'a str,
}

impl<'a> Binding<'a> {
    /// What stands behind the name, as `: Vec<Book>` does.
    pub fn declared_type(&self) -> Option<&'a str> {
        Some(self.text.split_once('=')?.0.split_once(':')?.1.trim())
    }

    /// The last line with something in front of its `;`; of a longer statement, that line alone.
    pub fn with_end(&self, end: &str) -> String {
        let last = self.text.lines().last().unwrap_or_default();
        format!("    {}{end}", last.trim().trim_end_matches(';'))
    }

    pub fn is_one_line(&self) -> bool {
        !self.text.contains('\n')
    }
}

/// The last `let` with this name above the line, in the same function.
pub fn binding<'a>(text: &'a str, name: &str, line: usize) -> Option<Binding<'a>> {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let is_let = |line: &str| {
        let rest = line.trim_start().strip_prefix("let ")?.trim_start();
        let behind = rest.strip_prefix("mut ").unwrap_or(rest).strip_prefix(name)?;
        behind.starts_with([' ', ':', '=']).then_some(())
    };
    let above = (0..line.saturating_sub(1).min(lines.len())).rev();
    let at = above.take_while(|at| !begins_function(lines[*at])).find(|at| is_let(lines[*at]).is_some())?;
    let start: usize = lines[..at].iter().map(|line| line.len()).sum();
    let rest = text[start..].trim_start();
    Some(Binding { line: at + 1, text: &rest[..=end_of(rest, |c| c == ';')?] })
}

fn begins_function(line: &str) -> bool {
    let words = line.split_once("fn ").map(|(before, _)| before);
    words.is_some_and(|words| {
        words
            .split_whitespace()
            .all(|word| ["async", "const", "unsafe"].contains(&word) || word.starts_with("pub"))
    })
}

/// The head of the function that this line is in, on one line.
pub fn function(text: &str, line: usize) -> Option<String> {
    let lines: Vec<_> = text.lines().take(line).collect();
    let start = lines.iter().rposition(|line| begins_function(line))?;
    let head = text.lines().skip(start).map(str::trim).collect::<Vec<_>>().join(" ");
    Some(head[..head.find(" {")?].to_owned())
}

/// The name of that function.
pub fn function_name(head: &str) -> &str {
    let name = head.split_once("fn ").map_or("", |(_, rest)| rest);
    name.split(['(', '<']).next().unwrap_or_default().trim()
}

/// The name of the connection in the function that this line is in.
pub fn connection(text: &str, line: usize) -> String {
    let head = function(text, line).unwrap_or_default();
    let before = head.split_once(": &mut Db").map(|(before, _)| before);
    let name = before.and_then(|before| before.rsplit(|c: char| !is_of_name(c)).next());
    name.unwrap_or("conn").to_owned()
}

pub fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(is_of_name)
}

/// The value at the end of this text: a name, a text, or calls that are chained, over several lines too.
pub fn value_before(text: &str) -> &str {
    let text = text.trim_end();
    let chars: Vec<_> = text.char_indices().collect();
    let (mut depth, mut at, mut start) = (0, chars.len(), text.len());
    while at > 0 {
        at -= 1;
        let (place, c) = chars[at];
        match c {
            '"' => at = chars[..at].iter().rposition(|(_, c)| *c == '"').unwrap_or(0),
            '\'' if at > 1 && chars[at - 2].1 == '\'' => at -= 2,
            ')' | ']' => depth += 1,
            '(' | '[' if depth > 0 => depth -= 1,
            '>' if depth > 0 || text[..place].contains("::<") && text[place + 1..].starts_with('(') => {
                depth += 1;
            }
            '<' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            // The next line of a chain begins with its dot.
            c if c.is_whitespace() && text[start..].starts_with('.') => continue,
            c if is_of_name(c) || matches!(c, '.' | ':' | '?' | '&' | '*') => {}
            _ => break,
        }
        start = chars[at].0;
        if c.is_whitespace() {
            start = place;
        }
    }
    text[start..].trim_start()
}

/// The value at the beginning of this text, on one line.
pub fn value_from(text: &str) -> &str {
    let text = text.trim_start();
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+' | '=' | '{' | '}');
    let end = end_of(text, is_end).unwrap_or(text.len());
    text[..end].trim_end()
}

/// Where a character is that is in no parentheses and no text, or the parenthesis is closed that `text` is in.
pub fn end_of(text: &str, is_end: impl Fn(char) -> bool) -> Option<usize> {
    let mut depth = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            _ if depth == 0 && is_end(c) => return Some(at),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return Some(at),
            ')' | ']' | '}' => depth -= 1,
            '"' => {
                while let Some((_, c)) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            // A character; a lifetime has no second quote.
            '\'' => {
                let rest = &text[at + 1..];
                let length = rest.char_indices().skip(1).take(3).find(|(_, c)| *c == '\'').map(|(at, _)| at);
                if let Some(length) =
                    length.filter(|length| rest.starts_with('\\') || rest[..*length].chars().count() == 1)
                {
                    while chars.next_if(|(next, _)| *next <= at + 1 + length).is_some() {}
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{binding, connection, function, function_name, split, statement, value_before, value_from};

    const TEXT: &str = "pub fn find(\n    db: &mut Db,\n) -> QueryResult<Book> {\n    let found = books\n        .filter(title.like(\"a;b\").escape(';'))\n        .first(db);\n    found.title\n}\n";

    #[test]
    fn a_let_ends_at_its_own_semicolon() {
        let found = binding(TEXT, "found", 7).unwrap();
        assert_eq!((found.line, found.is_one_line()), (4, false));
        assert!(found.text.starts_with("let found") && found.text.ends_with(".first(db);"));
        assert_eq!(found.with_end("?;"), "    .first(db)?;");
        assert!(binding(TEXT, "foun", 7).is_none());
        assert!(binding(TEXT, "found", 4).is_none());
    }

    #[test]
    fn a_let_may_declare_a_type() {
        let typed = binding("fn f() {\n    let all: Vec<Book> = load()?;\n    all\n", "all", 3).unwrap();
        assert_eq!(typed.declared_type(), Some("Vec<Book>"));
        assert_eq!(binding(TEXT, "found", 7).unwrap().declared_type(), None);
    }

    #[test]
    fn a_function_is_recognized_by_its_signature() {
        let head = function(TEXT, 6).unwrap();
        assert_eq!(head, "pub fn find( db: &mut Db, ) -> QueryResult<Book>");
        assert_eq!((function_name(&head), connection(TEXT, 6).as_str()), ("find", "db"));
    }

    #[test]
    fn a_value_includes_everything_that_belongs_to_it() {
        for (text, value) in [
            ("if deleted ", "deleted"),
            ("f(prefix.trim()", "prefix.trim()"),
            ("x = a\n    .b(c, d)\n    .load::<Book>(conn)", "a\n    .b(c, d)\n    .load::<Book>(conn)"),
            ("like(\"a b\" ", "\"a b\""),
            ("(a, &books", "&books"),
        ] {
            assert_eq!(value_before(text), value, "{text}");
        }
        for (text, value) in [
            (" \"a + b\" + c", "\"a + b\""),
            (" &f(a, b)).x", "&f(a, b)"),
            (" '%').escape('\\\\')", "'%'"),
            ("0 {", "0"),
        ] {
            assert_eq!(value_from(text), value, "{text}");
        }
    }

    #[test]
    fn a_location_is_found_by_line_and_column() {
        let (before, from) = split("a\n\u{e9}bc\n", 2, 2).unwrap();
        assert_eq!((before, from), ("a\n\u{e9}", "bc\n"));
        assert_eq!(statement("a; let b = c"), "let b = c");
        assert!(split("a", 3, 1).is_some_and(|(_, from)| from.is_empty()));
    }
}
