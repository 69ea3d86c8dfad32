//! Employees, tables and dishes that go, [P11], and numbers that are not ids, [P12].

use gates::{Browser, at_once};
use order_up::models::employee::{self, EmployeeError};
use order_up::{Restaurant, Role, Timestamp};

use crate::Open;
use crate::restaurant::{add, assign, press, sign_in};

/// Robin has served one table, which has paid.
fn with_history() -> (Open, Browser) {
    let open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assign(&mut robin, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya"]);
    press(&mut robin, "/", "Table 4", "Close table");
    assert!(is_in_history(&mut margot, "Table 4", "Robin"));
    (open, margot)
}

fn is_in_history(manager: &mut Browser, table: &str, server: &str) -> bool {
    let rows = manager.get("/history").all("tbody tr");
    rows.iter().any(|row| row.contains(table) && row.contains(server))
}

#[test]
fn p11_a_retired_employee_is_signed_out_at_once_and_stays_in_the_history() {
    let (mut open, mut margot) = with_history();
    let mut robin = open.robin();
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    assert_eq!(robin.get("/").location().as_deref(), Some("/session/"));
    assert_eq!(sign_in(&mut robin, "2345", "password").status, 422);
    assert_eq!(margot.get("/").form("Assign table").options("Server"), ["Margot", "Sam"]);
    assert!(is_in_history(&mut margot, "Table 4", "Robin"));
    assert_eq!(open.count("employees"), 4);
}

#[test]
fn p11_a_form_of_a_retired_employee_does_nothing() {
    let (mut open, mut margot) = with_history();
    let mut robin = open.robin();
    let form = robin.get("/").form("Assign table");
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    let answer = robin.submit(&form);
    assert!(robin.follow(&answer).has_button("Sign in"));
    assert_eq!(open.count("orders"), 1);
}

#[test]
fn p11_an_old_form_cannot_assign_a_table_to_a_retired_employee() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/").form("Assign table").choose("Server", "Robin");
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 409);
    assert_eq!(answer.all("[role=alert]"), ["That server no longer works here. Choose another."]);
    assert_eq!(open.count("orders"), 0);
}

#[test]
fn p11_a_manager_can_close_the_open_orders_of_a_retired_employee() {
    let (_open, mut margot) = with_history();
    assign(&mut margot, "Table 5", "Robin");
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    let board = press(&mut margot, "/?all", "Table 5", "Close table");
    assert_eq!(board.all(".ticket").len(), 0);
}

#[test]
fn p11_a_rehired_employee_signs_in_with_the_old_password() {
    let (open, mut margot) = with_history();
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    press(&mut margot, "/employees/2", "Reinstate employee", "Reinstate");
    assert!(open.robin().get("/").text().contains("Your open orders"));
}

/// A tablet that was lost stays signed out.
#[test]
fn p11_a_rehired_employee_does_not_get_old_sessions_back() {
    let (open, mut margot) = with_history();
    let (mut robin, mut sam) = (open.robin(), open.browser_of("3456"));
    // Of the two tablets, one is used while Robin is away.
    let mut lost = open.robin();
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    assert_eq!(robin.get("/").status, 303);
    press(&mut margot, "/employees/2", "Reinstate employee", "Reinstate");
    for browser in [&mut robin, &mut lost] {
        assert_eq!(browser.get("/").location().as_deref(), Some("/session/"));
    }
    assert_eq!((open.robin().get("/").status.as_u16(), sam.get("/").status.as_u16()), (200, 200));
}

#[test]
fn an_employee_who_does_not_exist_is_unknown_and_not_a_database_error() {
    let open = Open::new();
    let mut conn = open.database.connect(groundwork::connect);
    for refused in [
        employee::update(&mut conn, 99, "Alex", Role::Server),
        employee::set_password(&mut conn, 99, "hash"),
        employee::retire(&mut conn, 99, Timestamp(0)),
        employee::reinstate(&mut conn, 99),
    ] {
        assert!(matches!(refused, Err(EmployeeError::Unknown)), "{refused:?}");
    }
}

