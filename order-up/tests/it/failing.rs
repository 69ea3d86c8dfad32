//! A database that fails: a failed query does not show as an empty page, and a failed write leaves nothing half done.

use gates::{Answer, Browser};
#[cfg(not(feature = "postgres"))]
use order_up::Restaurant;

use crate::Open;
use crate::restaurant::{PAGES, add, assign, press};
#[cfg(not(feature = "postgres"))]
use crate::restaurant::{line, sign_in, take_back};

/// Makes the database refuse such a change of a table: `DELETE`, say, or `UPDATE OF role`.
#[cfg(not(feature = "postgres"))]
pub fn refuse(open: &mut Open, change: &str, table: &str) {
    let trigger = trigger(change, table);
    let made = open.database.run(&format!(
        "CREATE TRIGGER {trigger} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'kept'); END"
    ));
    assert!(made.starts_with("done"), "{made}");
}

/// Ends what [`refuse`] has begun.
#[cfg(not(feature = "postgres"))]
fn allow(open: &mut Open, change: &str, table: &str) {
    let dropped = open.database.run(&format!("DROP TRIGGER {}", trigger(change, table)));
    assert!(dropped.starts_with("done"), "{dropped}");
}

#[cfg(not(feature = "postgres"))]
fn trigger(change: &str, table: &str) -> String {
    format!("kept_{}_{table}", change.replace(' ', "_"))
}

fn tables(open: &mut Open) -> Vec<String> {
    open.database.tables().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_page_is_complete_or_an_error() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Dr. Pepper"]);
    assign(&mut margot, "Table 7", "Margot");
    press(&mut margot, "/", "Table 7", "Close table");
    let whole = PAGES.map(|page| margot.get(page).text());
    let mut errors = Vec::new();
    for table in tables(&mut open) {
        for (page, whole) in PAGES.iter().zip(&whole) {
            let answer = open.database.without(&table, || margot.get(page));
            match answer.status.as_u16() {
                500 => errors.push(table.clone()),
                200 => assert_eq!(answer.text(), *whole, "{page} without {table}"),
                other => panic!("{page} without {table}: {other}"),
            }
        }
    }
    errors.dedup();
    for table in ["employees", "menu_items", "menus", "order_details", "orders", "sessions", "tables"] {
        assert!(errors.iter().any(|error| error == table), "no page reads {table}");
    }
}

#[test]
fn a_failed_action_leaves_nothing_half_done() {
    type Send = fn(&mut Browser) -> gates::Form;
    let item: Send = |browser| {
        let form = browser.get("/menu").form("Add item").fill("Menu", "Brunch").fill("Type", "Soups");
        form.fill("Name", "Turtle soup").fill("Price", "9.50")
    };
    let seat: Send =
        |browser| browser.get("/").form("Assign table").choose("Table", "Table 7").choose("Server", "Robin");
    let order: Send = |browser| browser.get("/").form_in("Table 4", "Add to order").check("Jambalaya");
    let close: Send = |browser| browser.get("/").form_in("Table 4", "Close table");
    let remove: Send = |browser| browser.get("/menu").form_in("French fries", "Remove");
    for (what, form, needed) in [
        ("add a dish", item, &["menus", "menu_item_types", "menu_items", "spent_tokens"][..]),
        ("assign a table", seat, &["tables", "employees", "orders", "spent_tokens"]),
        ("add to an order", order, &["orders", "menu_items", "order_details", "spent_tokens"]),
        ("close an order", close, &["orders", "log_entries"]),
        ("take a dish off the menu", remove, &["menu_items"]),
    ] {
        let mut open = Open::new();
        let mut margot = open.margot();
        assign(&mut margot, "Table 4", "Margot");
        add(&mut margot, "Table 4", &["Dr. Pepper"]);
        let form = form(&mut margot);
        let before = open.everything();
        for table in needed {
            let answer: Answer = open.database.without(table, || margot.submit(&form));
            assert_eq!(answer.status, 500, "{what} without {table}: {answer}");
            assert_eq!(open.everything(), before, "{what} without {table}");
        }
        // Nothing of it is spent: the same form does it now.
        assert_eq!(margot.submit(&form).status, 303, "{what}");
        assert_ne!(open.everything(), before, "{what}");
    }
}

