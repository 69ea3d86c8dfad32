//! Migrations that a database refuses.

use std::collections::BTreeSet;

use super::code::Code;
use super::failure::{Failure, Refused};
use super::found::Found;
use super::sql::syntax::fault;
use super::sql::tables::{SqlFile, Tables, migrations};
use super::sql::words::{meant_function, meant_type};
use super::sql::{Kind, Word};
use super::text::{between, listed, nearest};

/// A statement that the database cannot read.
pub fn syntax(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let refused = failure.refused(code)?;
    let words = &refused.file.words;
    let fault = fault(words, &stopped(&refused)?, code.database)?;
    let file = &refused.file;
    Some(Found::new(fault.lines(&file.source.text)).at(&file.source.file, fault.line))
}

/// The words at which the database may have stopped.
fn stopped(refused: &Refused<'_>) -> Option<Vec<usize>> {
    let words = &refused.file.words;
    let said = refused.words;
    let open = || words.iter().position(|word| word.kind == Kind::Open).map(|at| vec![at]);
    if said.contains("unterminated quoted") {
        return open();
    }
    if let Some(token) = between(said, "unrecognized token: \"", '"') {
        let same = words.iter().position(|word| word.text == token && !token.is_empty());
        return same.map(|at| vec![at]).or_else(open);
    }
    if said.starts_with("incomplete input") || said.contains("syntax error at end of input") {
        return Some(open().unwrap_or_else(|| vec![words.len()]));
    }
    let is_syntax = said.contains("syntax error");
    let near = between(said, "near \"", '"').filter(|_| is_syntax)?;
    // Of a quoted name only the first quote is left.
    let is_it = |word: &Word| word.text == near || (near.is_empty() && word.text.starts_with('"'));
    Some((0..words.len()).filter(|at| is_it(&words[*at])).collect())
}

/// A table, a column, a function or a type that does not exist.
pub fn unknown_name(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let refused = failure.refused(code)?;
    let said = refused.words;
    if said.contains("foreign key") {
        return None;
    }
    let files = migrations(code);
    let tables = Tables::of(&files);
    if let Some(name) = between(said, "no such function: ", '\n')
        .or_else(|| between(said, "function ", '(').filter(|_| said.contains("does not exist")))
    {
        let right = meant_function(name)?;
        return at_word(
            &refused.file,
            name,
            &format!("There is no function `{name}`. Is it `{right}`?"),
            right,
        );
    }
    if let Some(name) = between(said, "type \"", '"').filter(|_| said.contains("does not exist")) {
        let word = refused.file.words.iter().find(|word| word.name() == name)?;
        let right = meant_type(word)?;
        return at_word(&refused.file, name, &format!("There is no type `{}` in SQL.", word.text), right);
    }
    let column = between(said, "no such column: ", '\n')
        .or_else(|| said.split_once(" has no column named ").map(|(_, column)| column))
        .or_else(|| between(said, "column \"", '"').filter(|_| said.ends_with("named in key does not exist")))
        .or_else(|| {
            between(said, "column \"", '"')
                .filter(|_| said.ends_with("does not exist") && !said.contains("relation"))
        });
    if let Some(column) = column {
        return column_or_text(&refused.file, column.split(" - ").next()?.trim_matches('"'), &tables);
    }
    let table = between(said, "no such table: ", '\n')
        .or_else(|| between(said, "relation \"", '"').filter(|_| said.ends_with("does not exist")))
        .or_else(|| between(said, "table \"", '"').filter(|_| said.ends_with("does not exist")))?;
    let table = table.trim_start_matches("main.");
    // A reference to a missing table is explained elsewhere.
    let is_referred = |pair: &[Word]| pair[0].is("REFERENCES") && pair[1].name() == table;
    if refused.file.words.windows(2).any(is_referred) || tables.table(table).is_some() {
        return None;
    }
    let names: Vec<_> = tables.tables.iter().map(|table| table.name.as_str()).collect();
    let right = nearest(table, &names)?;
    let why = format!("There is no table `{table}`. The migrations create {}.", listed(&names));
    at_word(&refused.file, table, &why, right)
}

