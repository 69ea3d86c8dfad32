//! Money and quantities, [P4] and [P5].

use gates::{Answer, Browser};
use order_up::Cents;

use crate::Open;
use crate::restaurant::{add, assign, press, take_back, with_dish};

/// Adds so many of an item, and returns the answer itself.
fn add_many(browser: &mut Browser, item: &str, quantity: &str) -> Answer {
    let form = browser.get("/").form_in("Table 4", "Add to order");
    browser.submit(&form.check(item).fill(&format!("How many {item}"), quantity))
}

/// Changes an item of the menu.
fn edit(browser: &mut Browser, id: i32, name: &str, price: &str) {
    let form = browser.get(&format!("/menu/{id}")).form("Save item");
    assert_eq!(browser.submit(&form.fill("Name", name).fill("Price", price)).status, 303);
}

/// The demo's restaurant, with an order for table 4.
fn seated() -> (Open, Browser) {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    (open, margot)
}

#[test]
fn a_price_is_parsed_completely_or_refused() {
    let cents = |text| Cents::parse(text).map(|Cents(cents)| cents);
    assert_eq!(cents("$ 3.50"), Some(350));
    assert_eq!(cents("92233720368547758.07"), Some(i64::MAX));
    assert_eq!(cents("3.٥٠"), None, "digits of another script");
    for too_much in ["92233720368547758.08", "92233720368547759.00", "9223372036854775807.05"] {
        assert_eq!(cents(too_much), None, "{too_much}");
    }
}

#[test]
fn prices_are_written_in_the_restaurants_format() {
    let mut open = Open::new();
    open.set("PRICES", "3,50 €");
    let mut margot = open.margot();
    edit(&mut margot, 2, "Jambalaya", "21,98 €");
    assign(&mut margot, "Table 4", "Margot");
    let board = add(&mut margot, "Table 4", &["Jambalaya"]);
    let prices = |answer: &Answer, css: &str| answer.all(css).concat();
    assert_eq!(prices(&board, ".ticket .total"), "21,98 €");
    assert_eq!(board.all(".ticket .lines li"), ["1 × Jambalaya 21,98 €"]);
    let (bill, menu) = (margot.get("/orders/1"), margot.get("/menu"));
    assert_eq!(prices(&bill, ".total"), "21,98 €");
    assert!(menu.all("td.amount").contains(&"21,98 €".to_owned()), "{menu}");
    assert_eq!(margot.get("/menu/2").form("Save item").value("Price"), "21,98");
    press(&mut margot, "/", "Table 4", "Close table");
    let history = margot.get("/history");
    assert_eq!(
        (prices(&history, ".total"), prices(&history, "td:last-child")),
        ("21,98 €".to_owned(), "21,98 €".to_owned())
    );
    for page in [board, bill, menu, history] {
        assert!(!page.text().contains('$'), "{page}");
    }
}

#[test]
fn p4_a_total_is_exact_to_the_cent() {
    let (_open, mut margot) = seated();
    let board = add(&mut margot, "Table 4", &["French fries", "Dr. Pepper", "Jambalaya"]);
    assert_eq!(board.all(".ticket .total"), ["$26.48"]);
    let bill = margot.get("/orders/1");
    assert_eq!(bill.all(".total"), ["$26.48"]);
}

#[test]
fn p4_a_thousand_dimes_less_one_are_99_dollars_and_90_cents() {
    let open = Open::with(&with_dish("Mint", 10));
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add_many(&mut margot, "Mint", "999");
    assert_eq!(margot.get("/").all(".ticket .total"), ["$99.90"]);
}

#[test]
fn p4_the_highest_price_and_the_longest_line_fit() {
    let open = Open::with(&with_dish("Truffle", 1_000_000));
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add_many(&mut margot, "Truffle", "999");
    assert_eq!(margot.get("/").all(".ticket .total"), ["$9990000.00"]);
}

