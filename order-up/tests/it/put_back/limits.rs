//! It is put back once, for a short time, by somebody who may do it, and whole.

use gates::{Answer, Browser, Form, at_once};
use groundwork::connect;
use order_up::models::employee;
use order_up::models::order::OrderError;
use order_up::models::order_detail::undo::undo;

use super::{MINUTE, leave, order, serving, stored};
use crate::restaurant::{Open, assign, line, press, statuses, tab};

const TOO_LATE: &str = "That can no longer be undone. Check the order.";

/// The status of an answer, and its notice.
fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.all(".notice").concat())
}

#[test]
fn it_can_be_put_back_once() {
    let (mut open, mut robin) = serving();
    let form = leave(&mut robin, "3").form("Undo");
    let other = tab(&mut robin).get("/").form("Log out").to(form.action());
    assert_eq!(robin.submit(&form).status, 303);
    // A second tap, and another page.
    assert_eq!(robin.submit(&form).location().as_deref(), Some("/orders/1?again"));
    assert_eq!(said(&robin.submit(&other)), (409, TOO_LATE.to_owned()));
    assert_eq!(robin.get("/").all(".ticket .lines li"), ["4 × Jambalaya no okra $87.92"]);
    assert_eq!(open.count("log_entries"), 2);
    // Also if it was taken back again in the meantime.
    leave(&mut robin, "3");
    assert_eq!(said(&robin.submit(&other)), (409, TOO_LATE.to_owned()));
}

#[test]
fn when_several_people_put_it_back_at_once_only_one_succeeds() {
    for left in ["0", "3"] {
        for _ in 0..5 {
            let (mut open, mut robin) = serving();
            let before = stored(&mut open);
            let form = leave(&mut robin, left).form("Undo");
            let pairs: Vec<(Browser, Form)> = (0..4)
                .map(|_| {
                    let mut tab = tab(&mut robin);
                    let form = tab.get("/").form("Log out").to(form.action());
                    (tab, form)
                })
                .collect();
            let answers = at_once(pairs, |(mut tab, form)| tab.submit(&form));
            assert_eq!(statuses(&answers), [303, 409, 409, 409]);
            assert_eq!(stored(&mut open), before);
        }
    }
}

/// Somebody else undoes the same before the first statement, before the second, and so on.
#[test]
fn it_is_put_back_once_whenever_somebody_else_does_it_too() {
    for before in 0.. {
        let (mut open, mut robin) = serving();
        leave(&mut robin, "3");
        let entry = entry(&mut open);
        let (mut conn, mut other) = (open.database.connect(connect), open.database.connect(connect));
        let (me, now) = (employee::find(&mut conn, 2).expect("Robin works here"), open.now());
        let (mine, theirs) = open.database.interrupt(
            before,
            || undo(&mut other, &me, 1, entry, now, now),
            || undo(&mut conn, &me, 1, entry, now, now),
        );
        let Some((theirs, _statement)) = theirs else { break };
        let late = [&mine, &theirs].map(|done| matches!(done, Err(OrderError::TooLate)));
        assert!(late[0] != late[1], "before {before}: {mine:?}, {theirs:?}");
        assert_eq!(open.database.rows("quantity", "order_details"), "quantity\n4", "before {before}");
    }
}

/// The id of the newest entry.
fn entry(open: &mut Open) -> i32 {
    let newest = open.database.rows("max(id)", "log_entries");
    newest.lines().nth(1).and_then(|id| id.parse().ok()).expect("there is an entry")
}

#[test]
fn it_is_offered_for_five_minutes() {
    let (mut open, mut robin) = serving();
    let page = leave(&mut robin, "3");
    assert!(!robin.get("/orders/1").has_button("Undo"));
    open.wait(5 * MINUTE + 1);
    // The session is refreshed.
    robin.get("/");
    let before = open.everything();
    assert_eq!(said(&robin.submit(&page.form("Undo"))), (409, TOO_LATE.to_owned()));
    assert_eq!(open.everything(), before);
    open.wait(-1);
    assert_eq!(robin.submit(&page.form("Undo")).status, 303);
}

