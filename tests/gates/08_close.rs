//! Phase 5: the guests have paid.

use super::{add, how, open};

#[test]
fn a_closed_table_is_open_again() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(2);
    let board = add(&mut browser, &table, &[open.house.dish(0)]);
    seen.text("before", board.board());
    let answer = browser.submit(&board.form_in(&table, "Close table"));
    seen.text(format!("{table} is closed"), how(&answer));
    seen.text("after", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn the_next_guests_begin_with_nothing() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let board = add(&mut browser, &table, &[open.house.dish(0)]);
    browser.submit(&board.form_in(&table, "Close table"));
    let board = super::assign(&mut browser, &table, &open.house.server.name);
    seen.text("the next guests", board.board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_closed_order_takes_nothing_more() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let board = browser.get("/");
    let late = board.form_in(&table, "Add to order").check(open.house.dish(0));
    let mut another = open.browser_of(&open.house.server);
    let again = another.get("/").form_in(&table, "Close table");
    browser.submit(&board.form_in(&table, "Close table"));
    let fresh = another.get("/").form("Assign table");
    for (what, form) in [("add to it", &late), ("close it once more", &again)] {
        let answer = if what == "add to it" { browser.submit(form) } else { another.submit(form) };
        seen.call(what, answer.status.as_u16());
        seen.call("says why", !answer.all("[role=alert]").is_empty());
    }
    let unknown = again.action().replace(|char: char| char.is_ascii_digit(), "");
    let unknown = unknown.replace("//", "/7000/");
    seen.call("close an order that there is not", another.submit(&fresh.to(&unknown)).status.as_u16());
    insta::assert_snapshot!(seen);
}

#[test]
fn nobody_closes_anothers_order_but_a_manager() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let close = browser.get("/").form_in(&table, "Close table");
    for worker in [&open.house.other_server, &open.house.manager] {
        let mut other = open.browser_of(worker);
        // A form of one's own, with one's own hidden fields, sent to the address of the other.
        let form = other.get("/").form("Log out").to(close.action());
        seen.call(&worker.name, other.submit(&form).status.as_u16());
        seen.text("the board of the order's server", browser.get("/").board());
    }
    insta::assert_snapshot!(seen);
}
