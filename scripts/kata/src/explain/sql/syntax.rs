//! Why a database, or PostgreSQL's grammar, does not understand a statement.

use super::words::{STARTS, TYPES, is_constraint, meant};
use super::{Kind, Word, depth, replaced};
use crate::Database;

/// What is wrong, and how the line should read.
#[derive(Debug, PartialEq)]
pub struct Fault {
    pub line: usize,
    pub why: String,
    /// What the line says, from which word on it is wrong, and what belongs there.
    pub change: Change,
}

#[derive(Debug, PartialEq)]
pub enum Change {
    /// At the line's end.
    Add(&'static str),
    /// The last comma of the line goes.
    DropComma,
    /// From one byte of the text to another.
    Replace(usize, usize, String),
    None,
}

/// The first word that has a fault of its own among those at which a reader may have stopped.
pub fn fault(words: &[Word], stopped: &[usize], database: Database) -> Option<Fault> {
    stopped.iter().find_map(|at| fault_at(words, *at, database))
}

/// Why a reader stops at this word. Behind the last word is the end.
fn fault_at(words: &[Word], at: usize, database: Database) -> Option<Fault> {
    let before = at.checked_sub(1).and_then(|at| words.get(at));
    let Some(word) = words.get(at) else {
        return (depth(words, at) > 0).then(|| open_parenthesis(words, at))?;
    };
    quote(words, at)
        .or_else(|| comma_too_many(word, before?))
        .or_else(|| semicolon(words, at, before?))
        .or_else(|| (word.is(";") && depth(words, at) > 0).then(|| open_parenthesis(words, at))?)
        .or_else(|| comma_missing(words, at))
        .or_else(|| colon(word, before?))
        .or_else(|| foreign(words, at, database))
        .or_else(|| misspelled(words, at))
}

/// Quotation marks that word processors put in the place of the straight ones.
const PRINTED: [char; 6] = ['‘', '’', '“', '”', '„', '´'];

fn quote(words: &[Word], at: usize) -> Option<Fault> {
    let word = &words[at];
    let start = word.text.chars().next()?;
    if word.kind == Kind::Open {
        // Everything up to here is in it; where it was to end, only the author knows.
        let what = if start == '"' { "name" } else { "string" };
        let why = format!("The quote `{start}` that opens the {what} on this line is never closed.");
        return Some(Fault { line: word.line, why, change: Change::None });
    }
    if PRINTED.contains(&start) {
        let rest =
            words[at..].iter().take_while(|other| other.line == word.line).map(|word| word.text.as_str());
        let rest: String = rest.collect();
        let end = rest.char_indices().skip(1).find(|(_, c)| PRINTED.contains(c) || *c == '\'');
        let written = &rest[..end.map_or(rest.len(), |(at, c)| at + c.len_utf8())];
        let why = format!("`{start}` is a curly quote. SQL needs the straight one, `'`.");
        let right = format!("'{}'", written.trim_matches(PRINTED).trim_matches('\''));
        return Some(Fault {
            line: word.line,
            why,
            change: Change::Replace(word.start, word.start + written.len(), right),
        });
    }
    (start == '`').then(|| Fault {
        line: word.line,
        why: "Backticks are MySQL syntax. Write a name without quotes, or in double quotes.".to_owned(),
        change: Change::None,
    })
}

fn comma_too_many(word: &Word, before: &Word) -> Option<Fault> {
    (word.is(")") && before.is(",")).then(|| Fault {
        line: before.line,
        why: "Remove this comma: the list ends here.".to_owned(),
        change: Change::DropComma,
    })
}

fn semicolon(words: &[Word], at: usize, before: &Word) -> Option<Fault> {
    let starts = words[at].is_first && STARTS.iter().any(|start| words[at].is(start));
    if !starts || before.is(";") {
        return None;
    }
    if depth(words, at) > 0 {
        return open_parenthesis(words, at);
    }
    let what = words[at].text.to_uppercase();
    Some(Fault {
        line: before.line,
        why: format!("The statement that ends here needs a `;` before the next one, `{what} …`, begins."),
        change: Change::Add(";"),
    })
}

/// The last parenthesis that is still open before the word.
fn open_parenthesis(words: &[Word], at: usize) -> Option<Fault> {
    let mut open = Vec::new();
    for word in &words[..at] {
        match word.text.as_str() {
            "(" => open.push(word),
            ")" => drop(open.pop()),
            _ => {}
        }
    }
    let word = open.pop()?;
    Some(Fault {
        line: word.line,
        why: "The `(` on this line is never closed: a `)` is missing.".to_owned(),
        change: Change::None,
    })
}

fn comma_missing(words: &[Word], at: usize) -> Option<Fault> {
    if depth(words, at) == 0 {
        return None;
    }
    // `PRIMARY KEY (a, b)` is read as the key of the column before it, until the parenthesis comes.
    let keyed = words[at].is("(") && at >= 2 && words[at - 1].is("KEY") && words[at - 2].is_first;
    let first = if keyed { at - 2 } else { at };
    let (word, before) = (&words[first], words.get(first.checked_sub(1)?)?);
    let is_type = |word: &Word| TYPES.iter().any(|of| word.is(of));
    let begins_column = word.is_name() && !is_constraint(word) && !is_type(word);
    let begins_column = begins_column && words.get(first + 1).is_some_and(is_type);
    let begins = keyed || (word.is("FOREIGN") && word.is_first) || begins_column;
    (begins && !before.is(",") && !before.is("(") && depth(words, first) == 1).then(|| Fault {
        line: before.line,
        why: format!("A comma is missing between this and `{} …`.", word.text),
        change: Change::Add(","),
    })
}

/// `id: INTEGER`, as Rust has it.
fn colon(word: &Word, before: &Word) -> Option<Fault> {
    (word.is(":") && before.is_name()).then(|| Fault {
        line: word.line,
        why: "SQL writes a column's name and its type side by side, without a colon.".to_owned(),
        change: Change::Replace(before.end(), word.end(), String::new()),
    })
}

/// What another database would understand.
fn foreign(words: &[Word], at: usize, database: Database) -> Option<Fault> {
    let word = &words[at];
    let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at));
    let (sqlite, postgres) = ("INTEGER PRIMARY KEY NOT NULL", "GENERATED BY DEFAULT AS IDENTITY");
    let why = match database {
        Database::Sqlite if ["BY", "AS", "IDENTITY"].iter().any(|other| word.is(other))
            && (1..5).filter_map(before).any(|word| word.is("GENERATED")) =>
        {
            format!("`{postgres}` is PostgreSQL syntax. In SQLite a column `{sqlite}` numbers its rows by itself.")
        }
        Database::Sqlite
            if ["CONSTRAINT", "FOREIGN", "PRIMARY", "CHECK"].iter().any(|other| word.is(other))
                && (1..4).filter_map(before).any(|word| word.is("ADD")) =>
        {
            "SQLite cannot add a constraint to an existing table: write it where the table or its column is created."
                .to_owned()
        }
        Database::Sqlite if word.is(",") && words[..at].iter().rev().take_while(|word| !word.is(";")).any(|word| word.is("ALTER")) => {
            "SQLite's `ALTER TABLE` changes one thing at a time: write a statement for each.".to_owned()
        }
        Database::Postgres if word.is("AUTOINCREMENT") => {
            format!("`AUTOINCREMENT` is SQLite syntax. PostgreSQL numbers the rows of a column `{postgres}`.")
        }
        _ if word.is("AUTO_INCREMENT") => match database {
            Database::Sqlite => format!(
                "`AUTO_INCREMENT` is MySQL syntax. In SQLite a column `{sqlite}` numbers its rows by itself."
            ),
            Database::Postgres => {
                format!("`AUTO_INCREMENT` is MySQL syntax. PostgreSQL numbers the rows of a column `{postgres}`.")
            }
        },
        _ if word.is("BY") && before(1).is_some_and(|word| word.is("OWNER")) => return owner_by(words, at),
        _ if word.is("IDENTIFIED") => "`IDENTIFIED BY` is MySQL syntax. PostgreSQL writes `PASSWORD '…'`.".to_owned(),
        _ => return None,
    };
    Some(Fault { line: word.line, why, change: Change::None })
}

