//! What can no longer be done with an order, or not by everybody, [P2] and [P3].

use crate::Open;
use crate::restaurant::{add, assign, press};

#[test]
fn p2_a_closed_order_accepts_nothing_and_cannot_be_closed_again() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let board = assign(&mut margot, "Table 4", "Margot");
    let (late_add, late_close) =
        (board.form_in("Table 4", "Add to order"), board.form_in("Table 4", "Close table"));
    press(&mut margot, "/", "Table 4", "Close table");
    let before = open.everything();
    for late in [late_add.check("Jambalaya"), late_close] {
        let answer = margot.submit(&late);
        assert_eq!(answer.status, 409);
        assert_eq!(
            answer.all(".notice"),
            ["The order of table 4 has been closed. A manager can open it again."]
        );
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn p2_an_unknown_order_is_not_found() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let board = assign(&mut margot, "Table 4", "Margot");
    let add = board.form_in("Table 4", "Add to order").check("Jambalaya").to("/orders/99/items");
    let close = board.form_in("Table 4", "Close table");
    for form in [add, close.clone().to("/orders/99/close")] {
        let answer = margot.submit(&form);
        assert_eq!(
            (answer.status.as_u16(), answer.all(".notice")),
            (404, vec!["There is no such order.".to_owned()])
        );
    }
    for path in ["/orders/x/close", "/orders/99999999999/close", "/orders/-1/close"] {
        assert_eq!(margot.submit(&close.clone().to(path)).status, 404, "{path}");
    }
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
}

#[test]
fn p2_only_its_server_and_managers_can_change_an_order() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assign(&mut margot, "Table 4", "Sam");
    let board = assign(&mut robin, "Table 5", "Robin");
    let add = board.form_in("Table 5", "Add to order").check("Jambalaya").to("/orders/1/items");
    let close = board.form_in("Table 5", "Close table").to("/orders/1/close");
    for form in [add, close] {
        let answer = robin.submit(&form);
        assert_eq!(answer.status, 403);
        assert_eq!(answer.all(".notice"), ["That is Sam's order. Ask Sam or a manager."]);
    }
    assert_eq!(robin.get("/orders/1").status, 403);
    assert_eq!(open.count("order_details"), 0);
    let close = margot.get("/?all").form_in("Table 4", "Close table");
    assert_eq!(close.action(), "/orders/1/close?all");
    assert_eq!(margot.submit(&close).location().as_deref(), Some("/?all"));
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
}

#[test]
fn p3_if_one_item_has_left_the_menu_nothing_is_added() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let board = assign(&mut margot, "Table 4", "Margot");
    let form = board.form_in("Table 4", "Add to order").check("French fries").check("Jambalaya");
    press(&mut margot, "/menu", "Jambalaya", "Remove");
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("no longer on the menu, so nothing was added"));
    assert_eq!(answer.all("fieldset input[checked]").len(), 1);
    assert_eq!(open.count("order_details"), 0);
}

#[test]
fn p3_if_one_line_grows_too_large_nothing_is_added() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let board = add(&mut margot, "Table 4", &["Jambalaya"]);
    let form = board.form_in("Table 4", "Add to order").check("Dr. Pepper").check("Jambalaya");
    let answer = margot.submit(&form.fill("How many Jambalaya", "999"));
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("at most 999 of one item"));
    assert_eq!(open.database.rows("name, quantity", "order_details"), "name | quantity\nJambalaya | 1");
}

#[test]
fn o6_the_bill_matches_the_board_even_after_it_is_closed() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["French fries"]);
    let board = add(&mut margot, "Table 4", &["French fries", "Jambalaya"]);
    assert_eq!(board.all(".ticket a[href='/orders/1']"), ["Bill"]);
    let bill = margot.get("/orders/1");
    let lines = ["2 × French fries $7.00", "1 × Jambalaya $21.98"];
    assert_eq!(board.all(".ticket .lines li"), lines);
    assert_eq!(bill.all("tbody tr"), lines.map(|line| format!("{line} Change")));
    press(&mut margot, "/", "Table 4", "Close table");
    let closed = margot.get("/orders/1");
    assert_eq!(closed.all("tbody tr"), lines);
    for page in [board, bill, closed] {
        assert_eq!(page.all(".ticket :is(h1, h3)"), ["Table 4"]);
        assert_eq!(page.all(".total"), ["$28.98"]);
    }
}

#[test]
fn o6_an_order_can_also_be_closed_on_its_own_page() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let form = margot.get("/orders/1").form("Close table");
    assert_eq!(margot.submit(&form).status, 303);
    assert_eq!(open.count("orders WHERE closed_at IS NOT NULL"), 1);
}
