//! How many of a line are on an order, and why some are not any more.

use gates::{Answer, Browser, Form, at_once};

use crate::restaurant::{Open, add, assign, line, press, sign_in, statuses, tab, take_back};

const NO_REASON: &str = "Choose or enter a reason.";
const BEERS: [&str; 1] = ["4 × Dr. Pepper $4.00"];

/// Four of a dish at table 4.
fn four(browser: &mut Browser) {
    let form = assign(browser, "Table 4", "Robin").form_in("Table 4", "Add to order");
    browser.submit(&form.fill("How many Dr. Pepper", "4"));
}

/// Robin, whose guests have ordered four of a dish.
fn serving() -> (Open, Browser) {
    let open = Open::new();
    let mut robin = open.robin();
    four(&mut robin);
    (open, robin)
}

/// The form that makes four to so many.
fn to(browser: &mut Browser, count: &str) -> Form {
    line(browser, 1, "Dr. Pepper").form("Save").fill("How many", count)
}

fn lines(browser: &mut Browser) -> Vec<String> {
    browser.get("/").all(".ticket .lines li")
}

#[test]
fn a_quantity_can_be_lowered_raised_or_set_to_zero() {
    for (count, expected) in [("3", "3 × Dr. Pepper $3.00"), (" 999 ", "999 × Dr. Pepper $999.00"), ("0", "")]
    {
        let (_open, mut robin) = serving();
        let form = to(&mut robin, count).check("Wrong dish");
        let answer = robin.submit(&form);
        assert_eq!(answer.location().as_deref(), Some("/orders/1"), "{count}: {answer}");
        assert_eq!(lines(&mut robin).concat(), expected, "{count}");
    }
}

#[test]
fn one_button_takes_back_the_whole_line_whatever_number_is_typed() {
    let (mut open, mut robin) = serving();
    let form = take_back(&mut robin, 1, "Dr. Pepper").fill("How many", "a few");
    assert_eq!(form.action(), "/orders/1/items/1/remove");
    let answer = robin.submit(&form);
    assert_eq!(robin.follow(&answer).all("[role=status]"), ["Removed from the order."]);
    assert_eq!(open.count("order_details"), 0);
    assert_eq!(open.database.rows("reason", "log_entries"), "reason\nwrong dish");
}

#[test]
fn taking_back_needs_a_reason_and_adding_does_not() {
    let (mut open, mut robin) = serving();
    let page = line(&mut robin, 1, "Dr. Pepper");
    let fewer = page.form("Save").fill("How many", "3");
    let blank = fewer.clone().fill("In your own words", "  ");
    for form in [fewer, page.form("Take back all 4"), blank] {
        for made_up in ["", "because", "WRONG DISH"] {
            let back = robin.submit(&form.clone().also("reason", made_up));
            assert_eq!(back.status, 422, "{made_up}: {back}");
            // The error leads to where a reason is chosen.
            assert_eq!(back.all("fieldset[aria-describedby=reason-error] #reason-error"), [NO_REASON]);
            assert_eq!(back.all("fieldset[aria-invalid=true] [autofocus]").len(), 1);
            assert_eq!(back.form("Save").value("How many"), form.value("How many"));
        }
    }
    assert_eq!((lines(&mut robin), open.count("log_entries")), (BEERS.map(str::to_owned).into(), 0));
    let more = page.form("Save").fill("How many", "5");
    assert_eq!(robin.submit(&more).status, 303);
}

#[test]
fn a_reason_can_be_chosen_written_or_both() {
    let longest = "ä".repeat(100);
    for (chosen, words, reason) in [
        ("Sold out", "", "sold out"),
        ("", " the guest is allergic ", "the guest is allergic"),
        ("Wrong dish", "they had asked for tea", "wrong dish, they had asked for tea"),
        ("Guests changed their mind", &longest, &format!("guests changed their mind, {longest}")),
    ] {
        let (mut open, mut robin) = serving();
        let form = to(&mut robin, "3").fill("In your own words", words);
        let form = if chosen.is_empty() { form } else { form.check(chosen) };
        assert_eq!(robin.submit(&form).status, 303, "{reason}");
        assert_eq!(open.database.rows("reason", "log_entries"), format!("reason\n{reason}"));
    }
}

#[test]
fn p13_mistakes_are_explained_beside_their_fields_and_the_input_stays() {
    let (mut open, mut robin) = serving();
    let before = open.everything();
    let number = "Enter a whole number from 0 to 999.";
    for wrong in ["", "x", "-1", "1000", "2.5"] {
        let form = to(&mut robin, wrong).check("Took too long").fill("In your own words", "it was cold");
        let back = robin.submit(&form);
        let form = back.form("Save");
        assert_eq!((back.status.as_u16(), form.error("How many").as_str()), (422, number), "{wrong}");
        assert_eq!(
            (form.value("How many").as_str(), form.value("In your own words")),
            (wrong, "it was cold".into())
        );
        assert_eq!(back.all("label:has([checked])"), ["Took too long"], "{wrong}");
    }
    for (words, error) in [
        ("x".repeat(101), "At most 100 characters; this has 101."),
        ("two\nlines".to_owned(), "Use a single line of text."),
    ] {
        let form = to(&mut robin, "3").fill("In your own words", &words);
        let back = robin.submit(&form);
        assert_eq!(
            (back.status.as_u16(), back.form("Save").error("In your own words")),
            (422, error.to_owned())
        );
    }
    assert_eq!(open.everything(), before);
}