#[test]
fn p4_prices_are_stored_as_whole_cents() {
    let mut open = Open::new();
    for table in ["menu_items", "order_details"] {
        assert!(open.database.columns(table).contains("price_cents | bigint | no"), "{table}");
    }
    let half_a_cent = open.database.run("UPDATE menu_items SET price_cents = -1");
    assert_eq!(half_a_cent, "refused: CheckViolation");
}

#[test]
fn p4_editing_the_menu_changes_no_bill() {
    let (_open, mut margot) = seated();
    add(&mut margot, "Table 4", &["French fries"]);
    press(&mut margot, "/", "Table 4", "Close table");
    let before = margot.get("/orders/1").all(".bill");
    edit(&mut margot, 3, "Sweet potato fries", "4.25");
    assert!(margot.get("/").text().contains("Sweet potato fries $4.25"));
    assert_eq!(margot.get("/orders/1").all(".bill"), before);
    assert!(before[0].contains("1 × French fries $3.50"), "{before:?}");
}

#[test]
fn p5_two_of_the_same_item_are_one_line_however_they_were_added() {
    let (mut open, mut margot) = seated();
    add(&mut margot, "Table 4", &["French fries"]);
    let board = add(&mut margot, "Table 4", &["French fries"]);
    assert_eq!(board.all(".ticket .lines li"), ["2 × French fries $7.00"]);
    add_many(&mut margot, "French fries", "3");
    assert_eq!(margot.get("/").all(".ticket .lines li"), ["5 × French fries $17.50"]);
    assert_eq!(open.count("order_details"), 1);
}

#[test]
fn p5_a_different_price_gets_its_own_line() {
    let (_open, mut margot) = seated();
    for price in ["3.50", "4.00", "3.50"] {
        edit(&mut margot, 3, "French fries", price);
        add(&mut margot, "Table 4", &["French fries"]);
    }
    let lines = margot.get("/").all(".ticket .lines li");
    assert_eq!(lines, ["2 × French fries $7.00", "1 × French fries $4.00"]);
}

#[test]
fn p5_orders_of_two_tables_do_not_merge() {
    let (_open, mut margot) = seated();
    assign(&mut margot, "Table 5", "Margot");
    add(&mut margot, "Table 4", &["French fries"]);
    let board = add(&mut margot, "Table 5", &["French fries"]);
    assert_eq!(board.all(".ticket .lines li"), ["1 × French fries $3.50"; 2]);
}

#[test]
fn p5_a_quantity_is_a_whole_number_from_1_to_999() {
    let (mut open, mut margot) = seated();
    for quantity in ["0", "-1", "1.5", "1000", "two", "99999999999"] {
        let answer = add_many(&mut margot, "French fries", quantity);
        assert_eq!(answer.status, 422, "{quantity}");
        let form = answer.form_in("Table 4", "Add to order");
        assert_eq!(form.error("How many French fries"), "Enter a whole number from 1 to 999.");
        assert_eq!(form.value("How many French fries"), quantity);
    }
    assert_eq!(open.count("order_details"), 0);
}

#[test]
fn p5_a_line_can_be_removed_only_from_its_own_open_order() {
    let (mut open, mut margot) = seated();
    add(&mut margot, "Table 4", &["French fries", "Jambalaya"]);
    let form = take_back(&mut margot, 1, "Jambalaya");
    assert_eq!(margot.submit(&form).location().as_deref(), Some("/orders/1"));
    assert_eq!(margot.get("/").all(".ticket .lines li"), ["1 × French fries $3.50"]);

    let late = take_back(&mut margot, 1, "French fries");
    assign(&mut margot, "Table 5", "Margot");
    let of_another = late.clone().to(&late.action().replace("/orders/1/", "/orders/2/"));
    assert_eq!(margot.submit(&of_another).status, 404);
    press(&mut margot, "/", "Table 4", "Close table");
    assert_eq!(margot.submit(&late).status, 409);
    assert_eq!(open.count("order_details"), 1);
}
