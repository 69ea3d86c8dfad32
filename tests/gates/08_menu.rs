//! Phase 6: the menu changes, and what was sold does not.

use super::{add, how, open};

#[test]
fn a_manager_adds_and_removes_dishes() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    let form = browser.get("/menu").form("Add item").fill("Name", "Beignets").fill("Price", "6.50");
    let answer = browser.submit(&form.fill("Menu", "Dinner").fill("Type", "Sides"));
    seen.text("Beignets are added", how(&answer));
    seen.text("the menu", browser.get("/").menu().join("\n"));
    let gone = open.house.dish(0);
    let mut server = open.serving(1);
    let wish = server.get("/").form_in(&open.house.table(0), "Add to order").check(gone);
    let form = browser.get("/menu").form_in(gone, "Remove");
    let again = browser.get("/menu").form_in(gone, "Remove");
    seen.text(format!("{gone} is removed"), how(&browser.submit(&form)));
    seen.call("once more, with an old page: refused", browser.submit(&again).status.is_client_error());
    seen.text("the menu", browser.get("/").menu().join("\n"));
    seen.call("ordered from an old page: refused", server.submit(&wish).status.is_client_error());
    seen.text("the board", server.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_mistake_in_the_form_keeps_what_was_typed() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    let form = browser.get("/menu").form("Add item").fill("Name", "Beignets").fill("Price", "six");
    let answer = browser.submit(&form.fill("Menu", "Dinner").fill("Type", "Desserts"));
    seen.call("a price in words is refused", answer.status.is_client_error());
    let form = answer.form("Add item");
    for label in ["Name", "Price", "Menu", "Type"] {
        seen.call(label, form.value(label));
    }
    for (label, too_much) in [
        ("Name", "é".repeat(51)),
        ("Price", "10000.01".to_owned()),
        ("Menu", "é".repeat(31)),
        ("Type", "é".repeat(21)),
    ] {
        let form = browser.get("/menu").form("Add item").fill("Name", "Beignets").fill("Price", "6.50");
        let form = form.fill("Menu", "Dinner").fill("Type", "Desserts").fill(label, &too_much);
        seen.call(format!("{label}, one too many: refused"), browser.submit(&form).status.is_client_error());
    }
    let form = browser.get("/menu").form("Add item").fill("Name", &"é".repeat(51)).fill("Price", "six");
    let form = browser.submit(&form.fill("Menu", "Dinner").fill("Type", "")).form("Add item");
    let told = ["Name", "Price", "Menu", "Type"].map(|label| (label, !form.error(label).is_empty()));
    seen.call("three mistakes at once: told of", told);
    let form = browser.get("/menu").form("Add item").fill("Name", &"é".repeat(50)).fill("Price", "9999.99");
    let answer = browser.submit(&form.fill("Menu", "Dinner").fill("Type", &"é".repeat(20)));
    seen.call("name and type as long as may be, and a high price", answer.status.as_u16());
    seen.text("the menu", browser.get("/").menu().join("\n"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_bill_keeps_its_names_and_prices() {
    let (open, mut seen) = open();
    let (table, dish) = (open.house.table(0), open.house.dish(0));
    let mut server = open.serving(1);
    seen.text("ordered", add(&mut server, &table, &[dish]).board());
    let mut manager = open.browser_of(&open.house.manager);
    let form = manager.get("/menu").form_in(dish, "Remove");
    manager.submit(&form);
    let form = manager.get("/menu").form("Add item").fill("Name", dish).fill("Price", "99.00");
    manager.submit(&form.fill("Menu", "Dinner").fill("Type", "Specials"));
    seen.text("after the menu has changed", server.get("/").board());
    seen.text("the same dish again", add(&mut server, &table, &[dish]).board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_server_does_not_change_the_menu() {
    let (open, mut seen) = open();
    let page = open.browser_of(&open.house.manager).get("/menu");
    let mut server = open.browser_of(&open.house.server);
    seen.call("looks for the page", server.get("/menu").status.as_u16());
    for (form, what) in [
        (page.form("Add item"), "sends the form"),
        (page.form_in(open.house.dish(0), "Remove"), "removes a dish"),
    ] {
        let form = server.get("/").form("Log out").to(form.action());
        seen.call(what, server.submit(&form).status.as_u16());
    }
    seen.text("the menu", server.get("/").menu().join("\n"));
    insta::assert_snapshot!(seen);
}
