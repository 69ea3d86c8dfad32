//! Live pages: a change shows on all screens, whichever instance of the app made it.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use groundwork::connect;
use order_up::connection::Connection;
use tokio::sync::{Semaphore, watch};

use crate::Open;
use crate::live_events::{Events, Instance};
use crate::restaurant::{add, assign, press, tab};

const LIVE: &str = "/tonight/live";

#[test]
fn a_change_by_another_instance_or_program_is_shown() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut events = instance.look(&mut instance.browser_of("2345"), LIVE);
    let first = events.next().expect("there is a first event");
    assert!(first.name == "part" && first.data.contains("10 of 10 free"), "{first:?}");
    // Another instance.
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let part = events.wait_for_part("9 of 10 free");
    assert!(part.contains("<bdi>Margot</bdi>") && part.contains("$0.00"), "{part}");
    add(&mut margot, "Table 4", &["Jambalaya"]);
    events.wait_for_part("$21.98");
    // Another program.
    open.database.run("UPDATE employees SET name = 'Maggie' WHERE employee_number = 1234");
    events.wait_for_part("<bdi>Maggie</bdi>");
    press(&mut margot, "/", "Table 4", "Close table");
    events.wait_for_part("10 of 10 free");
}

#[test]
fn the_minutes_are_updated_even_if_nothing_else_changes() {
    let open = Open::new();
    let instance = Instance::of(&open);
    let mut margot = instance.browser_of("1234");
    assign(&mut margot, "Table 4", "Margot");
    let mut events = instance.look(&mut margot, LIVE);
    events.wait_for_part("0 min");
    let beat = events.wait_for("beat");
    assert_eq!(beat.data, "18:30");
    open.wait(60);
    events.wait_for_part("1 min");
    assert_eq!(events.wait_for("beat").data, "18:31");
}

/// How often the tables and their orders were read.
fn reads(open: &Open) -> usize {
    let queries = open.database.queries();
    queries.iter().filter(|query| query.starts_with("SELECT") && query.contains("capacity")).count()
}

/// Waits until nothing has been read for a while, and counts.
fn reads_when_quiet(open: &Open) -> usize {
    let mut before = reads(open);
    loop {
        thread::sleep(Duration::from_millis(1500));
        let now = reads(open);
        if std::mem::replace(&mut before, now) == now {
            return now;
        }
    }
}

#[test]
fn a_change_is_read_once_for_a_hundred_viewers() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut all: Vec<Events> = Vec::new();
    for _ in 0..20 {
        let mut browser = instance.browser_of("2345");
        all.extend((0..5).map(|_| instance.look(&mut browser, LIVE)));
    }
    for events in &mut all {
        events.wait_for_part("10 of 10 free");
    }
    let before = reads_when_quiet(&open);
    open.database
        .run("INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (1, 1, 0, 0)");
    for events in &mut all {
        events.wait_for_part("9 of 10 free");
    }
    assert_eq!(reads_when_quiet(&open) - before, 1);
}

#[test]
fn no_statements_run_without_viewers() {
    let open = Open::new();
    let instance = Instance::of(&open);
    let mut margot = instance.browser_of("1234");
    for _ in 0..2 {
        let before = open.database.queries().len();
        let mut events = instance.look(&mut margot, LIVE);
        events.wait_for("beat");
        assert!(open.database.queries().len() > before);
        drop(events);
        // A check may be in progress.
        thread::sleep(Duration::from_secs(1));
        let before = open.database.queries().len();
        thread::sleep(Duration::from_millis(1500));
        assert_eq!(open.database.queries().len(), before);
    }
}

#[test]
fn a_viewer_who_is_signed_out_receives_nothing_more() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut stays = instance.look(&mut instance.browser_of("1234"), LIVE);
    let ended = |mut events: Events, table: &str| {
        events.wait_for("ended");
        assert_eq!(events.next(), None);
        assign(&mut open.margot(), table, "Margot");
    };
    // Signed out in another tab, on another instance.
    let mut robin = instance.browser_of("2345");
    let events = instance.look(&mut robin, LIVE);
    let mut other = open.browser();
    other.cookies().clone_from(robin.cookies());
    press(&mut other, "/", "", "Log out");
    ended(events, "Table 1");
    // With a new password.
    let events = instance.look(&mut instance.browser_of("3456"), LIVE);
    let mut margot = instance.browser_of("1234");
    let form = margot.get("/employees/3").form("Set password");
    assert_eq!(margot.submit(&form.fill("Temporary password", "orange juice")).status, 303);
    ended(events, "Table 4");
    // Retired.
    let events = instance.look(&mut instance.browser_of("2345"), LIVE);
    press(&mut margot, "/employees/2", "", "Retire");
    ended(events, "Table 7");
    // The others go on.
    stays.wait_for_part("7 of 10 free");
    // Expired.
    open.wait(12 * 60 * 60);
    stays.wait_for("ended");
    assert_eq!(stays.next(), None);
    assert_eq!(open.count("orders"), 3);
}

