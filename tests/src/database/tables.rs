//! The tables and rows of a database, for the tool that shows them beside a verdict.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use gate_contract::trace::{self, Column, Event, Reference, Table};
use serde::de::DeserializeOwned;

use super::place::{self, Db};

/// So many rows of a table, and so many characters of a cell.
const ROWS: usize = 12;
const LETTERS: usize = 60;
/// Where somebody asks for one table.
const WHOLE: usize = 1000;
/// Gates that look at a crowd have more than anybody would read.
const TABLES: usize = 16;

/// Records the tables. A database that does not answer has none: a gate must not fail because of this.
pub fn record(conn: &mut Db, is_before: bool) {
    if let Ok(tables) = read(conn) {
        trace::record(&Event::Tables { is_before, tables });
    }
}

fn read(conn: &mut Db) -> QueryResult<Vec<Table>> {
    conn.batch_execute(place::DO_NOT_WAIT)?;
    let names: Vec<(String,)> = load(conn, "name", &format!("({}) AS tables ORDER BY name", place::TABLES))?;
    names.into_iter().take(TABLES).map(|(name,)| table(conn, name, (ROWS, LETTERS), "ORDER BY 1")).collect()
}

/// A table with its first `rows` rows, by key or as they were put in.
///
/// # Errors
///
/// When the database refuses it.
pub fn first_rows(conn: &mut Db, name: &str, rows: usize) -> QueryResult<Table> {
    table(conn, name.to_owned(), (rows, WHOLE), "")
}

/// A table with at most so many rows, and letters in a cell. Rows without a key are in the order that `keyless` names.
fn table(conn: &mut Db, name: String, (most, letters): (usize, usize), keyless: &str) -> QueryResult<Table> {
    let of_table = |query: &str| query.replace("{table}", &name);
    let keys: Vec<(String, String, String, String)> = load(
        conn,
        "name, target, target_column, on_delete",
        &format!("({}) AS keys", of_table(place::FOREIGN_KEYS)),
    )?;
    let columns: Vec<(String, String, String, String)> = load(
        conn,
        "name, type, may_be_null, in_key",
        &format!("({}) AS columns ORDER BY place", of_table(place::COLUMNS)),
    )?;
    let column = |(name, kind, may_be_null, in_key): (String, String, String, String)| {
        let refers_to = keys.iter().find(|key| key.0 == name).map(|(_, table, column, on_delete)| {
            Reference { table: table.clone(), column: column.clone(), on_delete: on_delete.clone() }
        });
        Column { name, kind, may_be_null: may_be_null == "yes", in_key: in_key == "yes", refers_to }
    };
    let columns: Vec<_> = columns.into_iter().map(column).collect();
    let quoted = |column: &Column| format!("\"{}\"", column.name.replace('"', "\"\""));
    let cells: Vec<_> = columns
        .iter()
        .map(|column| format!("substr(CAST({} AS TEXT), 1, {letters})", quoted(column)))
        .collect();
    let order: Vec<_> = columns.iter().filter(|column| column.in_key).map(quoted).collect();
    let order = if order.is_empty() { keyless.to_owned() } else { format!("ORDER BY {}", order.join(", ")) };
    let rows = load(conn, &cells.join(", "), &format!("\"{name}\" {order} LIMIT {most}"))?;
    let count: Vec<(usize,)> = load(conn, "count(*)", &format!("\"{name}\""))?;
    Ok(Table { columns, rows, count: count.first().map_or(0, |count| count.0), name })
}

/// Rows, each as what its JSON array holds.
fn load<T: DeserializeOwned>(conn: &mut Db, columns: &str, from: &str) -> QueryResult<Vec<T>> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }

    let query = format!("SELECT CAST({}({columns}) AS TEXT) AS line FROM {from}", place::JSON_ARRAY);
    let lines: Vec<Line> = diesel::sql_query(query).load(conn)?;
    let parsed = lines.iter().map(|Line { line }| serde_json::from_str(line));
    parsed
        .collect::<Result<_, _>>()
        .map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}

#[cfg(test)]
mod tests {
    use crate::Database;
    use gate_contract::trace::Reference;

    #[test]
    fn tables_are_read_with_their_keys_and_rows() {
        let mut shop = Database::with(
            "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
             CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, author_id INTEGER REFERENCES authors (id) ON DELETE \
             CASCADE);
             INSERT INTO authors VALUES (7, 'Ann | \"Lee\"');
             INSERT INTO books VALUES (2, NULL, 7), (1, 'Emma', NULL);",
        );
        let tables = super::read(shop.conn()).unwrap();
        let [authors, books] = &tables[..] else { panic!("{tables:?}") };
        assert_eq!((&*authors.name, authors.count), ("authors", 1));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(authors.rows, [[text("7"), text("Ann | \"Lee\"")]]);
        assert_eq!(books.rows, [[text("1"), text("Emma"), None], [text("2"), None, text("7")]]);
        let facts: Vec<_> =
            books.columns.iter().map(|column| (&*column.name, column.may_be_null, column.in_key)).collect();
        assert_eq!(facts, [("id", false, true), ("title", true, false), ("author_id", true, false)]);
        let reference = Reference {
            table: "authors".to_owned(),
            column: "id".to_owned(),
            on_delete: "cascade".to_owned(),
        };
        assert_eq!(books.columns[2].refers_to, Some(reference));
        assert_eq!(authors.columns[1].refers_to, None);
    }

    #[test]
    fn one_table_is_read_completely_and_in_order_whatever_its_names_are() {
        let mut shop = Database::with(
            "CREATE TABLE answer AS SELECT 'b' AS \"max(a, \"\"b\"\")\" UNION ALL SELECT 'a | \"x\"' UNION ALL SELECT NULL",
        );
        let answer = shop.table("answer", 2).unwrap();
        assert_eq!((answer.columns.len(), answer.count), (1, 3));
        assert_eq!(answer.columns[0].name, "max(a, \"b\")");
        assert_eq!(answer.rows, [[Some("b".to_owned())], [Some("a | \"x\"".to_owned())]]);
        assert!(shop.table("no_table", 2).is_err());
    }

    #[test]
    fn many_or_long_rows_are_cut_off() {
        let mut shop = Database::with("CREATE TABLE books (title TEXT)");
        crate::add_many(&mut shop, "books (title)", &format!("SELECT '{}' FROM numbers", "x".repeat(200)));
        let tables = super::read(shop.conn()).unwrap();
        assert_eq!(tables[0].rows.len(), super::ROWS);
        assert!(tables[0].count > super::ROWS);
        assert_eq!(tables[0].rows[0][0].as_ref().unwrap().len(), super::LETTERS);
    }
}
