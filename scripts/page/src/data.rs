//! What a gate did to the database: statements, rows, tables, and who waited for whom.

use gate_contract::trace::Ran;
use kata::course::{Course, Lesson};
use kata::report::{GateReport, Report, Status};

use crate::expected_tables::{expected_tables, marked};
use crate::waits::Waits;
use crate::{beside, picture, rows, sql};

/// What there is to show, as HTML.
#[derive(Default)]
pub struct Data {
    /// Items of a list.
    pub sql: String,
    pub statements: usize,
    /// How long they took, where that is known.
    pub took: Option<String>,
    /// The rows that the gate read, where they differ from the expected ones.
    pub beside: String,
    /// The rows of the tables before and after.
    pub changes: String,
    pub picture: String,
    pub picture_in_words: String,
    /// The rows of its tables.
    pub rows: String,
    /// Something in the picture is not as it is expected.
    pub is_marked: bool,
    pub waits: String,
    pub waits_in_words: Vec<String>,
}

impl Data {
    /// Of the gate to pass, `current`; or, where all pass, of the last one that ran statements.
    pub fn of(course: &Course, lesson: &Lesson, report: &Report, current: Option<usize>) -> Self {
        let mut data = Self::default();
        let shown = match current {
            Some(number) => report.gates.iter().find(|gate| gate.number == number),
            None => report.gates.iter().rfind(|gate| !gate.sql.is_empty()),
        };
        if let Some(gate) = shown.filter(|_| report.build_errors.is_empty()) {
            data.add_statements(gate);
            if gate.status != Status::Pass {
                data.add_rows(gate);
            }
        }
        // A gate that has no database has no tables; the one before it may have had some.
        let until = current.unwrap_or(usize::MAX);
        if let Some(gate) = report.gates.iter().rfind(|gate| gate.number <= until && !gate.tables.is_empty())
        {
            let tables = marked(&gate.tables, &expected_tables(course, lesson, gate.number));
            data.is_marked =
                tables.iter().any(|table| table.is_missing || table.marks.iter().any(Option::is_some));
            data.picture = picture::picture(&tables);
            data.picture_in_words = picture::words(&tables);
            data.rows = rows::all(&gate.tables);
        }
        data
    }

    fn add_statements(&mut self, gate: &GateReport) {
        self.sql = sql::items(&gate.sql, &gate.runs, &gate.plans);
        self.statements = gate.sql.iter().filter(|line| !line.starts_with("--")).count();
        self.took = sql::total(&gate.runs);
        if let Some(waits) = Waits::of(&gate.sql, &with_refusals(gate)) {
            self.waits = waits.picture();
            self.waits_in_words = waits.words;
        }
    }

    fn add_rows(&mut self, gate: &GateReport) {
        let (expected, got) = (gate.expected.as_deref(), gate.got.as_deref());
        if let (Some(expected), Some(got)) = (expected, got) {
            self.beside = beside::beside(expected, got, &gate.tables_before);
        }
        self.changes = rows::changes(&gate.tables_before, &gate.tables);
    }
}

/// When the statements ran. A database may reject a write only when its row is read, which no time shows. Then it is
/// the last write before a rollback, in a gate that has seen a lock.
fn with_refusals(gate: &GateReport) -> Vec<Ran> {
    let mut runs = gate.runs.clone();
    if !gate.got.as_ref().is_some_and(|got| got.contains("database is locked")) {
        return runs;
    }
    let is_of = |ran: &Ran, words: &[&str]| {
        let text = ran.statement.and_then(|number| gate.sql.get(number));
        text.is_some_and(|text| words.iter().any(|word| text.starts_with(word)))
    };
    for index in 0..runs.len() {
        let connection = runs[index].connection;
        let next = runs[index + 1..].iter().find(|next| next.connection == connection);
        let is_refused = next.is_some_and(|next| is_of(next, &["ROLLBACK"]))
            && is_of(&runs[index], &["INSERT", "UPDATE", "DELETE"]);
        runs[index].is_refused |= is_refused;
    }
    runs
}

#[cfg(test)]
mod tests {
    use kata::course::find_root;

    use super::*;

    /// As gate 5.16 leaves it where a plain transaction is used.
    #[test]
    fn a_write_that_is_rolled_back_while_the_database_is_locked_counts_as_refused() {
        let course = Course::read(&find_root().unwrap()).unwrap();
        let mut gate = GateReport::waiting(16, &course.lesson("5").unwrap().manifest.gates[15]);
        gate.sql =
            ["BEGIN", "SELECT 1", "INSERT INTO books VALUES (1)", "ROLLBACK"].map(str::to_owned).into();
        let ran =
            |statement, connection, from, to| Ran { statement, connection, from, to, is_refused: false };
        gate.runs = vec![
            ran(Some(0), 4, 580, 583),
            ran(Some(1), 4, 666, 686),
            ran(Some(2), 4, 757, 759),
            ran(Some(3), 4, 770, 772),
            ran(None, 0, 100, 9000),
        ];
        assert_eq!(Waits::of(&gate.sql, &with_refusals(&gate)), None);
        gate.got = Some("Err(DatabaseError(Unknown, \"database is locked\"))".to_owned());
        let waits = Waits::of(&gate.sql, &with_refusals(&gate)).unwrap();
        assert_eq!(waits.words.len(), 1);
        assert!(waits.words[0].starts_with("Connection 1 was refused at once"), "{:?}", waits.words);
    }
}
