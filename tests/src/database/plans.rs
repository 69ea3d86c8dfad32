//! How the database would run what the student's code ran, for the tool that shows it beside a verdict.

use diesel::connection::SimpleConnection;
use gate_contract::trace::{self, Event, Plan};

use super::place::{self, Db};
use crate::sql_log::Line;

/// Of so many different statements; nobody reads more.
const STATEMENTS: usize = 40;
/// Only these have a plan. Others may act while the database reads them, as some of SQLite's `PRAGMA`s do.
const PLANNED: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"];

/// Records the plans of these lines' statements. A statement that the database does not explain has none: a gate must
/// not fail because of this. Nothing runs on this connection afterwards.
pub fn record(conn: &mut Db, lines: &[Line]) {
    for plan in read(conn, lines) {
        trace::record(&Event::Plan(plan));
    }
}

fn read(conn: &mut Db, lines: &[Line]) -> Vec<Plan> {
    if conn.batch_execute(place::ONLY_READ).is_err() {
        return Vec::new();
    }
    let mut different: Vec<&str> = Vec::new();
    for line in lines {
        if let Line::Statement { sql, .. } = line
            && is_planned(sql)
            && different.len() < STATEMENTS
            && !different.contains(&&**sql)
        {
            different.push(sql);
        }
    }
    let plan = |sql: &str| {
        let steps = place::plan(conn, sql).ok().filter(|steps| !steps.is_empty())?;
        Some(Plan { sql: sql.to_owned(), steps })
    };
    different.into_iter().filter_map(plan).collect()
}

fn is_planned(sql: &str) -> bool {
    let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
    PLANNED.contains(&&*word.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;

    const BOUND: &str = if cfg!(feature = "postgres") {
        "UPDATE books SET title = $2 WHERE id = $1"
    } else {
        "UPDATE books SET title = ? WHERE id = ?"
    };
    const ONE: &str = "DELETE FROM books WHERE title = 'Emma'";

    fn statement(sql: &str) -> Line {
        Line::Statement { sql: sql.to_owned(), shown: sql.to_owned() }
    }

    #[test]
    fn each_statement_is_explained_once_without_running() {
        let mut shop = Database::with(
            "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO books VALUES (1, 'Emma')",
        );
        let all = "SELECT title FROM books ORDER BY title";
        let lines: Vec<_> = [
            all,
            all,
            ONE,
            "DELETE FROM books WHERE id = 1; DROP TABLE books",
            "PRAGMA user_version = 7",
            "BEGIN",
            "SELECT nothing FROM nowhere",
            BOUND,
        ]
        .map(statement)
        .into();
        let plans = read(shop.conn(), &lines);
        let explained: Vec<_> = plans.iter().map(|plan| &*plan.sql).collect();
        assert_eq!(explained[..2], [all, ONE], "{plans:?}");
        assert!(explained.contains(&BOUND), "{plans:?}");
        let steps = plans[0].steps.join("\n").to_lowercase();
        assert!(steps.contains("books"), "{steps}");
        assert_eq!(shop.rows("id, title", "books"), "id | title\n1 | Emma");
        let refused = shop.conn().batch_execute("DELETE FROM books");
        assert!(refused.is_err(), "the connection only reads from here on");
    }

    #[test]
    fn only_statements_with_a_plan_are_explained() {
        for sql in ["SELECT 1", "insert into books values (1)", "WITH a AS (SELECT 1) SELECT * FROM a"] {
            assert!(is_planned(sql), "{sql}");
        }
        for sql in ["PRAGMA user_version = 7", "BEGIN", "EXPLAIN SELECT 1", "-- SELECT", "SELECTION", ""] {
            assert!(!is_planned(sql), "{sql}");
        }
    }
}
