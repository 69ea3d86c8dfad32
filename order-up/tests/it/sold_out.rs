//! Dishes that are sold out for the rest of the business day.

use gates::Browser;
use groundwork::connect;
use order_up::models::employee;
use order_up::models::order::OrderError;
use order_up::models::order_detail::{self, LineRequest};

use crate::restaurant::{Open, add, assign, line, press, tab};

const HOUR: i64 = 60 * 60;
const NOT_THERE: &str = "Jambalaya is sold out today, so nothing was added. Choose again.";

/// Robin, who has marked a dish as sold out, and whose guests have ordered nothing yet.
fn sold_out() -> (Open, Browser) {
    let open = Open::new();
    let mut robin = open.robin();
    assign(&mut robin, "Table 4", "Robin");
    let page = press(&mut robin, "/sold-out", "Jambalaya", "Sold out");
    assert_eq!(page.all("td.name"), ["Dr. Pepper", "Jambalaya Sold out today", "French fries"]);
    (open, robin)
}

#[test]
fn a_sold_out_dish_cannot_be_ordered_and_is_labeled() {
    let (open, mut robin) = sold_out();
    for browser in [&mut robin, &mut open.margot()] {
        let board = browser.get("/");
        assert_eq!(board.all(".item:has(.sold-out)"), ["Jambalaya Sold out today"]);
        assert_eq!(board.all(".item:has(.sold-out) input"), Vec::<String>::new());
        assert_eq!(board.all(".item label").len(), 2);
    }
    let board = add(&mut robin, "Table 4", &["French fries"]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × French fries $3.50"]);
}

/// What was ordered before it ran out stays on the bill.
#[test]
fn an_order_from_an_open_page_is_refused_with_a_notice() {
    let open = Open::new();
    let mut robin = open.robin();
    let board = assign(&mut robin, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya"]);
    press(&mut open.margot(), "/sold-out", "Jambalaya", "Sold out");
    for (typed, status) in [("", 409), ("2", 409), ("x", 422)] {
        for is_checked in [true, false] {
            if typed.is_empty() && !is_checked {
                continue;
            }
            let form = board.form_in("Table 4", "Add to order").check("French fries");
            let form = form.fill("How many Jambalaya", typed);
            let form = if is_checked { form.check("Jambalaya") } else { form };
            let back = robin.submit(&form);
            assert_eq!(
                (back.status.as_u16(), back.all(".notice")),
                (status, vec![NOT_THERE.to_owned()]),
                "{typed}"
            );
            // The rest is still chosen.
            assert_eq!(back.all("label:has([checked]) span:first-of-type"), ["French fries"]);
        }
    }
    assert_eq!(robin.get("/").all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
}

/// The line stays, and there can be fewer of it.
#[test]
fn the_quantity_of_a_sold_out_or_removed_dish_cannot_be_raised() {
    let gone = "An item that you chose is no longer on the menu, so nothing was added. Choose again.";
    for (page, button, notice) in [("/sold-out", "Sold out", NOT_THERE), ("/menu", "Remove", gone)] {
        let open = Open::new();
        let mut margot = open.margot();
        assign(&mut margot, "Table 4", "Margot");
        add(&mut margot, "Table 4", &["Jambalaya"]);
        let form = line(&mut margot, 1, "Jambalaya").form("Save").fill("How many", "2");
        press(&mut margot, page, "Jambalaya", button);
        let back = margot.submit(&form);
        assert_eq!((back.status.as_u16(), back.all(".notice")), (409, vec![notice.to_owned()]), "{button}");
        assert_eq!(back.form("Save").value("How many"), "2");
        assert_eq!(margot.get("/").all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
        assert_eq!(margot.submit(&form.fill("How many", "0").check("Sold out")).status, 303, "{button}");
        assert_eq!(margot.get("/").all(".ticket .lines li"), Vec::<String>::new());
    }
}

/// On SQLite whoever orders begins when the other has ended. On PostgreSQL they wait for the row of the dish.
#[test]
fn a_dish_that_is_being_marked_as_sold_out_cannot_be_ordered() {
    let mut open = Open::new();
    assign(&mut open.robin(), "Table 4", "Robin");
    let mut conn = open.database.connect(connect);
    let (me, now) = (employee::find(&mut conn, 2).expect("Robin works here"), open.now());
    let until = now.0 + HOUR;
    let order = || order_detail::add(&mut conn, &me, 1, &[LineRequest::plain(2, 1)], now);
    let mark = format!("UPDATE menu_items SET sold_out_until = {until} WHERE id = 2");
    let ordered = open.database.while_writing(&mark, order);
    assert!(matches!(ordered, Err(OrderError::SoldOut { .. })), "{ordered:?}");
    assert_eq!(open.count("order_details"), 0);
}

/// Also on an evening that is long, and without anything that runs at night.
#[test]
fn it_is_back_on_the_next_business_day() {
    let (open, _) = sold_out();
    // It is half past six; the business day ends at four in the morning.
    for (seconds, is_back) in [(9 * HOUR + HOUR / 2 - 1, false), (1, true)] {
        open.wait(seconds);
        let mut robin = open.robin();
        assert_eq!(robin.get("/sold-out").all(".sold-out").is_empty(), is_back, "{seconds}");
        assert_eq!(robin.get("/").all(".sold-out").is_empty(), is_back, "{seconds}");
    }
    let board = add(&mut open.robin(), "Table 4", &["Jambalaya"]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
    // And it can be sold out again.
    let page = press(&mut open.robin(), "/sold-out", "Jambalaya", "Sold out");
    assert_eq!(page.all("strong.sold-out").len(), 1);
}

#[test]
fn it_stays_sold_out_until_the_restaurants_day_ends() {
    let mut open = Open::new();
    open.set("DAY_ENDS_AT", "19:00");
    press(&mut open.robin(), "/sold-out", "Jambalaya", "Sold out");
    for (seconds, is_back) in [(HOUR / 2 - 1, false), (1, true)] {
        open.wait(seconds);
        assert_eq!(open.robin().get("/").all(".sold-out").is_empty(), is_back, "{seconds}");
    }
}

#[test]
fn anybody_can_undo_it() {
    let (open, mut robin) = sold_out();
    let page = press(&mut open.browser_of("3456"), "/sold-out", "Jambalaya", "Serve again");
    assert!(page.all("strong.sold-out").is_empty());
    let board = add(&mut robin, "Table 4", &["Jambalaya"]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × Jambalaya $21.98"]);
}

#[test]
fn a_dish_that_somebody_else_has_marked_is_marked_once() {
    let (mut open, mut robin) = sold_out();
    let page = open.margot().get("/sold-out");
    let mut other = tab(&mut robin);
    let undo = other.get("/sold-out").form("Serve again");
    press(&mut robin, "/sold-out", "Jambalaya", "Serve again");
    // An old page on which it is still sold out.
    assert_eq!(other.submit(&undo).status, 303);
    let mark = robin.get("/sold-out").form_in("Jambalaya", "Sold out");
    press(&mut other, "/sold-out", "Jambalaya", "Sold out");
    assert_eq!(robin.submit(&mark).status, 303);
    assert_eq!(page.all("strong.sold-out").len(), 1);
    let events = open.database.rows("event", "log_entries ORDER BY id");
    let kinds: Vec<_> = events.lines().skip(1).filter_map(|event| event.split('"').nth(1)).collect();
    assert_eq!(kinds, ["sold_out", "back_on", "sold_out"]);
}

#[test]
fn a_dish_that_is_not_on_the_menu_cannot_be_marked() {
    let (mut open, mut robin) = sold_out();
    press(&mut open.margot(), "/menu", "French fries", "Remove");
    let before = open.everything();
    for path in ["/sold-out/3", "/sold-out/3/undo", "/sold-out/99", "/sold-out/99/undo", "/sold-out/x"] {
        let form = robin.get("/").form("Log out").to(path);
        assert_eq!(robin.submit(&form).status, 404, "{path}");
    }
    assert_eq!(open.everything(), before);
}

/// A column of a row that is read anyway.
#[test]
fn p6_sold_out_dishes_add_no_query_to_the_board() {
    let (open, mut robin) = sold_out();
    robin.get("/");
    let before = open.database.statements().len();
    robin.get("/");
    let statements = open.database.statements().split_off(before);
    assert_eq!(statements.iter().filter(|statement| statement.starts_with("SELECT")).count(), 6);
}
