//! `roster.csv`: who takes part. A list that an LMS or GitHub Classroom exports will do.

use std::collections::HashMap;
use std::path::Path;

use super::alike::alike;
use super::fault::{Fault, Source};
use crate::intake::kind::without_ending;
use crate::text::line;

/// Somebody on the list, as it is shown. Each text is one line without anything that a terminal takes for a command.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    pub username: String,
    pub section: String,
    /// Canvas's `SIS User ID`.
    pub sis: String,
    /// Names of submissions that are theirs, whatever these are called.
    pub folders: Vec<String>,
    /// When they handed in, as the list says it.
    pub handed_in: Option<String>,
    /// The name as a list, first names first and last.
    pub forms_of_name: Vec<String>,
    /// In the file.
    pub line: usize,
}

impl Person {
    /// What a person calls them.
    pub fn shown(&self) -> &str {
        [&self.name, &self.username, &self.email]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or(&self.id)
    }
}

pub struct Roster {
    pub source: Source,
    pub people: Vec<Person>,
    /// Canvas has written it, so its ids are Canvas's.
    pub is_canvas: bool,
}

/// A column, and what lists call it.
const COLUMNS: [(Column, &[&str]); 10] = [
    (
        Column::Id,
        &["id", "student id", "identifier", "id number", "sid", "student number", "roster identifier"],
    ),
    (Column::Name, &["name", "student", "student name", "full name"]),
    (Column::First, &["first name", "first", "given name", "firstname"]),
    (Column::Last, &["last name", "last", "surname", "family name", "lastname"]),
    (Column::Email, &["email", "email address", "e mail"]),
    (Column::Username, &["username", "login", "sis login id", "github username", "github", "user name"]),
    (Column::Sis, &["sis user id"]),
    (Column::Section, &["section", "group", "class", "sections"]),
    (Column::Folder, &["folder", "folders", "submission", "upload"]),
    (Column::HandedIn, &["handed in", "submitted at", "submission time", "datetime"]),
];

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Column {
    Id,
    Name,
    First,
    Last,
    Email,
    Username,
    Sis,
    Section,
    Folder,
    HandedIn,
}

impl Roster {
    /// # Errors
    ///
    /// When it cannot be read, has no column that names people, or has somebody twice.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let source = Source::read(file)?;
        let (people, is_canvas) = people(&source)?;
        Ok(Self { source, people, is_canvas })
    }
}

fn people(source: &Source) -> Result<(Vec<Person>, bool), Fault> {
    let mut table = csv::ReaderBuilder::new()
        .delimiter(delimiter(&source.text))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    let mut rows = table.records().map(|row| {
        let at = |error: &csv::Error| {
            error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX))
        };
        row.map_err(|error| source.at_line(at(&error), format_args!("is not CSV: {error}")))
    });
    let is_empty = |row: &csv::StringRecord| row.iter().all(str::is_empty);
    let line_of = |row: &csv::StringRecord| {
        let (line, start) = row.position().map_or((1, 0), |position| (position.line(), position.byte()));
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        // Empty lines before a row are skipped, and not counted.
        let skipped =
            source.text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches('\n').len());
        usize::try_from(line).unwrap_or(usize::MAX).saturating_add(skipped)
    };
    let header = rows.find(|row| row.as_ref().map_or(true, |row| !is_empty(row)));
    let header = header
        .ok_or_else(|| source.fault("is empty: its first line names the columns, such as `id,name`"))??;
    let columns = columns(source, &header, line_of(&header))?;
    let mut people: Vec<Person> = Vec::new();
    for row in rows {
        let row = row?;
        // Canvas writes the highest points below the header.
        let is_maximum = row.iter().any(|cell| cell.eq_ignore_ascii_case("points possible"));
        if is_empty(&row) || is_maximum {
            continue;
        }
        let line = line_of(&row);
        if row.len() > header.len() {
            let what = format!(
                "has {} cells, and the first line names {} columns: put a cell with a `{}` between quotes",
                row.len(),
                header.len(),
                char::from(delimiter(&source.text)),
            );
            return Err(source.at_line(line, what));
        }
        people.push(person(source, &columns, &row, line)?);
    }
    if people.is_empty() {
        return Err(source.fault("names nobody: below the first line, write a line for each student"));
    }
    distinct(source, &people)?;
    Ok((people, columns.contains_key(&Column::Sis)))
}

/// What stands between the cells: which it is depends on the country of the spreadsheet.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: &u8| first.bytes().filter(|byte| byte == mark).count();
    let marks = [b',', b';', b'\t'];
    marks.into_iter().max_by_key(|mark| (count(mark), *mark == b',')).unwrap_or(b',')
}

