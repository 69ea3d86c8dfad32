//! Foreign keys that lead nowhere or elsewhere, and columns that are not as a gate's rows need them.

use super::code::Code;
use super::failure::Failure;
use super::found::Found;
use super::sql::tables::{Column, Reference, SqlFile, SqlTable, Tables, migrations};
use super::sql::words::meant_type;
use super::sql::{Word, replaced};
use super::text::{listed, nearest};
use crate::Database;

/// What a foreign key should refer to: the table that its column is named after, and that table's key.
fn expected<'a>(reference: &Reference, tables: &'a Tables) -> Option<(&'a SqlTable, Vec<String>)> {
    let [column] = &reference.columns[..] else { return None };
    let stem = column.strip_suffix("_id")?;
    let is_named = |table: &&SqlTable| table.name == stem || table.name == format!("{stem}s");
    let table = tables.tables.iter().find(is_named)?;
    let key = table.keys.iter().find(|key| key.len() == 1)?;
    Some((table, key.clone()))
}

/// Why the database cannot follow the key, where it can be seen. Only PostgreSQL refuses one of another type.
fn why(reference: &Reference, tables: &Tables, is_refused: bool) -> Option<String> {
    let column = || format!("`{}.{}`", reference.table, reference.columns.join(", "));
    let Some(table) = tables.table(&reference.to) else {
        let names: Vec<_> = tables.tables.iter().map(|table| table.name.as_str()).collect();
        return Some(format!(
            "{} refers to a table `{}`, which does not exist. The migrations create {}.",
            column(),
            reference.to,
            listed(&names)
        ));
    };
    if let Some(missing) = reference.to_columns.iter().find(|name| table.column(name).is_none()) {
        return Some(format!(
            "{} refers to a column `{missing}` of `{}`, which has {}.",
            column(),
            table.name,
            listed(&table.column_names())
        ));
    }
    if let ([own], [other]) = (&reference.columns[..], &reference.to_columns[..])
        && is_refused
    {
        let of = |table: &str, name: &str| {
            let column =
                tables.tables.iter().filter(|known| known.name == table).find_map(|known| known.column(name));
            column.map(Column::type_text)
        };
        let (own, other) = (of(&reference.table, own)?, of(&table.name, other)?);
        if own != other {
            return Some(format!("{} is `{own}`, and what it refers to is `{other}`.", column()));
        }
    }
    let is_key = reference.to_columns.is_empty() || table.keys.contains(&reference.to_columns);
    (!is_key).then(|| {
        format!(
            "{} refers to `{}.{}`, which is not unique: two rows may have the same.",
            column(),
            table.name,
            reference.to_columns.join(", ")
        )
    })
}

/// A key that leads nowhere, to the wrong column, or to the wrong table: as the database sees it, and as it should be.
pub fn foreign_key(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let says = |part: &str| failure.texts().any(|text| text.contains(part));
    let leads_nowhere = says("foreign key mismatch - ")
        || says("no such table: main.")
        || says("referenced in foreign key constraint does not exist")
        || says("no unique constraint matching given keys")
        || failure.refused(code).is_some_and(|refused| {
            refused.words.starts_with("relation ") && refused.words.ends_with("does not exist")
        });
    let is_refused = says("cannot be implemented");
    let leads_nowhere = leads_nowhere || is_refused;
    let is_violated = says("FOREIGN KEY constraint failed") || says("violates foreign key constraint");
    if !leads_nowhere && !is_violated {
        return None;
    }
    let files = migrations(code);
    let tables = Tables::of(&files);
    let own = || tables.references.iter().filter(|reference| reference.is_own);
    if leads_nowhere {
        if let Some((reference, why)) =
            own().find_map(|reference| Some((reference, why(reference, &tables, is_refused)?)))
        {
            return Some(compared(reference, &why, &tables, &files));
        }
        return too_early(failure, code, &tables, &files);
    }
    // Each row's key is refused, though the row it should name is there: it is looked for elsewhere.
    let is_wrong = |reference: &&Reference| {
        expected(reference, &tables).is_some_and(|(table, _)| table.name != reference.to)
    };
    let reference = own().find(is_wrong)?;
    let right = expected(reference, &tables)?.0;
    let why = format!(
        "The database looks `{}.{}` up in `{}`, and the gate's rows are in `{}`.",
        reference.table,
        reference.columns.join(", "),
        reference.to,
        right.name
    );
    Some(compared(reference, &why, &tables, &files))
}

