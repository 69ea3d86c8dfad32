//! `setup.sql`, which PostgreSQL's grammar reads without a server.

use super::code::Code;
use super::failure::Failure;
use super::found::Found;
use super::sql::syntax::{Change, Fault, fault};
use super::sql::{Kind, Word, replaced, statements, words};
use super::text::{listed, nearest};
use crate::Database;

const FILE: &str = "setup.sql";

/// A statement that the grammar does not understand.
pub fn syntax(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let source = failure.task_file(FILE, code)?;
    let place = failure.got().lines().find_map(|line| line.trim().strip_prefix("line "))?;
    let line: usize = place.split(',').next()?.parse().ok()?;
    let words = words(&source.text);
    let stopped: Vec<_> = (0..=words.len()).collect();
    // The grammar stops at the first mistake, which is on the line that it reports or the one before.
    let found = password(&words).or_else(|| fault(&words, &stopped, Database::Postgres))?;
    let is_there = found.line == line || found.line + 1 == line || found.change == Change::None;
    is_there.then(|| Found::new(found.lines(&source.text)).at(&source.file, found.line))
}

/// A password is a text, and so stands between single quotes.
fn password(words: &[Word]) -> Option<Fault> {
    let at = words.iter().position(|word| word.is("PASSWORD"))?;
    let value = words.get(at + 1)?;
    let why = match value.kind {
        Kind::Quoted => "Double quotes are for names. A password is a string: put it in single quotes.",
        Kind::Name if !value.is("NULL") => "A password is a string: put it in single quotes.",
        _ => return None,
    };
    let right = format!("'{}'", value.text.trim_matches('"'));
    Some(Fault {
        line: value.line,
        why: why.to_owned(),
        change: Change::Replace(value.start, value.end(), right),
    })
}

/// A database for a role that nothing has made, or that is made later.
pub fn owner(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let source = failure.task_file(FILE, code)?;
    let role = failure
        .got()
        .lines()
        .find_map(|line| line.trim().split_once("no statement before it creates the role "))?
        .1;
    let words = words(&source.text);
    let is_role = |words: &&[Word]| {
        words.len() > 2 && words[0].is("CREATE") && (words[1].is("USER") || words[1].is("ROLE"))
    };
    let roles: Vec<_> =
        statements(&words).filter(is_role).map(|words| (words[2].name(), words[2].line)).collect();
    let written = |line: usize| source.text.lines().nth(line - 1).unwrap_or_default().trim();
    let used = words.iter().rfind(|word| {
        word.is_name() && word.name() == role && !roles.iter().any(|(_, line)| *line == word.line)
    })?;
    if let Some((_, line)) = roles.iter().find(|(name, _)| name == role) {
        return Some(
            Found::new([
                format!("The database is given to `{role}` before `{role}` exists: statements run from top to bottom."),
                String::new(),
                format!("    line {line} has to come first: {}", written(*line)),
                format!("    then line {}: {}", used.line, written(used.line)),
            ])
            .at(&source.file, used.line),
        );
    }
    let names: Vec<_> = roles.iter().map(|(name, _)| name.as_str()).collect();
    let right = nearest(role, &names)?;
    Some(
        Found::new([
            format!("No statement creates the role `{role}`. The file creates {}.", listed(&names)),
            String::new(),
            format!("    {}", replaced(&source.text, used.start, used.end(), right)),
        ])
        .at(&source.file, used.line),
    )
}
