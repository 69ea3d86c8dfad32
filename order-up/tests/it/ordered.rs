//! What a waiter orders on the menu: the dishes that are checked, that have a quantity, or both.

use gates::{Answer, Browser, Form};

use crate::restaurant::{Open, assign, press};

const FRIES: &str = "How many French fries";
const PEPPER: &str = "How many Dr. Pepper";
const ERROR: &str = "Enter a whole number from 1 to 999.";
const MARKED: &str = "Nothing was added. Fix what is marked on the menu.";
const GONE: &str = "An item that you chose is no longer on the menu, so nothing was added. Choose again.";
const NOTHING: &str = "Check an item on the menu or type a quantity, then add it to an order.";

/// No quantity, as a person may type it.
const EMPTY: [&str; 3] = ["", " ", "\u{a0}"];
/// Zero, likewise.
const ZERO: [&str; 4] = ["0", " 0 ", "00", "-0"];
const WRONG: [&str; 10] = ["1000", "-1", "1.5", "1e1", "x", "3 teas", "2,5", "½", "٣", "99999999999"];

/// Seats guests at table 4, sends one form for their new order, and lets them go: the answer, and what was
/// on the order.
fn order(margot: &mut Browser, choose: impl FnOnce(Form) -> Form) -> (Answer, Vec<String>) {
    let form = choose(assign(margot, "Table 4", "Margot").form_in("Table 4", "Add to order"));
    let answer = margot.submit(&form);
    let lines = margot.get("/").all(".ticket .lines li");
    press(margot, "/", "Table 4", "Close table");
    (answer, lines)
}

/// The dishes whose box is checked.
fn checked(answer: &Answer) -> Vec<String> {
    answer.all("label:has([checked]) span:first-of-type")
}

fn check_if(is_checked: bool, dish: &str, form: Form) -> Form {
    if is_checked { form.check(dish) } else { form }
}

#[test]
fn a_quantity_is_ordered_whether_its_box_is_checked_or_not() {
    let open = Open::new();
    let mut margot = open.margot();
    for (typed, line) in [
        ("1", "1 × French fries $3.50"),
        ("2", "2 × French fries $7.00"),
        (" 2 ", "2 × French fries $7.00"),
        ("+2", "2 × French fries $7.00"),
        ("002", "2 × French fries $7.00"),
        ("999", "999 × French fries $3496.50"),
    ] {
        for is_checked in [false, true] {
            let fries = |form: Form| check_if(is_checked, "French fries", form.fill(FRIES, typed));
            let (answer, lines) = order(&mut margot, fries);
            assert_eq!(
                (answer.status.as_u16(), lines),
                (303, vec![line.to_owned()]),
                "{typed:?}, {is_checked}"
            );
        }
    }
}

#[test]
fn a_checked_box_without_a_quantity_orders_one() {
    let open = Open::new();
    let mut margot = open.margot();
    for typed in EMPTY {
        let (answer, lines) = order(&mut margot, |form| form.check("French fries").fill(FRIES, typed));
        assert_eq!(
            (answer.status.as_u16(), lines),
            (303, vec!["1 × French fries $3.50".to_owned()]),
            "{typed:?}"
        );
    }
}

#[test]
fn an_empty_or_zero_quantity_without_a_check_orders_nothing() {
    let open = Open::new();
    let mut margot = open.margot();
    for typed in EMPTY.into_iter().chain(ZERO) {
        let (answer, lines) = order(&mut margot, |form| form.check("Jambalaya").fill(FRIES, typed));
        assert_eq!(
            (answer.status.as_u16(), lines),
            (303, vec!["1 × Jambalaya $21.98".to_owned()]),
            "{typed:?}"
        );
        let (answer, lines) = order(&mut margot, |form| form.fill(FRIES, typed));
        assert_eq!((answer.status.as_u16(), lines), (422, vec![]), "{typed:?}");
        assert_eq!(answer.all(".notice"), [NOTHING]);
        assert_eq!(answer.form_in("Table 4", "Add to order").value(FRIES), typed);
    }
}

