//! Stage 6: the guests order.

use super::{add, how, no_id, no_token, open, refusal};

#[test]
fn what_is_added_is_on_the_order() {
    let (open, mut seen) = open();
    let (table, house) = (open.house.table(0), &open.house);
    let mut browser = open.serving(2);
    let form = browser.get("/").form_in(&table, "Add to order").check(house.dish(0)).check(house.dish(1));
    let forged = form.clone().forge_hidden(&no_token());
    seen.text("with a token that nobody issued", browser.submit(&forged).status);
    seen.text(format!("two dishes for {table}"), how(&browser.submit(&form)));
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn the_same_dish_again_is_the_same_line() {
    let (open, mut seen) = open();
    let (table, house) = (open.house.table(0), &open.house);
    let mut browser = open.serving(1);
    let quantity = format!("How many {}", house.dish(2));
    let form = browser.get("/").form_in(&table, "Add to order").check(house.dish(2));
    browser.submit(&form.fill(&quantity, ""));
    add(&mut browser, &table, &[house.dish(3), house.dish(2)]);
    let form = browser.get("/").form_in(&table, "Add to order").check(house.dish(2));
    browser.submit(&form.fill(&quantity, "3"));
    seen.text("one, one more, and three more", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn all_dishes_are_added_or_none() {
    let (open, mut seen) = open();
    let (table, dish) = (open.house.table(0), open.house.dish(0));
    let mut browser = open.serving(1);
    for unknown in [no_id().as_str(), "0", "-1", "x", "99999999999999999999"] {
        // One more box, for a dish that is on no menu.
        let form = browser.get("/").form_in(&table, "Add to order").check(dish).add(dish, unknown);
        seen.text(format!("with a dish {unknown:?}"), refusal(&browser.submit(&form)));
    }
    let form = browser.get("/").form_in(&table, "Add to order");
    seen.call("with no dish at all: a server error", browser.submit(&form).status.is_server_error());
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_quantity_that_is_none_is_refused() {
    let (open, mut seen) = open();
    let (table, dish) = (open.house.table(0), open.house.dish(0));
    let mut browser = open.serving(1);
    for quantity in
        ["0", "-1", "two", "1.5", "1000000", "2147483648", "9223372036854775807", "99999999999999999999"]
    {
        let form = browser.get("/").form_in(&table, "Add to order").check(dish).check(open.house.dish(1));
        let form = form.fill(&format!("How many {dish}"), quantity);
        seen.text(format!("How many: {quantity}"), refusal(&browser.submit(&form)));
    }
    seen.text("the board", browser.get("/").board());
    let form = browser.get("/").form_in(&table, "Add to order").check(dish);
    let form = form.fill(&format!("How many {dish}"), "999");
    seen.text("How many: 999", how(&browser.submit(&form)));
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}
