//! PostgreSQL: a database on a server, `DATABASE_URL`'s or a throwaway one.

use std::path::PathBuf;
use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::dsl::{select, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use fluent_uri::UriRef;
use gate_contract::postgres::{Throwaway, random_text};

use crate::sql_log::unlogged;

pub type Db = PgConnection;

/// One server for the whole process.
static SERVER: LazyLock<Server> = LazyLock::new(Server::find);

struct Server {
    url: String,
    /// Held so that it runs; the end of the process ends it.
    throwaway: Option<Throwaway>,
}

impl Server {
    fn find() -> Self {
        if let Ok(url) = std::env::var("DATABASE_URL") {
            assert!(
                url.starts_with("postgresql://") || url.starts_with("postgres://"),
                "DATABASE_URL is set, but not to a PostgreSQL URL. With `--features postgres` it names \
                 the server for the tests; unset it, and they start one of their own."
            );
            return Self { url, throwaway: None };
        }
        let throwaway = Throwaway::start().unwrap_or_else(|error| panic!("{}", error.with_causes()));
        Self { url: throwaway.url().to_owned(), throwaway: Some(throwaway) }
    }

    fn connect(&self) -> Db {
        // The text of the error is libpq's and may hold the password.
        unlogged(|| Db::establish(&self.url))
            .unwrap_or_else(|_| panic!("the PostgreSQL server of DATABASE_URL does not let us in; check the URL, or unset it to have one started"))
    }
}

/// Where the server writes what it runs, if that can be read.
pub fn server_log() -> Option<PathBuf> {
    SERVER.throwaway.as_ref().map(Throwaway::log)
}

/// A database named `kata_<random>`. The one that `DATABASE_URL` names is never touched.
pub struct Place {
    url: String,
    name: String,
}

impl Place {
    pub fn new() -> Self {
        let name = format!("kata_{}", random_text());
        create(&mut SERVER.connect(), &name)
            .unwrap_or_else(|error| panic!("cannot create a database for the gate: {error}"));
        Self { url: with_database(&SERVER.url, &name), name }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URLs that lead to it.
    pub fn urls(&self) -> [String; 2] {
        [self.url.clone(), self.url.replacen("postgresql://", "postgres://", 1)]
    }

    /// The URL of this one: no database is made by opening it.
    pub fn never_opened(&self, _name: &str) -> String {
        self.url.clone()
    }

    pub fn connect(&self) -> Db {
        Db::establish(&self.url).unwrap_or_else(|error| panic!("cannot open {}: {error}", self.name))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // FORCE: a pool of the student's may still hold connections.
        let dropped = SERVER.connect().batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if let Err(error) = dropped {
            eprintln!("the database {} is left behind: {error}", self.name);
        }
    }
}

/// Makes a database that sorts by code point, as SQLite does; the server's own order may be a
/// language's.
fn create(conn: &mut Db, name: &str) -> QueryResult<()> {
    // From version 15 on the order may come from ICU, which pays no heed to LC_COLLATE.
    let version: i32 =
        select(sql::<Integer>("current_setting('server_version_num')::integer")).get_result(conn)?;
    let provider = if version >= 150_000 { "LOCALE_PROVIDER libc" } else { "" };
    conn.batch_execute(&format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' {provider}"
    ))
}

/// `url` with another database in its path.
fn with_database(url: &str, name: &str) -> String {
    let server = UriRef::parse(url).expect("PostgreSQL has accepted this URL");
    let authority = server.authority().map_or("", |authority| authority.as_str());
    let query = server.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("postgresql://{authority}/{name}{query}")
}

/// Nothing to do: rows that nobody has put in an order come as they were put in, and fixtures put
/// them in the highest id first.
pub fn ready(_conn: &mut Db) {}

/// Whether somebody waits for a lock.
pub fn lock_probe(url: &str) -> impl FnMut() -> bool + Send + use<> {
    let conn = unlogged(|| Db::establish(url));
    let mut conn = conn.unwrap_or_else(|_| panic!("cannot open the gate's database again"));
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                 AND wait_event_type = 'Lock')";
    move || select(sql::<Bool>(&format!("({waits})"))).get_result(&mut conn).unwrap_or(false)
}

