//! Somebody who comes between two statements finds what looks first and acts afterwards, and waits for a lock.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::BigInt;
use gates::{Database, Db};
use groundwork::{connect, write};

const TABLES: &str = "CREATE TABLE doors (opened BIGINT NOT NULL); INSERT INTO doors VALUES (0);
                      CREATE TABLE seats (taken_by BIGINT NOT NULL)";

fn taken(conn: &mut Db) -> i64 {
    diesel::select(diesel::dsl::sql::<BigInt>("(SELECT count(*) FROM seats)")).get_result(conn).unwrap()
}

/// Takes the one seat if it is free.
fn look_and_take(conn: &mut Db) -> Result<bool, Error> {
    let is_free = taken(conn) == 0;
    if is_free {
        diesel::sql_query("INSERT INTO seats VALUES (1)").execute(conn)?;
    }
    Ok(is_free)
}

/// The same while nobody else can open the door.
fn lock_and_take(conn: &mut Db) -> Result<bool, Error> {
    write(conn, |conn| {
        diesel::sql_query("UPDATE doors SET opened = opened + 1").execute(conn)?;
        look_and_take(conn)
    })
}

/// How many have the seat at each moment at which the second comes, and before which statement that is.
fn at_every_moment(take: fn(&mut Db) -> Result<bool, Error>) -> Vec<(i64, String)> {
    let mut moments = Vec::new();
    loop {
        let database = Database::with(TABLES);
        let (mut first, mut second) = (database.connect(connect), database.connect(connect));
        let (_, other) =
            database.interrupt(moments.len(), || take(&mut second).unwrap(), || take(&mut first).unwrap());
        let Some((_, statement)) = other else { return moments };
        moments.push((taken(&mut first), statement));
    }
}

#[test]
fn an_interruption_between_a_check_and_its_write_is_found() {
    let moments = at_every_moment(look_and_take);
    assert_eq!(moments.iter().map(|(taken, _)| *taken).collect::<Vec<_>>(), [1, 2]);
    assert!(moments[1].1.starts_with("INSERT INTO seats"), "{}", moments[1].1);
}

#[test]
fn a_locked_transaction_is_not_interrupted() {
    let moments = at_every_moment(lock_and_take);
    // BEGIN, UPDATE, SELECT, INSERT, COMMIT.
    assert_eq!(moments.iter().map(|(taken, _)| *taken).collect::<Vec<_>>(), [1; 5]);
}

#[test]
fn a_moment_after_the_last_statement_is_not_interrupted() {
    let database = Database::with(TABLES);
    let mut conn = database.connect(connect);
    let (ran, other) = database.interrupt(9, || panic!("nobody comes"), || conn.batch_execute("SELECT 1"));
    assert!(ran.is_ok() && other.map(|(never, _): ((), _)| never).is_none());
}
