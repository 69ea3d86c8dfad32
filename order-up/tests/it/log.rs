//! The log: each change has an entry, and no entry changes.

mod pages;

use gates::{Answer, Browser, Form};
use groundwork::{connect, write};
use order_up::models::employee;
use order_up::models::log::{self, Event, Search};

use crate::Open;
use crate::restaurant::{add, assign, line, press, take_back};

type Send = fn(&mut Browser) -> Form;

/// What the log keeps, one after the other: the form that does it, what a manager reads, and a table that is changed.
const CHANGES: [(Send, &str, &str); 10] = [
    (
        |it| line(it, 1, "Jambalaya").form("Save").fill("How many", "4"),
        "Margot changed the quantity of Jambalaya on table 4 from 1 to 4",
        "order_details",
    ),
    (
        |it| line(it, 1, "Jambalaya").form("Save").fill("How many", "3").check("Wrong dish"),
        "Margot took back 1 × Jambalaya on table 4 and left 3: wrong dish",
        "order_details",
    ),
    (
        |it| take_back(it, 1, "Jambalaya"),
        "Margot took back 3 × Jambalaya on table 4: wrong dish",
        "order_details",
    ),
    (
        |it| it.get("/orders/1").form("Move").choose("To table", "Table 7"),
        "Margot moved table 4 to table 7",
        "orders",
    ),
    (
        |it| it.get("/orders/1").form("Hand over").choose("To server", "Robin"),
        "Margot handed table 7 over from Margot to Robin",
        "orders",
    ),
    (|it| it.get("/?all").form_in("Table 7", "Close table"), "Margot closed table 7", "orders"),
    (|it| it.get("/orders/1").form("Open again"), "Margot opened table 7 again", "orders"),
    (
        |it| it.get("/menu/2").form("Save item").fill("Price", "23"),
        "Margot changed the price of Jambalaya from $21.98 to $23.00",
        "menu_items",
    ),
    (
        |it| it.get("/sold-out").form_in("Jambalaya", "Sold out"),
        "Margot marked Jambalaya as sold out",
        "menu_items",
    ),
    (
        |it| it.get("/sold-out").form_in("Jambalaya", "Serve again"),
        "Margot marked Jambalaya as available again",
        "menu_items",
    ),
];

/// Margot, whose guests have ordered one dish.
fn serving() -> (Open, Browser) {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya"]);
    (open, margot)
}

fn sentences(page: &Answer) -> Vec<String> {
    page.all(".entries li p:first-child")
}

/// Does all of [`CHANGES`].
fn do_all(margot: &mut Browser) {
    for (form, ..) in CHANGES {
        let form = form(margot);
        assert_eq!(margot.submit(&form).status, 303);
    }
}

#[test]
fn the_log_shows_who_did_what_and_why_newest_first() {
    let (open, mut margot) = serving();
    for (number, (form, sentence, _)) in (1..).zip(CHANGES) {
        open.wait(60);
        let form = form(&mut margot);
        margot.submit(&form);
        let page = margot.get("/log");
        assert_eq!(sentences(&page)[0], sentence);
        assert_eq!(sentences(&page).len(), number);
    }
    let page = margot.get("/log");
    assert_eq!(page.all(".entries .about")[9], "2026-02-14 18:31 · Order 1");
    assert_eq!(page.all(".entries .about")[0], "2026-02-14 18:40");
    assert_eq!(page.link_in("took back", "Order 1"), "/orders/1");
}

/// What was said once stays, whoever and whatever is called something else by now.
#[test]
fn an_entry_keeps_the_names_from_when_it_was_written() {
    let (open, mut margot) = serving();
    do_all(&mut margot);
    let before = sentences(&margot.get("/log"));
    for (page, button, field, name) in [
        ("/employees/1", "Save", "Name", "Margarete"),
        ("/employees/2", "Save", "Name", "Robyn"),
        ("/menu/2", "Save item", "Name", "Gumbo"),
    ] {
        let form = margot.get(page).form(button).fill(field, name);
        assert_eq!(margot.submit(&form).status, 303, "{page}");
    }
    assert_eq!(sentences(&open.margot().get("/log")), before);
}

