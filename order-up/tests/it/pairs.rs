//! Two people who write at the same time, [P3]: whatever they do, neither waits for the other without end.
//!
//! PostgreSQL ends one of two transactions that wait for each other. Here each pair of what people do to one order
//! runs: the second before the first statement of the first, before its second statement, and so on. It takes minutes.
//!
//!     cargo test -p order-up --features postgres --test it -- --ignored p3_of_two

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use groundwork::order_up::Timestamp;
use groundwork::{Db, connect};
use order_up::Role;
use order_up::models::employee::{self, Employee};
use order_up::models::menu::types::{self, Shown};
use order_up::models::order::{self, transfer, undo};
use order_up::models::order_detail::quantity::{self, NewQuantity};
use order_up::models::order_detail::{self, LineRequest, undo as undo_taking_back};
use order_up::models::{kitchen, menu, sold_out, table};

use crate::Open;

const NOW: Timestamp = Timestamp(0);
const LATER: Timestamp = Timestamp(60);

type Work = fn(&mut Db) -> Result<(), String>;

const WORKS: [(&str, Work); 22] = [
    ("assign a table", |conn| done(order::assign(conn, 5, 2, None, NOW))),
    ("add two dishes", |conn| add(conn, &[2, 1])),
    ("add them the other way around", |conn| add(conn, &[1, 2])),
    ("add a portion", |conn| set(conn, 3)),
    ("take a portion back", |conn| set(conn, 1)),
    ("take a line back", |conn| set(conn, 0)),
    ("undo taking back", |conn| {
        let (me, entry) = (margot(conn), entry(conn));
        done(undo_taking_back::undo(conn, &me, 1, entry, NOW, LATER))
    }),
    ("close", |conn| {
        let me = margot(conn);
        done(order::close(conn, &me, 1, NOW))
    }),
    ("undo closing", |conn| {
        let me = margot(conn);
        done(undo::undo_close(conn, &me, 2, NOW, LATER))
    }),
    ("reopen", |conn| {
        let me = margot(conn);
        done(order::reopen(conn, &me, 2, &(Timestamp(0)..Timestamp(i64::MAX)), LATER))
    }),
    ("move to another table", |conn| {
        let me = margot(conn);
        done(transfer::move_to_table(conn, &me, 1, 5, NOW))
    }),
    ("hand over", |conn| {
        let me = margot(conn);
        done(transfer::hand_over(conn, &me, 1, 2, NOW))
    }),
    ("cook", |conn| done(kitchen::mark_cooked(conn, 1, 1, 1, NOW))),
    ("undo cooking", |conn| done(kitchen::undo(conn, 1))),
    ("sold out", |conn| {
        let me = margot(conn);
        done(sold_out::mark(conn, &me, 1, Timestamp(99), NOW))
    }),
    ("change a dish", |conn| {
        let me = margot(conn);
        let mut new = menu::describe(conn, 1).map_err(|error| error.to_string())?;
        new.name = "Sarsaparilla".to_owned();
        done(menu::update(conn, &me, 1, &new, NOW))
    }),
    ("take a dish off the menu", |conn| done(menu::remove(conn, 1, NOW))),
    ("move a type", |conn| {
        let shown = |id| Shown { id, position: id };
        done(types::swap(conn, shown(1), shown(2)))
    }),
    ("take a table away", |conn| done(table::remove(conn, 5, NOW))),
    ("promote", |conn| done(employee::update(conn, 2, "Robyn", Role::Manager))),
    ("retire", |conn| done(employee::retire(conn, 2, NOW))),
    ("demote", |conn| done(employee::update(conn, 1, "Margot", Role::Server))),
];

/// Where somebody else was faster, the refusal is right.
fn done<T, E: std::error::Error>(result: Result<T, E>) -> Result<(), String> {
    result.map(drop).map_err(|error| error.to_string())
}

fn margot(conn: &mut Db) -> Employee {
    employee::find(conn, 1).expect("Margot works here")
}

fn add(conn: &mut Db, dishes: &[i32]) -> Result<(), String> {
    let me = margot(conn);
    let requests: Vec<_> = dishes.iter().map(|dish| LineRequest::plain(*dish, 1)).collect();
    done(order_detail::add(conn, &me, 1, &requests, NOW))
}

fn set(conn: &mut Db, to: i32) -> Result<(), String> {
    let me = margot(conn);
    let reason = (to < 2).then(|| "wrong dish".to_owned());
    done(quantity::set(conn, &me, 1, 1, &NewQuantity { from: 2, to, reason }, NOW))
}

fn entry(conn: &mut Db) -> i32 {
    use diesel::prelude::*;
    use order_up::schema::log_entries;
    log_entries::table
        .select(log_entries::id)
        .order(log_entries::id.desc())
        .first(conn)
        .expect("something was taken back")
}

/// An order of two portions, one of them cooked, and another line of which one was taken back; and a closed order.
fn evening() -> Open {
    let open = Open::new();
    let mut conn = open.database.connect(connect);
    let me = margot(&mut conn);
    for table in [4, 6] {
        order::assign(&mut conn, table, 1, None, NOW).expect("the table is free");
    }
    order_detail::add(&mut conn, &me, 1, &[LineRequest::plain(1, 2), LineRequest::plain(2, 2)], NOW)
        .expect("they are on the menu");
    order::close(&mut conn, &me, 2, NOW).expect("it is open");
    kitchen::mark_cooked(&mut conn, 1, 0, 1, NOW).expect("it is to be cooked");
    let one = NewQuantity { from: 2, to: 1, reason: Some("a guest has left".to_owned()) };
    quantity::set(&mut conn, &me, 1, 2, &one, NOW).expect("there are two");
    open
}

fn is_of_the_database(error: &str) -> bool {
    ["deadlock", "locked", "serialize"].iter().any(|word| error.contains(word))
}

/// Those that are left waiting, with what they did.
fn stuck((first, ours): (&str, Work), (second, theirs): (&str, Work)) -> Vec<String> {
    let mut stuck = Vec::new();
    for before in 0.. {
        let open = evening();
        let (mut conn, mut other) = (open.database.connect(connect), open.database.connect(connect));
        let (ours, theirs) = open.database.interrupt(before, || theirs(&mut other), || ours(&mut conn));
        let Some((theirs, statement)) = theirs else { break };
        let errors = [ours, theirs].into_iter().filter_map(Result::err).filter(|it| is_of_the_database(it));
        stuck.extend(errors.map(|error| format!("{first}, and {second} before {statement}: {error}")));
    }
    stuck
}

#[test]
#[ignore = "it takes minutes"]
fn p3_two_writers_never_deadlock() {
    let pairs: Vec<_> =
        (0..WORKS.len()).flat_map(|first| (first..WORKS.len()).map(move |it| (first, it))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let pairs = std::iter::from_fn(|| pairs.get(next.fetch_add(1, Ordering::Relaxed)));
        pairs.flat_map(|&(first, second)| stuck(WORKS[first], WORKS[second])).collect::<Vec<_>>()
    };
    let stuck: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    assert!(stuck.is_empty(), "{}", stuck.join("\n"));
}
