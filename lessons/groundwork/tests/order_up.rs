//! What an Order Up is built with, where it needs a database or a process of its own.

use std::time::Duration;

use gates::{Database, Db};
use groundwork::connect;
use groundwork::migrations::{Migrations, SESSIONS, SPENT_TOKENS};
use groundwork::order_up::{Timestamp, form_token, own_tables, passwords};

const MIGRATIONS: Migrations = Migrations(&[SESSIONS, SPENT_TOKENS]);
const NOW: Timestamp = Timestamp(1_771_111_800);

/// The tables that are given, and these.
fn with(statements: &str) -> (Database, Db) {
    let mut database = Database::migrated(&MIGRATIONS);
    for statement in statements.split_terminator(';') {
        let done = database.run(statement);
        assert!(done.starts_with("done"), "{statement}: {done}");
    }
    let conn = database.connect(connect);
    (database, conn)
}

fn own(conn: &mut Db) -> Vec<(String, i64)> {
    own_tables::all(conn).unwrap().into_iter().map(|table| (table.name, table.rows)).collect()
}

#[test]
fn the_provided_tables_do_not_count_as_own_tables() {
    let (mut database, mut conn) = with("");
    assert!(database.tables().contains("spent_tokens"));
    assert_eq!(own(&mut conn), []);
    assert!(!own_tables::are_empty(&mut conn).unwrap());
}

#[test]
fn own_tables_are_counted_whatever_their_names_are() {
    let names = "CREATE TABLE seats (id INTEGER); CREATE TABLE \"an \"\"odd\"\" name\" (id INTEGER);\
                 CREATE TABLE \"order\" (id INTEGER); CREATE VIEW taken AS SELECT id FROM seats";
    let (mut database, mut conn) = with(names);
    let counted = |rows: [i64; 3]| {
        ["an \"odd\" name", "order", "seats"].map(str::to_owned).into_iter().zip(rows).collect::<Vec<_>>()
    };
    assert_eq!(own(&mut conn), counted([0, 0, 0]));
    assert!(own_tables::are_empty(&mut conn).unwrap());
    database.run("INSERT INTO \"order\" VALUES (1), (2)");
    assert_eq!(own(&mut conn), counted([0, 2, 0]));
    assert!(!own_tables::are_empty(&mut conn).unwrap());
}

#[test]
fn a_token_can_be_spent_only_once() {
    let (mut database, mut conn) = with("");
    assert!(form_token::spend(&mut conn, "a form", NOW).unwrap());
    assert!(!form_token::spend(&mut conn, "a form", NOW + Duration::from_secs(1)).unwrap());
    assert!(form_token::spend(&mut conn, "another form", NOW).unwrap());
    let spent = database.rows("token, spent_at", "spent_tokens ORDER BY token");
    assert_eq!(spent, "token | spent_at\na form | 1771111800\nanother form | 1771111800");
}

#[test]
fn a_spent_token_is_remembered_for_a_week() {
    let (_database, mut conn) = with("");
    form_token::spend(&mut conn, "a form", NOW).unwrap();
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    assert_eq!(form_token::delete_old(&mut conn, NOW + week).unwrap(), 0);
    assert_eq!(form_token::delete_old(&mut conn, NOW + week + Duration::from_secs(1)).unwrap(), 1);
    assert!(form_token::spend(&mut conn, "a form", NOW).unwrap());
}

/// 7 MiB and 5 passes, and no less before somebody calls `practice`, which nobody does in this process.
#[tokio::test]
async fn a_password_is_expensive_to_guess() {
    let hashed = passwords::hash("orange juice").unwrap();
    assert!(hashed.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "{hashed}");
    assert_ne!(hashed, passwords::hash("orange juice").unwrap());
    assert!(passwords::Passwords::start().verify("orange juice".to_owned(), Some(hashed)).await);
    assert_eq!(passwords::checks("orange juice"), 0);
}
