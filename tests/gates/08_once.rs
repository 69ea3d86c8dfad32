//! Stage 7: once only, and nobody else's.

use gates::{MOST_TABLES, Server, this_gate};
use groundwork::order_up::Restaurant;

use super::{
    app, assign, at_every_moment, how_without_query, no_id, open, open_with, order, restaurant, told,
};

#[test]
fn a_second_tap_adds_nothing() {
    let server = Server::of(this_gate!(), app);
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let form = browser.get("/").form_in(&table, "Add to order").check(open.house.dish(4));
    for tap in ["the first tap", "the second"] {
        seen.text(tap, how_without_query(&browser.submit(&form)));
    }
    browser.restart(|| server.start(open.settings()));
    seen.text("a third, after a restart of the app", how_without_query(&browser.submit(&form)));
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_second_tap_assigns_nothing() {
    let (open, mut seen) = open();
    let mut browser = open.serving(1);
    let form = browser.get("/").form("Assign table").choose("Table", &open.house.table(1));
    let form = form.choose("Server", &open.house.server.name);
    for tap in ["the first tap", "the second"] {
        seen.text(tap, how_without_query(&browser.submit(&form)));
    }
    seen.text("the board", browser.get("/").board());
    // All forms of a page have the same hidden fields, and each may be sent.
    let page = browser.get("/");
    for table in [0, 1] {
        let form = page.form_in(&open.house.table(table), "Add to order").check(open.house.dish(4));
        seen.text(
            format!("a dish for {}", open.house.table(table)),
            how_without_query(&browser.submit(&form)),
        );
    }
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_form_that_was_refused_may_be_sent_again() {
    let (open, mut seen) = open();
    let (table, dish) = (open.house.table(0), open.house.dish(4));
    let mut browser = open.serving(1);
    let form = browser.get("/").form_in(&table, "Add to order").check(dish);
    let wrong = form.clone().add(dish, &no_id());
    seen.call(
        "with a dish that is not on the menu: rejected",
        browser.submit(&wrong).status.is_client_error(),
    );
    seen.text("the same page's form, without it", how_without_query(&browser.submit(&form)));
    seen.text("the board", browser.get("/").board());
    // Two tables were free when this page was made, and one of them is when the form comes.
    let form = browser.get("/").form("Assign table").choose("Server", &open.house.server.name);
    let (taken, free) = (open.house.table(1), open.house.table(2));
    assign(&mut open.browser_of(&open.house.manager), &taken, &open.house.manager.name);
    let answer = browser.submit(&form.clone().choose("Table", &taken));
    seen.call("a table that was taken meanwhile: rejected", answer.status.is_client_error());
    seen.text(
        "the same page's form, for another",
        how_without_query(&browser.submit(&form.choose("Table", &free))),
    );
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn two_taps_at_the_same_time_add_once() {
    let (open, mut seen) = open_with(gates::Restaurant::with_tables(MOST_TABLES), |house| {
        let open_orders = (0..MOST_TABLES).map(|table| order(house, table, &house.server, &[])).collect();
        Restaurant { open_orders, ..restaurant(house) }
    });
    let (mut browser, mut same) = (open.browser_of(&open.house.server), open.browser());
    same.cookies().extend(browser.cookies().clone());
    let (page, dish) = (browser.get("/"), open.house.dish(4));
    let outcome = at_every_moment(|moment| {
        let table = open.house.table(moment);
        let form = page.form_in(&table, "Add to order").check(dish);
        let (first, second) = open.database.interrupt(
            moment,
            || how_without_query(&same.submit(&form)),
            || how_without_query(&browser.submit(&form)),
        );
        let (second, statement) = second?;
        let board = browser.get("/").board();
        let lines = board.orders.iter().filter(|order| order.table == table).flat_map(|order| &order.lines);
        let lines = lines.map(String::as_str).collect::<Vec<_>>().join(", ");
        let mut both = [first, second];
        both.sort();
        Some((statement, format!("{}; on the order: {lines}", both.join(", and "))))
    });
    seen.text("two taps", outcome);
    insta::assert_snapshot!(seen);
}

#[test]
fn nobody_adds_to_anothers_order() {
    let (open, mut seen) = open_with(gates::Restaurant::of_seed(), |house| {
        let servers = [&house.server, &house.other_server, &house.manager];
        let open_orders =
            (0..).zip(servers).map(|(table, server)| order(house, table, server, &[])).collect();
        Restaurant { open_orders, ..restaurant(house) }
    });
    let mut browser = open.browser_of(&open.house.server);
    let theirs = browser.get("/").form_in(&open.house.table(0), "Add to order");
    for (place, worker) in [(1, &open.house.other_server), (2, &open.house.manager)] {
        let mut other = open.browser_of(worker);
        let form =
            other.get("/").form_in(&open.house.table(place), "Add to order").check(open.house.dish(place));
        let answer = other.submit(&form.to(theirs.action()));
        seen.text(format!("{} adds to the order of {}", worker.name, open.house.server.name), told(&answer));
    }
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}
