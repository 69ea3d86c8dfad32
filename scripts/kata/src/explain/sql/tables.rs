//! The tables that migrations make, with their keys and what refers to what.

use super::words::is_constraint;
use super::{Kind, Word, list, replaced, statements, words};
use crate::explain::code::{Code, Source};

/// A file with SQL, as words.
pub struct SqlFile<'a> {
    pub source: &'a Source,
    pub words: Vec<Word>,
    /// The student writes it; an earlier lesson's is given.
    pub is_own: bool,
}

impl SqlFile<'_> {
    /// A line as it is written, without the blanks around it.
    pub fn line(&self, number: usize) -> &str {
        self.source.text.lines().nth(number.wrapping_sub(1)).unwrap_or_default().trim()
    }

    /// The word's line with another word in its place.
    pub fn with(&self, word: &Word, right: &str) -> String {
        replaced(&self.source.text, word.start, word.end(), right)
    }
}

#[derive(Debug)]
pub struct SqlTable {
    pub name: String,
    pub columns: Vec<Column>,
    /// Columns that name one row at most.
    pub keys: Vec<Vec<String>>,
    pub is_own: bool,
}

#[derive(Debug)]
pub struct Column {
    pub name: String,
    pub word: Word,
    /// The words of its type.
    pub of: Vec<Word>,
    /// It cannot be empty.
    pub is_always_there: bool,
    pub line: usize,
    pub file: String,
}

/// A foreign key, as the database sees it.
#[derive(Clone, Debug)]
pub struct Reference {
    pub table: String,
    pub columns: Vec<String>,
    pub to: String,
    /// Empty where the key of the other table is meant.
    pub to_columns: Vec<String>,
    pub line: usize,
    pub file: String,
    pub is_own: bool,
}

impl Reference {
    /// `books.author_id → authors (id)`.
    pub fn shown(&self, to: &str, columns: &[String]) -> String {
        let columns = if columns.is_empty() { "its key".to_owned() } else { columns.join(", ") };
        format!("{}.{} → {to} ({columns})", self.table, self.columns.join(", "))
    }
}

#[derive(Default)]
pub struct Tables {
    pub tables: Vec<SqlTable>,
    pub references: Vec<Reference>,
}

/// The `up.sql` of earlier lessons and of this one, in the order in which they run.
pub fn migrations(code: &Code) -> Vec<SqlFile<'_>> {
    let database = format!("/{}/", code.database.name());
    let is_migration = |source: &&Source| {
        source.file.contains("migrations/")
            && source.file.contains(&database)
            && source.file.ends_with("/up.sql")
    };
    let file = |source, is_own| SqlFile { source, words: words(&source.text), is_own };
    let earlier = code.earlier.iter().filter(is_migration).map(|source| file(source, false));
    let own = code.sources.iter().filter(is_migration).map(|source| file(source, true));
    earlier.chain(own).collect()
}

impl Tables {
    pub fn of(files: &[SqlFile<'_>]) -> Self {
        let mut tables = Self::default();
        for file in files {
            for statement in statements(&file.words) {
                tables.take(statement, file);
            }
        }
        tables
    }

    pub fn table(&self, name: &str) -> Option<&SqlTable> {
        self.tables.iter().find(|table| table.name == name)
    }

    fn take(&mut self, words: &[Word], file: &SqlFile<'_>) {
        let upper: Vec<_> = words.iter().map(|word| word.text.to_uppercase()).collect();
        let upper: Vec<_> = upper.iter().map(String::as_str).collect();
        match upper[..] {
            ["CREATE", "TABLE", "IF", "NOT", "EXISTS", _, "(", ..] => self.create(&words[5..], file),
            ["CREATE", "TABLE", _, "(", ..] => self.create(&words[2..], file),
            ["CREATE", "UNIQUE", "INDEX", _, "ON", _, "(", ..] => {
                let columns = names(&words[6..]);
                // A partial index is not a key.
                let is_whole = !upper.contains(&"WHERE");
                let table = self.tables.iter_mut().find(|table| table.name == words[5].name());
                table.into_iter().filter(|_| is_whole).for_each(|table| table.keys.push(columns.clone()));
            }
            ["ALTER", "TABLE", _, "ADD", "COLUMN", ..] => self.column(&words[2].name(), &words[5..], file),
            ["ALTER", "TABLE", _, "ADD", "CONSTRAINT", _, ..] => {
                self.constraint(&words[2].name(), &words[6..], file);
            }
            ["ALTER", "TABLE", _, "ADD", ..] => self.column(&words[2].name(), &words[4..], file),
            _ => {}
        }
    }

    /// `words` begin with the table's name.
    fn create(&mut self, words: &[Word], file: &SqlFile<'_>) {
        let name = words[0].name();
        self.tables.push(SqlTable {
            name: name.clone(),
            columns: Vec::new(),
            keys: Vec::new(),
            is_own: file.is_own,
        });
        for part in list(words, 1).0 {
            match part {
                [first, _, rest @ ..] if first.is("CONSTRAINT") => self.constraint(&name, rest, file),
                [first, ..]
                    if ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].iter().any(|word| first.is(word)) =>
                {
                    self.constraint(&name, part, file);
                }
                _ => self.column(&name, part, file),
            }
        }
    }

