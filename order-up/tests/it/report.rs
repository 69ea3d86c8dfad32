//! What a business day brought in.

use std::collections::BTreeMap;

use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::IndexedRandom;
use fake::rand::{RngExt, SeedableRng};
use gates::{Answer, Browser};
use groundwork::order_up::Dish;
use order_up::models::bill::Bill;
use order_up::models::employee;
use order_up::models::history::closed_between;
use order_up::models::order;
use order_up::models::order_detail::{self, LineRequest};
use order_up::models::report::{Report, report};
use order_up::{Cents, Restaurant, Timestamp};

use crate::restaurant::{EVENING, Open, add, assign, press, take_back, with_dish};

const HOUR: i64 = 60 * 60;

/// Serves a table from beginning to end.
fn serve(margot: &mut Browser, server: &str, guests: &str, items: &[&str]) {
    let form = margot.get("/").form("Assign table").choose("Table", "Table 4").choose("Server", server);
    margot.submit(&form.fill("Guests", guests));
    let mut form = margot.get("/?all").form_in("Table 4", "Add to order");
    for item in items {
        form = form.check(item);
    }
    margot.submit(&form);
    press(margot, "/?all", "Table 4", "Close table");
}

/// Each row of the tables, with what is in its cells.
fn rows(page: &Answer) -> Vec<String> {
    page.all("tbody tr")
}

#[test]
fn a_day_is_added_up_by_server_by_type_and_by_dish() {
    let open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Margot", "2", &["Jambalaya", "French fries"]);
    serve(&mut margot, "Margot", "", &["Jambalaya"]);
    serve(&mut margot, "Robin", "3", &["Dr. Pepper"]);
    // One that is open, and one of the next day.
    assign(&mut margot, "Table 7", "Margot");
    add(&mut margot, "Table 7", &["Jambalaya"]);
    open.wait(10 * HOUR);
    serve(&mut margot, "Sam", "1", &["Jambalaya"]);

    let page = margot.get("/report?day=2026-02-14");
    assert_eq!(page.all("h1"), ["Report of 2026-02-14"]);
    assert_eq!(
        page.all(".figures div"),
        ["Total $48.46", "Bills 3", "Per bill $16.15", "Guests 5", "Per guest $5.30"]
    );
    let uncounted = "1 bill has no number of guests, and is left out of the average per guest.";
    assert_eq!(page.all(".about"), [uncounted]);
    assert_eq!(
        rows(&page),
        [
            "Margot 2 $23.73 2 $12.74 $47.46",
            "Robin 1 $1.00 3 $0.33 $1.00",
            "Beverages 1 $1.00",
            "Entrees 2 $43.96",
            "Sides 1 $3.50",
            "Jambalaya 2 $43.96",
            "French fries 1 $3.50",
            "Dr. Pepper 1 $1.00",
        ]
    );
    assert_eq!(rows(&margot.get("/report"))[0], "Sam 1 $21.98 1 $21.98 $21.98");
}

#[test]
fn a_day_without_bills_shows_a_message() {
    let open = Open::new();
    let mut margot = open.margot();
    assert_eq!(margot.get("/report").all(".empty"), ["Nothing was closed on 2026-02-14."]);
    let file = margot.get("/report?format=csv").body;
    let expected = "\u{feff}day,by,name,bills,guests,quantity,total,per bill,per guest\r\n\
                    2026-02-14,day,,0,0,,0.00,,\r\n";
    assert_eq!(file, expected);
}

#[test]
fn an_empty_bill_counts_as_a_bill() {
    let open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Robin", "4", &[]);
    assert_eq!(rows(&margot.get("/report")), ["Robin 1 $0.00 4 $0.00 $0.00"]);
}

