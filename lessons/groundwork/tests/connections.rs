//! What a `DATABASE_URL` may be, how errors name it, and what each connection is like.

use groundwork::place::place;
use groundwork::{ConnectError, check_url};

#[test]
fn text_that_is_not_a_url_is_refused() {
    for url in ["", "://hunter2", "hun ter2://x", "hunter2:x://y", "hunter2\0"] {
        let refused = check_url(url);
        assert!(matches!(refused, Err(ConnectError::NotAUrl)), "{url}: {refused:?}");
    }
}

#[test]
fn the_error_for_another_kind_of_url_names_only_its_scheme() {
    let other = if cfg!(feature = "postgres") { "sqlite" } else { "postgresql" };
    for scheme in [other, "svn+ssh"] {
        match check_url(&format!("{scheme}://ann:hunter2@localhost/books")) {
            Err(ConnectError::WrongKind { scheme: named }) => assert_eq!(named, scheme),
            accepted => panic!("{accepted:?}"),
        }
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_database_is_named_by_its_file() {
    for url in ["sqlite://books.db", "books.db"] {
        assert_eq!(place(url), "the SQLite file books.db");
    }
    assert_eq!(place("file:books.db"), "the SQLite file file:books.db");
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_is_named_by_its_server() {
    let named = place("postgresql://ann:hunter2@db.example:6432/books?sslmode=disable");
    assert_eq!(named, "the PostgreSQL database `books` on db.example:6432 as `ann`");
    assert_eq!(place("postgresql://me@/mine"), "the PostgreSQL database `mine` on localhost:5432 as `me`");
}

/// SQLite leaves these off for the sake of old programs.
#[cfg(not(feature = "postgres"))]
#[test]
fn every_connection_enforces_foreign_keys_and_waits_for_locks() {
    let database = gates::Database::empty();
    let mut conn = groundwork::connect(database.url()).unwrap();
    for (pragma, value) in
        [("foreign_keys", "1"), ("synchronous", "2"), ("journal_mode", "wal"), ("busy_timeout", "5000")]
    {
        // SQLite calls this one by another name.
        let column = if pragma == "busy_timeout" { "timeout" } else { pragma };
        let rows = gates::rows(&mut conn, column, &format!("pragma_{pragma}"));
        assert_eq!(rows, format!("{column}\n{value}"));
    }
    assert_eq!(gates::rows(&mut conn, "'A' LIKE 'a'", "(SELECT 1)"), "'A' LIKE 'a'\n0");
}
