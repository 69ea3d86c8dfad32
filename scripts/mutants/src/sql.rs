//! Mutants of migrations and of `setup.sql`, by the words of SQL.

use std::ops::Range;

use crate::edit::Edit;
use crate::operators::Operator;

/// Words that can be left out.
const CLAUSES: [&str; 5] =
    [" NOT NULL", " UNIQUE", " AUTOINCREMENT", " WITH PASSWORD 'password'", " WITH OWNER book_user"];

/// Words of which one is easily taken for the other.
const SWAPPED: [(&str, &str); 14] = [
    ("ON DELETE CASCADE", "ON DELETE SET NULL"),
    ("ON DELETE CASCADE", "ON DELETE RESTRICT"),
    ("ON DELETE RESTRICT", "ON DELETE CASCADE"),
    ("ON DELETE SET NULL", "ON DELETE CASCADE"),
    (" TEXT", " INTEGER"),
    (" INTEGER NOT", " TEXT NOT"),
    (" BIGINT", " TEXT"),
    ("<=", "<"),
    (" USER ", " ROLE "),
    ("book_user", "book_users"),
    ("book_database", "book_databases"),
    ("'password'", "'passw0rd'"),
    ("IS NULL", "IS NOT NULL"),
    ("length(", "2 * length("),
];

/// All changes of a file of SQL.
pub fn edits(text: &str) -> Vec<Edit> {
    let mut finder = Finder { text, code: without_comments(text), edits: Vec::new() };
    finder.clauses();
    finder.keys();
    finder.statements();
    finder.swaps();
    finder.edits
}

struct Finder<'a> {
    text: &'a str,
    /// The text with blanks in the place of comments, so that places are the same.
    code: String,
    edits: Vec<Edit>,
}

impl Finder<'_> {
    fn add(&mut self, operator: Operator, range: Range<usize>, after: impl Into<String>) {
        self.edits.push(Edit { operator, range, after: after.into() });
    }

    fn places(&self, words: &str) -> Vec<usize> {
        self.code.match_indices(words).map(|(at, _)| at).collect()
    }

    fn clauses(&mut self) {
        for clause in CLAUSES {
            for at in self.places(clause) {
                self.add(Operator::SqlClause, at..at + clause.len(), "");
            }
        }
        for at in self.places(" REFERENCES ") {
            // `REFERENCES books (id) ON DELETE CASCADE`: with what it does on a delete, and without.
            let end = self.behind_parenthesis(at);
            let action = self.action(end);
            self.add(Operator::SqlClause, at..action.end, "");
            if !action.is_empty() {
                self.add(Operator::SqlClause, action, "");
            }
        }
        for at in self.places("CHECK (") {
            let end = self.behind_parenthesis(at);
            self.add(Operator::SqlClause, self.with_its_comma(at, end), "");
        }
        for at in self.places(" WHERE ") {
            let end = self.code[at..].find(';').map_or(self.code.len(), |length| at + length);
            self.add(Operator::SqlClause, at..end, "");
        }
        for at in self.places(" DEFAULT ") {
            let value = at + " DEFAULT ".len();
            let end =
                self.code[value..].find([' ', ',', '\n']).map_or(self.code.len(), |length| value + length);
            self.add(Operator::SqlClause, at..end, "");
        }
    }

    fn keys(&mut self) {
        for at in self.places("PRIMARY KEY") {
            let end = at + "PRIMARY KEY".len();
            if self.code[end..].starts_with(" (") {
                self.parts(Operator::SqlKey, at, end + 1);
            } else {
                let at = at - usize::from(self.code[..at].ends_with(' '));
                self.add(Operator::SqlKey, at..end, "");
            }
        }
        for at in self.places("UNIQUE (") {
            self.parts(Operator::SqlKey, at, at + "UNIQUE ".len());
        }
        // `CREATE UNIQUE INDEX orders_open ON orders (table_id)`.
        for at in self.places("INDEX ") {
            if let Some(length) = self.code[at..].find('(') {
                self.parts(Operator::SqlKey, at + length, at + length);
            }
        }
    }

    /// The constraint that begins at `at`, whose columns are in the parenthesis at `open`: without
    /// each of them, and, where it is more than its columns, not at all.
    fn parts(&mut self, operator: Operator, at: usize, open: usize) {
        let end = self.behind_parenthesis(open);
        let columns: Vec<_> = self.text[open + 1..end - 1].split(", ").map(str::to_owned).collect();
        for left_out in (0..columns.len()).filter(|_| columns.len() > 1) {
            let kept: Vec<_> = columns
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != left_out)
                .map(|(_, column)| column.as_str())
                .collect();
            self.add(operator, open..end, format!("({})", kept.join(", ")));
        }
        if at < open {
            self.add(operator, self.with_its_comma(at, end), "");
        }
    }

    fn statements(&mut self) {
        let mut at = 0;
        for end in self.places(";") {
            let start = at + self.code[at..].find(|c: char| !c.is_whitespace()).unwrap_or(0);
            self.add(Operator::SqlStatement, start..end + 1, "");
            at = end + 1;
        }
    }

    fn swaps(&mut self) {
        for (words, others) in SWAPPED {
            for at in self.places(words) {
                self.add(Operator::SqlSwap, at..at + words.len(), others);
            }
        }
        // A limit, one higher.
        let digits = |c: char| c.is_ascii_digit();
        let mut at = 0;
        while let Some(start) = self.code[at..].find(digits).map(|length| at + length) {
            let length = self.code[start..].find(|c| !digits(c)).unwrap_or(self.code.len() - start);
            let is_word =
                self.code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '\'');
            if let (Ok(number), false) = (self.code[start..start + length].parse::<u64>(), is_word) {
                self.add(Operator::SqlSwap, start..start + length, (number + 1).to_string());
            }
            at = start + length;
        }
    }

    /// Behind the parenthesis that closes the first one from `at` on.
    fn behind_parenthesis(&self, at: usize) -> usize {
        let mut depth = 0;
        for (index, c) in self.code[at..].char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 1 => return at + index + 1,
                ')' => depth -= 1,
                _ => {}
            }
        }
        self.code.len()
    }

    /// The ` ON DELETE …` at `at`, if there is one.
    fn action(&self, at: usize) -> Range<usize> {
        if !self.code[at..].starts_with(" ON DELETE ") {
            return at..at;
        }
        let length = self.code[at..].find([',', '\n', ';']).unwrap_or(self.code.len() - at);
        at..at + length
    }

    /// A constraint of a table goes with its name and the comma before or behind it; one of a column
    /// goes alone.
    fn with_its_comma(&self, at: usize, end: usize) -> Range<usize> {
        let line = self.code[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = self.code[line..at].trim();
        if !before.is_empty() && !before.starts_with("CONSTRAINT") {
            return at - usize::from(self.code[..at].ends_with(' '))..end;
        }
        match self.code[..line].trim_end().ends_with(',') {
            // Only blanks and comments are between the two.
            true => self.code[..line].trim_end().len() - 1..end,
            false => line..end + usize::from(self.code[end..].starts_with(',')),
        }
    }
}

fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.find("--") {
            Some(at) => {
                let (kept, comment) = line.split_at(at);
                code.push_str(kept);
                code.extend(comment.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
            None => code.push_str(line),
        }
    }
    code
}
