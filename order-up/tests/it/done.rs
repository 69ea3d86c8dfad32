//! What was done is said, once, on the page that follows.

use gates::{Browser, Form};

use crate::restaurant::{Open, add, assign, line, take_back};

type Send = fn(&mut Browser) -> Form;

/// What is done, with which form, and what is said of it.
const DONE: [(&str, Send, &str); 21] = [
    (
        "assign",
        |it| it.get("/").form("Assign table").choose("Table", "Table 5"),
        "The table has been assigned. See tables tonight",
    ),
    ("add", |it| it.get("/").form_in("Table 4", "Add to order").check("Jambalaya"), "Added to the order."),
    ("take off", |it| take_back(it, 1, "Jambalaya"), "Removed from the order."),
    ("put back", put_back, "Back on the order."),
    ("change a quantity", |it| line(it, 1, "Dr. Pepper").form("Save").fill("How many", "2"), "Saved."),
    (
        "move",
        |it| it.get("/orders/1").form("Move").choose("To table", "Table 6"),
        "The order has been moved to the other table.",
    ),
    (
        "hand over",
        |it| it.get("/orders/1").form("Hand over").choose("To server", "Margot"),
        "The order has been handed over.",
    ),
    (
        "close",
        |it| it.get("/").form_in("Table 6", "Close table"),
        "The order is closed, and the table is free.",
    ),
    ("open again", |it| it.get("/orders/1").form("Open again"), "The order is open again."),
    ("add a dish", |it| filled(it.get("/menu").form("Add item")), "Saved."),
    ("move a type", |it| it.get("/menu").form_in("Sides", "Up"), "The type has been moved."),
    ("change a dish", |it| it.get("/menu/1").form("Save item").fill("Price", "2"), "Saved."),
    (
        "mark a dish as sold out",
        |it| it.get("/sold-out").form_in("Okra", "Sold out"),
        "The item is sold out until the next business day.",
    ),
    (
        "serve it again",
        |it| it.get("/sold-out").form_in("Okra", "Serve again"),
        "The item can be ordered again.",
    ),
    ("remove a dish", |it| it.get("/menu").form_in("Okra", "Remove"), "Removed."),
    (
        "add a table",
        |it| it.get("/tables").form("Add table").fill("Number", "77").fill("Seats", "4"),
        "Saved.",
    ),
    ("remove a table", |it| it.get("/tables").form_in("Table 77", "Remove"), "Removed."),
    (
        "set a password",
        |it| {
            let form = it.get("/employees/2").form("Set password");
            form.fill("Temporary password", "orange juice")
        },
        "The password has been changed.",
    ),
    ("retire", |it| it.get("/employees/2").form("Retire"), "The employee has been retired and signed out."),
    ("reinstate", |it| it.get("/employees/2").form("Reinstate"), "The employee can sign in again."),
    (
        "change my password",
        |it| {
            let form = it.get("/account").form("Change password").fill("Current password", "password");
            form.fill("New password", "orange juice")
        },
        "The password has been changed.",
    ),
];

/// Takes a dish off, and shows the form that puts it back.
fn put_back(browser: &mut Browser) -> Form {
    let form = take_back(browser, 1, "Dr. Pepper");
    let answer = browser.submit(&form);
    browser.follow(&answer).form("Undo")
}

fn filled(form: Form) -> Form {
    form.fill("Name", "Okra").fill("Price", "3").fill("Type", "Sides")
}

#[test]
fn a_confirmation_is_shown_once() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Dr. Pepper"]);
    margot.get("/");
    for (what, form, words) in DONE {
        let form = form(&mut margot);
        let answer = margot.submit(&form);
        let page = margot.follow(&answer);
        assert_eq!(page.all("[role=status]"), [words], "{what}: {page}");
        let place = answer.location().expect("it leads to a page");
        assert!(margot.get(&place).all("[role=status]").is_empty(), "{what}, on the page loaded again");
    }
}

#[test]
fn an_action_without_effect_is_not_confirmed() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/tables").form("Add table").fill("Number", "77").fill("Seats", "4");
    let answer = margot.submit(&form);
    margot.follow(&answer);
    // The same form again.
    let answer = margot.submit(&form);
    assert!(margot.follow(&answer).all("[role=status]").is_empty());
    // A form with a mistake in it.
    let form = margot.get("/tables").form("Add table").fill("Number", "x");
    assert!(margot.submit(&form).all("[role=status]").is_empty());
    assert!(margot.get("/tables").all("[role=status]").is_empty());
    // What nothing has done.
    for made_up in ["", "burnt", "<script>", "saved saved", ".5", "burnt.5"] {
        margot.cookies().insert("done".to_owned(), made_up.to_owned());
        assert!(margot.get("/tables").all("[role=status]").is_empty(), "{made_up:?}");
    }
}

#[test]
fn the_confirmation_links_to_the_assigned_table() {
    let open = Open::new();
    let mut margot = open.margot();
    let board = assign(&mut margot, "Table 4", "Margot");
    let link = board.link_in("", "See tables tonight");
    let (page, id) = link.split_once('#').expect("it leads to a part of the page");
    let tonight = margot.get(page);
    assert_eq!(tonight.all(&format!("#{id} th")), ["4"]);
    assert!(tonight.element(id).contains("Margot"), "{tonight}");
    // Other confirmations, and forged cookies, have no link.
    for made_up in ["assigned", "assigned.", "assigned.x", "assigned.//evil.example", "saved.4"] {
        margot.cookies().insert("done".to_owned(), made_up.to_owned());
        assert!(margot.get("/").all("[role=status] a").is_empty(), "{made_up:?}");
    }
}
