//! What becomes of a `DATABASE_URL`: each that is wrong has its words, and none shows a password.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

#[cfg(not(feature = "postgres"))]
use gates::{Database, at_once};
use order_up::connect::place;
use order_up::{connect, pool::Pool};

use crate::Open;

/// What `connect` says of a URL that it refuses.
#[track_caller]
fn refused(url: &str) -> String {
    match connect(url) {
        Ok(_) => panic!("{url:?} is taken"),
        Err(error) => error.to_string(),
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_url_of_another_kind_is_named_by_its_kind_alone() {
    assert_eq!(
        refused("postgresql://order_up:hunter2@localhost/order_up"),
        "DATABASE_URL begins with `postgresql:`, and this program was built for SQLite. Use a URL such as \
         sqlite://order-up.db; for PostgreSQL, add `--features postgres` to the cargo command."
    );
    assert!(refused("svn+ssh://x").contains("`svn+ssh:`"));
}

#[cfg(feature = "postgres")]
#[test]
fn a_url_of_another_kind_is_named_by_its_kind_alone() {
    let said = refused("sqlite://order-up.db");
    assert!(said.contains("begins with `sqlite:`, and this program was built for PostgreSQL"), "{said}");
}

#[test]
fn what_is_no_url_is_not_shown() {
    for url in ["", "://hunter2", "hun ter2://x", "hunter2:x://y", "hunter2\0"] {
        let said = refused(url);
        assert!(said.starts_with("DATABASE_URL is not a URL that can be read. Write it like "), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// libpq would print each of them whole.
#[cfg(feature = "postgres")]
#[test]
fn a_password_with_a_character_that_means_something_is_not_shown() {
    for password in ["hunter2@x", "hunter2/x", "hunter2#x", "hunter2?x", "hunter2:x@y"] {
        let said = refused(&format!("postgresql://order_up:{password}@localhost/order_up"));
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_folder_that_is_not_there_and_a_file_that_is_no_database_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let missing = format!("sqlite://{}", folder.path().join("no/order-up.db").display());
    let file = missing.trim_start_matches("sqlite://");
    let said = refused(&missing);
    assert!(
        said.starts_with(&format!("cannot connect to the SQLite file {file}: unable to open database file.")),
        "{said}"
    );
    assert!(said.ends_with(" Check that its folder exists and that you may write there."), "{said}");

    let text = folder.path().join("notes.txt").display().to_string();
    std::fs::write(&text, "no database, however long this is; SQLite looks at the first hundred bytes or so")
        .expect("the file can be written");
    let said = refused(&text);
    assert!(
        said.starts_with(&format!("cannot use the SQLite file {text}: file is not a database.")),
        "{said}"
    );
    assert!(said.contains("name a file that does not exist yet"), "{said}");
}

#[cfg(feature = "postgres")]
#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    let said = refused("postgresql://order_up:hunter2@127.0.0.1:1/order_up");
    let place = "cannot connect to the PostgreSQL database `order_up` on 127.0.0.1:1 as `order_up`: ";
    assert!(said.starts_with(place) && !said.contains("hunter2"), "{said}");
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_database_is_named_by_its_file() {
    for url in ["sqlite://order-up.db", "order-up.db"] {
        assert_eq!(place(url), "the SQLite file order-up.db");
    }
    assert_eq!(place("file:order-up.db"), "the SQLite file file:order-up.db");
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_is_named_by_its_server() {
    let named = place("postgresql://order_up:hunter2@db.example:6432/order_up?sslmode=disable");
    assert_eq!(named, "the PostgreSQL database `order_up` on db.example:6432 as `order_up`");
    assert_eq!(place("postgresql://me@/mine"), "the PostgreSQL database `mine` on localhost:5432 as `me`");
}

/// SQLite leaves these off for the sake of old programs, [P3] and [P9].
#[cfg(not(feature = "postgres"))]
#[test]
fn every_connection_keeps_the_rules_and_waits_for_its_turn() {
    let database = Database::migrated(order_up::MIGRATIONS);
    let mut conn = connect(database.url()).expect("there is a database");
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

#[cfg(not(feature = "postgres"))]
#[test]
fn many_who_open_a_new_file_at_once_all_can() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let url = folder.path().join("new.db").display().to_string();
        let opened = at_once(vec![url; 8], |url| connect(&url).map(drop));
        assert_eq!(opened, [const { Ok(()) }; 8]);
    }
}

/// Of twice as many as there are connections, half work at a time: the first eight wait for each other.
#[test]
fn eight_connections_are_open_at_most() {
    let open = Open::new();
    let pool = Pool::new(&open.config());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let (together, working, most) =
        (Arc::new(Barrier::new(8)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let works = (0..16).map(|_| {
        let (pool, together) = (pool.clone(), Arc::clone(&together));
        let (working, most) = (Arc::clone(&working), Arc::clone(&most));
        runtime.spawn(async move {
            let work = move |_: &mut _| {
                most.fetch_max(working.fetch_add(1, SeqCst) + 1, SeqCst);
                together.wait();
                thread::sleep(Duration::from_millis(50));
                working.fetch_sub(1, SeqCst);
            };
            pool.run(work).await.expect("there is a connection");
        })
    });
    for work in works.collect::<Vec<_>>() {
        runtime.block_on(work).expect("none of them panics");
    }
    assert_eq!(most.load(SeqCst), 8);
    runtime.block_on(async { drop(pool) });
}

#[test]
fn who_panics_leaves_nothing_half_way_for_others() {
    let open = Open::new();
    let pool = Pool::new(&open.config());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let half = |conn: &mut order_up::Db| -> () {
        let begun = "BEGIN; DELETE FROM tables";
        diesel::connection::SimpleConnection::batch_execute(conn, begun).expect("there are tables");
        panic!("half-way");
    };
    let panic = catch_unwind(AssertUnwindSafe(|| runtime.block_on(pool.run(half))));
    let panic = panic.expect_err("the panic goes on where it was asked for");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"half-way"));
    let tables = runtime.block_on(pool.run(|conn| gates::rows(conn, "count(*)", "tables")));
    assert_eq!(tables.expect("there is a connection"), "count(*)\n10");
    runtime.block_on(async { drop(pool) });
}