#[test]
fn a_retired_employee_cannot_retire_again() {
    let mut open = Open::new();
    for now in [100, 200] {
        assert!(employee::retire(open.database.conn(), 2, Timestamp(now)).is_ok());
    }
    assert_eq!(open.database.rows("retired_at", "employees WHERE id = 2"), "retired_at\n100");
}

#[test]
fn debug_output_of_an_employee_shows_only_id_name_and_role() {
    let mut open = Open::new();
    let margot = employee::find(open.database.conn(), 1).unwrap();
    assert_eq!(format!("{margot:?}"), "Employee(1, \"Margot\", manager)");
}

/// Otherwise somebody who finds a manager's tablet could keep the manager out.
#[test]
fn managers_can_change_their_own_password_only_with_the_current_one() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let page = margot.get("/employees/1");
    assert!(!page.has_button("Set password") && page.text().contains("Change my password"), "{page}");
    assert_eq!(page.link_in("New password", "Change my password"), "/account");
    let form = margot.get("/employees/2").form("Set password").to("/employees/1/password");
    let before = open.everything();
    for password in ["orange juice", "short"] {
        let answer = margot.submit(&form.clone().fill("Temporary password", password));
        assert_eq!(answer.status, 403, "{answer}");
        let notice =
            "Change your own password on your account page. You need your current password for that.";
        assert_eq!(answer.all(".notice"), [notice]);
        assert_eq!(open.everything(), before);
    }
    let form = margot.get("/employees/2").form("Set password");
    assert_eq!(margot.submit(&form.fill("Temporary password", "orange juice")).status, 303);
}

#[test]
fn p11_the_last_manager_stays_a_manager() {
    let mut open = Open::new();
    // A manager who has left no longer counts as a manager.
    open.database.run("UPDATE employees SET role = 'manager', retired_at = 1 WHERE id = 3");
    let mut margot = open.margot();
    for form in [
        margot.get("/employees/1").form("Retire"),
        margot.get("/employees/1").form("Save").choose("Role", "Server"),
    ] {
        let answer = margot.submit(&form);
        assert_eq!(answer.status, 409);
        assert!(answer.text().contains("There is no other manager."));
    }
    assert_eq!(open.count("employees WHERE role = 'manager' AND retired_at IS NULL"), 1);
}

#[test]
fn p11_two_managers_who_retire_each_other_at_once_leave_one() {
    let mut restaurant = Restaurant::demo();
    restaurant.employees[1].is_manager = true;
    let mut open = Open::with(&restaurant);
    let pairs = [(open.margot(), "/employees/2"), (open.robin(), "/employees/1")];
    let pairs = pairs.map(|(mut browser, page)| {
        let form = browser.get(page).form("Retire");
        (browser, form)
    });
    at_once(pairs.into(), |(mut browser, form)| browser.submit(&form));
    assert_eq!(open.count("employees WHERE role = 'manager' AND retired_at IS NULL"), 1);
}

#[test]
fn p11_a_removed_table_stays_in_the_history_and_frees_its_number() {
    let (mut open, mut margot) = with_history();
    press(&mut margot, "/tables", "Table 4", "Remove");
    let tables = margot.get("/").form("Assign table").options("Table");
    assert!(!tables.iter().any(|it| it.starts_with("Table 4 ")), "{tables:?}");
    let form = margot.get("/tables").form("Add table").fill("Number", "4").fill("Seats", "12");
    assert_eq!(margot.submit(&form).status, 303);
    assert!(margot.get("/").form("Assign table").options("Table").contains(&"Table 4 · seats 12".to_owned()));
    assert!(is_in_history(&mut margot, "Table 4", "Robin"));
    assert_eq!(open.count("tables"), 11);
}

#[test]
fn p11_an_occupied_table_cannot_be_removed() {
    let (mut open, mut margot) = with_history();
    assign(&mut margot, "Table 4", "Margot");
    let form = margot.get("/tables").form_in("Table 4", "Remove");
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 409);
    assert_eq!(answer.all(".notice"), ["Guests are sitting at table 4. Close its order first."]);
    assert_eq!(open.count("tables WHERE retired_at IS NULL"), 10);
}

