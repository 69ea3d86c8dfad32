//! Nothing that a person types into a form is lost without a word.

use std::collections::{BTreeMap, BTreeSet};

use gates::{Answer, Browser};

use crate::restaurant::{Open, PAGES, assign, press};

/// What no field takes, except those for names.
const WRONG: &str = "?!";

/// The labels of the fields in which a person types: not of boxes, which show a price, or of choices.
fn typed_labels(page: &Answer, button: &str) -> Vec<String> {
    let form = page.form(button);
    let labels = form.labels().into_iter().filter(|label| !label.contains('$'));
    labels.filter(|label| form.options(label).is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_input_comes_back_or_the_page_explains_why_not() {
    let mut forms = BTreeSet::new();
    for page in PAGES {
        for (button, labels) in forms_of(page) {
            // One field is wrong; and all are.
            for wrong in labels.iter().map(std::slice::from_ref).chain([&labels[..]]) {
                let mut open = Open::new();
                let mut browser = reader_of(&open, page);
                let form = browser.get(page).form(&button);
                let back = browser.submit(&wrong.iter().fold(form, |form, label| form.fill(label, WRONG)));
                if back.status == 303 {
                    assert!(open.everything().contains(WRONG), "{button}, {wrong:?}: it is not stored");
                    continue;
                }
                for label in wrong {
                    assert!(is_accounted_for(&back, &button, label), "{button}, {label}: {back}");
                }
            }
            forms.insert(button);
        }
    }
    let known = ["Add employee", "Add item", "Add table", "Add to order", "Assign table", "Change password"];
    assert!(known.iter().all(|button| forms.contains(*button)), "{forms:?}");
}

/// The browser of somebody who may see the page, while guests sit at table 4.
fn reader_of(open: &Open, page: &str) -> Browser {
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    if page == "/session/" { open.browser() } else { margot }
}

/// The forms of a page in which a person types: the button, and the labels of the fields.
fn forms_of(page: &str) -> BTreeMap<String, Vec<String>> {
    let page = reader_of(&Open::new(), page).get(page);
    let mut buttons = page.all("button");
    // One that is disabled sends nothing.
    buttons.retain(|button| !button.is_empty());
    let forms = buttons.into_iter().map(|button| (typed_labels(&page, &button), button));
    forms.filter(|(labels, _)| !labels.is_empty()).map(|(labels, button)| (button, labels)).collect()
}

/// Whether the page shows what was typed into a field, or says what is wrong with it; of a password, that
/// it has to be typed again; and of a day, that nothing is known of it.
fn is_accounted_for(back: &Answer, button: &str, label: &str) -> bool {
    let form = back.form(button);
    let is_there = form.value(label) == WRONG && !back.all(".error").is_empty();
    is_there
        || !form.error(label).is_empty()
        || label.to_lowercase().contains("password") && !back.all("[id$=-again]").is_empty()
        || label == "Business day" && !back.all(".notice").is_empty()
}

/// A password is not sent back. After a mistake in another field, the page asks for it again.
#[test]
fn a_password_is_asked_for_again_after_a_mistake_in_another_field() {
    let open = Open::new();
    for (page, button, fields, again) in [
        (
            "/employees",
            "Add employee",
            [("Employee number", "x"), ("Temporary password", "orange juice")],
            "new_password-again",
        ),
        (
            "/account",
            "Change password",
            [("Current password", "x"), ("New password", "orange juice")],
            "new_password-again",
        ),
        (
            "/account",
            "Change password",
            [("Current password", "password"), ("New password", "x")],
            "current_password-again",
        ),
    ] {
        let mut margot = open.margot();
        let form = margot.get(page).form(button);
        let form = fields.iter().fold(form, |form, (label, text)| form.fill(label, text));
        let back = margot.submit(&form);
        assert_eq!(back.all(&format!("[id='{again}']")), ["Type this again."], "{button}: {back}");
        assert!(back.body.contains(&format!("aria-describedby=\"{again}\"")), "{button}");
        assert!(!back.body.contains("orange juice"), "{button}");
    }
}

#[test]
fn a_password_that_was_not_typed_is_not_asked_for_again() {
    let open = Open::new();
    let mut margot = open.margot();
    for (page, button) in
        [("/employees", "Add employee"), ("/employees/2", "Save"), ("/account", "Change password")]
    {
        let shown = margot.get(page);
        let back = margot.submit(&shown.form(button).tamper("name", ""));
        for page in [shown, back] {
            assert_eq!(page.all("[id$=-again]"), Vec::<String>::new(), "{button}");
        }
    }
}

const AGAIN: &str =
    "You already submitted that form, so nothing was done twice. To submit something else, use this page.";

/// The browser's Back shows the form that was sent, and people may type something else into it.
#[test]
fn a_form_that_is_sent_again_with_other_input_is_refused_with_a_notice() {
    let password = "Temporary password";
    for (page, button, label, typed, leads_to) in [
        ("/", "Assign table", "Guests", ["2", "3"], "/?again"),
        ("/?all", "Assign table", "Guests", ["2", "3"], "/?all&again"),
        ("/menu", "Add item", "Name", ["Okra", "Gumbo"], "/menu?again"),
        ("/menu/1", "Save item", "Name", ["Okra", "Gumbo"], "/menu?again"),
        ("/tables", "Add table", "Number", ["77", "78"], "/tables?again"),
        ("/employees", "Add employee", "Name", ["Alex", "Kim"], "/employees?again"),
        ("/employees/2", "Save", "Name", ["Alex", "Kim"], "/employees?again"),
        ("/employees/2", "Set password", password, ["orange juice", "apple juice"], "/employees?again"),
    ] {
        let mut open = Open::new();
        let mut margot = open.margot();
        let form = filled(margot.get(page).form(button));
        assert_eq!(margot.submit(&form.clone().fill(label, typed[0])).status, 303, "{button}");
        let before = open.everything();
        let answer = margot.submit(&form.fill(label, typed[1]));
        assert_eq!((answer.status.as_u16(), answer.location().as_deref()), (303, Some(leads_to)), "{button}");
        assert_eq!(margot.follow(&answer).all(".notice"), [AGAIN], "{button}");
        assert_eq!(open.everything(), before, "{button}");
    }
}

/// Fills in what the form's other fields need.
fn filled(form: gates::Form) -> gates::Form {
    let needed = [
        ("Name", "Soup"),
        ("Price", "3"),
        ("Type", "Soups"),
        ("Number", "70"),
        ("Seats", "4"),
        ("Employee number", "5678"),
        ("Temporary password", "orange juice"),
    ];
    let labels: Vec<_> = form.labels().into_iter().map(str::to_owned).collect();
    let needed = needed.into_iter().filter(|(label, _)| labels.iter().any(|it| it == label));
    needed.fold(form, |form, (label, text)| form.fill(label, text))
}

/// So with buttons that need nothing typed.
#[test]
fn a_button_of_an_old_page_that_was_pressed_before_shows_a_notice() {
    for (page, button, undo, leads_to) in [
        ("/employees/2", "Retire", "Reinstate", "/employees?again"),
        ("/menu", "Remove", "", "/menu?again"),
        ("/tables", "Remove", "", "/tables?again"),
    ] {
        let open = Open::new();
        let mut margot = open.margot();
        let form = margot.get(page).form(button);
        margot.submit(&form);
        if !undo.is_empty() {
            press(&mut margot, page, "", undo);
        }
        let answer = margot.submit(&form);
        assert_eq!(answer.location().as_deref(), Some(leads_to), "{button}");
        assert_eq!(margot.follow(&answer).all(".notice"), [AGAIN], "{button}");
    }
}

#[test]
fn an_edit_of_a_removed_dish_is_kept_in_the_form_that_adds_dishes() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/menu/2").form("Save item").fill("Name", "Gumbo").fill("Price", "7.77");
    press(&mut margot, "/menu", "Jambalaya", "Remove");
    let back = margot.submit(&form);
    assert_eq!(back.status, 404);
    let gone =
        "That item is no longer on the menu, so nothing was saved. To serve it again, add it as a new item.";
    assert_eq!(back.all(".notice"), [gone]);
    assert_eq!(margot.submit(&back.form("Add item")).status, 303);
    assert!(margot.get("/menu").text().contains("Gumbo $7.77"));
}

/// The form is gone from the page when the last table was taken in the meantime.
#[test]
fn a_wrong_number_of_guests_is_refused_with_a_notice_when_no_table_is_left() {
    let mut restaurant = order_up::Restaurant::demo();
    restaurant.tables.truncate(1);
    let open = Open::with(&restaurant);
    let mut margot = open.margot();
    let form = margot.get("/").form("Assign table").fill("Guests", "many");
    assign(&mut margot, "Table 1", "Margot");
    let back = margot.submit(&form);
    assert_eq!(back.status, 422);
    assert_eq!(back.all(".notice"), ["Every table is taken, so none was assigned."]);
}

#[test]
fn a_table_or_server_that_is_not_a_number_is_refused_like_a_removed_one() {
    let open = Open::new();
    let mut margot = open.margot();
    for (field, notice) in [
        ("table_id", "That table is no longer in use."),
        ("employee_id", "That server no longer works here. Choose another."),
    ] {
        for value in ["x", "", "0", "-1", "7000", "99999999999"] {
            let form = margot.get("/").form("Assign table").tamper(field, value).fill("Guests", "3");
            let back = margot.submit(&form);
            assert!(back.status.is_client_error(), "{value:?}: {back}");
            assert_eq!(back.all("[role=alert]"), [notice], "{value:?}");
            assert_eq!(back.form("Assign table").value("Guests"), "3", "{value:?}");
        }
    }
}
