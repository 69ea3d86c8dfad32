//! The columns that a lesson's gates expect the student's tables to have: their snapshots hold them.

use gate_contract::trace::{Column, Table};
use kata::course::{Course, Lesson};
use kata::judge;

use crate::beside::is_of_columns;
use crate::grids::grids;

/// A table as gates expect it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedTable {
    pub name: String,
    pub columns: Vec<Column>,
    /// A gate of the lesson itself asks for it, and not only one of an earlier lesson.
    pub is_of_lesson: bool,
}

/// The tables that the gates up to number `until` expect, each as the last of them does. A project has tables of its
/// own.
pub fn expected_tables(course: &Course, lesson: &Lesson, until: usize) -> Vec<ExpectedTable> {
    let mut found: Vec<ExpectedTable> = Vec::new();
    if lesson.is_project() {
        return found;
    }
    let until_here =
        course.lessons.iter().filter(|other| other.number <= lesson.number && !other.is_project());
    for other in until_here {
        let is_of_lesson = other.number == lesson.number;
        let gates = other.manifest.gates.iter().enumerate();
        for (_, gate) in gates.filter(|(index, _)| !is_of_lesson || *index < until) {
            let Ok(snapshot) = judge::expected(course, other, gate) else { continue };
            for table in of_snapshot(&snapshot, is_of_lesson) {
                found.retain(|earlier| earlier.name != table.name);
                found.push(table);
            }
        }
    }
    found
}

fn of_snapshot(snapshot: &str, is_of_lesson: bool) -> Vec<ExpectedTable> {
    let column = |row: &Vec<&str>| Column {
        name: row[0].to_owned(),
        kind: row[1].to_owned(),
        may_be_null: row[2] == "yes",
        in_key: row[3] == "yes",
        refers_to: None,
    };
    let grids = grids(snapshot).into_iter().filter(|grid| is_of_columns(grid) && !grid.label.contains(' '));
    let table = |grid: crate::grids::Grid<'_>| ExpectedTable {
        name: grid.label.to_owned(),
        columns: grid.rows.iter().map(column).collect(),
        is_of_lesson,
    };
    grids.map(table).collect()
}

/// A table with what differs from the expected one.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedTable {
    pub table: Table,
    /// For each column what is wrong with it, if anything is.
    pub marks: Vec<Option<String>>,
    pub is_missing: bool,
}

/// The tables with what differs from the expected ones, those that are missing last.
pub fn marked(tables: &[Table], expected: &[ExpectedTable]) -> Vec<MarkedTable> {
    let mut marked: Vec<_> = tables
        .iter()
        .map(|table| compared(table, expected.iter().find(|expected| expected.name == table.name)))
        .collect();
    let is_missing = |wanted: &&ExpectedTable| {
        wanted.is_of_lesson && !tables.iter().any(|table| table.name == wanted.name)
    };
    for wanted in expected.iter().filter(is_missing) {
        let (name, columns) = (wanted.name.clone(), wanted.columns.clone());
        let marks = vec![None; columns.len()];
        let table = Table { name, columns, rows: Vec::new(), count: 0 };
        marked.push(MarkedTable { table, marks, is_missing: true });
    }
    marked
}

fn compared(table: &Table, expected: Option<&ExpectedTable>) -> MarkedTable {
    let mut marked =
        MarkedTable { table: table.clone(), marks: vec![None; table.columns.len()], is_missing: false };
    let Some(expected) = expected else { return marked };
    let find = |columns: &[Column], name: &str| columns.iter().find(|column| column.name == name).cloned();
    for (column, mark) in table.columns.iter().zip(&mut marked.marks) {
        *mark = match find(&expected.columns, &column.name) {
            None => Some("not expected".to_owned()),
            Some(wanted) if facts(&wanted) == facts(column) => None,
            Some(wanted) => Some(format!("expected {}", facts(&wanted))),
        };
    }
    for wanted in expected.columns.iter().filter(|wanted| find(&table.columns, &wanted.name).is_none()) {
        marked.table.columns.push(wanted.clone());
        marked.marks.push(Some("missing".to_owned()));
    }
    marked
}

/// What gates ask of a column, as the picture shows it.
fn facts(column: &Column) -> String {
    let null = if column.may_be_null { "?" } else { "" };
    let key = if column.in_key { " key" } else { "" };
    format!("{}{null}{key}", column.kind)
}

#[cfg(test)]
mod tests {
    use kata::course::find_root;

    use super::*;

    fn names(tables: &[ExpectedTable]) -> Vec<(&str, usize, bool)> {
        tables.iter().map(|table| (&*table.name, table.columns.len(), table.is_of_lesson)).collect()
    }

    #[test]
    fn lessons_expect_the_tables_that_their_gates_and_earlier_ones_require() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let of = |lesson: &str, until| expected_tables(&course, course.lesson(lesson).unwrap(), until);
        assert_eq!(names(&of("3", 99)), [("books", 3, true)]);
        assert!(of("3", 0).is_empty());
        assert_eq!(names(&of("4", 99)), [("authors", 2, true), ("books", 4, true)]);
        let crud = of("5", 1);
        assert_eq!(names(&crud), [("authors", 2, false), ("books", 4, false)]);
        assert_eq!(facts(&crud[1].columns[2]), "integer?");
        assert!(of("6", 99).iter().any(|table| table.name == "publishers_books" && table.is_of_lesson));
        assert!(of("8", 99).is_empty(), "a project's tables are its student's own");
    }

    #[test]
    fn differences_are_marked() {
        let column = |name: &str, kind: &str, may_be_null: bool| Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            may_be_null,
            in_key: name == "id",
            refers_to: None,
        };
        let books = Table {
            name: "books".to_owned(),
            columns: vec![
                column("id", "integer", false),
                column("title", "text", true),
                column("isbn", "text", true),
            ],
            rows: Vec::new(),
            count: 2,
        };
        let wanted = |name: &str, is_of_lesson| ExpectedTable {
            name: name.to_owned(),
            columns: vec![
                column("id", "integer", false),
                column("title", "text", false),
                column("pages", "integer", true),
            ],
            is_of_lesson,
        };
        let all = [wanted("books", true), wanted("authors", true), wanted("earlier", false)];
        let marked = marked(std::slice::from_ref(&books), &all);
        let marks: Vec<_> = marked[0].marks.iter().map(|mark| mark.as_deref().unwrap_or_default()).collect();
        assert_eq!(marks, ["", "expected text", "not expected", "missing"]);
        let tables: Vec<_> = marked.iter().map(|table| (&*table.table.name, table.is_missing)).collect();
        assert_eq!(tables, [("books", false), ("authors", true)], "an earlier lesson's table may be gone");
        assert_eq!(super::marked(&[books], &[])[0].marks, [None, None, None]);
    }
}