/// The key as the database sees it, and as its column's name promises.
fn compared(reference: &Reference, why: &str, tables: &Tables, files: &[SqlFile<'_>]) -> Found {
    let mut lines = vec![why.to_owned(), String::new()];
    lines.push(format!("    got        {}", reference.shown(&reference.to, &reference.to_columns)));
    if let Some((table, key)) = expected(reference, tables) {
        lines.push(format!("    expected   {}", reference.shown(&table.name, &key)));
        let file = files.iter().find(|file| file.source.file == reference.file);
        let at = file.and_then(|file| {
            file.words.iter().position(|word| word.is("REFERENCES") && word.line == reference.line)
        });
        if let (Some(file), Some(at)) = (file, at)
            && let Some(name) = file.words.get(at + 1)
        {
            let end = match reference.to_columns.is_empty() {
                true => name.end(),
                false => file.words[at..].iter().find(|word| word.is(")")).map_or(name.end(), Word::end),
            };
            let right = format!("{} ({})", table.name, key.join(", "));
            let right = replaced(&file.source.text, name.start, end, &right);
            lines.extend([String::new(), format!("    {right}")]);
        }
    }
    Found::new(lines).at(&reference.file, reference.line)
}

/// PostgreSQL wants the table that a key refers to to be there when the key is made.
fn too_early(failure: &Failure<'_>, code: &Code, tables: &Tables, files: &[SqlFile<'_>]) -> Option<Found> {
    let refused = failure.refused(code)?;
    let name = refused.words.strip_prefix("relation \"")?.split('"').next()?;
    let reference = tables.references.iter().find(|reference| reference.to == name && reference.is_own)?;
    let file = files.iter().find(|file| file.source.file == reference.file)?;
    let created = file.words.windows(2).find(|pair| pair[0].is("TABLE") && pair[1].name() == name)?;
    let line = created[1].line;
    (line > reference.line).then(|| {
        Found::new([
            format!(
                "`{}.{}` refers to `{name}` before `{name}` exists.",
                reference.table,
                reference.columns.join(", ")
            ),
            String::new(),
            format!("    line {line} has to come first: {}", file.line(line)),
            format!("    then line {}: {}", reference.line, file.line(reference.line)),
        ])
        .at(&reference.file, reference.line)
    })
}

/// A type that SQLite takes as it is, whatever it says: a name of its own, or two columns without a comma.
pub fn column_type(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let files = migrations(code);
    let tables = Tables::of(&files);
    let own = tables.tables.iter().filter(|table| table.is_own);
    // Of a table of earlier lessons, what this one has added.
    let columns =
        tables.tables.iter().filter(|table| !table.is_own).chain(own).flat_map(|table| &table.columns);
    let columns = columns.filter(|column| column.file.starts_with(&code.folder));
    let seen = failure.got().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    for column in columns {
        let Some(file) = files.iter().find(|file| file.source.file == column.file) else { continue };
        let (Some(first), Some(last)) = (column.of.first(), column.of.last()) else { continue };
        let written = column.type_text();
        let second = column.of.iter().find(|word| word.line > first.line && word.is_first);
        if let Some(second) = second
            && last.line > column.line
            && (seen.contains(&written)
                || failure.message().contains(&format!("no column named {}", second.name())))
        {
            let before = column.of.iter().rfind(|word| word.line < second.line)?;
            let line = file.line(before.line);
            return Some(
                Found::new([
                    format!("A comma is missing between `{}` and `{} …`.", column.name, second.text),
                    format!("SQLite reads all of `{written}` as the type of `{}`.", column.name),
                    String::new(),
                    format!("    {line},"),
                ])
                .at(&column.file, before.line),
            );
        }
        if let Some(found) = other_keys(column, file, &seen, code.database) {
            return Some(found);
        }
        let is_seen = || {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            seen.split(|c| !is_word(c)).any(|word| word == first.text.to_lowercase())
        };
        if let Some(right) = meant_type(first)
            && is_seen()
        {
            return Some(
                Found::new([
                    format!(
                        "SQL has no type `{}`. SQLite accepts any word as a type; PostgreSQL would reject it.",
                        first.text
                    ),
                    String::new(),
                    format!("    {}", file.with(first, right)),
                ])
                .at(&column.file, column.line),
            );
        }
    }
    None
}

