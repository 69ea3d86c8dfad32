//! Several people at once, [P1], [P2], [P3] and [P14].

use crate::Open;
use crate::restaurant::{assign, press, statuses, tab};
use gates::{Answer, Browser, Form, at_once};
#[cfg(not(feature = "postgres"))]
use order_up::Role;
#[cfg(not(feature = "postgres"))]
use order_up::Timestamp;
#[cfg(not(feature = "postgres"))]
use order_up::models::menu::types::{self, Shown};
#[cfg(not(feature = "postgres"))]
use order_up::models::order::{self, OrderError};
#[cfg(not(feature = "postgres"))]
use order_up::models::order_detail::quantity::{self, NewQuantity};
#[cfg(not(feature = "postgres"))]
use order_up::models::order_detail::undo;
#[cfg(not(feature = "postgres"))]
use order_up::models::order_detail::{self, LineRequest};
#[cfg(not(feature = "postgres"))]
use order_up::models::table::{self, TableError};
#[cfg(not(feature = "postgres"))]
use order_up::models::{employee, failed_sign_in, menu};

#[cfg(not(feature = "postgres"))]
const NOW: Timestamp = Timestamp(0);

/// Each browser sends its form, all at the same time.
fn send_at_once(pairs: Vec<(Browser, Form)>) -> Vec<Answer> {
    at_once(pairs, |(mut browser, form)| browser.submit(&form))
}

/// So many tabs of one browser, each with a board and a form of its own.
fn tabs(browser: &mut Browser, count: usize, form: impl Fn(&Answer) -> Form) -> Vec<(Browser, Form)> {
    let pair = |_| {
        let mut tab = tab(browser);
        let form = form(&tab.get("/"));
        (tab, form)
    };
    (0..count).map(pair).collect()
}

fn table_4(board: &Answer) -> Form {
    board.form("Assign table").choose("Table", "Table 4").fill("Guests", "3")
}

fn fries(board: &Answer) -> Form {
    board.form_in("Table 4", "Add to order").check("French fries")
}

#[test]
fn p1_when_eight_people_assign_one_table_at_once_only_one_succeeds() {
    let mut open = Open::new();
    let answers = send_at_once(tabs(&mut open.margot(), 8, table_4));
    assert_eq!(statuses(&answers), [303, 409, 409, 409, 409, 409, 409, 409]);
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(refused.all(".notice"), ["Table 4 was taken a moment ago."]);
        assert_eq!(refused.form("Assign table").value("Guests"), "3");
    }
    assert_eq!(open.count("orders"), 1);
}

#[test]
fn p1_a_table_is_assigned_once_even_with_two_apps_on_one_database() {
    let mut open = Open::new();
    let pairs = [open.margot(), open.robin()].map(|mut browser| {
        let form = table_4(&browser.get("/"));
        (browser, form)
    });
    assert_eq!(statuses(&send_at_once(pairs.into())), [303, 409]);
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
}

/// On SQLite each assignment begins after the other has ended, and sees its result. On PostgreSQL both may
/// succeed; then the board goes on showing the table until it has paid.
#[test]
#[cfg(not(feature = "postgres"))]
fn p1_assigning_a_table_that_is_being_removed_shows_a_notice() {
    let mut open = Open::new();
    let now = open.now();
    let mut conn = open.database.connect(groundwork::connect);
    let assign = || order::assign(&mut conn, 4, 1, None, now);
    let assigned = open.database.while_writing("UPDATE tables SET retired_at = 1 WHERE id = 4", assign);
    assert!(matches!(assigned, Err(OrderError::NoTable)), "{assigned:?}");
}

#[test]
fn p1_the_database_itself_refuses_a_second_open_order() {
    let mut open = Open::new();
    let mut insert = |closed_at: &str| {
        let insert = "INSERT INTO orders (employee_id, table_id, opened_at, changed_at, closed_at) VALUES";
        open.database.run(&format!("{insert} (1, 4, 0, 0, {closed_at})"))
    };
    assert_eq!(insert("NULL"), "done, 1 row(s)");
    assert_eq!(insert("NULL"), "refused: UniqueViolation");
    assert_eq!(insert("5"), "done, 1 row(s)");
}

