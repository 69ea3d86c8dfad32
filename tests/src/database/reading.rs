//! What a database holds, read over the gate's own connection.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;

use super::{Database, Db, place};

impl Database {
    /// [`rows`], read over the gate's own connection.
    pub fn rows(&mut self, columns: &str, from: &str) -> String {
        rows(&mut self.conn, columns, from)
    }

    /// Runs one statement over the gate's own connection and says how it went, in words that are
    /// the same on both databases.
    pub fn run(&mut self, statement: &str) -> String {
        run(&mut self.conn, statement)
    }

    /// [`Database::run`] within a transaction that is rolled back: what a rule says before the transaction ends.
    pub fn run_in_transaction(&mut self, statement: &str) -> String {
        self.run_all("BEGIN");
        let said = self.run(statement);
        self.run_all("ROLLBACK");
        said
    }

    /// The tables there are, but for Diesel's list of migrations.
    pub fn tables(&mut self) -> String {
        self.rows("name", &format!("({}) AS tables ORDER BY name", place::TABLES))
    }

    /// Whatever migrations can make, and fixtures, one on a line: tables, views, triggers, functions and so on.
    pub fn objects(&mut self) -> String {
        self.rows("name", &format!("({}) AS objects ORDER BY name", place::OBJECTS))
    }

    pub(super) fn table_names(&mut self) -> Vec<String> {
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

    /// The foreign keys of a table as the database reports them. Of `columns` there are `name`, the table `target` and
    /// its `target_column`, to which it refers, and `on_delete`: what happens here when a row there is deleted.
    pub fn foreign_keys(&mut self, columns: &str, table: &str) -> String {
        let keys = place::FOREIGN_KEYS.replace("{table}", table);
        self.rows(columns, &format!("({keys}) AS keys ORDER BY name, target"))
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
}

/// Runs one statement and says how it went, in words that are the same on both databases.
pub fn run(conn: &mut Db, statement: &str) -> String {
    match diesel::sql_query(statement).execute(conn) {
        Ok(rows) => format!("done, {rows} row(s)"),
        // Nothing that a rule of a table refuses: only the database's own words say what it is.
        Err(Error::DatabaseError(DatabaseErrorKind::Unknown, said)) => {
            format!("refused: {}", said.message())
        }
        Err(Error::DatabaseError(kind, _)) => format!("refused: {kind:?}"),
        Err(error) => format!("refused: {error}"),
    }
}

/// What a connection is set to do, of what `prepare` decides.
pub fn settings(conn: &mut Db) -> String {
    // In one column: a comma would divide it.
    let query = format!("SELECT {} AS line", place::SETTINGS);
    let lines = diesel::sql_query(query).load::<Line>(conn);
    let lines = lines.unwrap_or_else(|error| panic!("cannot read the connection's settings: {error}"));
    lines.into_iter().map(|Line { line }| line).collect()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Rows as text: `rows(conn, "id, title", "books ORDER BY id")`.
///
/// # Panics
///
/// When the database refuses the query, with its words.
pub fn rows(conn: &mut Db, columns: &str, from: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_for_a_missing_table_lists_the_tables_that_exist() {
        let mut shop = Database::with("CREATE TABLE book (id INTEGER); CREATE TABLE author (id INTEGER)");
        assert_eq!(shop.columns("books"), "(there is no table books; there are: author, book)");
        assert!(shop.columns("book").contains("id | integer"));
    }

    #[test]
    fn a_generated_column_is_a_column() {
        let mut shop = Database::with(
            "CREATE TABLE books (id INTEGER, twice INTEGER GENERATED ALWAYS AS (2 * id) STORED)",
        );
        assert!(shop.columns("books").contains("\ntwice | integer"), "{}", shop.columns("books"));
    }

    #[test]
    fn leftover_views_are_listed_with_the_tables() {
        let mut shop =
            Database::with("CREATE TABLE books (id INTEGER); CREATE VIEW same AS SELECT * FROM books");
        assert_eq!(shop.objects(), "name\ntable books\nview same");
    }

    #[test]
    fn a_foreign_key_is_read_with_its_rule() {
        let mut shop = Database::with(
            "CREATE TABLE authors (id INTEGER PRIMARY KEY);
             CREATE TABLE books (author_id INTEGER REFERENCES authors ON DELETE CASCADE)",
        );
        let keys = shop.foreign_keys("name, target, target_column, on_delete", "books");
        assert!(keys.ends_with("\nauthor_id | authors | id | cascade"), "{keys}");
    }

    #[test]
    fn a_deferred_foreign_key_is_noticed() {
        for (rule, says) in
            [("", "refused: ForeignKeyViolation"), (" DEFERRABLE INITIALLY DEFERRED", "done, 1 row(s)")]
        {
            let mut shop = Database::with(&format!(
                "CREATE TABLE authors (id INTEGER PRIMARY KEY);
                 CREATE TABLE books (author_id INTEGER REFERENCES authors{rule})"
            ));
            assert_eq!(shop.run_in_transaction("INSERT INTO books VALUES (7)"), says);
            assert_eq!(shop.rows("author_id", "books"), "author_id");
        }
    }

    #[test]
    fn other_errors_are_shown_in_the_databases_words() {
        let mut shop = Database::with("CREATE TABLE books (id INTEGER, pages INTEGER NOT NULL)");
        let refused = shop.run("INSERT INTO book (id) VALUES (1)");
        assert!(refused.contains("refused: ") && refused.contains("book"), "{refused}");
        assert_eq!(shop.run("INSERT INTO books (id) VALUES (1)"), "refused: NotNullViolation");
    }
}
