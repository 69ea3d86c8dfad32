//! Phase 1: only employees get in.

use super::{how, open, sign_in};

#[test]
fn who_has_not_signed_in_is_sent_to_sign_in() {
    let (mut open, mut seen) = open();
    let mut browser = open.browser();
    for path in ["/", "/account", "/orders/1"] {
        let answer = browser.get(path);
        let place = answer.location().map(|place| place.split('?').next().map(str::to_owned));
        seen.call(format!("GET {path}"), (answer.status.as_u16(), place));
    }
    let page = browser.get("/session/");
    seen.call("the form with the button Sign in asks for", page.form("Sign in").labels());
    let (refused, before, after) = open.seed_twice_the_same_number();
    seen.call("a restaurant in which two have one number is refused", refused);
    seen.call("as many rows in every table as before", before == after);
    insta::assert_snapshot!(seen);
}

#[test]
fn number_and_password_let_an_employee_in() {
    let (open, mut seen) = open();
    for worker in [&open.house.manager, &open.house.server] {
        let mut browser = open.browser();
        let answer = sign_in(&mut browser, &worker.number.to_string(), &worker.password);
        seen.text(format!("{} signs in", worker.name), how(&answer));
        // The board is of the next phase.
        let page = browser.get("/account");
        seen.call("GET /account", page.status.as_u16());
        seen.call("the page has a button Log out", page.has_button("Log out"));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_wrong_password_does_not_say_which_half_was_wrong() {
    let (open, mut seen) = open();
    let mut browser = open.browser();
    let (worker, other) = (&open.house.server, &open.house.other_server);
    let number = worker.number.to_string();
    let wrong = [
        ("another's password", number.as_str(), other.password.as_str()),
        ("no password", &number, ""),
        ("a number that nobody has", "77", &worker.password),
        ("no number at all", "margot", &worker.password),
    ];
    let mut pages = Vec::new();
    for (what, number, password) in wrong {
        let answer = sign_in(&mut browser, number, password);
        seen.call(what, (answer.status.is_client_error(), browser.get("/account").status.as_u16()));
        // What the page shows; what was typed is in attributes.
        pages.push(answer.text());
    }
    pages.dedup();
    seen.call("different pages", pages.len());
    seen.text("the right one", how(&sign_in(&mut browser, &number, &worker.password)));
    insta::assert_snapshot!(seen);
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let stolen = browser.cookies().clone();
    let form = browser.get("/account").form("Log out");
    let answer = browser.submit(&form);
    let place = answer.location().map(|place| place.split('?').next().map(str::to_owned));
    seen.call("Log out", (answer.status.as_u16(), place));
    seen.call("GET /account", browser.get("/account").status.as_u16());
    browser.cookies().extend(stolen);
    seen.call("GET /account with the cookies from before", browser.get("/account").status.as_u16());
    insta::assert_snapshot!(seen);
}

#[test]
fn after_signing_in_one_is_on_the_page_that_one_asked_for() {
    let (open, mut seen) = open();
    let worker = &open.house.manager;
    let asked = [
        "/account",
        "/account?from=board",
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
    ];
    for place in asked {
        let mut browser = open.browser();
        let page = match place {
            "/account" | "/account?from=board" => {
                let answer = browser.get(place);
                browser.follow(&answer)
            }
            elsewhere => browser
                .get(&format!("/session/?next={}", elsewhere.replace('\\', "%5C").replace('\t', "%09"))),
        };
        let form = page.form("Sign in").fill("Employee number", &worker.number.to_string());
        let answer = browser.submit(&form.fill("Password", &worker.password));
        seen.call(format!("asked for {}", place.escape_default()), answer.location());
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_form_of_another_site_is_refused() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let form = browser.get("/account").form("Log out");
    for (what, name, value) in [
        ("the browser says that it comes from another site", "sec-fetch-site", "cross-site"),
        ("an old browser says where it comes from", "origin", "https://evil.example"),
    ] {
        browser.headers().insert("host", "localhost".to_owned());
        browser.headers().insert(name, value.to_owned());
        let answer = browser.submit(&form);
        seen.call(what, answer.status.as_u16());
        seen.call("the answer is a page with a heading", !answer.all("h1").is_empty());
        browser.headers().clear();
    }
    let other = open.browser_of(&open.house.other_server).get("/account").form("Log out");
    seen.call("with the hidden fields of somebody else's page", browser.submit(&other).status.as_u16());
    seen.call("without any hidden field", browser.post(form.action(), &[]).status.as_u16());
    seen.call("still signed in", browser.get("/account").status.as_u16());
    seen.call("from the page itself", browser.submit(&form).status.as_u16());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_visitor_costs_no_row() {
    let (mut open, mut seen) = open();
    let before = open.rows();
    let mut browser = open.browser();
    for path in ["/", "/session/", "/account", "/no-such-page"] {
        browser.get(path);
    }
    seen.call("as many rows in every table as before", open.rows() == before);
    let worker = open.house.server.clone();
    seen.text(
        format!("{} signs in", worker.name),
        how(&sign_in(&mut browser, &worker.number.to_string(), &worker.password)),
    );
    seen.call("still as many, with a session to keep", open.rows() == before);
    insta::assert_snapshot!(seen);
}
