//! Stage 9: the menu changes, and what was sold does not.

use gates::{Browser, Form};

use super::{add, how, how_without_query, menu, no_token, open, refusal};

#[test]
fn a_manager_adds_and_removes_dishes() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    let form = beignets(&mut browser);
    let forged = form.clone().forge_hidden(&no_token());
    seen.text("with a token that nobody issued", browser.submit(&forged).status);
    seen.text("Beignets are added", how(&browser.submit(&form)));
    seen.text("a second tap", how_without_query(&browser.submit(&form)));
    seen.text("the menu", browser.get("/").menu().join("\n"));
    let (page, gone) = (browser.get("/menu"), open.house.dish(0));
    seen.call("the page has a button Log out", page.has_button("Log out"));
    let form = page.form_in(gone, "Remove");
    let again = browser.get("/menu").form_in(gone, "Remove");
    let forged = form.clone().forge_hidden(&no_token());
    seen.call("with a token that nobody issued: rejected", browser.submit(&forged).status.is_client_error());
    browser.submit_by_get(&form);
    let is_there = browser.get("/").menu().iter().any(|line| line.contains(gone));
    seen.call(format!("{gone} is there after that, and after GET the address of Remove"), is_there);
    seen.text(format!("{gone} is removed"), how(&browser.submit(&form)));
    seen.text("a second tap", how_without_query(&browser.submit(&form)));
    seen.text("again, with an old page", refusal(&browser.submit(&again)));
    seen.text("the menu", browser.get("/").menu().join("\n"));
    insta::assert_snapshot!(seen);
}