#[test]
fn p2_when_eight_people_close_an_order_at_once_only_one_succeeds() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let answers = send_at_once(tabs(&mut margot, 8, |board| board.form_in("Table 4", "Close table")));
    assert_eq!(statuses(&answers), [303, 409, 409, 409, 409, 409, 409, 409]);
}

#[test]
fn p2_a_dish_added_while_the_order_closes_is_on_the_bill_or_refused() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let mut pairs = tabs(&mut margot, 4, fries);
    pairs.extend(tabs(&mut margot, 1, |board| board.form_in("Table 4", "Close table")));
    pairs.extend(tabs(&mut margot, 4, fries));
    let mut answers = send_at_once(pairs);
    assert_eq!(answers.remove(4).status, 303);
    let added = answers.iter().filter(|answer| answer.status == 303).count();
    assert!(
        answers.iter().all(|answer| [303, 409].contains(&answer.status.as_u16())),
        "{:?}",
        statuses(&answers)
    );
    // Counted line by line: the sum of no rows is not a number.
    let lines = open.database.rows("quantity", "order_details");
    let on_the_bill: usize = lines.lines().skip(1).filter_map(|line| line.parse::<usize>().ok()).sum();
    assert_eq!(on_the_bill, added);
}

#[test]
fn p3_eight_people_who_add_at_once_all_succeed() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    assert_eq!(statuses(&send_at_once(tabs(&mut margot, 8, fries))), [303; 8]);
    assert_eq!(margot.get("/").all(".ticket .lines li"), ["8 × French fries $28.00"]);
}

#[cfg(not(feature = "postgres"))]
#[test]
fn p1_a_table_that_is_being_assigned_cannot_be_removed() {
    let mut open = Open::new();
    let mut conn = open.database.connect(groundwork::connect);
    let seat = "INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (1, 10, 0, 0)";
    let removed = open.database.while_writing(seat, || table::remove(&mut conn, 10, NOW));
    assert!(matches!(removed, Err(TableError::Occupied { table_number: 10 })), "{removed:?}");
    assert_eq!(open.count("tables WHERE retired_at IS NULL"), 10);
}

/// In a plain transaction, a writer that has read first would get “database is locked” at once.
#[cfg(not(feature = "postgres"))]
#[test]
fn p3_a_writer_that_reads_first_waits_for_another_writer() {
    type Work = fn(&mut groundwork::Db) -> Result<(), String>;
    fn done<T, E: std::fmt::Debug>(result: Result<T, E>) -> Result<(), String> {
        result.map(drop).map_err(|error| format!("{error:?}"))
    }
    let works: [(&str, Work); 12] = [
        ("assign", |conn| done(order::assign(conn, 4, 1, None, NOW))),
        ("add", |conn| {
            let me = employee::find(conn, 1).expect("Margot works here");
            done(order_detail::add(conn, &me, 1, &[LineRequest::plain(1, 1)], NOW))
        }),
        ("put a line back", |conn| {
            let me = employee::find(conn, 1).expect("Margot works here");
            let none = NewQuantity { from: 1, to: 0, reason: Some("sold out".to_owned()) };
            let entry = quantity::set(conn, &me, 1, 1, &none, NOW).expect("it is on the order");
            done(undo::undo(conn, &me, 1, entry.expect("it is taken back"), NOW, NOW))
        }),
        ("take a line back", |conn| {
            let me = employee::find(conn, 1).expect("Margot works here");
            let none = NewQuantity { from: 1, to: 0, reason: Some("sold out".to_owned()) };
            done(quantity::set(conn, &me, 1, 1, &none, NOW))
        }),
        ("reopen", |conn| {
            let me = employee::find(conn, 1).expect("Margot works here");
            order::close(conn, &me, 1, NOW).expect("the order is open");
            done(order::reopen(conn, &me, 1, &(Timestamp(0)..Timestamp(i64::MAX)), NOW))
        }),
        ("take a table away", |conn| done(table::remove(conn, 10, NOW))),
        ("change an employee", |conn| done(employee::update(conn, 2, "Robyn", Role::Manager))),
        ("retire", |conn| done(employee::retire(conn, 2, NOW))),
        ("add a dish", |conn| {
            let mut new = menu::describe(conn, 1).expect("there is a dish");
            new.name = "Root beer".to_owned();
            done(menu::create(conn, &new))
        }),
        ("change a dish", |conn| {
            let mut new = menu::describe(conn, 1).expect("there is a dish");
            new.name = "Sarsaparilla".to_owned();
            let me = employee::find(conn, 1).expect("Margot works here");
            done(menu::update(conn, &me, 1, &new, NOW))
        }),
        ("move a type", |conn| {
            let shown = |id| Shown { id, position: id };
            done(types::swap(conn, shown(1), shown(2)))
        }),
        ("try to sign in", |conn| done(failed_sign_in::take_turn(conn, 1, "here", NOW))),
    ];
    let mut open = Open::new();
    for (what, work) in works {
        let mut conn = open.database.connect(groundwork::connect);
        let done =
            open.database.while_writing("UPDATE employees SET name = name WHERE id = 3", || work(&mut conn));
        assert_eq!(done, Ok(()), "{what}");
        let mut statements = open.database.statements();
        assert_eq!(statements.pop().as_deref(), Some("COMMIT"), "{what} is one transaction to its end");
        // Also where the first statement writes: the next to change it may read before that.
        let begun = statements.iter().rfind(|statement| statement.starts_with("BEGIN"));
        assert_eq!(begun.map(String::as_str), Some("BEGIN IMMEDIATE"), "{what}");
    }
}