/// `"server"` is a name, where somebody wants a text; or a column has another name.
fn column_or_text(file: &SqlFile<'_>, name: &str, tables: &Tables) -> Option<Found> {
    let word = file.words.iter().find(|word| word.is_name() && word.name() == name)?;
    if word.kind == Kind::Quoted {
        let why = format!("Double quotes name a column: `\"{name}\"`. Put a string in single quotes.");
        return at_word(file, &word.text, &why, &format!("'{name}'"));
    }
    let own = || tables.tables.iter().filter(|table| table.is_own);
    let names: Vec<_> = own().flat_map(|table| table.column_names()).collect();
    let right = nearest(name, &names).filter(|right| *right != name)?;
    let why = format!("There is no column `{name}`. The columns are {}.", listed(&names));
    at_word(file, name, &why, right)
}

/// The line with the word, and how it should be.
fn at_word(file: &SqlFile<'_>, name: &str, why: &str, right: &str) -> Option<Found> {
    let word = file.words.iter().find(|word| word.text == name || word.name() == name)?;
    let lines = [why.to_owned(), String::new(), format!("    {}", file.with(word, right))];
    Some(Found::new(lines).at(&file.source.file, word.line))
}

/// A table or a column that exists already.
pub fn exists(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let refused = failure.refused(code)?;
    let said = refused.words;
    let files = migrations(code);
    let tables = Tables::of(&files);
    let file = &refused.file;
    let table = between(said, "table ", ' ')
        .or_else(|| between(said, "relation \"", '"'))
        .filter(|_| said.ends_with("already exists") && !said.contains("column"))
        .map(|name| name.trim_matches('"'));
    if let Some(table) = table {
        let created =
            |words: &[Word]| words[0].is("CREATE") && words[1].is("TABLE") && words[2].name() == table;
        let lines: Vec<_> =
            file.words.windows(3).filter(|words| created(words)).map(|words| words[2].line).collect();
        let first = tables.tables.iter().find(|known| known.name == table)?;
        let why = if first.is_own {
            format!(
                "`{table}` is created twice here, on lines {}.",
                lines.iter().map(usize::to_string).collect::<Vec<_>>().join(" and ")
            )
        } else {
            format!("An earlier lesson already creates `{table}`. To add a column, write:")
        };
        let mut found = vec![why];
        if !first.is_own {
            found.extend([String::new(), format!("    ALTER TABLE {table} ADD COLUMN … ;")]);
        }
        return Some(Found::new(found).at(&file.source.file, *lines.last()?));
    }
    let column = between(said, "duplicate column name: ", '\n')
        .or_else(|| between(said, "column \"", '"').filter(|_| said.contains("specified more than once")))
        .or_else(|| between(said, "column \"", '"').filter(|_| said.contains("already exists")))?;
    let same = |known: &&super::sql::tables::SqlTable| {
        known.columns.iter().filter(|own| own.name == column).count() > 1
    };
    let known = tables.tables.iter().find(same)?;
    let twice: Vec<_> = known.columns.iter().filter(|own| own.name == column).collect();
    let last = twice.last()?;
    let lines = [
        format!("`{}` has two columns `{column}`, on lines {} and {}.", known.name, twice[0].line, last.line),
        String::new(),
        format!("    {}", file.line(last.line)),
    ];
    (twice[0].file == last.file).then(|| Found::new(lines).at(&file.source.file, last.line))
}

/// Two primary keys.
pub fn constraint(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let refused = failure.refused(code)?;
    let (said, file) = (refused.words, &refused.file);
    let keys = |pair: &[Word]| pair[0].is("PRIMARY") && pair[1].is("KEY");
    if said.contains("more than one primary key") || said.contains("multiple primary keys") {
        let at = file.words.windows(2).rposition(keys)?;
        let files = migrations(code);
        let tables = Tables::of(&files);
        let name = between(said, "table \"", '"')?;
        let table = tables.tables.iter().find(|table| table.name == name && table.is_own)?;
        let mut columns: Vec<_> = table.keys.iter().flatten().map(String::as_str).collect();
        let mut known = BTreeSet::new();
        columns.retain(|column| known.insert(*column));
        let lines = [
            format!(
                "A table can have only one primary key, but `{name}` declares several: {}.",
                listed(&columns)
            ),
            "To use several columns as the key, list them together on their own line:".to_owned(),
            String::new(),
            format!("    PRIMARY KEY ({})", columns.join(", ")),
        ];
        return Some(Found::new(lines).at(&file.source.file, file.words[at].line));
    }
    None
}
