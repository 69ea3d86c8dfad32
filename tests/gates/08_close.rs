//! Stage 8: the guests have paid.

use gates::MOST_TABLES;
use groundwork::order_up::Restaurant;

use super::{
    Open, add, assign, at_every_moment, how, how_without_query, no_id, no_token, open, open_with, order,
    restaurant, told,
};

#[test]
fn a_closed_table_is_open_again() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(2);
    let board = add(&mut browser, &table, &[open.house.dish(0)]);
    seen.text("before", board.board());
    let form = board.form_in(&table, "Close table");
    let forged = form.clone().forge_hidden(&no_token());
    seen.text("with a token that nobody issued", browser.submit(&forged).status);
    seen.text(format!("{table} is closed"), how(&browser.submit(&form)));
    seen.text("a second tap", how_without_query(&browser.submit(&form)));
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
    let board = assign(&mut browser, &table, &open.house.server.name);
    seen.text("the next guests", board.board());
    insta::assert_snapshot!(seen);
}

#[test]
fn the_bill_stays() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    add(&mut browser, &table, &[open.house.dish(0), open.house.dish(1)]);
    let board = add(&mut browser, &table, &[open.house.dish(1)]);
    let bill = board.link_in(&table, "Bill");
    let page = browser.get(&bill);
    seen.text("the bill, from the link on the board", page.bill());
    seen.call("the page has a button Log out", page.has_button("Log out"));
    seen.text("a visitor requests it", how_without_query(&open.browser().get(&bill)));
    browser.submit(&board.form_in(&table, "Close table"));
    let board = assign(&mut browser, &table, &open.house.server.name);
    seen.text("the same page when the table is closed and taken again", browser.get(&bill).bill());
    seen.text("the bill of the next guests", browser.get(&board.link_in(&table, "Bill")).bill());
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
    seen.text("an old page adds to it", told(&browser.submit(&late)));
    seen.text("an old page closes it again", told(&another.submit(&again)));
    let unknown = another.get("/").form("Log out").to(&of_another_order(again.action(), &no_id()));
    seen.text("close an order that does not exist", told(&another.submit(&unknown)));
    let board = assign(&mut browser, &table, &open.house.server.name);
    let form = board.form_in(&table, "Add to order").check(open.house.dish(0));
    let unknown = form.clone().to(&of_another_order(form.action(), &no_id()));
    seen.text("add to an order that does not exist", told(&browser.submit(&unknown)));
    for number in ["x", "99999999999999999999"] {
        let strange = form.clone().to(&of_another_order(form.action(), number));
        let fault = browser.submit(&strange).status.is_server_error();
        seen.call(format!("add to the order {number:?}: a server error"), fault);
    }
    let bill = of_another_order(&board.link_in(&table, "Bill"), &no_id());
    seen.call("the bill of an unknown order: a server error", browser.get(&bill).status.is_server_error());
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
        seen.text(format!("{} closes it", worker.name), told(&other.submit(&form)));
        seen.text("the board of the order's server", browser.get("/").board());
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn of_two_who_close_an_order_one_does() {
    let (open, mut seen) = full_house();
    let (mut browser, mut same) = (open.browser_of(&open.house.server), open.browser_of(&open.house.server));
    let (page, others) = (browser.get("/"), same.get("/"));
    let outcome = at_every_moment(|moment| {
        let table = open.house.table(moment);
        let (form, others) = (page.form_in(&table, "Close table"), others.form_in(&table, "Close table"));
        let (first, second) =
            open.database.interrupt(moment, || told(&same.submit(&others)), || told(&browser.submit(&form)));
        let (second, statement) = second?;
        let mut both = [first, second];
        both.sort();
        Some((statement, both.join(", and ")))
    });
    seen.text("two tablets close the same order", outcome);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_bill_that_was_paid_grows_no_more() {
    let (open, mut seen) = full_house();
    let (mut browser, mut same) = (open.browser_of(&open.house.server), open.browser_of(&open.house.server));
    let (page, others, dish) = (browser.get("/"), same.get("/"), open.house.dish(0));
    let outcome = at_every_moment(|moment| {
        let table = open.house.table(moment);
        let (form, close) =
            (page.form_in(&table, "Add to order").check(dish), others.form_in(&table, "Close table"));
        let bill = others.link_in(&table, "Bill");
        let close = || (told(&same.submit(&close)), same.get(&bill).bill());
        let (added, closed) = open.database.interrupt(moment, close, || browser.submit(&form));
        let ((closed, paid), statement) = closed?;
        let after = browser.get(&bill).bill();
        let outcome = match (added.status.is_redirection(), after.contains(dish)) {
            _ if after != paid => "the bill has changed after it was paid",
            (true, false) => "the page says added, but it is not on the bill",
            (false, true) => "the page says not added, but it is on the bill",
            _ if added.status.is_server_error() => "a fault of the app",
            _ => "the bill is as it was when it was paid, and the page is right",
        };
        Some((statement, format!("{closed} for the tablet that closes; {outcome}")))
    });
    seen.text("one tablet adds a dish, and another closes the order", outcome);
    insta::assert_snapshot!(seen);
}

/// As many orders as there are tables, all of one server.
fn full_house() -> (Open, gates::Transcript) {
    open_with(gates::Restaurant::with_tables(MOST_TABLES), |house| {
        let open_orders = (0..MOST_TABLES).map(|table| order(house, table, &house.server, &[])).collect();
        Restaurant { open_orders, ..restaurant(house) }
    })
}

/// The same address for another order: the last number is the order's.
fn of_another_order(address: &str, number: &str) -> String {
    let is_digit = |char: char| char.is_ascii_digit();
    let Some(end) = address.rfind(is_digit).map(|last| last + 1) else { return address.to_owned() };
    let start = address[..end].rfind(|char| !is_digit(char)).map_or(0, |before| before + 1);
    format!("{}{number}{}", &address[..start], &address[end..])
}
