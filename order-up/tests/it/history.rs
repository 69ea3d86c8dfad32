//! What was sold, by business day; and orders that were closed by mistake, [P14].

use gates::{Answer, Browser};
use order_up::models::history::closed_between;
use order_up::{Restaurant, Timestamp};

use crate::Open;
use crate::restaurant::{add, assign, press, with_dish};

const HOUR: i64 = 60 * 60;

/// Serves a table from beginning to end.
fn serve(margot: &mut Browser, table: &str, items: &[&str]) {
    assign(margot, table, "Margot");
    add(margot, table, items);
    press(margot, "/", table, "Close table");
}

/// How many orders of a day there are, and what they come to.
fn day(page: &Answer) -> (usize, String) {
    (page.all("tbody tr").len(), page.all(".total").concat())
}

#[test]
fn a_day_ends_at_the_right_second_and_lists_orders_as_they_were_closed() {
    let open = Open::new();
    let mut margot = open.margot();
    for (table, item) in [("Table 4", "Jambalaya"), ("Table 7", "Dr. Pepper"), ("Table 1", "French fries")] {
        assign(&mut margot, table, "Margot");
        add(&mut margot, table, &[item]);
    }
    press(&mut margot, "/", "Table 7", "Close table");
    // 03:59:59 in New York, and 04:00:00.
    for (table, seconds) in [("Table 4", 34_199), ("Table 1", 1)] {
        open.wait(seconds);
        press(&mut margot, "/", table, "Close table");
    }
    let bills = |day: &str| {
        let page = open.margot().get(&format!("/history?day={day}"));
        let columns = ["first", "last"].map(|place| page.all(&format!("tbody td:{place}-child")));
        columns.map(|cells| cells.join(", "))
    };
    assert_eq!(bills("2026-02-14"), ["Table 7, Table 4", "$1.00, $21.98"]);
    assert_eq!(bills("2026-02-15"), ["Table 1", "$3.50"]);
}

#[test]
fn a_bill_of_the_past_lists_dishes_in_the_order_they_were_added() {
    let open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Table 4", &["Jambalaya", "Dr. Pepper", "French fries"]);
    let mut conn = open.database.connect(groundwork::connect);
    let bills = closed_between(&mut conn, Timestamp(0), Timestamp(i64::MAX)).expect("there are orders");
    assert!(bills[0].lines.is_sorted_by_key(|line| line.id) && bills[0].lines.len() == 3, "{bills:?}");
}

/// SQLite stores bytes in a column for text, and Diesel refuses to read them.
#[cfg(not(feature = "postgres"))]
#[test]
fn only_the_selected_day_is_read() {
    let mut open = Open::new();
    let mut margot = open.margot();
    for table in ["Table 4", "Table 5", "Table 7"] {
        serve(&mut margot, table, &["Jambalaya"]);
        open.wait(HOUR);
    }
    let Timestamp(noon) = open.now() - std::time::Duration::from_secs(2 * 60 * 60);
    let between =
        |open: &mut Open, end| closed_between(open.database.conn(), Timestamp(noon), Timestamp(end));
    let read = |open: &mut Open| between(open, noon + HOUR);
    assert_eq!(read(&mut open).map(|bills| bills.len()), Ok(1));
    for order in [1, 3] {
        let change = format!("UPDATE order_details SET name = CAST(x'ff' AS TEXT) WHERE order_id = {order}");
        assert_eq!(open.database.run(&change), "done, 1 row(s)");
    }
    assert_eq!(read(&mut open).map(|bills| bills.len()), Ok(1));
    assert!(between(&mut open, noon + HOUR + 1).is_err());
}

#[test]
fn a_day_has_the_orders_that_were_closed_on_it_and_their_total() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 9", "Margot");
    serve(&mut margot, "Table 4", &["French fries", "Jambalaya"]);
    serve(&mut margot, "Table 5", &["Dr. Pepper"]);
    assert_eq!(day(&margot.get("/history")), (2, "$26.48".to_owned()));
    assert_eq!(margot.get("/history").all("tbody td:first-child"), ["Table 4", "Table 5"]);
    assert_eq!(day(&margot.get("/history?day=2026-02-13")), (0, "$0.00".to_owned()));
}