/// `AUTO_INCREMENT` and `SERIAL`, which SQLite takes for words of a type.
fn other_keys(column: &Column, file: &SqlFile<'_>, seen: &str, database: Database) -> Option<Found> {
    let is_other =
        |word: &&Word| ["AUTO_INCREMENT", "SERIAL", "BIGSERIAL"].iter().any(|other| word.is(other));
    let word = column.of.iter().find(is_other)?;
    (database == Database::Sqlite && seen.contains(&column.type_text())).then(|| {
        let whose = if word.is("AUTO_INCREMENT") { "MySQL" } else { "PostgreSQL" };
        let why = format!("`{}` is {whose} syntax. SQLite reads it as part of the type.", word.text);
        let right =
            format!("    {} INTEGER PRIMARY KEY NOT NULL,      numbers its rows by itself", column.name);
        let lines = [why, String::new(), format!("    {}      ← now", file.line(column.line)), right];
        Found::new(lines).at(&column.file, column.line)
    })
}

/// The columns of a table that the lesson's own migrations make.
fn own_names<'a>(table: &'a SqlTable, code: &Code) -> Vec<&'a str> {
    let own = table.columns.iter().filter(|column| column.file.starts_with(&code.folder));
    own.map(|column| column.name.as_str()).collect()
}

/// A column that the gate should see in a list of columns and does not, and the table that has one of a name like it.
fn expected_column<'a>(
    failure: &Failure<'a>,
    code: &Code,
    tables: &'a Tables,
) -> Option<(&'a SqlTable, &'a str)> {
    fn listed(text: &str) -> Vec<&str> {
        text.lines().filter_map(|line| Some(line.split_once(" | ")?.0.trim())).collect()
    }
    if failure.panic().is_some() {
        return None;
    }
    let (expected, got) = (listed(failure.report.expected.as_deref()?), listed(failure.got()));
    let mut missing = expected.iter().filter(|name| !got.contains(name));
    let (missing, None) = (*missing.next()?, missing.next()) else { return None };
    let has_near = |table: &&SqlTable| {
        nearest(missing, &own_names(table, code))
            .is_some_and(|near| got.contains(&near) && !expected.contains(&near))
    };
    Some((tables.tables.iter().find(has_near)?, missing))
}

/// The table whose column `down.sql` does not find: the one with a column of nearly that name in the lesson's
/// migration.
fn of_down<'a>(column: &'a str, code: &Code, tables: &'a Tables) -> Option<(&'a SqlTable, &'a str)> {
    let has_near = |table: &&SqlTable| nearest(column, &own_names(table, code)).is_some();
    Some((tables.tables.iter().find(has_near)?, column))
}

/// The gate's rows name a column that the table does not have.
pub fn column_name(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    // The file that undoes a migration is given, and names the columns as they should be.
    if failure.refused(code).is_some_and(|refused| !refused.file.source.file.ends_with("/down.sql")) {
        return None;
    }
    let files = migrations(code);
    let tables = Tables::of(&files);
    let said = failure.message();
    let (table, column) = match said.split_once(" has no column named ") {
        Some((before, column)) => (tables.table(before.rsplit(' ').next()?)?, column.trim()),
        None => match said.split_once("\" of relation \"") {
            Some((before, table)) => {
                (tables.table(table.strip_suffix("\" does not exist")?)?, before.rsplit('"').next()?)
            }
            None => match said.split_once("no such column: \"") {
                Some((_, column)) => of_down(column.strip_suffix('"')?, code, &tables)?,
                None => expected_column(failure, code, &tables)?,
            },
        },
    };
    let names = table.column_names();
    let near = nearest(column, &own_names(table, code)).filter(|near| *near != column)?;
    let own = table.column(near)?;
    let file = files.iter().find(|file| file.source.file == own.file)?;
    Some(
        Found::new([
            format!("The gate needs a column `{column}`; `{}` has {}.", table.name, listed(&names)),
            String::new(),
            format!("    {}", file.with(&own.word, column)),
        ])
        .at(&own.file, own.line),
    )
}
