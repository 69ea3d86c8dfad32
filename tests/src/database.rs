//! A database of a gate's own, on either backend.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;

use crate::interruption::Interruption;
use crate::{seal, sql_log, trace};

#[cfg_attr(not(feature = "postgres"), path = "database/sqlite.rs")]
#[cfg_attr(feature = "postgres", path = "database/postgres.rs")]
mod place;

pub use place::{Db, bad_urls};
pub type Backend = <Db as Connection>::Backend;

/// When nothing has run for so long, everybody waits.
const QUIET: Duration = Duration::from_millis(5);

/// An empty database that is gone when this value is dropped.
///
/// It has a connection of its own, over which the gate puts rows in and reads them back, so that
/// what it sees does not depend on the code it tests.
pub struct Database {
    url: String,
    log: sql_log::Log,
    conn: Db,
    // After `conn`: fields are dropped in order, and a database in use cannot be deleted.
    _place: place::Place,
}

impl Database {
    /// A database without tables.
    pub fn empty() -> Self {
        seal::take_key();
        trace::record_panics();
        let place = place::Place::new();
        let url = place.url().to_owned();
        let conn = place.connect();
        let log = sql_log::of(&url);
        Self { url, log, conn, _place: place }
    }

    /// A database with the tables and rows that `statements` make.
    pub fn with(statements: &str) -> Self {
        let mut database = Self::empty();
        if let Err(error) = database.conn.batch_execute(statements) {
            panic!("the fixture's statements do not run: {error}");
        }
        database
    }

    /// A database with the tables of a step.
    pub fn migrated(migrations: &dyn MigrationSource<Backend>) -> Self {
        let mut database = Self::empty();
        database.migrate(migrations);
        database
    }

    /// Runs the `up.sql` of each migration that has not run.
    ///
    /// # Panics
    ///
    /// When one is refused, with its name and the database's words.
    pub fn migrate(&mut self, migrations: &dyn MigrationSource<Backend>) {
        if let Err(error) = self.conn.run_pending_migrations(Source(migrations)) {
            panic!("the migrations do not run: {error}");
        }
    }

    /// Runs every `down.sql`, the last first.
    ///
    /// # Panics
    ///
    /// When one is refused, with its name and the database's words; and when a table is left over, as the next
    /// `up.sql` would be blamed for it.
    pub fn revert(&mut self, migrations: &dyn MigrationSource<Backend>) {
        if let Err(error) = self.conn.revert_all_migrations(Source(migrations)) {
            panic!("the migrations cannot be undone: {error}");
        }
        let left = self.table_names();
        if !left.is_empty() {
            panic!("down.sql has run, and there is still a table {}", left.join(" and a table "));
        }
    }

    /// What `DATABASE_URL` would be.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens the database as the student's code does.
    ///
    /// # Panics
    ///
    /// When it cannot be opened: then no gate can go on.
    pub fn connect<E: Debug>(&self, connect: fn(&str) -> Result<Db, E>) -> Db {
        let conn = connect(&self.url);
        let mut conn = conn.unwrap_or_else(|error| panic!("connect({:?}) failed: {error:?}", self.url));
        place::ready(&mut conn);
        conn
    }

    /// The gate's own connection. What runs on it is not in the log.
    pub fn conn(&mut self) -> &mut Db {
        &mut self.conn
    }