#[test]
fn a_wrong_quantity_is_explained_beside_it_whether_its_box_is_checked_or_not() {
    let open = Open::new();
    let mut margot = open.margot();
    let unchecked = WRONG.map(|typed| (typed, false));
    // Zero of a dish that is checked may be a slip of the finger.
    let checked_too = WRONG.into_iter().chain(ZERO).map(|typed| (typed, true));
    for (typed, is_checked) in unchecked.into_iter().chain(checked_too) {
        let (back, lines) = order(&mut margot, |form| {
            let form = form.check("Jambalaya").fill(PEPPER, "2").fill(FRIES, typed);
            check_if(is_checked, "French fries", form)
        });
        assert_eq!((back.status.as_u16(), lines), (422, vec![]), "{typed:?}");
        assert_eq!(back.all(".notice"), [MARKED]);
        let form = back.form_in("Table 4", "Add to order");
        assert_eq!((form.error(FRIES), form.value(FRIES)), (ERROR.to_owned(), typed.to_owned()));
        // The others are as they were.
        assert_eq!((form.error(PEPPER), form.value(PEPPER)), (String::new(), "2".to_owned()));
        let expected = if is_checked { vec!["Jambalaya", "French fries"] } else { vec!["Jambalaya"] };
        assert_eq!(checked(&back), expected, "{typed:?}");
    }
}

#[test]
fn after_a_wrong_quantity_is_corrected_or_cleared_the_rest_is_ordered() {
    let open = Open::new();
    let mut margot = open.margot();
    for (correction, lines) in [
        ("3", vec!["2 × Dr. Pepper $2.00", "3 × French fries $10.50"]),
        ("", vec!["2 × Dr. Pepper $2.00"]),
        ("0", vec!["2 × Dr. Pepper $2.00"]),
    ] {
        let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
        let back = margot.submit(&form.fill(PEPPER, "2").fill(FRIES, "x"));
        let answer = margot.submit(&back.form_in("Table 4", "Add to order").fill(FRIES, correction));
        assert_eq!(margot.follow(&answer).all(".ticket .lines li"), lines, "{correction:?}");
        press(&mut margot, "/", "Table 4", "Close table");
    }
}

/// The lines are in the order of the menu, however each dish was chosen.
#[test]
fn checks_and_quantities_together_keep_the_order_of_the_menu() {
    let open = Open::new();
    let mut margot = open.margot();
    let (_, lines) = order(&mut margot, |form| form.fill(PEPPER, "2").check("Jambalaya").fill(FRIES, "3"));
    assert_eq!(lines, ["2 × Dr. Pepper $2.00", "1 × Jambalaya $21.98", "3 × French fries $10.50"]);
}

/// On an old page a dish may be left that was taken off the menu. Its field does not come back, so there is
/// nothing to mark.
#[test]
fn a_quantity_of_a_dish_that_has_left_the_menu_is_refused_with_a_notice() {
    for (typed, is_checked, status) in
        [("2", false, 409), ("2", true, 409), ("x", false, 422), ("x", true, 422)]
    {
        let open = Open::new();
        let mut margot = open.margot();
        let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
        let form = check_if(is_checked, "French fries", form.check("Jambalaya").fill(FRIES, typed));
        press(&mut margot, "/menu", "French fries", "Remove");
        let back = margot.submit(&form);
        assert_eq!((back.status.as_u16(), back.all(".notice")), (status, vec![GONE.to_owned()]), "{typed:?}");
        assert_eq!(checked(&back), ["Jambalaya"]);
        assert_eq!(margot.get("/").all(".ticket .lines li"), Vec::<String>::new());
    }
}

#[test]
fn a_dish_that_does_not_exist_is_refused_with_a_notice() {
    let open = Open::new();
    let mut margot = open.margot();
    for (name, value) in [
        ("quantity_7000", "2"),
        ("quantity_", "2"),
        ("quantity_x", "2"),
        ("quantity_99999999999", "2"),
        ("quantity_7000", "x"),
        ("menu_item_ids", "7000"),
        ("menu_item_ids", "x"),
        ("menu_item_ids", ""),
    ] {
        let (back, lines) = order(&mut margot, |form| form.check("Jambalaya").also(name, value));
        assert!(back.status.is_client_error(), "{name}={value}: {back}");
        assert_eq!((back.all(".notice"), lines), (vec![GONE.to_owned()], vec![]), "{name}={value}");
    }
}
