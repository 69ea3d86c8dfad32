//! What a migration says in the wrong order, or about another table, or in contradiction to itself.

use super::code::Code;
use super::failure::Failure;
use super::found::Found;
use super::sql::tables::{SqlFile, Tables, migrations};
use super::sql::{Word, list, words};
use super::text::{between, listed};
use crate::Database;

/// How a rule about a whole table begins.
const RULES: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];

/// A column behind a rule of the table, which SQLite cannot read.
pub fn columns_first(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let refused = failure.refused(code)?;
    let said = refused.words;
    let name = between(said, "near \"", '"').filter(|_| said.contains("syntax error"));
    let name = name
        .or_else(|| between(said, "no such column: ", '\n'))
        .filter(|_| code.database == Database::Sqlite)?;
    let file = &refused.file;
    let is_rule = |part: &[Word]| part.first().is_some_and(|word| RULES.iter().any(|rule| word.is(rule)));
    let opens = (0..file.words.len()).filter(|at| file.words[*at].is("(") && is_table(&file.words[..*at]));
    let mut found = opens.filter_map(|open| {
        let (parts, _) = list(&file.words, open);
        let rule = parts.iter().position(|part| is_rule(part))?;
        let column = parts[rule..].iter().find(|part| !is_rule(part))?.first()?;
        (column.is_name() && column.name() == name.to_lowercase())
            .then(|| (column.clone(), parts[rule][0].clone()))
    });
    let (column, rule) = found.next()?;
    Some(
        Found::new([
            format!("In SQLite, list all columns first, and the table's constraints after them. `{}` comes after a constraint:", column.name()),
            String::new(),
            format!("    first    {}", file.line(column.line)),
            format!("    then     {}", file.line(rule.line)),
            String::new(),
            "Put a comma after every line except the last.".to_owned(),
        ])
        .at(&file.source.file, column.line),
    )
}

/// Whether these words end with the head of a `CREATE TABLE`.
fn is_table(words: &[Word]) -> bool {
    let start = words.iter().rposition(|word| word.is(";")).map_or(0, |at| at + 1);
    let words = &words[start..];
    let length = if words.get(2).is_some_and(|word| word.is("IF")) { 6 } else { 3 };
    words.len() == length && words[0].is("CREATE") && words[1].is("TABLE")
}

/// `down.sql` that drops a table which `up.sql` does not make, and says `IF EXISTS`.
pub fn drop_other(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let left: Vec<_> = between(failure.message(), "down.sql has run, and there is still a table ", '\n')?
        .split(" and a table ")
        .collect();
    let [left] = left[..] else { return None };
    let files = migrations(code);
    let tables = Tables::of(&files);
    let database = format!("/{}/", code.database.name());
    let downs = code
        .sources
        .iter()
        .filter(|source| source.file.contains(&database) && source.file.ends_with("/down.sql"))
        .map(|source| SqlFile { source, words: words(&source.text), is_own: true })
        .collect::<Vec<_>>();
    let mut dropped = downs.iter().flat_map(|file| {
        let starts = file.words.windows(5).enumerate().filter(|(_, words)| {
            words[0].is("DROP") && words[1].is("TABLE") && words[2].is("IF") && words[3].is("EXISTS")
        });
        starts.map(move |(at, _)| (file, &file.words[at + 4]))
    });
    let (file, word) = dropped.find(|(_, word)| word.is_name() && tables.table(&word.name()).is_none())?;
    Some(
        Found::new([
            format!(
                "There is no table `{}`, and `IF EXISTS` hides that. `up.sql` creates {}:",
                word.name(),
                listed(&[left])
            ),
            String::new(),
            format!("    {}", file.with(word, left)),
        ])
        .at(&file.source.file, word.line),
    )
}

/// `ON DELETE SET NULL` for a column that is never empty.
pub fn set_null(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    if !failure
        .texts()
        .any(|text| text.contains("NotNullViolation") || text.contains("NOT NULL constraint failed"))
    {
        return None;
    }
    let files = migrations(code);
    let tables = Tables::of(&files);
    let own = tables.references.iter().filter(|reference| reference.is_own);
    let mut found = own.filter_map(|reference| {
        let [column] = &reference.columns[..] else { return None };
        let file = files.iter().find(|file| file.source.file == reference.file)?;
        let at = file.words.iter().position(|word| word.is("REFERENCES") && word.line == reference.line)?;
        let rest =
            file.words[at..].iter().take_while(|word| !word.is(",") && !word.is(";")).collect::<Vec<_>>();
        let sets = rest.windows(4).find(|words| {
            words[0].is("ON") && words[1].is("DELETE") && words[2].is("SET") && words[3].is("NULL")
        })?;
        let is_needed = tables.table(&reference.table)?.column(column)?.is_always_there;
        is_needed.then(|| (file, reference, column, sets[2].start, sets[3].end()))
    });
    let (file, reference, column, start, end) = found.next()?;
    let right = super::sql::replaced(&file.source.text, start, end, "CASCADE");
    Some(
        Found::new([
            format!("`{column}` is `NOT NULL`, and `ON DELETE SET NULL` asks the database to empty it. So it rejects the delete."),
            String::new(),
            format!("    {right}"),
            String::new(),
            format!("With `CASCADE`, deleting a row of `{}` also deletes the rows of `{}` that refer to it.", reference.to, reference.table),
        ])
        .at(&file.source.file, reference.line),
    )
}