#[test]
fn an_order_paid_after_midnight_belongs_to_the_day_before() {
    let open = Open::new();
    let mut margot = open.margot();
    open.wait(8 * HOUR);
    serve(&mut margot, "Table 4", &["Dr. Pepper"]);
    open.wait(2 * HOUR);
    serve(&mut margot, "Table 4", &["Jambalaya"]);
    assert_eq!(day(&margot.get("/history?day=2026-02-14")), (1, "$1.00".to_owned()));
    assert_eq!(day(&margot.get("/history")), (1, "$21.98".to_owned()));
}

#[test]
fn the_settings_define_the_time_zone_and_the_end_of_the_day() {
    let mut open = Open::new();
    serve(&mut open.margot(), "Table 4", &["Dr. Pepper"]);
    open.set("TIME_ZONE", "Asia/Tokyo");
    assert_eq!(day(&open.margot().get("/history?day=2026-02-15")).0, 1);
    open.set("DAY_ENDS_AT", "10:00");
    assert_eq!(day(&open.margot().get("/history?day=2026-02-14")).0, 1);
}

#[test]
fn an_invalid_day_shows_today_with_a_notice() {
    let open = Open::new();
    let mut margot = open.margot();
    let days = ["2026-02-30", "yesterday", "2026-02-15", "9999-12-31", "-9999-01-01", ""];
    for (path, asked) in ["/history", "/report"].into_iter().flat_map(|path| days.map(|day| (path, day))) {
        let page = margot.get(&format!("{path}?day={asked}"));
        assert_eq!(
            page.all(".notice"),
            ["There are no orders for that day. Showing today instead."],
            "{path}: {asked}"
        );
        assert_eq!(page.form("Show").value("Business day"), "2026-02-14", "{path}: {asked}");
    }
}

/// The first of which every time zone has all hours.
#[test]
fn the_first_day_is_the_second_of_1970() {
    let open = Open::new();
    let mut margot = open.margot();
    for (asked, notices) in [("1970-01-02", 0), ("1970-01-01", 1)] {
        assert_eq!(margot.get(&format!("/history?day={asked}")).all(".notice").len(), notices, "{asked}");
    }
}

#[test]
fn the_file_for_a_spreadsheet_has_a_row_for_each_line() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/").form("Assign table").choose("Table", "Table 4").fill("Guests", "2");
    margot.submit(&form);
    let form = margot.get("/").form_in("Table 4", "Add to order").check("French fries");
    margot.submit(&form.fill("How many French fries", "2"));
    press(&mut margot, "/", "Table 4", "Close table");
    let file = margot.get("/history?day=2026-02-14&format=csv");
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    // Excel reads a file without a byte order mark as if it were of the nineties.
    let rows: Vec<_> = file.body.strip_prefix('\u{feff}').expect("it has one").lines().collect();
    assert_eq!(rows[0], "day,order,closed,table,guests,server,item,quantity,price,total");
    assert_eq!(rows[1..], ["2026-02-14,1,2026-02-14 18:30,4,2,Margot,French fries,2,3.50,7.00"]);
}

#[test]
fn a_spreadsheet_does_not_run_a_name_as_a_formula() {
    for (name, cell) in [
        ("=1+1", ",'=1+1,"),
        ("@SUM(A1)", ",'@SUM(A1),"),
        ("-2 for \"one\", hot", ",\"'-2 for \"\"one\"\", hot\","),
        ("Rum = Coke", ",Rum = Coke,"),
    ] {
        let open = Open::with(&with_dish(name, 100));
        let mut margot = open.margot();
        serve(&mut margot, "Table 4", &[name]);
        let file = margot.get("/history?format=csv").body;
        assert!(file.contains(cell), "{file}");
    }
}