/// URLs that `connect` must refuse, each with what is wrong with it and with `password` in it.
pub fn bad_urls(password: &str) -> [(&'static str, String); 7] {
    [
        ("a URL of another kind of database", format!("mysql://book_user:{password}@localhost/books")),
        ("one that begins with another word", format!("sqlite://{password}/books.db")),
        ("text that is not a URL", format!("book_user:{password}@localhost/books")),
        ("no text", String::new()),
        ("one that begins with what is not a word", format!("{password}@localhost://books")),
        (
            "the right kind, and something that no URL has",
            format!("postgresql://book_user:{password}@[localhost/books"),
        ),
        // Nothing listens on port 1.
        ("a database that is out of reach", format!("postgresql://book_user:{password}@127.0.0.1:1/books")),
    ]
}

/// A number of pages that fails when somebody reads it. A `STABLE` function of this cost is called for no row that a
/// `LIMIT` leaves out.
pub const UNREADABLE: &str = "unreadable()";
pub const BEFORE_UNREADABLE: &str = "CREATE OR REPLACE FUNCTION unreadable() RETURNS integer LANGUAGE plpgsql STABLE COST 1000 \
                                     AS $$ BEGIN RAISE 'this row cannot be read'; END $$";

/// Makes the database refuse rows.
pub fn refuse(table: &str, condition: &str) -> String {
    format!(
        "CREATE FUNCTION refused_by_the_gate() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN RAISE 'the gate refuses this row'; END $$;
         CREATE TRIGGER refused_by_the_gate BEFORE INSERT ON {table}
             FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refused_by_the_gate()"
    )
}

pub fn refuse_no_more(table: &str) -> String {
    format!("DROP TRIGGER refused_by_the_gate ON {table}; DROP FUNCTION refused_by_the_gate()")
}

/// How the database would run a statement, whatever values are bound. It is prepared, and explained without being run;
/// a text that holds several statements cannot be prepared.
pub fn plan(conn: &mut Db, sql: &str) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        detail: String,
    }

    let values = vec!["NULL"; parameters(sql)].join(", ");
    let call = if values.is_empty() { values } else { format!("({values})") };
    diesel::sql_query(format!("PREPARE kata_plan AS {sql}")).execute(conn)?;
    let steps = diesel::sql_query(format!("EXPLAIN (COSTS OFF) EXECUTE kata_plan{call}")).load(conn);
    conn.batch_execute("DEALLOCATE kata_plan")?;
    steps.map(|steps: Vec<Step>| steps.into_iter().map(|step| step.detail).collect())
}

/// The highest number of a parameter.
fn parameters(sql: &str) -> usize {
    let number = |rest: &str| -> Option<usize> {
        rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
    };
    sql.split('$').skip(1).filter_map(number).max().unwrap_or(0)
}

/// From here on the connection changes nothing, and plans are made without values.
pub const ONLY_READ: &str =
    "SET default_transaction_read_only = on; SET plan_cache_mode = force_generic_plan";

/// A query for whatever migrations can make, such as `view old_books`.
pub const OBJECTS: &str = "SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' \
                           WHEN 'i' THEN 'index' ELSE 'relation' END || ' ' || relname AS name FROM pg_class \
                           WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '~_~_diesel~_schema~_%' ESCAPE '~' \
                           UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
                           UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace \
                           AND typtype IN ('d', 'e')";

/// A query for the names of all tables.
pub const TABLES: &str = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' \
                          AND tablename <> '__diesel_schema_migrations'";

/// A query for the columns of `{table}`.
pub const COLUMNS: &str = "SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnum AS place, \
                           CASE WHEN attnotnull THEN 'no' ELSE 'yes' END AS may_be_null, \
                           CASE WHEN attnum = ANY (indkey) THEN 'yes' ELSE 'no' END AS in_key \
                           FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary \
                           WHERE attrelid = to_regclass('{table}') AND attnum > 0 AND NOT attisdropped";

/// What a connection is set to do: `prepare` leaves that to the server.
pub const SETTINGS: &str = "current_setting('synchronous_commit') || ' ' || current_setting('statement_timeout') \
                            || ' ' || current_setting('default_transaction_isolation')";

/// A query for the foreign keys of `{table}`: the column here, the table and column there, what a delete there does.
pub const FOREIGN_KEYS: &str = "SELECT here.attname AS name, target.relname AS target, there.attname AS target_column, \
                                CASE confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' \
                                WHEN 'r' THEN 'restrict' ELSE 'no action' END AS on_delete FROM pg_constraint \
                                JOIN pg_class AS target ON target.oid = confrelid \
                                CROSS JOIN LATERAL unnest(conkey, confkey) AS pairs (own, other) \
                                JOIN pg_attribute AS here ON here.attrelid = conrelid AND here.attnum = own \
                                JOIN pg_attribute AS there ON there.attrelid = confrelid AND there.attnum = other \
                                WHERE contype = 'f' AND conrelid = to_regclass('{table}')";

/// The function that makes a JSON array of a row.
pub const JSON_ARRAY: &str = "json_build_array";

/// A student's code may have left a table locked.
pub const DO_NOT_WAIT: &str = "SET lock_timeout = '200ms'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_sort_by_code_point_on_a_server_with_an_english_collation() {
        let server = Throwaway::start_with(&["--locale-provider=icu", "--icu-locale=en"]).unwrap();
        let mut conn = Db::establish(server.url()).unwrap();
        create(&mut conn, "ours").unwrap();
        let mut ours = Db::establish(&with_database(server.url(), "ours")).unwrap();
        let titles = "(VALUES ('b'), ('Z'), ('a')) AS titles (title) ORDER BY title";
        assert_eq!(crate::rows(&mut ours, "title", titles), "title\nZ\na\nb");
        assert_eq!(crate::rows(&mut conn, "title", titles), "title\na\nb\nZ");
    }
}
