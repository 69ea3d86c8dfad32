//! What was typed into a form that came too late is offered again.

use gates::{Answer, Browser, Form};

use crate::restaurant::{Open, PAGES, assign, press, sign_in, tab};

const STILL_HERE: &str =
    "Nothing has been changed yet. What you typed is still here. Check it, and submit it again.";

/// Margot's order for table 4: a dish that is checked, and seven of another.
fn order(margot: &mut Browser) -> Form {
    let form = assign(margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
    form.check("Jambalaya").fill("How many French fries", "7")
}

/// Signs in on this page.
fn sign_in_on(page: &Answer, browser: &mut Browser) -> Answer {
    let form = page.form("Sign in").fill("Employee number", "1234").fill("Password", "password");
    let answer = browser.submit(&form);
    browser.follow(&answer)
}

/// The board offers the order, and takes it when it is sent.
fn is_offered(board: &Answer, margot: &mut Browser) {
    assert_eq!(board.all(".notice"), [STILL_HERE]);
    assert_eq!(board.all("label:has([checked]) span:first-of-type"), ["Jambalaya"]);
    assert!(board.all(".ticket .lines li").is_empty(), "{board}");
    let answer = margot.submit(&board.form_in("Table 4", "Add to order"));
    let board = margot.follow(&answer);
    let lines = board.all(".ticket .lines li");
    assert_eq!((lines.len(), board.all(".notice").len()), (2, 0), "{board}");
    assert!(lines.contains(&"7 × French fries $24.50".to_owned()), "{lines:?}");
}

#[test]
fn an_order_outlives_the_session_it_was_typed_in() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = order(&mut margot);
    open.wait(12 * 60 * 60);
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 303);
    let page = margot.follow(&answer);
    let ended = "Your session had ended, so nothing was changed. Sign in: what you typed has been kept.";
    assert_eq!(page.all(".notice"), [ended]);
    // It also outlives a slip of the finger.
    let wrong = page.form("Sign in").fill("Employee number", "1234").fill("Password", "passwort");
    let page = margot.submit(&wrong);
    assert_eq!((page.status.as_u16(), page.all(".notice")), (422, vec![ended.to_owned()]));
    let board = sign_in_on(&page, &mut margot);
    is_offered(&board, &mut margot);
    assert_eq!(open.count("order_details"), 2);
}

#[test]
fn an_order_outlives_an_expired_page() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = order(&mut margot);
    // Somebody signs in again in another tab.
    let mut other = tab(&mut margot);
    sign_in(&mut other, "1234", "password");
    margot.cookies().clone_from(other.cookies());
    let refused = margot.submit(&form);
    assert_eq!(
        (refused.status.as_u16(), refused.all("h1").concat()),
        (403, "That form is too old".to_owned())
    );
    assert_eq!(open.count("order_details"), 0);
    let board = margot.get(&refused.link_in("", "Continue"));
    is_offered(&board, &mut margot);
}

/// Somebody else was faster. The guests still want what they have ordered.
#[test]
fn an_order_outlives_a_refusal() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = order(&mut margot);
    press(&mut open.margot(), "/", "Table 4", "Close table");
    let back = margot.submit(&form);
    let notice = "The order of table 4 has been closed. A manager can open it again.";
    assert_eq!((back.status.as_u16(), back.all(".notice")), (409, vec![notice.to_owned()]));
    assert_eq!(back.all("label:has([checked]) span:first-of-type"), ["Jambalaya"]);
    assert_eq!(back.all("[aria-label='How many French fries'][value='7']").len(), 1);
}

/// What a person types, in every form that stays on its page: after signing in again all of it is there.
#[test]
fn all_other_input_outlives_the_session() {
    for (page, button, typed) in [
        ("/", "Assign table", &[("Guests", "5")][..]),
        ("/?all", "Assign table", &[("Guests", "many")]),
        ("/menu", "Add item", &[("Name", "Fish & \"chips\" + peas"), ("Price", "7"), ("Type", "مشروبات")]),
        ("/menu/1", "Save item", &[("Name", "Pepper 100%"), ("Price", "x")]),
        ("/tables", "Add table", &[("Number", "77"), ("Seats", "a few")]),
        ("/employees", "Add employee", &[("Name", "Alex"), ("Employee number", "7")]),
        ("/employees/2", "Save", &[("Name", "Robyn")]),
    ] {
        assert!(PAGES.contains(&page) || page == "/employees/2", "{page}");
        let mut open = Open::new();
        let mut margot = open.margot();
        let form = margot.get(page).form(button);
        let form = typed.iter().fold(form, |form, (label, text)| form.fill(label, text));
        let form = if page == "/employees" { form.choose("Role", "Manager") } else { form };
        open.database.run("DELETE FROM sessions");
        let before = open.everything();
        let sent = margot.submit(&form);
        let sign_in = margot.follow(&sent);
        assert_eq!(open.everything(), before, "{page}");
        let back = sign_in_on(&sign_in, &mut margot);
        assert_eq!(back.all(".notice"), [STILL_HERE], "{page}");
        let again = back.form(button);
        assert_eq!(again.action(), form.action(), "{page}");
        for (label, text) in typed {
            assert_eq!(again.value(label), *text, "{page}, {label}");
        }
        if page == "/employees" {
            assert_eq!(again.value("Role"), "manager");
        }
    }
}

#[test]
fn a_password_is_never_kept() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let password = ("Temporary password", "orange juice");
    for (page, button, (label, text)) in [
        ("/employees", "Add employee", password),
        ("/employees/2", "Set password", password),
        ("/account", "Change password", ("New password", "orange juice")),
    ] {
        let form = margot.get(page).form(button).fill(label, text);
        open.database.run("DELETE FROM sessions");
        let place = margot.submit(&form).location().expect("it leads to the sign-in page");
        assert!(place.starts_with("/session/?") && !place.contains("orange"), "{place}");
        margot = open.margot();
    }
}

#[test]
fn a_button_pressed_too_late_reports_that_it_did_nothing() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Close table");
    open.database.run("DELETE FROM sessions");
    let answer = margot.submit(&form);
    let page = margot.follow(&answer);
    let notice = "Your session had ended, so nothing was changed. Sign in and try again.";
    assert_eq!(page.all(".notice"), [notice]);
    assert_eq!(sign_in_on(&page, &mut margot).all(".ticket h3"), ["Table 4"]);
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
    // The next person who signs in sees nothing of it.
    assert!(open.browser().get("/session/").all(".notice").is_empty());
}