#[test]
fn p11_guests_who_were_seated_while_their_table_was_removed_can_still_pay() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    // Both can happen at the same moment, when neither has seen the other yet.
    open.database.run("UPDATE tables SET retired_at = 1 WHERE number = 4");
    assert_eq!(margot.get("/").all(".ticket h3"), ["Table 4"]);
    let board = press(&mut margot, "/", "Table 4", "Close table");
    assert!(!board.form("Assign table").options("Table").iter().any(|it| it.starts_with("Table 4 ")));
    assert_eq!(open.count("orders WHERE closed_at IS NOT NULL"), 1);
}

#[test]
fn p11_a_manager_who_becomes_a_server_loses_access_at_once() {
    let mut restaurant = Restaurant::demo();
    restaurant.employees[1].is_manager = true;
    let open = Open::with(&restaurant);
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assert_eq!(robin.get("/employees").status, 200);
    let form = margot.get("/employees/2").form("Save").choose("Role", "Server");
    assert_eq!(margot.submit(&form).status, 303);
    assert_eq!(robin.get("/employees").status, 403);
}

#[test]
fn p11_a_dish_that_is_removed_stays_on_its_bills() {
    let (mut open, mut margot) = with_history();
    press(&mut margot, "/menu", "Jambalaya", "Remove");
    assert!(!margot.get("/").text().contains("Jambalaya"));
    assert!(margot.get("/orders/1").text().contains("1 × Jambalaya $21.98"));
    let form = margot.get("/menu").form("Add item").fill("Name", "Jambalaya").fill("Price", "25");
    assert_eq!(margot.submit(&form.fill("Menu", "Dinner").fill("Type", "Entrees")).status, 303);
    assert_eq!(open.count("menu_items WHERE name = 'Jambalaya'"), 2);
}

#[test]
fn p11_the_database_refuses_to_delete_rows_that_a_bill_refers_to() {
    let (mut open, _margot) = with_history();
    for row in ["employees WHERE id = 2", "tables WHERE id = 4", "menu_items WHERE id = 2", "orders", "menus"]
    {
        let delete = format!("DELETE FROM {row}");
        // SQLite calls the kind of this refusal another than PostgreSQL does.
        assert!(open.database.run(&delete).starts_with("refused"), "{delete}");
    }
}

#[test]
fn p12_pages_show_the_numbers_of_tables_and_never_their_ids() {
    let mut restaurant = Restaurant::demo();
    for (seats, number) in restaurant.tables.iter_mut().zip([21, 17, 13]) {
        seats.number = number;
    }
    restaurant.tables.truncate(3);
    let open = Open::with(&restaurant);
    let mut margot = open.margot();
    let late = margot.get("/").form("Assign table").choose("Table", "Table 17");
    let tables = late.options("Table");
    assert_eq!(tables, ["Table 13 · seats 4", "Table 17 · seats 2", "Table 21 · seats 2"]);
    let board = assign(&mut margot, "Table 17", "Margot");
    assert_eq!(board.all(".ticket h3"), ["Table 17"]);
    assert_eq!(margot.submit(&late).all(".notice"), ["Table 17 was taken a moment ago."]);
    let occupied = margot.get("/tables").form_in("Table 17", "Remove");
    assert_eq!(
        margot.submit(&occupied).all(".notice"),
        ["Guests are sitting at table 17. Close its order first."]
    );

    assert_eq!(margot.get("/orders/1").all("h1"), ["Table 17"]);
    let close = board.form_in("Table 17", "Close table");
    margot.submit(&close);
    let again = margot.get("/orders/1").form("Open again").to("/orders/1/close");
    assert!(margot.submit(&again).text().contains("The order of table 17 has been closed."));
    assert!(is_in_history(&mut margot, "Table 17", "Margot"));
}