/// “Three in place of four” is no longer what was meant when there are six.
#[test]
fn a_quantity_based_on_an_outdated_page_changes_nothing_and_is_shown_again() {
    let (mut open, mut robin) = serving();
    let form = to(&mut robin, "3").check("Wrong dish");
    let all = take_back(&mut robin, 1, "Dr. Pepper");
    let more = open.margot().get("/?all").form_in("Table 4", "Add to order").fill("How many Dr. Pepper", "2");
    let mut margot = open.margot();
    let token = margot.get("/?all").form("Log out").hidden("token").to_owned();
    margot.submit(&more.tamper("token", &token));
    for form in [form.clone(), all, form.clone().tamper("was", ""), form.clone().tamper("was", "x")] {
        let back = robin.submit(&form);
        assert_eq!(back.status, 409, "{back}");
        assert_eq!(
            back.all(".notice"),
            ["The order now has 6 × Dr. Pepper, so nothing was changed. Check it, and try again."]
        );
        assert_eq!(
            (back.all("h1"), back.all("label:has([checked])")),
            (vec!["6 × Dr. Pepper".to_owned()], vec!["Wrong dish".to_owned()])
        );
    }
    assert_eq!(open.count("log_entries"), 0);
    // The form that comes back can be sent.
    let back = robin.submit(&form);
    assert_eq!(robin.submit(&back.form("Save")).status, 303);
    assert_eq!(lines(&mut robin), ["3 × Dr. Pepper $3.00"]);
}

#[test]
fn when_two_people_take_one_back_at_once_only_one_succeeds() {
    for _ in 0..10 {
        let (mut open, mut robin) = serving();
        let form = to(&mut robin, "3").check("Wrong dish");
        let pairs: Vec<_> = (0..4)
            .map(|_| {
                let mut tab = tab(&mut robin);
                let form = form.clone().tamper("token", to(&mut tab, "3").hidden("token"));
                (tab, form)
            })
            .collect();
        let answers = at_once(pairs, |(mut tab, form)| tab.submit(&form));
        assert_eq!(statuses(&answers), [303, 409, 409, 409]);
        assert_eq!(
            (lines(&mut robin).concat(), open.count("log_entries")),
            ("3 × Dr. Pepper $3.00".into(), 1)
        );
    }
}

#[test]
fn a_second_tap_takes_nothing_back_and_shows_a_notice() {
    let (mut open, mut robin) = serving();
    let form = to(&mut robin, "3").check("Wrong dish");
    robin.submit(&form);
    let again = robin.submit(&form);
    assert_eq!(again.location().as_deref(), Some("/orders/1?again"));
    assert_eq!(robin.follow(&again).all(".notice").len(), 1);
    assert_eq!((lines(&mut robin).concat(), open.count("log_entries")), ("3 × Dr. Pepper $3.00".into(), 1));
}

#[test]
fn the_same_number_changes_nothing_and_is_not_logged() {
    let (mut open, mut robin) = serving();
    let form = to(&mut robin, "4");
    assert_eq!(robin.submit(&form).status, 303);
    assert_eq!((lines(&mut robin), open.count("log_entries")), (BEERS.map(str::to_owned).into(), 0));
}

#[test]
fn p2_lines_that_an_employee_may_not_change_stay_unchanged() {
    let (mut open, mut robin) = serving();
    let mut sam = open.browser_of("3456");
    assign(&mut robin, "Table 5", "Robin");
    add(&mut robin, "Table 5", &["Jambalaya"]);
    assign(&mut robin, "Table 6", "Robin");
    add(&mut robin, "Table 6", &["Jambalaya"]);
    press(&mut robin, "/", "Table 6", "Close table");
    let no_line = (404, "That line is no longer on the order.".to_owned());
    let before = open.everything();
    let closed = "The order of table 6 has been closed. A manager can open it again.";
    for (path, expected) in [
        ("/orders/1/items/1", (403, "That is Robin's order. Ask Robin or a manager.".to_owned())),
        ("/orders/3/items/3", (409, closed.to_owned())),
        // The line is another order's.
        ("/orders/1/items/2", no_line.clone()),
        ("/orders/1/items/99", no_line),
        ("/orders/99/items/1", (404, "There is no such order.".to_owned())),
    ] {
        let browser = if expected.0 == 403 { &mut sam } else { &mut robin };
        let said = |answer: Answer| (answer.status.as_u16(), answer.all(".notice").concat());
        assert_eq!(said(browser.get(path)), expected, "{path}");
        for path in [path.to_owned(), format!("{path}/remove")] {
            let form = browser.get("/").form("Log out").to(&path).also("was", "4").also("quantity", "3");
            assert_eq!(said(browser.submit(&form.also("reason", "sold out"))), expected, "{path}");
        }
    }
    for path in ["/orders/1/items/x", "/orders/x/items/1", "/orders/1/items/99999999999"] {
        assert_eq!(robin.get(path).status, 404, "{path}");
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn the_input_outlives_the_session() {
    let (open, mut robin) = serving();
    for button in ["Save", "Take back all 4"] {
        let form =
            line(&mut robin, 1, "Dr. Pepper").form(button).fill("How many", "3").check("Took too long");
        open.wait(12 * 60 * 60);
        let answer = robin.submit(&form.fill("In your own words", "it was cold"));
        let page = robin.follow(&answer);
        let form = page.form("Sign in").fill("Employee number", "2345").fill("Password", "password");
        let answer = robin.submit(&form);
        let page = robin.follow(&answer);
        let form = page.form("Save");
        assert_eq!(
            (form.value("How many"), form.value("In your own words")),
            ("3".into(), "it was cold".into())
        );
        assert_eq!(page.all("label:has([checked])"), ["Took too long"], "{button}");
    }
    sign_in(&mut robin, "2345", "password");
    assert_eq!(lines(&mut robin), BEERS);
}