    /// Does `work` while the gate's own connection holds a transaction in which `statement` ran, and ends that
    /// when `work` has come as far as it gets meanwhile. So they meet, however few cores there are.
    pub fn while_writing<T: Send>(&mut self, statement: &str, work: impl FnOnce() -> T + Send) -> T {
        let mut run = |sql: &str| {
            let done = self.conn.batch_execute(sql);
            done.unwrap_or_else(|error| panic!("the fixture's `{sql}` does not run: {error}"));
        };
        run("BEGIN");
        run(statement);
        thread::scope(|scope| {
            let work = scope.spawn(work);
            let (mut ran, mut since) = (0, Instant::now());
            while !work.is_finished() && (ran == 0 || since.elapsed() < QUIET) {
                let now = sql_log::lock(&self.log).statements.len();
                if now != ran {
                    (ran, since) = (now, Instant::now());
                }
                thread::sleep(Duration::from_millis(1));
            }
            run("COMMIT");
            work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Does `work`, and has somebody else do `meanwhile` before its statement number `before`, counted from 0. Whoever
    /// waits for a lock that `work` holds goes on when `work` has let it go.
    ///
    /// `None` in place of what came of `meanwhile` when `work` had no such statement. With it comes the statement.
    pub fn interrupt<T, M: Send>(
        &self,
        before: usize,
        meanwhile: impl FnOnce() -> M + Send,
        work: impl FnOnce() -> T,
    ) -> (T, Option<(M, String)>) {
        let (begin, begun) = channel::<String>();
        let is_done = Arc::new(AtomicBool::new(false));
        let is_locked = Box::new(place::lock_probe(&self.url));
        let done = Arc::clone(&is_done);
        thread::scope(|scope| {
            let other = scope.spawn(move || {
                // Nobody sends when there was no such statement.
                let statement = begun.recv().ok()?;
                // Also when it panics: else the work waits for nothing.
                let _done = OnDrop(done);
                Some((meanwhile(), statement))
            });
            sql_log::lock(&self.log).interruption = Some(Interruption { before, begin, is_done, is_locked });
            let result = work();
            sql_log::lock(&self.log).interruption = None;
            (result, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    }

    /// [`rows`], read over the gate's own connection.
    pub fn rows(&mut self, columns: &str, from: &str) -> String {
        rows(&mut self.conn, columns, from)
    }

    /// Runs one statement over the gate's own connection and says how it went, in words that are
    /// the same on both databases.
    pub fn run(&mut self, statement: &str) -> String {
        match diesel::sql_query(statement).execute(&mut self.conn) {
            Ok(rows) => format!("done, {rows} row(s)"),
            // Nothing that a rule of a table refuses: only the database's own words say what it is.
            Err(Error::DatabaseError(DatabaseErrorKind::Unknown, said)) => {
                format!("refused: {}", said.message())
            }
            Err(Error::DatabaseError(kind, _)) => format!("refused: {kind:?}"),
            Err(error) => format!("refused: {error}"),
        }
    }

    /// What `work` returns while the table is not there: what does the student's code do when the
    /// database fails?
    ///
    /// # Panics
    ///
    /// When there is no such table.
    pub fn without<T>(&mut self, table: &str, work: impl FnOnce() -> T) -> T {
        let rename = |conn: &mut Db, from: &str, to: &str| {
            let renamed = conn.batch_execute(&format!("ALTER TABLE {from} RENAME TO {to}"));
            renamed.unwrap_or_else(|error| panic!("the table {from} cannot be renamed: {error}"));
        };
        rename(&mut self.conn, table, "elsewhere");
        // So that whoever counts the statements sees which of them belong to this.
        sql_log::add(&self.log, format!("-- while there is no table {table}:"));
        let result = work();
        rename(&mut self.conn, "elsewhere", table);
        result
    }

    /// What `work` returns while the number of pages of certain books cannot be read: a query that asks for one of
    /// them fails, whatever its SQL looks like. `which` is a condition.
    ///
    /// # Panics
    ///
    /// When there is no such table of books.
    pub fn with_unreadable_books<T>(&mut self, which: &str, work: impl FnOnce() -> T) -> T {
        let run = |conn: &mut Db, sql: &str| {
            conn.batch_execute(sql)
                .unwrap_or_else(|error| panic!("the fixture's `{sql}` does not run: {error}"));
        };
        let pages = place::UNREADABLE;
        let view = format!(
            "SELECT id, title, CASE WHEN {which} THEN {pages} ELSE pages END AS pages, author_id FROM books_in_stock"
        );
        run(&mut self.conn, place::BEFORE_UNREADABLE);
        run(&mut self.conn, "ALTER TABLE books RENAME TO books_in_stock");
        // What is in this order already is read no further than somebody asks for.
        run(&mut self.conn, "CREATE INDEX books_in_order ON books_in_stock (title, id)");
        run(&mut self.conn, &format!("CREATE VIEW books AS {view}"));
        let result = work();
        run(&mut self.conn, "DROP VIEW books; DROP INDEX books_in_order");
        run(&mut self.conn, "ALTER TABLE books_in_stock RENAME TO books");
        result
    }

    /// The tables there are, but for Diesel's list of migrations.
    pub fn tables(&mut self) -> String {
        self.rows("name", &format!("({}) AS tables ORDER BY name", place::TABLES))
    }

    fn table_names(&mut self) -> Vec<String> {
        self.tables().lines().skip(1).map(str::to_owned).collect()
    }

    /// Every cell of every table, as text; the tables of Diesel's and of the given migrations are among them.
    pub fn cells(&mut self) -> Vec<String> {
        let mut cells = Vec::new();
        for table in self.table_names() {
            let columns = place::COLUMNS.replace("{table}", &table);
            let columns = self.rows("name", &format!("({columns}) AS columns ORDER BY place"));
            for column in columns.lines().skip(1) {
                let column = self.rows(&format!("\"{column}\""), &format!("\"{table}\""));
                cells.extend(column.lines().skip(1).map(str::to_owned));
            }
        }
        cells
    }

    /// The columns of a table as the database reports them: name, type, whether they may be empty,
    /// and whether they are part of the primary key. Or that there is no such table, and which there are.
    pub fn columns(&mut self, table: &str) -> String {
        let tables = self.table_names();
        if !tables.iter().any(|name| name == table) {
            return format!("(there is no table {table}; there are: {})", tables.join(", "));
        }
        let columns = place::COLUMNS.replace("{table}", table);
        self.rows("name, type, may_be_null, in_key", &format!("({columns}) AS columns ORDER BY place"))
    }

    /// The statements that the student's code ran, as this database got them.
    pub fn statements(&self) -> Vec<String> {
        sql_log::lock(&self.log).statements.clone()
    }

    /// How many connections the student's code has opened.
    pub fn connections(&self) -> usize {
        sql_log::lock(&self.log).connections
    }

    /// The statements that the student's code ran, in a form that is the same on both databases:
    /// names in double quotes, `?` for every bound value.
    ///
    /// # Panics
    ///
    /// When others may have run: somebody has taken the log off a connection, or off all new ones.
    pub fn sql(&self) -> Vec<String> {
        let is_listening = sql_log::is_listening(&self.log, || Db::establish(&self.url));
        let log = sql_log::lock(&self.log);
        if !is_listening || log.lost > 0 {
            panic!(
                "a connection is closed, or its instrumentation is replaced: the gate cannot count what ran on it"
            );
        }
        log.statements.iter().map(|statement| portable(statement)).collect()
    }
}

/// Says that something is over when it is dropped.
struct OnDrop(Arc<AtomicBool>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// Any source of migrations as one type, so that the code that runs them is compiled here, once, and not in each gate.
struct Source<'a>(&'a dyn MigrationSource<Backend>);

impl MigrationSource<Backend> for Source<'_> {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<Backend>>>> {
        self.0.migrations()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        sql_log::forget(&self.url);
        let log = sql_log::lock(&self.log);
        if std::thread::panicking() && !log.statements.is_empty() {
            println!("The SQL that ran:");
            for statement in &log.statements {
                println!("    {statement}");
            }
        }
    }
}

/// Rows as text: `rows(conn, "id, title", "books ORDER BY id")`.
///
/// # Panics
///
/// When the database refuses the query, with its words.
pub fn rows(conn: &mut Db, columns: &str, from: &str) -> String {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }

    let cells: Vec<_> =
        columns.split(',').map(|column| format!("coalesce(CAST({column} AS TEXT), 'NULL')")).collect();
    let query = format!("SELECT {} AS line FROM {from}", cells.join(" || ' | ' || "));
    let lines = diesel::sql_query(&query).load::<Line>(conn);
    let lines = lines.unwrap_or_else(|error| panic!("cannot read {columns} from {from}: {error}"));
    let mut text = columns.replace(", ", " | ");
    for Line { line } in &lines {
        text.push('\n');
        text.push_str(line);
    }
    text
}

fn portable(statement: &str) -> String {
    let (sql, _binds) = statement.split_once(" -- binds:").unwrap_or((statement, ""));
    let mut portable = String::new();
    let mut rest = sql.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            '`' => portable.push('"'),
            '$' if rest.peek().is_some_and(char::is_ascii_digit) => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                portable.push('?');
            }
            other => portable.push(other),
        }
    }
    portable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_another_name_is_named() {
        let mut shop = Database::with("CREATE TABLE book (id INTEGER); CREATE TABLE author (id INTEGER)");
        assert_eq!(shop.columns("books"), "(there is no table books; there are: author, book)");
        assert!(shop.columns("book").contains("id | integer"));
    }

    #[test]
    fn what_no_rule_refuses_is_said_in_the_databases_words() {
        let mut shop = Database::with("CREATE TABLE books (id INTEGER, pages INTEGER NOT NULL)");
        let refused = shop.run("INSERT INTO book (id) VALUES (1)");
        assert!(refused.contains("refused: ") && refused.contains("book"), "{refused}");
        assert_eq!(shop.run("INSERT INTO books (id) VALUES (1)"), "refused: NotNullViolation");
    }
}
