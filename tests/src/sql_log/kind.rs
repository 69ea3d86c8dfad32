//! Statements that a gate does not count. The whole text decides: what only begins like one of these may go on with
//! something else.

/// Settings of a SQLite connection. None of them reads or writes a row.
const SETTINGS: [&str; 13] = [
    "analysis_limit",
    "busy_timeout",
    "cache_size",
    "case_sensitive_like",
    "foreign_keys",
    "journal_mode",
    "journal_size_limit",
    "mmap_size",
    "recursive_triggers",
    "reverse_unordered_selects",
    "synchronous",
    "temp_store",
    "wal_autocheckpoint",
];

/// How a statement begins that begins, ends or divides a transaction.
const STARTS: [&str; 6] = ["BEGIN", "COMMIT", "END", "RELEASE", "ROLLBACK", "SAVEPOINT"];
/// How it goes on. `ROLLBACK TO SAVEPOINT` has one of [`STARTS`] again.
const AROUND: [&str; 15] = [
    "COMMITTED",
    "DEFERRABLE",
    "DEFERRED",
    "EXCLUSIVE",
    "IMMEDIATE",
    "ISOLATION",
    "LEVEL",
    "NOT",
    "ONLY",
    "READ",
    "REPEATABLE",
    "SERIALIZABLE",
    "TO",
    "TRANSACTION",
    "WRITE",
];

/// Whether this is a connection's own set-up, or a pool's question whether it still answers.
pub fn is_set_up(sql: &str) -> bool {
    let sql = statement(sql);
    if ["SELECT ?", "SELECT $1"].contains(&sql) {
        return true;
    }
    let Some(("PRAGMA", setting)) = sql.split_once(' ') else { return false };
    let Some((name, value)) = setting.split_once('=') else { return false };
    let is_word = |char: char| char.is_ascii_alphanumeric() || ['_', '-'].contains(&char);
    let value = value.trim();
    SETTINGS.contains(&name.trim()) && !value.is_empty() && value.len() < 20 && value.chars().all(is_word)
}

/// Whether this begins, ends or divides a transaction, and does nothing else.
pub fn is_around(sql: &str) -> bool {
    let mut words = statement(sql).split([' ', ',']).filter(|word| !word.is_empty());
    let is_savepoint = |word: &str| {
        let number = word.strip_prefix("diesel_savepoint_");
        number.is_some_and(|number| number.chars().all(|char| char.is_ascii_digit()))
    };
    words.next().is_some_and(|first| STARTS.contains(&first))
        && words.all(|word| STARTS.contains(&word) || AROUND.contains(&word) || is_savepoint(word))
}

/// `sql` without blanks around it, the comments before it, and the semicolon at its end.
fn statement(sql: &str) -> &str {
    let mut sql = sql.trim();
    while let Some(comment) = sql.strip_prefix("--") {
        sql = comment.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
    }
    sql.strip_suffix(';').unwrap_or(sql).trim_end()
}

/// Whether a statement may have to wait for somebody's lock. A reader never does on SQLite, whose databases are in WAL
/// mode here; on PostgreSQL it may wait for a change to the table.
pub fn may_wait(sql: &str) -> bool {
    let is_read = sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("SELECT"));
    cfg!(feature = "postgres") || !is_read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_up_statement_cannot_hide_others() {
        for set_up in [
            "PRAGMA journal_mode = WAL",
            "PRAGMA foreign_keys=ON;",
            "PRAGMA cache_size = -2000",
            "  -- wait for 'another' writer; up to five seconds\n  PRAGMA foreign_keys = ON;",
            "SELECT ?",
            "SELECT $1",
        ] {
            assert!(is_set_up(set_up), "{set_up}");
        }
        for statement in [
            "PRAGMA user_version; DELETE FROM books",
            "PRAGMA foreign_keys = ON; DELETE FROM books",
            "PRAGMA foreign_keys = ON -- ;\n; DELETE FROM books",
            "PRAGMA user_version = '--'; DELETE FROM books",
            "PRAGMA user_version /* -- */; DELETE FROM books",
            "PRAGMA [a -- ]; DELETE FROM books",
            "PRAGMA foreign_keys = [a -- ]; DELETE FROM books",
            "PRAGMA foreign_keys = ON\n; DELETE FROM books",
            "PRAGMA table_info(books)",
            "-- PRAGMA\nDELETE FROM books",
            "SELECT ? FROM books",
            "SELECT ? , title FROM books",
            "SELECT ? -- \n FROM books",
            "",
            "-- PRAGMA foreign_keys = ON",
        ] {
            assert!(!is_set_up(statement), "{statement}");
        }
    }

    #[test]
    fn a_transaction_statement_cannot_hide_others() {
        for around in [
            "BEGIN",
            "BEGIN IMMEDIATE",
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "COMMIT;",
            "SAVEPOINT diesel_savepoint_1",
            "ROLLBACK TO SAVEPOINT diesel_savepoint_12",
            "RELEASE SAVEPOINT diesel_savepoint_1",
        ] {
            assert!(is_around(around), "{around}");
        }
        for statement in [
            "BEGIN; DELETE FROM books",
            "BEGIN\n; DELETE FROM books",
            "COMMIT -- ;\n; DELETE FROM books",
            "SAVEPOINT books; DELETE FROM books",
            "SELECT 1",
            "READ ONLY",
            "",
            "-- while there is no table books:",
        ] {
            assert!(!is_around(statement), "{statement}");
        }
    }
}
