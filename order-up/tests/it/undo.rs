//! An order that was closed by mistake is opened again by whoever has closed it.

use gates::{Answer, Browser};

use crate::restaurant::{Open, add, assign, press};

const MINUTE: i64 = 60;

/// Robin closes the order of table 4, and sees the board.
fn closed(open: &Open) -> (Browser, Answer) {
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Robin");
    let mut robin = open.robin();
    add(&mut robin, "Table 4", &["Jambalaya"]);
    let board = press(&mut robin, "/", "Table 4", "Close table");
    (robin, board)
}

#[test]
fn a_server_who_tapped_the_wrong_button_can_reopen_the_order() {
    let mut open = Open::new();
    let (mut robin, board) = closed(&open);
    open.wait(5 * MINUTE);
    let answer = robin.submit(&board.form("Undo"));
    let board = robin.follow(&answer);
    assert_eq!(board.all("[role=status]"), ["The order is open again."]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
    assert!(!board.has_button("Undo"));
}

/// The page has no such button when it is loaded again.
#[test]
fn it_is_offered_once() {
    let open = Open::new();
    let (mut robin, board) = closed(&open);
    assert!(board.has_button("Undo"));
    assert!(!robin.get("/").has_button("Undo"));
}

#[test]
fn a_manager_sees_another_servers_order_that_was_reopened() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Robin");
    let board = press(&mut margot, "/?all", "Table 4", "Close table");
    let answer = margot.submit(&board.form("Undo"));
    assert_eq!(answer.location().as_deref(), Some("/?all"));
    assert_eq!(margot.follow(&answer).all(".ticket h3"), ["Table 4"]);
}

#[test]
fn after_five_minutes_only_a_manager_can_reopen_the_order() {
    let mut open = Open::new();
    let (mut robin, board) = closed(&open);
    open.wait(5 * MINUTE + 1);
    let answer = robin.submit(&board.form("Undo"));
    let notice = "The order of table 4 has been closed. A manager can open it again.";
    assert_eq!((answer.status.as_u16(), answer.all(".notice")), (409, vec![notice.to_owned()]));
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 0);
}

/// A sale that has been counted moves to no other day, not even within these minutes.
#[test]
fn a_bill_of_the_day_before_stays_closed() {
    let mut open = Open::new();
    // Two minutes before four in the morning.
    open.wait(9 * 60 * MINUTE + 28 * MINUTE);
    let (mut robin, board) = closed(&open);
    open.wait(2 * MINUTE);
    assert_eq!(robin.submit(&board.form("Undo")).status, 409);
    open.wait(-1);
    assert_eq!(robin.submit(&board.form("Undo")).status, 303);
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
}

#[test]
fn an_order_that_is_not_theirs_or_does_not_exist_stays_closed() {
    let mut open = Open::new();
    let (_, board) = closed(&open);
    let undo = board.form("Undo");
    let mut sam = open.browser_of("3456");
    let form = sam.get("/").form("Log out");
    let answer = sam.submit(&form.clone().to(undo.action()));
    assert_eq!((answer.status.as_u16(), answer.all(".notice").len()), (403, 1));
    let answer = sam.submit(&form.to("/orders/99/close/undo"));
    assert_eq!((answer.status.as_u16(), answer.all(".notice").len()), (404, 1));
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 0);
}

#[test]
fn it_is_too_late_once_other_guests_sit_there() {
    let mut open = Open::new();
    let (mut robin, board) = closed(&open);
    assign(&mut open.margot(), "Table 4", "Margot");
    let answer = robin.submit(&board.form("Undo"));
    assert_eq!(
        (answer.status.as_u16(), answer.all(".notice")),
        (409, vec!["Table 4 was taken a moment ago.".to_owned()])
    );
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
}

/// The cookie names the order, and the server decides who may open it again.
#[test]
fn a_forged_cookie_reopens_nothing() {
    let open = Open::new();
    let mut margot = open.margot();
    for (cookie, has_button) in [
        ("closed.7", true),
        ("closed.x", false),
        ("closed", false),
        ("closed.", false),
        ("saved.7", false),
        ("closed.1<b>", false),
    ] {
        margot.cookies().insert("done".to_owned(), cookie.to_owned());
        assert_eq!(margot.get("/").has_button("Undo"), has_button, "{cookie}");
    }
}
