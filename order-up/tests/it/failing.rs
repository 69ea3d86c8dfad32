//! A database that fails: what cannot be read is no empty page, and what cannot be written is not done by half.

use axum::response::IntoResponse;
use diesel::RunQueryDsl;
#[cfg(feature = "postgres")]
use diesel::connection::SimpleConnection;
use gates::{Answer, Browser};
use order_up::AppError;
#[cfg(not(feature = "postgres"))]
use order_up::Restaurant;
use order_up::models::employee::{self, EmployeeError};
use order_up::models::menu::{self, Description, MenuError};
use order_up::models::order::{self, OrderError, Wish};
use order_up::models::table::{self, TableError};
use order_up::pool::PoolError;
use order_up::violated::{Constraint, violated};
use order_up::{Cents, connect};

use crate::Open;
#[cfg(not(feature = "postgres"))]
use crate::restaurant::sign_in;
use crate::restaurant::{PAGES, add, assign, press};

fn tables(open: &mut Open) -> Vec<String> {
    open.database.tables().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_page_is_whole_or_an_error() {
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
fn what_fails_is_not_done_by_half() {
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
        ("close an order", close, &["orders"]),
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
fn what_the_database_refuses_is_said_and_not_done() {
    type Send = fn(&mut Browser) -> gates::Form;
    /// What is done, with which form, what it writes to, and where it leads.
    const REFUSED: [(&str, Send, &[&str], &str); 17] = [
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
            "remove from an order",
            |it| it.get("/orders/1").form_in("Jambalaya", "Remove"),
            &["orders", "order_details"],
            "/orders/1",
        ),
        ("close an order", |it| it.get("/").form_in("Table 4", "Close table"), &["orders"], "/"),
        ("open it again", |it| it.get("/orders/1").form("Open again"), &["orders"], "/?all=1"),
        (
            "add a dish",
            |it| {
                let form = it.get("/menu").form("Add item").fill("Menu", "Brunch").fill("Type", "Soups");
                form.fill("Name", "Turtle soup").fill("Price", "9.50")
            },
            &["menus", "menu_item_types", "menu_items"],
            "/menu",
        ),
        (
            "change a dish",
            |it| it.get("/menu/1").form("Save item").fill("Name", "Root beer").fill("Menu", "Lunch"),
            &["menus", "menu_items"],
            "/menu",
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
                form.fill("Employee number", "7").fill("Password, to be changed by them", "orange juice")
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
                form.fill("Password, to be changed by them", "orange juice")
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
                open.database.run(&format!(
                    "CREATE TRIGGER kept_{change} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'kept'); END"
                ));
            }
            let answer = margot.submit(&form);
            assert_eq!(answer.status, 500, "{what}, {table}: {answer}");
            assert_eq!(open.everything(), before, "{what}, {table}");
            for change in ["INSERT", "UPDATE", "DELETE"] {
                assert!(open.database.run(&format!("DROP TRIGGER kept_{change}")).starts_with("done"));
            }
        }
        let answer = margot.submit(&form);
        assert_eq!((answer.status.as_u16(), answer.location().as_deref()), (303, Some(leads_to)), "{what}");
        assert_ne!(open.everything(), before, "{what}");
    }
}

/// Who retires a manager holds on to the others, so that two who retire each other wait for one another.
#[cfg(not(feature = "postgres"))]
#[test]
fn a_manager_stays_when_the_others_cannot_be_held_on_to() {
    let mut restaurant = Restaurant::demo();
    restaurant.employees[1].is_manager = true;
    let mut open = Open::with(&restaurant);
    let mut margot = open.margot();
    let form = margot.get("/employees/2").form("Retire");
    open.database
        .run("CREATE TRIGGER kept BEFORE UPDATE OF role ON employees BEGIN SELECT RAISE(ABORT, 'kept'); END");
    let before = open.everything();
    assert_eq!(margot.submit(&form).status, 500);
    assert_eq!(open.everything(), before);
}

/// Behind the pages a form's own transaction is around all of it; whoever calls a model from elsewhere has none.
#[test]
fn a_model_does_all_of_it_or_nothing_by_itself() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let (before, later) = (open.everything(), open.now() + 60);

    let conn = open.database.conn();
    let me = employee::active(conn, 1).unwrap().unwrap();
    let wishes = [1, 999].map(|menu_item_id| Wish { menu_item_id, quantity: 1 });
    let refused = order::add(conn, &me, 1, &wishes, later);
    assert!(matches!(refused, Err(OrderError::NoItem)), "{refused:?}");
    assert_eq!(open.everything(), before);

    let new = Description {
        name: "a name that is too long ".repeat(9),
        price: Cents(100),
        menu: "Brunch".to_owned(),
        kind: "Soups".to_owned(),
    };
    let refused = menu::create(open.database.conn(), &new);
    assert!(refused.is_err());
    assert_eq!(open.everything(), before);
}