/// Whatever became of its bill: it counts on the day on which somebody took it back.
#[test]
fn portions_taken_back_are_added_up_by_employee() {
    let open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assign(&mut margot, "Table 4", "Robin");
    add(&mut robin, "Table 4", &["Jambalaya", "Dr. Pepper"]);
    add(&mut robin, "Table 4", &["Jambalaya"]);
    for (browser, dish) in [(&mut robin, "Jambalaya"), (&mut margot, "Dr. Pepper")] {
        let form = take_back(browser, 1, dish);
        assert_eq!(browser.submit(&form).status, 303);
    }
    let before = margot.get("/report");
    assert_eq!(before.all(".empty"), ["Nothing was closed on 2026-02-14."]);
    assert_eq!(rows(&before), ["Margot 1 $1.00", "Robin 2 $43.96"]);
    let log = margot.get(&before.link_in("Taken back", "log of this day"));
    assert_eq!(log.all(".entries li").len(), 2, "{log}");
    let file = margot.get("/report?format=csv").body;
    let added: Vec<_> = file.split("\r\n").filter(|row| row.contains("taken back")).collect();
    assert_eq!(
        added,
        ["2026-02-14,taken back by,Margot,,,1,1.00,,", "2026-02-14,taken back by,Robin,,,2,43.96,,"]
    );

    press(&mut margot, "/?all", "Table 4", "Close table");
    open.wait(10 * HOUR);
    assert_eq!(rows(&margot.get("/report?day=2026-02-14"))[1..], ["Margot 1 $1.00", "Robin 2 $43.96"]);
    assert!(rows(&margot.get("/report")).is_empty());
}

/// A dish that has another name, price or type since then is on the report as it is on the bills; its type is the one
/// that it has now.
#[test]
fn a_dish_is_reported_as_it_was_sold() {
    let open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Margot", "", &["French fries"]);
    let form = margot.get("/menu/3").form("Save item").fill("Name", "Chips").fill("Price", "4");
    margot.submit(&form.fill("Type", "Snacks"));
    serve(&mut margot, "Margot", "", &["Chips"]);
    let page = margot.get("/report");
    assert_eq!(
        rows(&page),
        ["Margot 2 $3.75 0 $7.50", "Snacks 2 $7.50", "Chips 1 $4.00", "French fries 1 $3.50"]
    );
}

#[test]
fn only_managers_can_open_a_report() {
    let open = Open::new();
    for page in ["/report", "/report?format=csv"] {
        let answer = open.robin().get(page);
        assert_eq!((answer.status.as_u16(), answer.all("h1").concat()), (403, "For managers".to_owned()));
    }
}

#[test]
fn links_lead_to_other_days_and_to_the_bills() {
    let open = Open::new();
    let mut margot = open.margot();
    let report = margot.get("/history?day=2026-02-13").link_in("", "Report");
    let page = margot.get(&report);
    assert_eq!(page.link_in("", "Next day"), "/report?day=2026-02-14");
    assert_eq!(page.link_in("", "Previous day"), "/report?day=2026-02-12");
    assert_eq!(page.link_in("", "Bills"), "/history?day=2026-02-13");
    assert!(!margot.get("/report").text().contains("Next day"));
}

#[test]
fn the_file_has_a_row_for_the_day_and_for_each_server_type_and_dish() {
    let open = Open::new();
    let mut margot = open.margot();
    serve(&mut margot, "Margot", "2", &["French fries", "Dr. Pepper"]);
    let file = margot.get("/report?day=2026-02-14&format=csv");
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let name = "attachment; filename=\"order-up-report-2026-02-14.csv\"";
    assert_eq!(file.headers["content-disposition"], name);
    let rows: Vec<_> = file.body.strip_prefix('\u{feff}').expect("it has one").split("\r\n").collect();
    assert_eq!(
        rows,
        [
            "day,by,name,bills,guests,quantity,total,per bill,per guest",
            "2026-02-14,day,,1,2,,4.50,4.50,2.25",
            "2026-02-14,server,Margot,1,2,,4.50,4.50,2.25",
            "2026-02-14,type,Beverages,,,1,1.00,,",
            "2026-02-14,type,Sides,,,1,3.50,,",
            "2026-02-14,dish,French fries,,,1,3.50,,",
            "2026-02-14,dish,Dr. Pepper,,,1,1.00,,",
            "",
        ]
    );
}