/// A table that can be read and not be written to.
#[cfg(not(feature = "postgres"))]
#[test]
fn an_action_that_the_database_refuses_is_reported_and_not_done() {
    type Send = fn(&mut Browser) -> gates::Form;
    /// What is done, with which form, what it writes to, and where it leads.
    const REFUSED: [(&str, Send, &[&str], &str); 25] = [
        (
            "assign a table",
            |it| it.get("/").form("Assign table").choose("Table", "Table 7").choose("Server", "Robin"),
            &["orders"],
            "/",
        ),
        (
            "add to an order",
            |it| it.get("/").form_in("Table 4", "Add to order").check("Jambalaya"),
            &["orders", "order_details"],
            "/",
        ),
        (
            "add the same again",
            |it| it.get("/").form_in("Table 4", "Add to order").check("Jambalaya"),
            &["orders", "order_details"],
            "/",
        ),
        (
            "take one back",
            |it| line(it, 1, "Jambalaya").form("Save").fill("How many", "1").check("Sold out"),
            &["orders", "order_details", "log_entries"],
            "/orders/1",
        ),
        (
            "put all back",
            |it| {
                let form = take_back(it, 1, "Jambalaya");
                let answer = it.submit(&form);
                it.follow(&answer).form("Undo")
            },
            &["orders", "order_details", "ordered_portions", "log_entries"],
            "/orders/1",
        ),
        (
            "take all back",
            |it| take_back(it, 1, "Jambalaya"),
            &["orders", "order_details", "log_entries"],
            "/orders/1",
        ),
        (
            "move an order",
            |it| it.get("/orders/1").form("Move").choose("To table", "Table 9"),
            &["orders", "log_entries"],
            "/",
        ),
        (
            "hand an order over",
            |it| it.get("/orders/1").form("Hand over").choose("To server", "Robin"),
            &["orders", "log_entries"],
            "/",
        ),
        (
            "close an order",
            |it| it.get("/?all").form_in("Table 9", "Close table"),
            &["orders", "log_entries"],
            "/?all",
        ),
        ("open it again", |it| it.get("/orders/1").form("Open again"), &["orders", "log_entries"], "/?all"),
        (
            "add a dish",
            |it| {
                let form = it.get("/menu").form("Add item").fill("Menu", "Brunch").fill("Type", "Soups");
                form.fill("Name", "Turtle soup").fill("Price", "9.50")
            },
            &["menus", "menu_item_types", "menu_items"],
            "/menu",
        ),
        ("move a type", |it| it.get("/menu").form_in("Sides", "Up"), &["menu_item_types"], "/menu"),
        (
            "change a dish",
            |it| it.get("/menu/1").form("Save item").fill("Name", "Root beer").fill("Menu", "Lunch"),
            &["menus", "menu_items"],
            "/menu",
        ),
        (
            "change a price",
            |it| it.get("/menu/1").form("Save item").fill("Price", "1.25"),
            &["menu_items", "log_entries"],
            "/menu",
        ),
        (
            "mark a dish as sold out",
            |it| it.get("/sold-out").form_in("French fries", "Sold out"),
            &["menu_items", "log_entries"],
            "/sold-out",
        ),
        (
            "serve it again",
            |it| it.get("/sold-out").form_in("French fries", "Serve again"),
            &["menu_items", "log_entries"],
            "/sold-out",
        ),
        (
            "take a dish off the menu",
            |it| it.get("/menu").form_in("French fries", "Remove"),
            &["menu_items"],
            "/menu",
        ),
        (
            "add a table",
            |it| it.get("/tables").form("Add table").fill("Number", "77").fill("Seats", "4"),
            &["tables"],
            "/tables",
        ),
        ("take a table away", |it| it.get("/tables").form_in("Table 77", "Remove"), &["tables"], "/tables"),
        (
            "add an employee",
            |it| {
                let form = it.get("/employees").form("Add employee").fill("Name", "Alex");
                form.fill("Employee number", "7").fill("Temporary password", "orange juice")
            },
            &["employees"],
            "/employees",
        ),
        (
            "change an employee",
            |it| it.get("/employees/2").form("Save").fill("Name", "Robyn").choose("Role", "Manager"),
            &["employees"],
            "/employees",
        ),
        (
            "set a password",
            |it| {
                let form = it.get("/employees/2").form("Set password");
                form.fill("Temporary password", "orange juice")
            },
            &["employees"],
            "/employees",
        ),
        ("retire an employee", |it| it.get("/employees/3").form("Retire"), &["employees"], "/employees"),
        (
            "reinstate an employee",
            |it| it.get("/employees/3").form("Reinstate"),
            &["employees"],
            "/employees",
        ),
        (
            "change my password",
            |it| {
                let form = it.get("/account").form("Change password").fill("Current password", "password");
                form.fill("New password", "orange juice")
            },
            &["employees", "failed_sign_ins"],
            "/",
        ),
    ];
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    for (what, form, needed, leads_to) in REFUSED {
        let form = form(&mut margot);
        let before = open.everything();
        for table in needed {
            for change in ["INSERT", "UPDATE", "DELETE"] {
                refuse(&mut open, change, table);
            }
            let answer = margot.submit(&form);
            assert_eq!(answer.status, 500, "{what}, {table}: {answer}");
            assert_eq!(open.everything(), before, "{what}, {table}");
            for change in ["INSERT", "UPDATE", "DELETE"] {
                allow(&mut open, change, table);
            }
        }
        let answer = margot.submit(&form);
        assert_eq!((answer.status.as_u16(), answer.location().as_deref()), (303, Some(leads_to)), "{what}");
        assert_ne!(open.everything(), before, "{what}");
    }
}