#[test]
fn a_menu_or_a_type_that_is_refused_is_named_as_the_reason() {
    let mut open = Open::new();
    let before = open.everything();
    for (menu, kind, check) in [
        ("Brunch on all of our terraces, and indoors", "Soups", "menu_name_length"),
        ("Brunch", "soups of all kinds and colours", "menu_item_type_name_length"),
    ] {
        let new = Description {
            name: "Turtle soup".to_owned(),
            price: Cents(950),
            menu: menu.to_owned(),
            kind: kind.to_owned(),
        };
        let created = menu::create(open.database.conn(), &new).map(drop);
        let updated = menu::update(open.database.conn(), 1, &new);
        for refused in [created, updated] {
            let Err(MenuError::Database(error)) = refused else { panic!("{menu}, {kind}: {refused:?}") };
            assert_eq!(violated(&error), Some(Constraint::Check(check.to_owned())), "{error}");
        }
        assert_eq!(open.everything(), before);
    }
}

/// Whoever orders is not told that there is no such dish, or that the table has paid.
#[test]
fn a_database_that_fails_is_no_reason_to_refuse_an_order() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let (me, now) = (employee::active(open.database.conn(), 1).unwrap().unwrap(), open.now());
    let mut conn = open.database.connect(connect);
    let mut add = || order::add(&mut conn, &me, 1, &[Wish { menu_item_id: 1, quantity: 1 }], now);
    let unread = open.database.without("menu_items", &mut add);
    assert!(matches!(unread, Err(OrderError::Database(_))), "{unread:?}");
    assert!(add().is_ok());

    let mut conn = open.database.connect(connect);
    #[cfg(not(feature = "postgres"))]
    open.database.run("CREATE TRIGGER kept BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'kept'); END");
    #[cfg(feature = "postgres")]
    conn.batch_execute("SET default_transaction_read_only = on")
        .expect("a connection can be kept from writing");
    let unwritten = order::add(&mut conn, &me, 1, &[Wish { menu_item_id: 1, quantity: 1 }], now);
    assert!(matches!(unwritten, Err(OrderError::Database(_))), "{unwritten:?}");
    let unwritten = order::close(&mut conn, &me, 1, now);
    assert!(matches!(unwritten, Err(OrderError::Database(_))), "{unwritten:?}");
}

#[test]
fn a_database_that_fails_is_no_reason_to_refuse_a_table() {
    let mut open = Open::new();
    let now = open.now();
    let mut conn = open.database.connect(connect);
    for table in ["tables", "employees"] {
        let assigned = open.database.without(table, || order::assign(&mut conn, 4, 1, None, now));
        assert!(matches!(assigned, Err(OrderError::Database(_))), "{table}: {assigned:?}");
    }
    let removed =
        ["tables", "orders"].map(|table| open.database.without(table, || table::remove(&mut conn, 4, now)));
    assert!(removed.iter().all(|it| matches!(it, Err(TableError::Database(_)))), "{removed:?}");
    let reopened = open.database.without("tables", || order::reopen(&mut conn, 1));
    assert!(matches!(reopened, Err(OrderError::Database(_))), "{reopened:?}");
}

/// Nobody is told that the password is wrong, and nobody is told to be gone who is not.
#[test]
fn who_cannot_be_signed_in_or_out_is_told_so() {
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
        open.database
            .run("CREATE TRIGGER kept BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'kept'); END");
        assert_eq!(margot.submit(&form).status, 500);
        open.database.run("DROP TRIGGER kept");
        assert_eq!(margot.get("/").status, 200);

        // The password is right, and the tries before it cannot be forgotten.
        open.database.run(
            "CREATE TRIGGER kept BEFORE DELETE ON failed_sign_ins BEGIN SELECT RAISE(ABORT, 'kept'); END",
        );
        let form = visitor.get("/session/").form("Sign in");
        let form = form.fill("Employee number", "1234").fill("Password", "password");
        assert_eq!(visitor.submit(&form).status, 500);
        let form = margot.get("/account").form("Change password").fill("Current password", "password");
        assert_eq!(margot.submit(&form.fill("New password", "orange juice")).status, 500);
        open.database.run("DROP TRIGGER kept");

        // Nor are they, when what is tidied with them is refused.
        open.database.run("INSERT INTO failed_sign_ins VALUES (1, 'x', 1, 0)");
        open.database.run("INSERT INTO spent_tokens VALUES ('x', 0)");
        open.database
            .run("CREATE TRIGGER held BEFORE DELETE ON spent_tokens BEGIN SELECT RAISE(ABORT, 'held'); END");
        let form = visitor.get("/session/").form("Sign in");
        let form = form.fill("Employee number", "1234").fill("Password", "password");
        assert_eq!(visitor.submit(&form).status, 500);
        assert_eq!(open.count("failed_sign_ins WHERE address = 'x'"), 1);
    }
}