#[test]
fn the_bill_shows_the_server_the_guests_and_the_times() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/").form("Assign table").choose("Table", "Table 4").fill("Guests", "1");
    margot.submit(&form);
    open.wait(HOUR);
    press(&mut margot, "/", "Table 4", "Close table");
    let bill = margot.get("/orders/1").text();
    for word in ["Table 4", "2026-02-14 18:30", "Margot", "1 guest", "Closed 2026-02-14 19:30"] {
        assert!(bill.contains(word), "{word}: {bill}");
    }
}

#[test]
fn p14_an_order_closed_by_mistake_is_reopened_with_all_its_lines() {
    let open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Table 4", &["Jambalaya"]);
    let board = press(&mut margot, "/orders/1", "", "Open again");
    assert_eq!(board.all(".ticket h3"), ["Table 4"]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
    assert_eq!(day(&margot.get("/history")).0, 0);
}

#[test]
fn p14_an_order_stays_closed_while_other_guests_sit_at_its_table() {
    let mut open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Table 4", &["Jambalaya"]);
    let form = margot.get("/orders/1").form("Open again");
    assign(&mut margot, "Table 4", "Robin");
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 409);
    assert_eq!(answer.all(".notice"), ["Table 4 was taken a moment ago."]);
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
    press(&mut margot, "/?all", "Table 4", "Close table");
    assert_eq!(margot.submit(&form).status, 303);
}

#[test]
fn p14_a_server_cannot_reopen_an_order() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assign(&mut margot, "Table 4", "Robin");
    let form = robin.get("/").form_in("Table 4", "Close table").to("/orders/1/reopen");
    press(&mut robin, "/", "Table 4", "Close table");
    assert!(!robin.get("/orders/1").has_button("Open again"));
    assert_eq!(robin.submit(&form.tamper("token", "")).status, 403);
    let another = robin.get("/").form("Log out").to("/orders/1/reopen");
    let answer = robin.submit(&another);
    assert_eq!((answer.status.as_u16(), answer.all("h1").concat()), (403, "For managers".to_owned()));
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 0);
}

#[test]
fn p14_an_order_of_a_removed_table_still_has_a_bill() {
    let open = Open::with(&Restaurant::demo());
    let mut margot = open.margot();
    serve(&mut margot, "Table 4", &["Jambalaya"]);
    press(&mut margot, "/tables", "Table 4", "Remove");
    assert_eq!(margot.get("/orders/1").all("h1"), ["Table 4"]);
    let form = margot.get("/orders/1").form("Open again");
    assert_eq!(margot.submit(&form).all(".notice"), ["That table is no longer in use."]);
    let unknown = margot.get("/orders/1").form("Open again").to("/orders/99/reopen");
    assert_eq!(margot.submit(&unknown).status, 404);
}

/// A sale that has been counted moves to no other day.
#[test]
fn p14_a_bill_of_another_business_day_cannot_be_reopened() {
    // Until four in the morning it is the same evening.
    for (hours, is_today) in [(0, true), (9, true), (10, false), (30 * 24, false), (-24, false)] {
        let mut open = Open::new();
        let mut margot = open.margot();
        serve(&mut margot, "Table 4", &["Jambalaya"]);
        let form = margot.get("/orders/1").form("Open again");
        open.wait(hours * HOUR);
        // A clock that was ahead is put right; a session lasts twelve hours.
        let mut margot = open.margot();
        let bill = margot.get("/orders/1");
        assert_eq!(bill.has_button("Open again"), is_today, "{hours}");
        let why_not = "This bill is from another business day and can no longer be changed.";
        assert_eq!(bill.text().contains(why_not), !is_today, "{hours}");
        let token = margot.get("/orders/1").form("Log out").hidden("token").to_owned();
        let before = open.everything();
        let answer = margot.submit(&form.tamper("token", &token));
        if is_today {
            assert_eq!(answer.status, 303, "{hours}");
            continue;
        }
        assert_eq!(answer.status, 409, "{hours}");
        let notice = "The bill of table 4 is from another day and can no longer be changed.";
        assert_eq!(answer.all(".notice"), [notice], "{hours}");
        assert_eq!(open.everything(), before, "{hours}");
    }
}
