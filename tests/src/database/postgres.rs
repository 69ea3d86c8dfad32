//! PostgreSQL: a database on a server, `DATABASE_URL`'s or a throwaway one.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::dsl::{select, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use fluent_uri::UriRef;

use crate::postgres::{Throwaway, random_text};
use crate::sql_log::unlogged;

pub type Db = PgConnection;

/// One server for the whole process.
static SERVER: LazyLock<Server> = LazyLock::new(Server::find);

struct Server {
    url: String,
    /// Held so that it runs; the end of the process ends it.
    _throwaway: Option<Throwaway>,
}

impl Server {
    fn find() -> Self {
        if let Ok(url) = std::env::var("DATABASE_URL") {
            assert!(
                url.starts_with("postgresql://") || url.starts_with("postgres://"),
                "DATABASE_URL is set, but not to a PostgreSQL URL. With `--features postgres` it names \
                 the server for the tests; unset it, and they start one of their own."
            );
            return Self { url, _throwaway: None };
        }
        let throwaway = Throwaway::start().unwrap_or_else(|error| panic!("{}", error.with_causes()));
        Self { url: throwaway.url().to_owned(), _throwaway: Some(throwaway) }
    }

    fn connect(&self) -> Db {
        // The text of the error is libpq's and may hold the password.
        unlogged(|| Db::establish(&self.url))
            .unwrap_or_else(|_| panic!("the PostgreSQL server of DATABASE_URL does not let us in; check the URL, or unset it to have one started"))
    }
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

    pub fn connect(&self) -> Db {
        let conn = unlogged(|| Db::establish(&self.url));
        conn.unwrap_or_else(|error| panic!("cannot open {}: {error}", self.name))
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
pub fn bad_urls(password: &str) -> [(&'static str, String); 2] {
    [
        ("a URL of another kind of database", format!("mysql://book_user:{password}@localhost/books")),
        // Nothing listens on port 1.
        ("a database that is out of reach", format!("postgresql://book_user:{password}@127.0.0.1:1/books")),
    ]
}

/// A number of pages that fails when somebody reads it. A `STABLE` function of this cost is called for no row that a
/// `LIMIT` leaves out.
pub const UNREADABLE: &str = "unreadable()";
pub const BEFORE_UNREADABLE: &str = "CREATE OR REPLACE FUNCTION unreadable() RETURNS integer LANGUAGE plpgsql STABLE COST 1000 \
                                     AS $$ BEGIN RAISE 'this row cannot be read'; END $$";

/// A query for the names of all tables.
pub const TABLES: &str = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' \
                          AND tablename <> '__diesel_schema_migrations'";

/// A query for the columns of `{table}`.
pub const COLUMNS: &str = "SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnum AS place, \
                           CASE WHEN attnotnull THEN 'no' ELSE 'yes' END AS may_be_null, \
                           CASE WHEN attnum = ANY (indkey) THEN 'yes' ELSE 'no' END AS in_key \
                           FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary \
                           WHERE attrelid = to_regclass('{table}') AND attnum > 0 AND NOT attisdropped";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_sort_by_code_point_on_a_server_that_sorts_as_english_does() {
        let server = Throwaway::start_with(&["--locale-provider=icu", "--icu-locale=en"]).unwrap();
        let mut conn = Db::establish(server.url()).unwrap();
        create(&mut conn, "ours").unwrap();
        let mut ours = Db::establish(&with_database(server.url(), "ours")).unwrap();
        let titles = "(VALUES ('b'), ('Z'), ('a')) AS titles (title) ORDER BY title";
        assert_eq!(crate::rows(&mut ours, "title", titles), "title\nZ\na\nb");
        assert_eq!(crate::rows(&mut conn, "title", titles), "title\na\nb\nZ");
    }
}