/// The session with the old password goes on to nobody.
#[cfg(not(feature = "postgres"))]
#[test]
fn a_new_password_whose_session_cannot_begin_anew_is_no_success() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/account").form("Change password").fill("Current password", "password");
    open.database.run("CREATE TRIGGER kept BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'kept'); END");
    assert_eq!(margot.submit(&form.fill("New password", "orange juice")).status, 500);
}

/// Who signs in again, and who signs in when others' sessions have expired.
#[cfg(not(feature = "postgres"))]
#[test]
fn a_sign_in_that_cannot_delete_what_it_should_is_none() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.browser());
    let kept = "CREATE TRIGGER kept BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'kept'); END";
    open.database.run(kept);
    assert_eq!(sign_in(&mut margot, "1234", "password").status, 500);
    assert_eq!(sign_in(&mut robin, "2345", "password").status, 303);
    open.wait(12 * 60 * 60);
    assert_eq!(sign_in(&mut open.browser(), "2345", "password").status, 500);
}

/// Nobody is asked to choose another number or name because of one that was taken elsewhere.
#[test]
fn what_is_taken_is_said_of_what_it_is() {
    let mut open = Open::new();
    let conn = open.database.conn();
    let mut taken = |insert: &str| diesel::sql_query(insert).execute(conn).expect_err("it is there already");
    let mut menu = || taken("INSERT INTO menus (name) VALUES ('Dinner')");
    assert!(matches!(EmployeeError::from(menu()), EmployeeError::Database(_)));
    assert!(matches!(MenuError::from(menu()), MenuError::Database(_)));
    assert!(matches!(TableError::from(menu()), TableError::Database(_)));
    assert!(matches!(OrderError::from(menu()), OrderError::Database(_)));
    let nobody = diesel::sql_query("UPDATE employees SET role = 'cook'").execute(conn);
    let nobody = nobody.expect_err("there are two roles");
    assert!(matches!(OrderError::from(nobody), OrderError::Database(_)));
}

#[test]
fn what_was_taken_off_the_menu_is_unknown_there() {
    let mut open = Open::new();
    menu::remove(open.database.conn(), 1, 0).expect("it is on the menu");
    for id in [1, 99] {
        let described = menu::describe(open.database.conn(), id);
        assert!(matches!(described, Err(MenuError::Unknown)), "{id}: {described:?}");
    }
}

#[test]
fn what_can_be_chosen_is_all_or_an_error() {
    let mut open = Open::new();
    let mut conn = open.database.connect(connect);
    for table in ["menus", "menu_item_types"] {
        let names = open.database.without(table, || menu::names(&mut conn));
        assert!(names.is_err(), "{table}: {names:?}");
    }
}

/// For whoever reads the log; the page says less.
#[test]
fn an_error_says_what_has_failed() {
    for (error, words) in [
        (AppError::Pool(PoolError::Closed), "no connection: Pool has been closed"),
        (AppError::from(diesel::result::Error::RollbackTransaction), "database: "),
        (AppError::Session("no such table".to_owned()), "session: no such table"),
        (AppError::from(askama::Error::ValueMissing), "template: "),
        (AppError::from(csv::Error::from(std::io::Error::other("disk full"))), "csv: disk full"),
        (AppError::from(argon2::password_hash::Error::PasswordInvalid), "cannot hash: "),
        (AppError::NotFound, "Not found"),
        (AppError::from(diesel::NotFound), "Not found"),
    ] {
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

/// A handler may say so, even if today each of them is behind what says so first.
#[test]
fn who_is_not_signed_in_is_led_to_where_they_can() {
    let error = AppError::NotSignedIn;
    assert_eq!(error.to_string(), "Signed out");
    let response = error.into_response();
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/session/");
}