/// The report of a day stays as it was.
#[test]
fn portions_taken_back_on_another_business_day_stay_off() {
    let (open, mut robin) = serving();
    // Two minutes before four in the morning.
    open.wait(9 * 60 * MINUTE + 18 * MINUTE);
    let page = leave(&mut robin, "3");
    open.wait(2 * MINUTE);
    assert_eq!(robin.submit(&page.form("Undo")).status, 409);
    open.wait(-1);
    assert_eq!(robin.submit(&page.form("Undo")).status, 303);
}

#[test]
fn a_line_on_somebody_elses_order_cannot_be_put_back() {
    let (mut open, mut robin) = serving();
    let undo = leave(&mut robin, "3").form("Undo");
    let number = entry(&mut open);
    let mut sam = open.browser_of("3456");
    assign(&mut sam, "Table 7", "Sam");
    let not_yours = (403, "That is Robin's order. Ask Robin or a manager.".to_owned());
    let gone = (404, "There is no such order.".to_owned());
    let late = (409, TOO_LATE.to_owned());
    let before = open.everything();
    for (path, expected) in [
        (undo.action().to_owned(), not_yours),
        // Their own order, which the entry is not about.
        (format!("/orders/2/taken-back/{number}/undo"), late.clone()),
        ("/orders/2/taken-back/99/undo".to_owned(), late),
        (format!("/orders/99/taken-back/{number}/undo"), gone),
    ] {
        let form = sam.get("/").form("Log out").to(&path);
        assert_eq!(said(&sam.submit(&form)), expected, "{path}");
    }
    let form = sam.get("/").form("Log out").to("/orders/2/taken-back/x/undo");
    assert_eq!(sam.submit(&form).status, 404);
    assert_eq!(open.everything(), before);

    press(&mut robin, "/", "Table 4", "Close table");
    let closed = "The order of table 4 has been closed. A manager can open it again.";
    assert_eq!(said(&robin.submit(&undo)), (409, closed.to_owned()));
    // Once it is open again, a manager puts it back.
    let mut margot = open.margot();
    press(&mut margot, "/orders/1", "", "Open again");
    let form = margot.get("/").form("Log out").to(undo.action());
    assert_eq!(margot.submit(&form).status, 303);
}

/// Only what was taken back can be put back, and only if its entry says what it was.
#[test]
fn other_entries_cannot_be_undone() {
    let (mut open, mut robin) = serving();
    let form = line(&mut robin, 1, "Jambalaya").form("Save").fill("How many", "5");
    robin.submit(&form);
    let now = open.now().0;
    let old = r#"{"taken_back":{"item":"Jambalaya","price":2198,"quantity":1,"left":3}}"#;
    let insert = format!(
        "INSERT INTO log_entries (logged_at, employee_id, employee_name, order_id, table_number, event, reason) \
         VALUES ({now}, 2, 'Robin', 1, 4, '{old}', 'sold out')"
    );
    assert_eq!(open.database.run(&insert), "done, 1 row(s)");
    let newest = entry(&mut open);
    let before = open.everything();
    for number in [newest, newest - 1] {
        let form = robin.get("/").form("Log out").to(&format!("/orders/1/taken-back/{number}/undo"));
        assert_eq!(said(&robin.submit(&form)), (409, TOO_LATE.to_owned()), "{number}");
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn a_line_that_would_get_too_large_stays_unchanged() {
    let (mut open, mut robin) = serving();
    let page = leave(&mut robin, "3");
    order(&mut robin, "Jambalaya", "996", "no okra");
    let before = open.everything();
    let too_many = "An order can have at most 999 of one item, so nothing was added.";
    assert_eq!(said(&robin.submit(&page.form("Undo"))), (422, too_many.to_owned()));
    assert_eq!(open.everything(), before);
}

#[test]
fn everything_is_put_back_or_nothing() {
    let (mut open, mut robin) = serving();
    let form = leave(&mut robin, "0").form("Undo");
    let before = open.everything();
    for table in
        ["orders", "order_details", "ordered_portions", "cooked_portions", "log_entries", "spent_tokens"]
    {
        let answer = open.database.without(table, || robin.submit(&form));
        assert_eq!(answer.status, 500, "{table}: {answer}");
        assert_eq!(open.everything(), before, "{table}");
    }
    assert_eq!(robin.submit(&form).status, 303);
}
