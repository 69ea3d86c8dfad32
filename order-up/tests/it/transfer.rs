//! Orders that go to another table, or to another server.

use gates::{Answer, Browser, Form, at_once};

use crate::restaurant::{Open, add, assign, press, statuses};

fn to_table(browser: &mut Browser, order: i32, table: &str) -> Form {
    browser.get(&format!("/orders/{order}")).form("Move").choose("To table", table)
}

fn to_server(browser: &mut Browser, order: i32, server: &str) -> Form {
    browser.get(&format!("/orders/{order}")).form("Hand over").choose("To server", server)
}

fn send(browser: &mut Browser, form: &Form) -> Answer {
    let answer = browser.submit(form);
    browser.follow(&answer)
}

#[test]
fn guests_who_change_tables_take_their_order_with_them() {
    let mut open = Open::new();
    let mut robin = open.robin();
    assign(&mut robin, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya"]);
    let form = to_table(&mut robin, 1, "Table 7");
    // Where guests sit, nobody else is moved.
    assert!(
        !robin.get("/orders/1").form("Move").options("To table").iter().any(|it| it.starts_with("Table 4 "))
    );
    let board = send(&mut robin, &form);
    assert_eq!(board.all(".ticket h3"), ["Table 7"]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
    let free = board.form("Assign table").options("Table");
    assert!(
        free.iter().any(|it| it.starts_with("Table 4 ")) && !free.iter().any(|it| it.starts_with("Table 7 "))
    );
    assert_eq!(open.count("orders"), 1);
}

#[test]
fn an_order_that_is_handed_over_moves_to_the_other_servers_board() {
    let open = Open::new();
    let (mut robin, mut sam) = (open.robin(), open.browser_of("3456"));
    assign(&mut robin, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya"]);
    let form = to_server(&mut robin, 1, "Sam");
    assert!(send(&mut robin, &form).all(".ticket").is_empty());
    assert_eq!(robin.get("/orders/1").status, 403);
    assert_eq!(add(&mut sam, "Table 4", &["French fries"]).all(".ticket .total"), ["$25.48"]);
    press(&mut sam, "/", "Table 4", "Close table");
    assert!(open.margot().get("/history").all("tbody tr").concat().contains("Sam"));
}

#[test]
fn a_manager_can_hand_over_the_orders_of_a_retired_employee() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Robin");
    press(&mut margot, "/employees/2", "Retire employee", "Retire");
    let page = margot.get("/orders/1");
    assert_eq!(page.form("Hand over").options("To server"), ["Margot", "Sam"]);
    let form = to_server(&mut margot, 1, "Sam");
    send(&mut margot, &form);
    assert_eq!(open.browser_of("3456").get("/").all(".ticket h3"), ["Table 4"]);
}

#[test]
fn when_two_orders_move_to_one_table_at_once_only_one_succeeds() {
    for _ in 0..10 {
        let mut open = Open::new();
        let pairs =
            [(open.margot(), "Table 1"), (open.robin(), "Table 2"), (open.browser_of("3456"), "Table 3")];
        let mut forms = Vec::new();
        for (order, (mut browser, table)) in (1..).zip(pairs) {
            let form = browser.get("/").form("Assign table").choose("Table", table);
            browser.submit(&form);
            forms.push((order, browser));
        }
        let mut pairs = Vec::new();
        for (order, mut browser) in forms {
            let form = to_table(&mut browser, order, "Table 9");
            pairs.push((browser, form));
        }
        // And somebody assigns it.
        let mut host = open.margot();
        let form = host.get("/").form("Assign table").choose("Table", "Table 9");
        pairs.push((host, form));
        let answers = at_once(pairs, |(mut browser, form)| browser.submit(&form));
        assert_eq!(statuses(&answers), [303, 409, 409, 409]);
        for refused in answers.iter().filter(|answer| answer.status == 409) {
            assert_eq!(refused.all(".notice"), ["Table 9 was taken a moment ago."]);
        }
        let there = "orders JOIN tables ON tables.id = table_id WHERE number = 9 AND closed_at IS NULL";
        assert_eq!(open.count(there), 1);
    }
}

#[test]
fn an_order_that_an_employee_may_not_change_cannot_be_moved() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assign(&mut robin, "Table 4", "Robin");
    assign(&mut margot, "Table 5", "Margot");
    assign(&mut margot, "Table 6", "Margot");
    press(&mut margot, "/", "Table 6", "Close table");
    press(&mut margot, "/employees/3", "Retire employee", "Retire");
    press(&mut margot, "/tables", "Table 10", "Remove");
    let mut send = |browser: &mut Browser, path: &str, name: &str, value: &str| {
        let form = browser.get("/").form("Log out").to(path).also(name, value);
        let before = open.everything();
        let answer = browser.submit(&form);
        assert_eq!(open.everything(), before, "{path}, {value}");
        (answer.status.as_u16(), answer.all(".notice").concat())
    };
    let not_hers = "That is Margot's order. Ask Margot or a manager.";
    let closed = "The order of table 6 has been closed. A manager can open it again.";
    for (path, field, value) in [("move", "table_id", "9"), ("hand-over", "employee_id", "2")] {
        let path = |order: i32| format!("/orders/{order}/{path}");
        assert_eq!(send(&mut robin, &path(2), field, value), (403, not_hers.to_owned()));
        assert_eq!(send(&mut margot, &path(3), field, value), (409, closed.to_owned()));
        assert_eq!(send(&mut margot, &path(99), field, value), (404, "There is no such order.".to_owned()));
    }
    for value in ["10", "99", "x", "", "-1", "99999999999"] {
        let answer = send(&mut robin, "/orders/1/move", "table_id", value);
        assert_eq!(answer, (409, "That table is no longer in use.".to_owned()), "{value}");
    }
    let taken = "Table 5 was taken a moment ago.".to_owned();
    assert_eq!(send(&mut robin, "/orders/1/move", "table_id", "5"), (409, taken));
    for value in ["3", "4", "99", "x", ""] {
        let answer = send(&mut robin, "/orders/1/hand-over", "employee_id", value);
        assert_eq!(answer, (409, "That server no longer works here. Choose another.".to_owned()), "{value}");
    }
}

#[test]
fn a_second_tap_moves_nothing() {
    let open = Open::new();
    let mut robin = open.robin();
    assign(&mut robin, "Table 4", "Robin");
    let form = to_table(&mut robin, 1, "Table 7");
    send(&mut robin, &form);
    let back = to_table(&mut robin, 1, "Table 4");
    send(&mut robin, &back);
    let board = send(&mut robin, &form);
    assert_eq!(board.all(".ticket h3"), ["Table 4"]);
    assert_eq!(board.all(".notice").len(), 1);
}