#[test]
fn the_database_itself_rejects_changing_and_deleting_an_entry() {
    let (mut open, mut margot) = serving();
    do_all(&mut margot);
    let before = open.everything();
    let entry = "INTO log_entries (id, logged_at, employee_id, employee_name, event)";
    let values = "VALUES (1, 0, 1, 'Nobody', '\"closed\"')";
    let mut statements = vec![
        "UPDATE log_entries SET employee_name = 'Nobody'".to_owned(),
        "UPDATE log_entries SET reason = NULL WHERE id = 2".to_owned(),
        "DELETE FROM log_entries".to_owned(),
        "DELETE FROM log_entries WHERE id = 1".to_owned(),
        format!("INSERT {entry} {values}"),
        format!("INSERT {entry} {values} ON CONFLICT (id) DO UPDATE SET employee_name = 'Nobody'"),
    ];
    if cfg!(feature = "postgres") {
        statements.push("TRUNCATE log_entries".to_owned());
        statements.push("TRUNCATE orders CASCADE".to_owned());
    } else {
        statements.push(format!("REPLACE {entry} {values}"));
        statements.push(format!("INSERT OR REPLACE {entry} {values}"));
        statements.push("UPDATE OR REPLACE log_entries SET id = 2 WHERE id = 1".to_owned());
        // An id that the trigger could take for one that is yet to be chosen.
        statements.push(format!("INSERT {entry} {}", values.replace("(1,", "(-1,")));
    }
    for statement in statements {
        let said = open.database.run(&statement);
        assert!(said.starts_with("refused: "), "{statement}: {said}");
        assert_eq!(open.everything(), before, "{statement}");
    }
    // What entries tell about stays, too.
    for statement in ["DELETE FROM orders WHERE id = 1", "DELETE FROM employees WHERE id = 1"] {
        let said = open.database.run(statement);
        assert!(said.starts_with("refused: "), "{statement}: {said}");
    }
    // And the log goes on.
    let count = open.count("log_entries");
    press(&mut margot, "/?all", "Table 7", "Close table");
    assert_eq!(open.count("log_entries"), count + 1);
}

#[test]
fn a_change_whose_entry_cannot_be_written_is_undone() {
    let (mut open, mut margot) = serving();
    for (form, sentence, _) in CHANGES {
        let form = form(&mut margot);
        let before = open.everything();
        let answer = open.database.without("log_entries", || margot.submit(&form));
        assert_eq!(answer.status, 500, "{sentence}: {answer}");
        assert_eq!(open.everything(), before, "{sentence}");
        // The form is not spent either.
        let count = open.count("log_entries");
        assert_eq!(margot.submit(&form).status, 303, "{sentence}");
        assert_eq!(open.count("log_entries"), count + 1, "{sentence}");
    }
}

#[test]
fn an_entry_whose_change_cannot_be_made_is_not_written() {
    let (mut open, mut margot) = serving();
    for (form, sentence, changed) in CHANGES {
        let form = form(&mut margot);
        let before = open.everything();
        let answer = open.database.without(changed, || margot.submit(&form));
        assert_eq!(answer.status, 500, "{sentence}: {answer}");
        assert_eq!(open.everything(), before, "{sentence}");
        assert_eq!(margot.submit(&form).status, 303, "{sentence}");
    }
}

/// A transaction that fails after the entry was written takes the entry with it.
#[test]
fn an_entry_is_rolled_back_with_its_transaction() {
    let (mut open, _) = serving();
    let (mut conn, now) = (open.database.connect(connect), open.now());
    let me = employee::find(&mut conn, 1).expect("Margot works here");
    let failed = write(&mut conn, |conn| {
        log::of_order(conn, &me, 1, &Event::Closed, None, now)?;
        let written = log::newest(conn, &Search::default(), 9)?;
        assert_eq!(written.len(), 1);
        Err::<(), _>(diesel::result::Error::RollbackTransaction)
    });
    assert!(failed.is_err());
    assert_eq!(open.count("log_entries"), 0);
}

#[test]
fn nothing_is_logged_outside_of_a_transaction() {
    let (mut open, _) = serving();
    let (mut conn, now) = (open.database.connect(connect), open.now());
    let me = employee::find(&mut conn, 1).expect("Margot works here");
    let price = Event::PriceChanged { item: String::new(), from: order_up::Cents(1), to: order_up::Cents(2) };
    let alone = [
        log::of_order(&mut conn, &me, 1, &Event::Closed, None, now).map(drop),
        log::of_dish(&mut conn, &me, &price, now),
    ];
    for outside in alone {
        assert!(matches!(outside, Err(diesel::result::Error::NotInTransaction)), "{outside:?}");
    }
    assert_eq!(open.count("log_entries"), 0);
}

#[test]
fn an_action_that_changes_nothing_is_not_logged() {
    let (mut open, mut margot) = serving();
    let send = |browser: &mut Browser, path: &str, field: &str, value: &str| {
        let form = browser.get("/").form("Log out").to(path).also(field, value);
        browser.submit(&form).status.as_u16()
    };
    for (path, field, value) in [
        ("/orders/1/move", "table_id", "4"),
        ("/orders/1/hand-over", "employee_id", "1"),
        ("/orders/1/reopen", "", ""),
    ] {
        assert_eq!(send(&mut margot, path, field, value), 303, "{path}");
    }
    let form = margot.get("/menu/1").form("Save item").fill("Name", "Root beer");
    assert_eq!(margot.submit(&form).status, 303);
    // And what is refused.
    let mut robin = open.robin();
    assert_eq!(send(&mut robin, "/orders/1/close", "", ""), 403);
    assert_eq!(send(&mut margot, "/orders/99/close", "", ""), 404);
    assert_eq!(send(&mut margot, "/menu/99", "", ""), 422);
    assert_eq!(open.count("log_entries"), 0);
}