#[test]
fn p14_a_double_tap_adds_once_even_when_two_apps_answer() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = fries(&assign(&mut margot, "Table 4", "Margot"));
    let mut pairs: Vec<_> = (0..4).map(|_| (tab(&mut margot), form.clone())).collect();
    let mut elsewhere = open.browser();
    elsewhere.cookies().clone_from(margot.cookies());
    pairs.push((elsewhere, form));
    let answers = send_at_once(pairs);
    assert_eq!(statuses(&answers), [303; 5]);
    let mut places: Vec<_> = answers.iter().filter_map(Answer::location).collect();
    places.sort();
    assert_eq!(places, ["/", "/?again", "/?again", "/?again", "/?again"]);
    assert_eq!(margot.get("/").all(".ticket .lines li"), ["1 × French fries $3.50"]);
    assert_eq!(
        margot.get("/?again").all(".notice"),
        [
            "You already submitted that form, so nothing was done twice. To submit something else, use this page."
        ]
    );
}

#[test]
fn p14_a_form_is_recognized_in_either_view_of_the_board() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = table_4(&margot.get("/"));
    for (action, leads_to) in [("/orders", "/"), ("/orders?all", "/?all&again"), ("/orders", "/?again")] {
        let answer = margot.submit(&form.clone().to(action));
        assert_eq!(answer.location().as_deref(), Some(leads_to), "{action}: {answer}");
    }
}

#[test]
fn p14_two_buttons_of_one_page_both_work() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let board = assign(&mut margot, "Table 5", "Margot");
    // Pressed one after the other, the second before the page that follows the first has come.
    let close = ["Table 4", "Table 5"].map(|table| board.form_in(table, "Close table"));
    let places = close.map(|form| margot.submit(&form).location());
    assert_eq!(margot.get("/").all(".ticket h3"), Vec::<String>::new());
    assert_eq!(places, [Some("/".to_owned()), Some("/".to_owned())]);
}

#[test]
fn p14_a_form_that_was_refused_can_be_sent_again() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = table_4(&margot.get("/"));
    assign(&mut margot, "Table 4", "Margot");
    assert_eq!(margot.submit(&form).status, 409);
    press(&mut margot, "/", "Table 4", "Close table");
    assert_eq!(margot.submit(&form).location().as_deref(), Some("/"));
}