#[test]
fn what_was_removed_comes_back() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    for price in ["8.29", "8.29", "7.00"] {
        let form = beignets(&mut browser).fill("Price", price);
        seen.text(format!("Beignets for {price}"), how(&browser.submit(&form)));
        let mut lines = browser.get("/").menu();
        lines.retain(|line| line.contains(BEIGNETS));
        seen.text("on the menu", lines.join("\n"));
        let form = browser.get("/menu").form_in(BEIGNETS, "Remove");
        seen.text("removed", how(&browser.submit(&form)));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn what_was_removed_is_not_served() {
    let (open, mut seen) = open();
    let (mut browser, mut server) = (open.browser_of(&open.house.manager), open.serving(1));
    // The one that was stored last: SQLite gives the key of a deleted one to the next.
    let gone = open.house.dish(5);
    let late =
        server.get("/").form_in(&open.house.table(0), "Add to order").check(gone).check(open.house.dish(1));
    let form = browser.get("/menu").form_in(gone, "Remove");
    browser.submit(&form);
    let form = beignets(&mut browser);
    browser.submit(&form);
    seen.text(format!("an old page orders {gone}, and another dish"), refusal(&server.submit(&late)));
    seen.text("the board", server.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_mistake_in_the_form_keeps_what_was_typed() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    let form = beignets(&mut browser).fill("Price", "six").fill("Type", "Desserts");
    let answer = browser.submit(&form);
    seen.call("a price in words is rejected", answer.status.is_client_error());
    let form = answer.form("Add item");
    for label in ["Name", "Price", "Menu", "Type"] {
        seen.call(label, form.value(label));
    }
    let too_long = "é".repeat(51);
    let form = beignets(&mut browser).fill("Name", &too_long).fill("Price", "six").fill("Type", "");
    let form = browser.submit(&form).form("Add item");
    let told =
        ["Name", "Price", "Menu", "Type"].map(|label| format!("{label}: {}", !form.error(label).is_empty()));
    seen.text("three mistakes at once: does each field show a reason", told.join(", "));
    insta::assert_snapshot!(seen);
}

#[test]
fn names_and_prices_have_limits() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    for (label, too_much) in [
        ("Name", "é".repeat(51)),
        ("Menu", "é".repeat(31)),
        ("Type", "é".repeat(21)),
        ("Name", String::new()),
        ("Menu", String::new()),
        ("Type", String::new()),
        ("Price", String::new()),
        ("Price", "10000.01".to_owned()),
        ("Price", "-1.00".to_owned()),
        ("Price", "1.005".to_owned()),
        ("Price", "6.+5".to_owned()),
        // Dollars that fit into an `i64` while their cents do not, and dollars that do not.
        ("Price", "999999999999999999.00".to_owned()),
        ("Price", "99999999999999999999".to_owned()),
    ] {
        let form = beignets(&mut browser).fill(label, &too_much);
        let shown: String = too_much.chars().take(22).collect();
        let what = format!("{label}: {} characters, {shown:?}", too_much.chars().count());
        seen.text(what, refusal(&browser.submit(&form)));
    }
    let form = beignets(&mut browser).fill("Name", &"é".repeat(50)).fill("Price", "10000.00");
    let form = form.fill("Menu", &"é".repeat(30)).fill("Type", &"é".repeat(20));
    seen.text("all fields at their limits", how(&browser.submit(&form)));
    let mut lines = browser.get("/").menu();
    lines.retain(|line| line.ends_with("$10000.00"));
    seen.text("on the menu", lines.join("\n"));
    let form = beignets(&mut browser).fill("Name", "W").fill("Price", "0.00");
    let form = form.fill("Menu", "D").fill("Type", "B");
    seen.text("one character in each field, and a price of zero", how(&browser.submit(&form)));
    for (price, means) in [("6", "$6.00"), ("6.5", "$6.50")] {
        let name = format!("Cake for {price}");
        let form = beignets(&mut browser).fill("Name", &name).fill("Price", price);
        let answer = browser.submit(&form);
        let line = format!("    {name} {means}");
        let is_right = answer.status.is_client_error() || browser.get("/").menu().contains(&line);
        seen.call(format!("{price}: rejected, or {means}"), is_right);
    }
    for price in ["0.00", "1.00"] {
        let form = beignets(&mut browser).fill("Name", "W").fill("Price", price);
        let answer = browser.submit(&form);
        seen.call(
            format!("the same name again, for {price}: a server error"),
            answer.status.is_server_error(),
        );
        if answer.status.is_client_error() {
            browser.submit(&form.fill("Name", &tea(price)));
        } else {
            let form = beignets(&mut browser).fill("Name", &tea(price)).fill("Price", price);
            browser.submit(&form);
        }
        let is_there = browser.get("/").menu().iter().any(|line| line.contains(&tea(price)));
        seen.call("the form with another name, even if it was rejected: on the menu", is_there);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_bill_keeps_its_names_and_prices() {
    let (open, mut seen) = open();
    let (table, dish) = (open.house.table(0), open.house.dish(0));
    let mut server = open.serving(1);
    let board = add(&mut server, &table, &[dish]);
    seen.text("ordered", board.board());
    let mut manager = open.browser_of(&open.house.manager);
    let form = manager.get("/menu").form_in(dish, "Remove");
    manager.submit(&form);
    let form = beignets(&mut manager)
        .fill("Name", dish)
        .fill("Price", "99.00")
        .fill("Type", open.house.dishes[0].kind);
    manager.submit(&form);
    seen.text("after the menu has changed", server.get("/").board());
    let bill = board.link_in(&table, "Bill");
    seen.text("the bill", server.get(&bill).bill());
    seen.text("the same dish again", add(&mut server, &table, &[dish]).board());
    let form = server.get("/").form_in(&table, "Close table");
    server.submit(&form);
    let form = manager.get("/menu").form_in(dish, "Remove");
    manager.submit(&form);
    seen.text("the bill, closed, and the dish is off the menu", server.get(&bill).bill());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_server_does_not_change_the_menu() {
    let (open, mut seen) = open();
    seen.text("a visitor requests /menu", how_without_query(&open.browser().get("/menu")));
    let page = open.browser_of(&open.house.manager).get("/menu");
    let mut server = open.browser_of(&open.house.server);
    seen.call("a server requests /menu", server.get("/menu").status.as_u16());
    for (form, what) in [
        (page.form("Add item"), "sends its form"),
        (page.form_in(open.house.dish(0), "Remove"), "removes a dish"),
    ] {
        let form = server.get("/").form("Log out").to(form.action());
        seen.call(what, server.submit(&form).status.as_u16());
    }
    let mut visitor = open.browser();
    let water = page.form("Add item").fill("Name", "Water").fill("Price", "1.00");
    visitor.submit(&water.fill("Menu", &menu()).fill("Type", "Sides"));
    visitor.submit(&page.form_in(open.house.dish(0), "Remove"));
    seen.text("the menu, when a visitor has sent them, too", server.get("/").menu().join("\n"));
    insta::assert_snapshot!(seen);
}

/// A dish whose name could be taken for HTML.
const BEIGNETS: &str = "Beignets & <b>\"coffee\"</b>";

/// A dish that nobody has heard of.
fn tea(price: &str) -> String {
    format!("Tea for {price}")
}

/// The form for a new dish, filled in as it may be. As an `f64`, its price times 100 is a little less than 829.
#[track_caller]
fn beignets(manager: &mut Browser) -> Form {
    let form = manager.get("/menu").form("Add item").fill("Name", BEIGNETS).fill("Price", "8.29");
    form.fill("Menu", &menu()).fill("Type", "Sides")
}
