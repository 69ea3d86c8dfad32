//! What a model answers when the database fails or refuses, and what is said of it.

use std::time::Duration;

use axum::response::IntoResponse;
use diesel::RunQueryDsl;
#[cfg(feature = "postgres")]
use diesel::connection::SimpleConnection;
use groundwork::causes::with_causes;
use groundwork::{Constraint, connect, violated};
use order_up::models::employee::{self, EmployeeError};
use order_up::models::menu::{self, Description, MenuError, types};
use order_up::models::order::{self, OrderError};
use order_up::models::order_detail::{self, LineRequest};
use order_up::models::table::{self, TableError};
use order_up::pool::PoolError;
use order_up::{AppError, Cents, Timestamp};
use tower_sessions::{session, session_store};

use crate::Open;
#[cfg(not(feature = "postgres"))]
use crate::failing::refuse;
use crate::restaurant::assign;

/// On the pages, the form's own transaction surrounds all of it; a call of a model from elsewhere has none.
#[test]
fn each_model_function_is_atomic_on_its_own() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let (before, later) = (open.everything(), open.now() + Duration::from_secs(60));

    let conn = open.database.conn();
    let me = employee::active(conn, 1).unwrap().unwrap();
    let requests = [1, 999].map(|menu_item_id| LineRequest::plain(menu_item_id, 1));
    let refused = order_detail::add(conn, &me, 1, &requests, later);
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
fn a_refused_menu_or_type_is_named_as_the_reason() {
    let mut open = Open::new();
    let before = open.everything();
    for (menu, kind, check) in [
        ("Brunch on all of our terraces, and indoors", "Soups", "menu_name_length"),
        ("Brunch", "soups of all kinds and colors", "menu_item_type_name_length"),
    ] {
        let new = Description {
            name: "Turtle soup".to_owned(),
            price: Cents(950),
            menu: menu.to_owned(),
            kind: kind.to_owned(),
        };
        let created = menu::create(open.database.conn(), &new).map(drop);
        let me = employee::find(open.database.conn(), 1).unwrap();
        let updated = menu::update(open.database.conn(), &me, 1, &new, Timestamp(0));
        for refused in [created, updated] {
            let Err(MenuError::Database(error)) = refused else { panic!("{menu}, {kind}: {refused:?}") };
            assert_eq!(violated(&error), Some(Constraint::Check(check.to_owned())), "{error}");
        }
        assert_eq!(open.everything(), before);
    }
}

/// The page does not claim that there is no such dish, or that the table has paid.
#[test]
fn a_database_error_is_not_reported_as_a_refused_order() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let (me, now) = (employee::active(open.database.conn(), 1).unwrap().unwrap(), open.now());
    let mut conn = open.database.connect(connect);
    let mut add = || order_detail::add(&mut conn, &me, 1, &[LineRequest::plain(1, 1)], now);
    let unread = open.database.without("menu_items", &mut add);
    assert!(matches!(unread, Err(OrderError::Database(_))), "{unread:?}");
    assert!(add().is_ok());

    let mut conn = open.database.connect(connect);
    #[cfg(not(feature = "postgres"))]
    refuse(&mut open, "UPDATE", "orders");
    #[cfg(feature = "postgres")]
    conn.batch_execute("SET default_transaction_read_only = on")
        .expect("a connection can be kept from writing");
    let unwritten = order_detail::add(&mut conn, &me, 1, &[LineRequest::plain(1, 1)], now);
    assert!(matches!(unwritten, Err(OrderError::Database(_))), "{unwritten:?}");
    let unwritten = order::close(&mut conn, &me, 1, now);
    assert!(matches!(unwritten, Err(OrderError::Database(_))), "{unwritten:?}");
}

#[test]
fn a_database_error_is_not_reported_as_a_refused_table() {
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
    let me = employee::find(&mut conn, 1).unwrap();
    let today = now..now + Duration::from_secs(1);
    let reopened = open.database.without("tables", || order::reopen(&mut conn, &me, 1, &today, now));
    assert!(matches!(reopened, Err(OrderError::Database(_))), "{reopened:?}");
}

/// Nobody is asked to choose another number or name because of one that was taken elsewhere.
#[test]
fn only_the_value_in_use_is_reported_as_in_use() {
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
fn a_dish_that_was_removed_from_the_menu_is_unknown_there() {
    let mut open = Open::new();
    menu::remove(open.database.conn(), 1, Timestamp(0)).expect("it is on the menu");
    for id in [1, 99] {
        let described = menu::describe(open.database.conn(), id);
        assert!(matches!(described, Err(MenuError::Unknown)), "{id}: {described:?}");
    }
}

#[test]
fn a_list_of_choices_is_complete_or_an_error() {
    let mut open = Open::new();
    let mut conn = open.database.connect(connect);
    let menus = open.database.without("menus", || menu::names(&mut conn));
    let types = open.database.without("menu_item_types", || types::all(&mut conn));
    assert!(menus.is_err() && types.is_err(), "{menus:?}, {types:?}");
}

/// For the person who reads the log; the page shows less.
#[test]
fn an_error_names_what_failed() {
    let unreadable = session_store::Error::Backend("no such table".to_owned());
    for (error, words) in [
        (AppError::Pool(PoolError::Closed), "no connection: Pool has been closed"),
        (AppError::from(diesel::result::Error::RollbackTransaction), "database: "),
        (AppError::from(session::Error::from(unreadable)), "session: "),
        (AppError::from(askama::Error::ValueMissing), "template: "),
        (AppError::from(csv::Error::from(std::io::Error::other("disk full"))), "csv: disk full"),
        (AppError::from(groundwork::order_up::passwords::HashError::PasswordInvalid), "cannot hash: "),
        (AppError::from(jiff::civil::Date::new(2026, 2, 30).expect_err("February is short")), "calendar: "),
        (AppError::NotFound, "not found"),
        (AppError::from(diesel::NotFound), "not found"),
    ] {
        let logged = with_causes(&error);
        assert!(logged.starts_with(words) && !logged.ends_with(": "), "{logged}");
    }
}

/// A handler may say so, even if today each of them is behind what says so first.
#[test]
fn visitors_are_redirected_to_the_sign_in_page() {
    let error = AppError::NotSignedIn;
    assert_eq!(error.to_string(), "not signed in");
    let response = error.into_response();
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/session/");
}

/// Each handler has words of its own for these; one that has none still does not call it a fault.
#[test]
fn forbidden_actions_are_refused_and_unknown_rows_are_not_found() {
    for (error, status) in [
        (AppError::from(EmployeeError::LastManager), 409),
        (AppError::from(EmployeeError::NumberTaken), 409),
        (AppError::from(MenuError::NameTaken), 409),
        (AppError::from(MenuError::Reordered), 409),
        (AppError::from(TableError::NumberTaken), 409),
        (AppError::from(TableError::Occupied { table_number: 4 }), 409),
        (AppError::from(EmployeeError::Unknown), 404),
        (AppError::from(MenuError::Unknown), 404),
        (AppError::from(TableError::Unknown), 404),
    ] {
        let words = with_causes(&error);
        assert_eq!(error.into_response().status(), status, "{words}");
    }
}