/// In Excel, a country that writes 3,50 has semicolons between the cells.
#[test]
fn semicolons_separate_the_cells_where_prices_have_a_comma() {
    let mut open = Open::new();
    open.set("PRICES", "3,50 €");
    let mut margot = open.margot();
    serve(&mut margot, "Margot", "", &["French fries"]);
    for (page, row) in [
        ("/report?format=csv", "2026-02-14;dish;French fries;;;1;3,50;;"),
        ("/history?format=csv", "2026-02-14;1;2026-02-14 18:30;4;;Margot;French fries;1;3,50;3,50"),
    ] {
        let file = margot.get(page).body;
        assert_eq!(file.split("\r\n").collect::<Vec<_>>().last_chunk(), Some(&[row, ""]), "{file}");
    }
}

#[test]
fn a_spreadsheet_does_not_run_a_name_in_the_report_as_a_formula() {
    let name = "=HYPERLINK(\"https://evil.example\",\"Pay\")";
    let mut restaurant = with_dish(name, 100);
    restaurant.menu[0].kind = "@SUM(A1)".to_owned();
    restaurant.employees[0].name = "-1;+2".to_owned();
    let open = Open::with(&restaurant);
    let mut margot = open.margot();
    serve(&mut margot, "-1;+2", "", &[name]);
    let file = margot.get("/report?format=csv").body;
    for cell in [",\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"Pay\"\")\",", ",'@SUM(A1),", ",'-1;'+2,"] {
        assert!(file.contains(cell), "{cell}: {file}");
    }
}

/// What the report has to say of these bills: every sum once more, line by line.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    bills: i64,
    total: i64,
    guests: i64,
    uncounted: i64,
    counted_total: i64,
}

impl Expected {
    fn of<'a>(bills: impl IntoIterator<Item = &'a Bill>) -> Self {
        let mut sum = Self::default();
        for bill in bills {
            let total = bill.total().0;
            sum.bills += 1;
            sum.total += total;
            match bill.order.guests {
                Some(guests) => {
                    sum.guests += i64::from(guests);
                    sum.counted_total += total;
                }
                None => sum.uncounted += 1,
            }
        }
        sum
    }
}

/// Checks the sums of a report against the bills of the day.
fn check(report: &Report, bills: &[Bill], kinds: &BTreeMap<String, String>, context: &str) {
    let all = Expected::of(bills);
    assert_eq!((report.all.bills, report.all.total), (all.bills, Cents(all.total)), "{context}");
    assert_eq!((report.all.guests, report.all.uncounted), (all.guests, all.uncounted), "{context}");
    assert_eq!(report.all.per_bill(), Cents(all.total).divided_by(all.bills), "{context}");
    assert_eq!(report.all.per_guest(), Cents(all.counted_total).divided_by(all.guests), "{context}");

    for (name, sales) in &report.servers {
        let own = Expected::of(bills.iter().filter(|bill| bill.server == *name));
        assert_eq!((sales.bills, sales.total), (own.bills, Cents(own.total)), "{context}: {name}");
        assert_eq!((sales.guests, sales.uncounted), (own.guests, own.uncounted), "{context}: {name}");
        let average = Cents(own.counted_total).divided_by(own.guests);
        assert_eq!(sales.per_guest(), average, "{context}: {name}");
    }
    let servers: i64 = report.servers.iter().map(|(_, sales)| sales.bills).sum();
    assert_eq!(servers, all.bills, "{context}");

    let mut dishes: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let mut types: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for line in bills.iter().flat_map(|bill| &bill.lines) {
        let (quantity, total) = (i64::from(line.quantity), line.total().0);
        for sum in [dishes.entry(&line.name).or_default(), types.entry(&kinds[&line.name]).or_default()] {
            *sum = (sum.0 + quantity, sum.1 + total);
        }
    }
    for (rows, expected) in [(&report.dishes, dishes), (&report.kinds, types)] {
        let got: BTreeMap<_, _> =
            rows.iter().map(|(name, sold)| (name.as_str(), (sold.quantity, sold.total.0))).collect();
        assert_eq!((got.len(), &got), (rows.len(), &expected), "{context}");
        let total: i64 = got.values().map(|(_, total)| total).sum();
        assert_eq!(total, all.total, "{context}");
    }
}

