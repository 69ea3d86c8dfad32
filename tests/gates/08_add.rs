//! Phase 4: the guests order.

use gates::Browser;

use super::{Open, add, assign, how, open};

#[test]
fn what_is_added_is_on_the_order() {
    let (open, mut seen) = open();
    let (table, house) = (open.house.table(0), &open.house);
    let mut browser = open.serving(2);
    let form = browser.get("/").form_in(&table, "Add to order").check(house.dish(0)).check(house.dish(1));
    seen.text(format!("two dishes for {table}"), how(&browser.submit(&form)));
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn the_same_dish_again_is_the_same_line() {
    let (open, mut seen) = open();
    let (table, house) = (open.house.table(0), &open.house);
    let mut browser = open.serving(1);
    add(&mut browser, &table, &[house.dish(2)]);
    add(&mut browser, &table, &[house.dish(3), house.dish(2)]);
    let form = browser.get("/").form_in(&table, "Add to order").check(house.dish(2));
    let quantity = format!("How many {}", house.dish(2));
    browser.submit(&form.fill(&quantity, "3"));
    seen.text("one, one more, and three more", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn all_dishes_are_added_or_none() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let form = browser.get("/").form_in(&table, "Add to order").check(open.house.dish(0));
    // One more box, for a dish that is on no menu.
    let answer = browser.submit(&form.also("menu_item_ids", "7000"));
    seen.call("refused", answer.status.is_client_error());
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_second_tap_adds_nothing() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let form = browser.get("/").form_in(&table, "Add to order").check(open.house.dish(4));
    for tap in ["the first tap", "the second"] {
        let answer = browser.submit(&form);
        seen.call(tap, answer.status.is_success() || answer.status.is_redirection());
    }
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn nobody_adds_to_anothers_order() {
    let (open, mut seen) = open();
    let table = open.house.table(0);
    let mut browser = open.serving(1);
    let theirs = browser.get("/").form_in(&table, "Add to order");
    let mut other = open.browser_of(&open.house.other_server);
    assign(&mut other, &open.house.table(1), &open.house.other_server.name);
    let form = other.get("/").form_in(&open.house.table(1), "Add to order").check(open.house.dish(0));
    let answer = other.submit(&form.to(theirs.action()));
    seen.call("another server", answer.status.as_u16());
    seen.call("says why", !answer.all("[role=alert]").is_empty());
    seen.text("the board of the order's server", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn many_orders_cost_no_more_queries_than_one() {
    let (open, mut seen) = open();
    let mut browser = open.serving(1);
    add(&mut browser, &open.house.table(0), &[open.house.dish(0)]);
    let one = queries(&open, &mut browser);
    for table in 1..5 {
        assign(&mut browser, &open.house.table(table), &open.house.server.name);
        add(&mut browser, &open.house.table(table), &[open.house.dish(0), open.house.dish(table)]);
    }
    let five = queries(&open, &mut browser);
    seen.call("as many queries with five orders as with one", one == five);
    seen.call("at most six", if five <= 6 { "yes".to_owned() } else { five.to_string() });
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

/// How many queries one look at the board takes. A transaction around them is no query.
fn queries(open: &Open, browser: &mut Browser) -> usize {
    let before = open.database.statements().len();
    browser.get("/");
    let statements = open.database.statements().split_off(before);
    statements.iter().filter(|statement| statement.starts_with("SELECT")).count()
}
