//! Bills in parts, for guests who pay apart.

use fake::rand::rngs::ChaCha8Rng;
use fake::rand::{RngExt, SeedableRng};
use gates::{Answer, Browser};
use groundwork::order_up::Dish;
use order_up::house::House;
use order_up::models::bill;
use order_up::models::employee;
use order_up::models::order_detail::{self, LineRequest, OrderDetail};
use order_up::models::split::{Part, Share, Split, split};
use order_up::tax::Tax;
use order_up::{Cents, Restaurant};

use crate::restaurant::{Open, add, assign, press};

const PEPPER: &str = "How many Dr. Pepper";
const CHANGED: &str =
    "The order has changed since you started to split it. Check what is left, and choose again.";

/// The demo's restaurant; table 4 has three peppers, a jambalaya and fries.
fn seated() -> (Open, Browser) {
    let open = Open::new();
    let mut margot = open.margot();
    seat(&mut margot);
    (open, margot)
}

fn seat(margot: &mut Browser) {
    let form = assign(margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
    margot.submit(&form.fill(PEPPER, "3").check("Jambalaya").check("French fries"));
}

/// The lines of the part that a page shows, and its total.
fn part(page: &Answer) -> (Vec<String>, String) {
    (page.all(".bill tbody tr"), page.all(".bill .total").concat())
}

/// The parts so far, and what is left.
fn parts(page: &Answer) -> Vec<String> {
    page.all(".parts tr")[1..].to_vec()
}

fn shows(page: &Answer, lines: &[&str], total: &str) {
    assert_eq!(page.status, 200, "{page}");
    assert_eq!(part(page), (lines.iter().map(|line| (*line).to_owned()).collect(), total.to_owned()));
}

#[test]
fn two_of_three_peppers_and_then_the_rest_get_their_own_bills() {
    let (mut open, mut margot) = seated();
    let before = open.everything();
    let page = margot.get("/orders/1").link_in("", "Split");
    let form = margot.get(&page).form("Show part 1");
    let first = margot.submit(&form.fill(PEPPER, "2").check("1 × French fries $3.50"));
    shows(&first, &["2 × Dr. Pepper $2.00", "1 × French fries $3.50"], "$5.50");
    assert_eq!(first.all(".bill .heading"), ["Table 4 Order 1, part 1"]);
    assert_eq!(parts(&first), ["Part 1 $5.50", "Left $22.98", "The whole bill $28.48"]);

    let next = margot.get(&first.link_in("", "Next guest"));
    assert_eq!(next.all(".item label"), ["1 × Dr. Pepper $1.00", "1 × Jambalaya $21.98"]);
    let second = margot.submit(&next.form("Show part 2").check("1 × Jambalaya $21.98"));
    shows(&second, &["1 × Jambalaya $21.98"], "$21.98");

    let next = margot.get(&second.link_in("", "Next guest"));
    let third = margot.get(&next.link_in("", "All that is left"));
    shows(&third, &["1 × Dr. Pepper $1.00"], "$1.00");
    let all = ["Part 1 $5.50", "Part 2 $21.98", "Part 3 $1.00", "Left $0.00", "The whole bill $28.48"];
    assert_eq!(parts(&third), all);
    assert_eq!(third.link_in("", "To the bill"), "/orders/1");
    assert_eq!(open.everything(), before);
}

#[test]
fn a_checked_line_without_a_quantity_takes_all_that_is_left() {
    let (_open, mut margot) = seated();
    let form = margot.get("/orders/1/split").form("Show part 1");
    for (typed, line) in
        [("", "3 × Dr. Pepper $3.00"), ("1", "1 × Dr. Pepper $1.00"), (" 3 ", "3 × Dr. Pepper $3.00")]
    {
        let page = margot.submit(&form.clone().check("3 × Dr. Pepper $3.00").fill(PEPPER, typed));
        assert_eq!(part(&page).0, [line], "{typed:?}");
    }
}

#[test]
fn a_choice_can_be_changed() {
    let (_open, mut margot) = seated();
    let form = margot.get("/orders/1/split").form("Show part 1");
    let page = margot.submit(&form.fill(PEPPER, "2").check("1 × Jambalaya $21.98"));
    let back = margot.get(&page.link_in("", "Change"));
    let checked = back.all("label:has([checked])");
    assert_eq!(checked, ["3 × Dr. Pepper $3.00", "1 × Jambalaya $21.98"]);
    let form = back.form("Show part 1");
    assert_eq!(form.value(PEPPER), "2");
    shows(
        &margot.submit(&form.fill(PEPPER, "1")),
        &["1 × Dr. Pepper $1.00", "1 × Jambalaya $21.98"],
        "$22.98",
    );
}

#[test]
fn a_wrong_quantity_is_explained_beside_it_and_the_rest_stays() {
    let (_open, mut margot) = seated();
    let form = margot.get("/orders/1/split").form("Show part 1").check("1 × Jambalaya $21.98");
    for typed in ["4", "-1", "x", "1.5", "99999999999"] {
        let back = margot.submit(&form.clone().fill(PEPPER, typed));
        assert_eq!(
            (back.status.as_u16(), back.all(".notice")),
            (422, vec!["Fix what is marked below.".to_owned()])
        );
        let form = back.form("Show part 1");
        assert_eq!(
            (form.error(PEPPER), form.value(PEPPER)),
            ("Enter a whole number from 1 to 3.".to_owned(), typed.to_owned())
        );
        assert_eq!(back.all("label:has([checked])"), ["1 × Jambalaya $21.98"], "{typed}");
    }
    for nothing in [form.clone().without("line_ids"), form.without("line_ids").fill(PEPPER, "0")] {
        let back = margot.submit(&nothing);
        let notice = "Check what this guest pays, or type how many.";
        assert_eq!((back.status.as_u16(), back.all(".notice")), (422, vec![notice.to_owned()]));
    }
}

/// Somebody takes a line off while the guests look for their money.
#[test]
fn an_order_that_has_changed_is_split_from_the_start() {
    let (mut open, mut margot) = seated();
    let form = margot.get("/orders/1/split").form("Show part 1");
    let first = margot.submit(&form.clone().check("3 × Dr. Pepper $3.00"));
    let jambalaya = form.check("1 × Jambalaya $21.98");
    let taken_off = open.database.run("DELETE FROM order_details WHERE name <> 'French fries'");
    assert_eq!(taken_off, "done, 2 row(s)");
    let next = margot.get(&first.link_in("", "Next guest"));
    let late = margot.submit(&jambalaya);
    for page in [next, late] {
        assert_eq!((page.status.as_u16(), page.all(".notice")), (409, vec![CHANGED.to_owned()]));
        assert_eq!(page.all(".item label"), ["1 × French fries $3.50"]);
    }
    // What is added later is left to be paid.
    add(&mut margot, "Table 4", &["French fries"]);
    assert_eq!(margot.get("/orders/1/split").all(".item label"), ["2 × French fries $7.00"]);
}

#[test]
fn a_split_that_does_not_fit_the_bill_is_refused_with_a_notice() {
    let (_open, mut margot) = seated();
    for paid in ["", "x", "1", "1x", "x1", "1x0", "1x-1", "1x4", "99x1", "1x1-1x1", "1x1-", "1x99999999999"] {
        let page = margot.get(&format!("/orders/1/split?paid={paid}"));
        assert_eq!((page.status.as_u16(), page.all(".notice")), (409, vec![CHANGED.to_owned()]), "{paid}");
        assert_eq!(page.all(".item").len(), 3, "{paid}");
    }
    // One by one they are fine, and together too many.
    assert_eq!(margot.get("/orders/1/split?paid=1x2&paid=1x1").status, 200);
    assert_eq!(margot.get("/orders/1/split?paid=1x2&paid=1x2").status, 409);
    for ticked in ["line_ids=99", "line_ids=x", "quantity_99=1", "quantity_x=1"] {
        assert_eq!(margot.get(&format!("/orders/1/split?part=&{ticked}")).status, 409, "{ticked}");
    }
}

#[test]
fn nothing_is_left_of_a_bill_that_is_split_or_empty() {
    let (_open, mut margot) = seated();
    let page = margot.get("/orders/1/split?paid=1x3-2x1-3x1");
    assert_eq!(page.all(".empty"), ["Nothing is left."]);
    assert_eq!(margot.get("/orders/1/split?paid=1x3-2x1-3x1&rest").all(".empty"), ["Nothing is left."]);
    assign(&mut margot, "Table 5", "Margot");
    assert_eq!(margot.get("/orders/2/split").all(".empty"), ["There is nothing on this bill."]);
    assert!(!margot.get("/orders/2").text().contains("Split"));
}

#[test]
fn an_open_or_closed_bill_can_be_split_by_anybody_who_may_see_it() {
    let (open, mut margot) = seated();
    let answer = open.robin().get("/orders/1/split?rest");
    assert_eq!(answer.status, 403);
    assert_eq!(answer.all(".notice"), ["That is Margot's order. Ask Margot or a manager."]);
    assert_eq!(margot.get("/orders/99/split").status, 404);
    press(&mut margot, "/", "Table 4", "Close table");
    assert_eq!(margot.get("/orders/1/split?rest").all(".bill .total"), ["$28.48"]);
}

#[test]
fn checked_boxes_outlive_the_session() {
    let (mut open, mut margot) = seated();
    let form = margot.get("/orders/1/split").form("Show part 1").fill(PEPPER, "2");
    open.database.run("DELETE FROM sessions");
    let answer = margot.submit(&form);
    let sign_in = margot.follow(&answer);
    let form = sign_in.form("Sign in").fill("Employee number", "1234").fill("Password", "password");
    let answer = margot.submit(&form);
    shows(&margot.follow(&answer), &["2 × Dr. Pepper $2.00"], "$2.00");
}

#[test]
fn a_bill_shows_the_restaurants_name_and_the_tax() {
    let mut open = Open::new();
    let mut margot = open.margot();
    seat(&mut margot);
    assert!(!margot.get("/orders/1").text().contains("tax"));
    open.set("RESTAURANT_NAME", "Chez Margot");
    open.set("TAX_INCLUDED", "8");
    let mut margot = open.margot();
    let bill = margot.get("/orders/1");
    assert_eq!(bill.all(".house"), ["Chez Margot"]);
    assert_eq!(bill.all(".tax th, .tax td.amount"), ["Includes 8% tax", "$2.11"]);
    let part = margot.get("/orders/1/split?rest");
    assert_eq!(
        (part.all(".house"), part.all(".tax")),
        (bill.all(".house"), vec!["Includes 8% tax $2.11".to_owned()])
    );
    assert_eq!(margot.get("/report").all(".house"), ["Chez Margot"]);
}

/// Of three guests who pay three cents each, two pay a cent of tax. Each by themselves would pay one.
#[test]
fn the_taxes_of_the_parts_add_up_to_the_tax_of_the_whole() {
    let mut open = Open::with(&Restaurant { menu: vec![dish((0, 3))], ..Restaurant::demo() });
    open.set("TAX_INCLUDED", "20");
    let mut margot = open.margot();
    let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
    margot.submit(&form.fill("How many Dish 0", "3"));
    let taxes = ["?part=&quantity_1=1", "?paid=1x1&part=&quantity_1=1", "?paid=1x1&paid=1x1&rest", "?rest"]
        .map(|parts| margot.get(&format!("/orders/1/split{parts}")).all(".tax td").concat());
    assert_eq!(taxes, ["$0.01", "$0.00", "$0.01", "$0.02"]);
}

fn dish((number, price_cents): (usize, i64)) -> Dish {
    Dish { menu: "Dinner".to_owned(), kind: "Sides".to_owned(), name: format!("Dish {number}"), price_cents }
}

/// The lines of a random order.
fn random_lines(rng: &mut ChaCha8Rng, open: &mut Open, table: i32) -> Vec<OrderDetail> {
    let (now, conn) = (open.now(), open.database.conn());
    let margot = employee::find(conn, 1).expect("she works here");
    let id = order_up::models::order::assign(conn, table, 1, None, now).expect("the table is free");
    for menu_item_id in 1..=8 {
        if rng.random_bool(0.6) {
            let request = LineRequest::plain(menu_item_id, rng.random_range(1..=9));
            order_detail::add(conn, &margot, id, &[request], now).expect("it is on the menu");
        }
    }
    bill::find(conn, &margot, id).expect("it is hers").lines
}

/// Shares of guests who take what they like of what the others have left.
fn random_shares(rng: &mut ChaCha8Rng, lines: &[OrderDetail]) -> Vec<Share> {
    let mut left: Vec<(i32, i32)> = lines.iter().map(|line| (line.id, line.quantity)).collect();
    let shares = (0..rng.random_range(0..6)).map(|_| {
        let mut share = Share::default();
        for (id, left) in &mut left {
            let taken = rng.random_range(0..=*left);
            if taken > 0 {
                share.add(*id, taken);
                *left -= taken;
            }
        }
        share
    });
    shares.collect::<Vec<_>>().into_iter().filter(|share| !share.is_empty()).collect()
}

#[test]
fn the_parts_of_random_bills_add_up_to_the_whole_to_the_cent() {
    let seed = gates::seed();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let prices = [1, 33, 99, 350, 777, 1_000_000, 0, 2198];
    let menu = prices.into_iter().enumerate().map(dish).collect();
    let mut open = Open::with(&Restaurant { menu, ..Restaurant::demo() });
    for table in 1..=10 {
        let lines = random_lines(&mut rng, &mut open, table);
        for round in 0..50 {
            let shares = random_shares(&mut rng, &lines);
            let rate = ["0.001", "5.5", "7.7", "8.875", "19", "100"][rng.random_range(0..6)];
            let house = House { name: None, tax: Tax::parse(rate) };
            let context = format!("seed {seed}, table {table}, round {round}, {rate} %");
            let split = split(&lines, &shares, &house).unwrap_or_else(|| panic!("{context}: {shares:?}"));
            adds_up(&lines, &split, &house, &context);
        }
    }
}

/// Checks the amounts, taxes and quantities of all parts against those of the whole bill.
fn adds_up(lines: &[OrderDetail], split: &Split, house: &House, context: &str) {
    let whole: Cents = lines.iter().map(OrderDetail::total).sum();
    let parts: Vec<&Part> = split.parts.iter().chain([&split.rest]).collect();
    assert_eq!(parts.iter().map(|part| part.total).sum::<Cents>(), whole, "{context}");
    let taxes: Cents = parts.iter().filter_map(|part| part.tax).sum();
    assert_eq!(Some(taxes), house.tax_in(whole), "{context}");
    for part in &parts {
        let own: Cents = part.lines.iter().map(OrderDetail::total).sum();
        assert_eq!(part.total, own, "{context}");
        // By itself it would be rounded to this; in company it may differ by a cent.
        let (tax, alone) = part.tax.zip(house.tax_in(own)).expect("there is a tax");
        assert!(tax.0 >= 0 && (tax.0 - alone.0).abs() <= 1, "{context}: {tax:?}, {alone:?}");
    }
    for line in lines {
        let taken = parts.iter().flat_map(|part| &part.lines).filter(|it| it.id == line.id);
        assert_eq!(taken.map(|it| it.quantity).sum::<i32>(), line.quantity, "{context}");
    }
}

#[test]
fn a_share_round_trips_through_its_text() {
    let mut share = Share::default();
    share.add(13, 1);
    share.add(12, 2);
    share.add(12, 1);
    assert_eq!(share.to_string(), "12x3-13x1");
    assert_eq!(Share::parse("12x3-13x1"), Some(share));
}

/// A share that takes more than there is, or of a line that is not there, is no share of the bill.
#[test]
fn no_share_takes_more_than_there_is() {
    let (mut open, _margot) = seated();
    let conn = open.database.conn();
    let margot = employee::find(conn, 1).expect("she works here");
    let lines = bill::find(conn, &margot, 1).expect("it is hers").lines;
    let share = |text: &str| Share::parse(text).expect("it is a share");
    let split = |shares: &[Share]| split(&lines, shares, &House::default());
    assert!(split(&[share("1x3"), share("2x1")]).is_some());
    for shares in
        [&[share("1x4")][..], &[share("1x2"), share("1x2")], &[share("9x1")], &[share("1x2147483647")]]
    {
        assert_eq!(split(shares), None, "{shares:?}");
    }
}

/// The form is sent with GET, and its address stays in the browser's history.
#[test]
fn no_token_is_in_the_address_of_a_part() {
    let (_open, mut margot) = seated();
    let page = margot.get("/orders/1/split");
    assert_eq!(page.all(".split [type=hidden]").len(), 1);
    assert_eq!(page.form("Show part 1").hidden("part"), "");
}