fn columns(source: &Source, header: &csv::StringRecord, at: usize) -> Result<HashMap<Column, usize>, Fault> {
    let mut columns = HashMap::new();
    for (index, title) in header.iter().enumerate() {
        let title = title.to_lowercase().replace(['_', '-'], " ");
        let Some((column, _)) = COLUMNS.iter().find(|(_, names)| names.contains(&title.as_str())) else {
            continue;
        };
        // Where two columns mean the same, the first one counts: `ID` before `SIS User ID`.
        columns.entry(*column).or_insert(index);
    }
    let names = [Column::Id, Column::Username, Column::Email, Column::Name, Column::Last];
    if names.iter().any(|column| columns.contains_key(column)) {
        return Ok(columns);
    }
    let there: Vec<_> = header.iter().map(|title| format!("`{}`", line(title))).collect();
    Err(source.at_line(
        at,
        format_args!(
            "no column names a student: call one `id`, `username`, `email` or `name`; there are {}",
            there.join(", ")
        ),
    ))
}

fn person(
    source: &Source,
    columns: &HashMap<Column, usize>,
    row: &csv::StringRecord,
    at: usize,
) -> Result<Person, Fault> {
    let cell = |column| columns.get(&column).and_then(|index| row.get(*index)).map(line).unwrap_or_default();
    let (first, last) = (cell(Column::First), cell(Column::Last));
    let mut name = cell(Column::Name);
    let mut forms = vec![name.clone()];
    // `Doe, Jane`
    if let Some((last, first)) = name.split_once(',') {
        forms.push(format!("{} {}", first.trim(), last.trim()));
    } else if let Some((first, last)) = name.rsplit_once(' ') {
        forms.push(format!("{last} {first}"));
    }
    if !last.is_empty() {
        forms.extend([format!("{first} {last}"), format!("{last} {first}")]);
        if name.is_empty() {
            name = format!("{first} {last}").trim().to_owned();
        }
    }
    let (email, username) = (cell(Column::Email), cell(Column::Username));
    let mut id = cell(Column::Id);
    if id.is_empty() {
        let others = [&username, &email, &name];
        id = others.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
    }
    if id.is_empty() {
        return Err(
            source.at_line(at, "nothing on this line says who it is: fill in the id, or delete the line")
        );
    }
    let folders = cell(Column::Folder);
    let folders = folders.split([';', '|']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let handed_in = Some(cell(Column::HandedIn)).filter(|text| !text.is_empty());
    Ok(Person {
        id,
        name,
        email,
        username,
        section: cell(Column::Section),
        sis: cell(Column::Sis),
        folders: folders.collect(),
        handed_in,
        forms_of_name: forms.into_iter().filter(|form| !form.trim().is_empty()).collect(),
        line: at,
    })
}

/// No two people are known by the same: one would get the other's points. It does not matter in which columns it is.
fn distinct(source: &Source, people: &[Person]) -> Result<(), Fault> {
    let mut known: HashMap<String, (&Person, &str)> = HashMap::new();
    for person in people {
        for (what, key) in [("id", &person.id), ("username", &person.username), ("email", &person.email)] {
            let alike = alike(without_number(key));
            let Some((other, others)) =
                known.insert(alike.clone(), (person, what)).filter(|_| !alike.is_empty())
            else {
                continue;
            };
            if other.line == person.line {
                continue;
            }
            let same =
                if what == others { format!("the same {what}") } else { format!("as {others} the {what}") };
            return Err(source.at_line(
                person.line,
                format_args!(
                    "line {} has {same}, `{key}`: {} and {} could not be told apart. Give each student one of their \
                     own, or delete a line",
                    other.line,
                    other.shown(),
                    person.shown()
                ),
            ));
        }
    }
    for person in people {
        for folder in &person.folders {
            let Some((other, what)) = known.get(&alike(without_ending(folder))) else { continue };
            let shares = |name: &String| alike(name) == alike(folder);
            if other.line != person.line && !other.folders.iter().any(shares) {
                return Err(source.at_line(
                    person.line,
                    format_args!(
                        "gives {} the folder `{folder}`, which is the {what} of {} on line {}: if both have handed it \
                         in, write it into the column `folder` of both",
                        person.shown(),
                        other.shown(),
                        other.line
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// Without the `~2` by which the grader tells two submissions apart.
fn without_number(key: &str) -> &str {
    let numbered = key.rsplit_once('~').filter(|(_, count)| count.parse::<u32>().is_ok());
    numbered.map_or(key, |(before, _)| before)
}