/// Retiring a manager locks the rows of the others, so that two managers who retire each other wait for one another.
#[cfg(not(feature = "postgres"))]
#[test]
fn a_manager_is_not_retired_if_the_others_cannot_be_locked() {
    let mut restaurant = Restaurant::demo();
    restaurant.employees[1].is_manager = true;
    let mut open = Open::with(&restaurant);
    let mut margot = open.margot();
    let form = margot.get("/employees/2").form("Retire");
    refuse(&mut open, "UPDATE OF role", "employees");
    let before = open.everything();
    assert_eq!(margot.submit(&form).status, 500);
    assert_eq!(open.everything(), before);
}

/// No page claims that the password is wrong, or that an employee has left who has not.
#[test]
fn a_database_error_while_signing_in_or_out_is_reported() {
    let mut open = Open::new();
    let mut visitor = open.browser();
    let form = visitor.get("/session/").form("Sign in");
    let form = form.fill("Employee number", "1234").fill("Password", "password");
    let answer = open.database.without("employees", || visitor.submit(&form));
    assert_eq!(answer.status, 500, "{answer}");

    #[cfg(not(feature = "postgres"))]
    {
        let mut margot = open.margot();
        let form = margot.get("/").form("Log out");
        refuse(&mut open, "DELETE", "sessions");
        assert_eq!(margot.submit(&form).status, 500);
        allow(&mut open, "DELETE", "sessions");
        assert_eq!(margot.get("/").status, 200);

        // The password is right, and the tries before it cannot be forgotten.
        refuse(&mut open, "DELETE", "failed_sign_ins");
        assert_eq!(sign_in(&mut visitor, "1234", "password").status, 500);
        let form = margot.get("/account").form("Change password").fill("Current password", "password");
        assert_eq!(margot.submit(&form.fill("New password", "orange juice")).status, 500);
        allow(&mut open, "DELETE", "failed_sign_ins");

        // Nor are they, when what is tidied with them is refused.
        open.database.run("INSERT INTO failed_sign_ins VALUES (1, 'x', 1, 0)");
        open.database.run("INSERT INTO spent_tokens VALUES ('x', 0)");
        refuse(&mut open, "DELETE", "spent_tokens");
        assert_eq!(sign_in(&mut visitor, "1234", "password").status, 500);
        assert_eq!(open.count("failed_sign_ins WHERE address = 'x'"), 1);
    }
}

/// The session with the old password goes on to nobody.
#[cfg(not(feature = "postgres"))]
#[test]
fn a_new_password_fails_if_the_session_cannot_be_renewed() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/account").form("Change password").fill("Current password", "password");
    refuse(&mut open, "DELETE", "sessions");
    assert_eq!(margot.submit(&form.fill("New password", "orange juice")).status, 500);
}

/// A second sign-in, and a sign-in when others' sessions have expired.
#[cfg(not(feature = "postgres"))]
#[test]
fn a_sign_in_fails_if_it_cannot_delete_old_sessions() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.browser());
    refuse(&mut open, "DELETE", "sessions");
    assert_eq!(sign_in(&mut margot, "1234", "password").status, 500);
    assert_eq!(sign_in(&mut robin, "2345", "password").status, 303);
    open.wait(12 * 60 * 60);
    assert_eq!(sign_in(&mut open.browser(), "2345", "password").status, 500);
}