    fn constraint(&mut self, table: &str, words: &[Word], file: &SqlFile<'_>) {
        let Some(open) = words.iter().position(|word| word.is("(")) else { return };
        let columns = names(&words[open..]);
        if words[0].is("FOREIGN") {
            self.reference(table, columns, words, file);
        } else if words[0].is("PRIMARY") || words[0].is("UNIQUE") {
            self.key(table, &columns);
        }
    }

    fn column(&mut self, table: &str, words: &[Word], file: &SqlFile<'_>) {
        let Some(name) = words.first().filter(|word| word.is_name()) else { return };
        let end = words.iter().skip(1).position(is_constraint).map_or(words.len(), |at| at + 1);
        let column = Column {
            name: name.name(),
            word: name.clone(),
            of: words[1..end].to_vec(),
            is_always_there: words.windows(2).any(|pair| {
                (pair[0].is("NOT") && pair[1].is("NULL")) || (pair[0].is("PRIMARY") && pair[1].is("KEY"))
            }),
            line: name.line,
            file: file.source.file.clone(),
        };
        if let Some(known) = self.tables.iter_mut().find(|known| known.name == table) {
            known.columns.push(column);
        }
        let is_key = |pair: &[Word]| pair[0].is("PRIMARY") && pair[1].is("KEY");
        if words.windows(2).any(is_key) || words.iter().any(|word| word.is("UNIQUE")) {
            self.key(table, &[name.name()]);
        }
        self.reference(table, vec![name.name()], words, file);
    }

    fn key(&mut self, table: &str, columns: &[String]) {
        self.tables
            .iter_mut()
            .filter(|known| known.name == table)
            .for_each(|known| known.keys.push(columns.to_vec()));
    }

    fn reference(&mut self, table: &str, columns: Vec<String>, words: &[Word], file: &SqlFile<'_>) {
        let Some(at) = words.iter().position(|word| word.is("REFERENCES")) else { return };
        let Some(to) = words.get(at + 1).filter(|word| word.is_name()) else { return };
        let to_columns = match words.get(at + 2) {
            Some(open) if open.is("(") => names(&words[at + 2..]),
            _ => Vec::new(),
        };
        self.references.push(Reference {
            table: table.to_owned(),
            columns,
            to: to.name(),
            to_columns,
            line: words[at].line,
            file: file.source.file.clone(),
            is_own: file.is_own,
        });
    }
}

impl SqlTable {
    pub fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    /// Its type as a database shows it.
    pub fn type_text(&self) -> String {
        let mut text = String::new();
        for word in &self.of {
            if !text.is_empty() && word.kind != Kind::Other && !text.ends_with('(') {
                text.push(' ');
            }
            text += &word.text.to_lowercase();
        }
        text
    }
}

/// The names between the parentheses that `words` begin with.
fn names(words: &[Word]) -> Vec<String> {
    let (parts, _) = list(words, 0);
    parts.into_iter().filter_map(|part| Some(part.first()?.name())).collect()
}