/// Between the check of the request and the first read.
#[test]
fn a_viewer_who_was_signed_out_meanwhile_receives_nothing_more() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut margot = instance.browser_of("1234");
    let mut first = instance.look(&mut margot, LIVE);
    first.wait_for("part");
    let mut robin = instance.browser_of("2345");
    let mut events = instance.look(&mut robin, LIVE);
    open.database.run("DELETE FROM sessions");
    events.wait_for("ended");
    assert_eq!(events.next(), None);
}

#[test]
fn viewers_are_notified_when_the_database_fails_and_when_it_recovers() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut events = instance.look(&mut instance.browser_of("1234"), LIVE);
    events.wait_for("beat");
    let mut conn = connect(open.database.url()).expect("the database is there");
    open.database.without("orders", || {
        // A change, so that the pages are read again.
        conn.batch_execute("UPDATE employees SET name = name").expect("the table is there");
        events.wait_for("lost");
    });
    events.wait_for("beat");
    open.database
        .run("INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (1, 1, 0, 0)");
    events.wait_for_part("9 of 10 free");
}

/// The server closes the connection. Changes before the next one are not missed.
#[cfg(feature = "postgres")]
#[test]
fn a_lost_connection_is_replaced() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut events = instance.look(&mut instance.browser_of("1234"), LIVE);
    events.wait_for("beat");
    for free in [9, 8] {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                   AND pid <> pg_backend_pid()";
        open.database.run(end);
        let insert = format!(
            "INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (1, {free}, 0, 0)"
        );
        open.database.run(&insert);
        events.wait_for_part(&format!("{free} of 10 free"));
    }
}

#[test]
fn a_slow_viewer_gets_the_latest_state_and_no_backlog() {
    let mut open = Open::new();
    let instance = Instance::of(&open);
    let mut margot = instance.browser_of("1234");
    let (mut slow, mut fast) = (instance.look(&mut margot, LIVE), instance.look(&mut margot, LIVE));
    slow.wait_for_part("10 of 10 free");
    for table in 1..=5 {
        let insert = format!(
            "INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (1, {table}, 0, 0)"
        );
        open.database.run(&insert);
        fast.wait_for_part(&format!("{} of 10 free", 10 - table));
    }
    let next = slow.next().expect("the events go on");
    assert!(next.name == "part" && next.data.contains("5 of 10 free"), "{next:?}");
}

#[test]
fn a_session_may_have_eight_live_pages() {
    let open = Open::new();
    let instance = Instance::of(&open);
    let mut margot = instance.browser_of("1234");
    let mut same = tab(&mut margot);
    let mut all: Vec<_> = (0..8).map(|_| instance.look(&mut margot, LIVE)).collect();
    assert_eq!(instance.ask(&mut same, LIVE, None).0, 429);
    instance.look(&mut instance.browser_of("1234"), LIVE).wait_for("part");
    all.pop();
    all.push(instance.look(&mut same, LIVE));
}

#[test]
fn live_pages_leave_connections_for_others_and_end_with_the_program() {
    let open = Open::new();
    let instance = Instance::of(&open);
    let mut margot = instance.browser_of("1234");
    let (stop, stopping) = watch::channel(());
    let connection = Connection { stopping, endless: Arc::new(Semaphore::new(1)) };
    let (status, mut events) = instance.ask(&mut margot, LIVE, Some(connection.clone()));
    assert_eq!(status, 200);
    assert_eq!(instance.ask(&mut margot, LIVE, Some(connection.clone())).0, 429);
    events.wait_for("part");
    drop(events);
    let (status, mut events) = instance.ask(&mut margot, LIVE, Some(connection));
    assert_eq!(status, 200);
    events.wait_for("part");
    drop(stop);
    while events.next().is_some() {}
}

#[test]
fn visitors_receive_no_events() {
    let open = Open::new();
    let answer = open.browser().get(LIVE);
    assert_eq!(answer.location().as_deref(), Some("/session/?next=%2Ftonight%2Flive"));
}