/// A menu with prices that do not add up evenly, a dish of the highest price, and two that cost nothing.
fn odd_menu() -> Vec<Dish> {
    let prices = [1, 33, 99, 350, 777, 1_000_000, 0, 0, 2198, 5];
    let dish = |(number, price_cents): (usize, i64)| Dish {
        menu: "Dinner".to_owned(),
        kind: format!("Type {}", number % 4),
        name: format!("Dish {number}"),
        price_cents,
    };
    prices.into_iter().enumerate().map(dish).collect()
}

#[test]
fn the_totals_of_a_report_match_the_bills_over_random_evenings() {
    let seed = gates::seed();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for evening in 0..12 {
        let menu = odd_menu();
        let kinds = menu.iter().map(|dish| (dish.name.clone(), dish.kind.clone())).collect();
        let mut open = Open::with(&Restaurant { menu, ..Restaurant::demo() });
        for _ in 0..rng.random_range(0..30) {
            play(&mut rng, &mut open);
        }
        let (start, end) = (Timestamp(EVENING), Timestamp(EVENING + 2 * HOUR));
        let bills = closed_between(open.database.conn(), start, end).expect("there are orders");
        let report = report(open.database.conn(), &(start..end)).expect("it can be added up");
        check(&report, &bills, &kinds, &format!("seed {seed}, evening {evening}"));
    }
}

/// Serves guests, closes their order within three hours around the two that are reported, or leaves it open.
fn play(rng: &mut ChaCha8Rng, open: &mut Open) {
    let conn = open.database.conn();
    let server = employee::find(conn, rng.random_range(1..=3)).expect("they work here");
    let guests = rng.random_bool(0.7).then(|| rng.random_range(1..=9));
    let closed_at = Timestamp(EVENING + rng.random_range(-HOUR..3 * HOUR));
    let Ok(id) = order::assign(conn, rng.random_range(1..=10), server.id, guests, Timestamp(EVENING)) else {
        // Guests who have not left sit there.
        return;
    };
    // Six of the largest fit into one line.
    let quantities = [1, 2, 3, 17, 166];
    for _ in 0..rng.random_range(0..6) {
        let quantity = *quantities.choose(rng).expect("there are some");
        let request = LineRequest::plain(rng.random_range(1..=10), quantity);
        order_detail::add(conn, &server, id, &[request], closed_at).expect("it is on the menu");
    }
    if rng.random_bool(0.9) {
        order::close(conn, &server, id, closed_at).expect("it is open");
    }
}

/// The largest line that there can be, many times, is more than 32 bits hold.
#[test]
fn the_total_of_a_day_may_exceed_32_bits() {
    let mut open = Open::with(&with_dish("Truffle", 1_000_000));
    let time = Timestamp(EVENING);
    let conn = open.database.conn();
    let server = employee::find(conn, 1).expect("they work here");
    for table in 1..=10 {
        let id = order::assign(conn, table, 1, Some(1), time).expect("the table is free");
        let request = LineRequest::plain(1, 999);
        order_detail::add(conn, &server, id, &[request], time).expect("it is on the menu");
        order::close(conn, &server, id, time).expect("it is open");
    }
    let report = report(conn, &(time..Timestamp(EVENING + 1))).expect("it can be added up");
    assert_eq!(report.all.total, Cents(9_990_000_000));
    assert_eq!(report.dishes[0].1.total, Cents(9_990_000_000));
}