/// `OWNER BY book_user`, at its second word.
fn owner_by(words: &[Word], at: usize) -> Option<Fault> {
    let (owner, by, role) = (words.get(at.checked_sub(1)?)?, &words[at], words.get(at + 1)?);
    role.is_name().then(|| Fault {
        line: by.line,
        why: "After `OWNER`, write the role directly, without `BY`.".to_owned(),
        change: Change::Replace(owner.start, by.end(), owner.text.clone()),
    })
}

/// A word that the grammar does not have where it is, and that is like one that it has. A database that takes a wrong
/// word for a part of a type stops some words later.
fn misspelled(words: &[Word], at: usize) -> Option<Fault> {
    const BACK: usize = 6;
    let mut index = at;
    loop {
        let word = &words[index];
        if word.kind == Kind::Name
            && let Some(right) = meant(words, index)
        {
            let why = format!("`{}` is not a word of SQL here. Is it `{right}`?", word.text);
            // `OWNED BY` is a sequence's; `OWNER` has the role directly behind it.
            let by = words.get(index + 1).filter(|next| right == "OWNER" && next.is("BY"));
            let change = Change::Replace(word.start, by.unwrap_or(word).end(), right.to_owned());
            return Some(Fault { line: word.line, why, change });
        }
        if [",", ";"].iter().any(|end| word.is(end)) && index != at || index == 0 || at - index == BACK {
            return None;
        }
        index -= 1;
    }
}

impl Fault {
    /// The explanation's lines; `text` is what the fault is in.
    pub fn lines(&self, text: &str) -> Vec<String> {
        let written = text.lines().nth(self.line.wrapping_sub(1)).unwrap_or_default().trim();
        // What a comment at the line's end says is not a part of it.
        let code = written.split("--").next().unwrap_or_default().trim_end();
        let right = match &self.change {
            Change::Add(what) => Some(format!("{code}{what}")),
            Change::DropComma => Some(code.trim_end_matches(',').to_owned()),
            Change::Replace(start, end, right) => Some(replaced(text, *start, *end, right)),
            Change::None => None,
        };
        let mut lines = vec![self.why.clone(), String::new()];
        match right.filter(|right| right != written && !right.is_empty()) {
            Some(right) => {
                lines.push(format!("    {written}      ← now"));
                lines.push(format!("    {right}"));
            }
            None => lines.push(format!("    {written}")),
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::fault;
    use crate::Database;

    #[test]
    fn an_owner_follows_its_keyword_without_by() {
        for written in
            ["CREATE DATABASE a OWNED BY b;", "CREATE DATABASE a OWNER BY b;", "CREATE DATABASE a OWNR b;"]
        {
            let words = words(written);
            let stopped: Vec<_> = (0..=words.len()).collect();
            let lines = fault(&words, &stopped, Database::Postgres).unwrap().lines(written);
            assert_eq!(lines.last().unwrap().trim(), "CREATE DATABASE a OWNER b;");
        }
        let right = words("CREATE DATABASE a WITH OWNER b;");
        assert_eq!(fault(&right, &(0..=right.len()).collect::<Vec<_>>(), Database::Postgres), None);
    }
}
