//! Stage 2: only employees get in.

use gates::{number, word};
use groundwork::order_up::passwords;

use super::{changes, how, how_without_query, open, sign_in};

#[test]
fn visitors_are_sent_to_sign_in() {
    let (open, mut seen) = open();
    let mut browser = open.browser();
    for path in ["/", "/?table=4"] {
        seen.text(format!("GET {path}"), how_without_query(&browser.get(path)));
    }
    let page = browser.get("/session/");
    seen.text("GET /session/", how(&page));
    seen.call("the fields of the form with the button Sign in", page.form("Sign in").labels());
    insta::assert_snapshot!(seen);
}

#[test]
fn number_and_password_let_an_employee_in() {
    let (open, mut seen) = open();
    for worker in [&open.house.manager, &open.house.other_server] {
        let (mut browser, mut other) = (open.browser(), open.browser());
        browser.get("/session/");
        other.cookies().extend(browser.cookies().clone());
        let answer = sign_in(&mut browser, worker.number, &worker.password);
        seen.text(format!("{} signs in", worker.name), how(&answer));
        let page = browser.get("/");
        seen.text("GET /", how(&page));
        seen.call("the page has a button Log out", page.has_button("Log out"));
        seen.text("GET / with the cookies from before", how_without_query(&other.get("/")));
    }
    // A tablet that goes from hand to hand.
    let (mut tablet, mut copy) = (open.browser(), open.browser());
    for worker in [&open.house.server, &open.house.manager] {
        copy.cookies().extend(tablet.cookies().clone());
        // Where a second person cannot sign in, the first one has to log out.
        if !tablet.get("/session/").has_button("Sign in") {
            let form = tablet.get("/").form("Log out");
            tablet.submit(&form);
        }
        let answer = sign_in(&mut tablet, worker.number, &worker.password);
        seen.text(format!("{} signs in on the shared tablet", worker.name), how(&answer));
    }
    seen.text("GET / with the cookies from before", how_without_query(&copy.get("/")));
    insta::assert_snapshot!(seen);
}

/// Of fewer digits than those of people who work here.
fn number_of_nobody() -> i32 {
    number(77)
}

#[test]
fn a_wrong_password_does_not_say_which_half_was_wrong() {
    let (open, mut seen) = open();
    let mut browser = open.browser();
    let (worker, other, gone) = (&open.house.server, &open.house.other_server, &open.house.retired);
    let (number, retired) = (worker.number.to_string(), gone.number.to_string());
    let (nobody, name) = (number_of_nobody().to_string(), word("margot"));
    let wrong = [
        ("another's password", number.as_str(), other.password.as_str()),
        ("no password", &number, ""),
        ("a number that nobody has", &nobody, &worker.password),
        ("the number of somebody who has retired", &retired, &worker.password),
        ("their password, too", &retired, &gone.password),
        ("no number at all", &name, &worker.password),
        ("a number that is too large", "99999999999999999999", &worker.password),
    ];
    let mut pages = Vec::new();
    for (what, number, password) in wrong {
        let answer = sign_in(&mut browser, number, password);
        let is_refused = answer.status.is_client_error() && answer.has_button("Sign in");
        seen.call(format!("{what}: rejected, with the form"), is_refused);
        seen.text("GET /", how_without_query(&browser.get("/")));
        // What the page shows; what was typed is in attributes.
        pages.push(answer.text());
    }
    pages.dedup();
    seen.text(
        "the pages that came back",
        if pages.len() == 1 { "all say the same".to_owned() } else { pages.join("\n") },
    );
    seen.text("the right one", how(&sign_in(&mut browser, &number, &worker.password)));
    insta::assert_snapshot!(seen);
}

#[test]
fn an_unknown_number_costs_a_password_check_like_a_known_one() {
    let (open, mut seen) = open();
    let mut browser = open.browser();
    let tries = [
        ("a number that somebody has", open.house.server.number),
        ("a number that nobody has", number_of_nobody()),
        ("the number of somebody who has retired", open.house.retired.number),
    ];
    for (what, number) in tries {
        // No other gate types this: passwords are counted for all gates together.
        let password = format!("a guess for {number} at the door");
        sign_in(&mut browser, number, &password);
        seen.call(format!("{what}: passwords that `Passwords` has checked"), passwords::checks(&password));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let stolen = browser.cookies().clone();
    let form = browser.get("/").form("Log out");
    seen.text("Log out", how_without_query(&browser.submit(&form)));
    seen.text("GET /", how_without_query(&browser.get("/")));
    browser.cookies().extend(stolen);
    seen.text("GET / with the cookies from before", how_without_query(&browser.get("/")));
    insta::assert_snapshot!(seen);
}

#[test]
fn whoever_has_retired_is_out_at_once() {
    let (open, mut seen) = open();
    let (server, retired) = (open.house.server.clone(), open.house.retired.clone());
    let answer = sign_in(&mut open.browser(), retired.number, &retired.password);
    seen.call(format!("{} has retired: rejected", retired.name), answer.status.is_client_error());
    let (mut browser, mut other) = (open.browser_of(&server), open.browser_of(&open.house.other_server));
    // A sign-in page that was open before the server signed in on that tablet. An app may refuse it, or ignore it.
    let (mut tablet, mut copy) = (open.browser(), open.browser());
    let manager = &open.house.manager;
    let form = tablet.get("/session/").form("Sign in").fill("Employee number", &manager.number.to_string());
    sign_in(&mut tablet, server.number, &server.password);
    copy.cookies().extend(tablet.cookies().clone());
    tablet.submit(&form.fill("Password", &manager.password));
    seen.text(format!("{} loads the board", server.name), how(&browser.get("/")));
    if let Err(error) = open.database.lend(|conn| step::retire(conn, server.number)) {
        panic!("{} cannot retire: {error:#}", server.name);
    }
    seen.text("retires, and loads the board again", how_without_query(&browser.get("/")));
    seen.text(
        format!("and with the cookies from before {} signed in on the same tablet", manager.name),
        how_without_query(&copy.get("/")),
    );
    let answer = sign_in(&mut browser, server.number, &server.password);
    seen.call("signs in: rejected", answer.status.is_client_error());
    seen.text(format!("{} is still in", open.house.other_server.name), how(&other.get("/")));
    let unknown = open.database.lend(|conn| step::retire(conn, number_of_nobody())).is_err();
    seen.call("retiring a number that nobody has is an error", unknown);
    insta::assert_snapshot!(seen);
}

#[test]
fn after_signing_in_one_is_on_the_page_that_one_asked_for() {
    let (open, mut seen) = open();
    let worker = &open.house.manager;
    let (site, page) = (word("evil"), format!("/?table={}", number(4)));
    let ours = ["/".to_owned(), format!("{page}&view=all")];
    let theirs = ["//", "https://", "/\\", "/\t/"].map(|start| format!("{start}{site}.example/"));
    for place in ours.iter().chain(&theirs) {
        let mut browser = open.browser();
        let page = if ours.contains(place) {
            let answer = browser.get(place);
            browser.follow(&answer)
        } else {
            // Somebody has written this address, and it names no page of the app.
            let forged = browser.get(&page).location_with(&page, place);
            browser.get(&forged)
        };
        let form = page.form("Sign in").fill("Employee number", &worker.number.to_string());
        let answer = browser.submit(&form.fill("Password", &worker.password));
        seen.text(format!("requested {}", place.escape_default()), how(&answer));
    }
    let mut browser = open.browser();
    let answer = browser.get(&page);
    let form = browser.follow(&answer).form("Sign in").fill("Employee number", &worker.number.to_string());
    let again = browser.submit(&form.fill("Password", "a slip of the finger")).form("Sign in");
    let again = again.fill("Employee number", &worker.number.to_string()).fill("Password", &worker.password);
    seen.text(format!("requested {page}, after a wrong password"), how(&browser.submit(&again)));
    let mut browser = open.browser();
    let answer = browser.get(&page);
    let form = browser.follow(&answer).form("Sign in").forge_hidden_with(&page, &theirs[0]);
    let form = form.fill("Employee number", &worker.number.to_string()).fill("Password", &worker.password);
    let answer = how(&browser.submit(&form));
    seen.call("the form itself names another site: followed", answer.contains(&site));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_form_of_another_site_is_refused() {
    let (open, mut seen) = open();
    let (server, site) = (&open.house.server, format!("https://{}.example", word("evil")));
    let (mut browser, mut visitor) = (open.browser_of(server), open.browser());
    let log_out = browser.get("/").form("Log out");
    let door = visitor.get("/session/").form("Sign in");
    let door = door.fill("Employee number", &server.number.to_string()).fill("Password", &server.password);
    for (name, browser, form) in [("Log out", &mut browser, &log_out), ("Sign in", &mut visitor, &door)] {
        for (what, header, value) in [
            ("the browser reports another site", "sec-fetch-site", "cross-site"),
            ("an old browser reports its origin", "origin", &site),
        ] {
            browser.headers().insert("host", "localhost".to_owned());
            browser.headers().insert(header, value.to_owned());
            seen.call(format!("{name}: {what}"), browser.submit(form).status.as_u16());
            browser.headers().clear();
        }
    }
    seen.text("still signed in", how(&browser.get("/")));
    seen.text("still a visitor", how_without_query(&visitor.get("/")));
    for (whose, headers) in [
        ("a current browser", &[("origin", "http://localhost"), ("sec-fetch-site", "same-origin")][..]),
        ("an old browser", &[("origin", "http://localhost")]),
    ] {
        let mut browser = open.browser();
        browser.headers().insert("host", "localhost".to_owned());
        browser.headers().extend(headers.iter().map(|&(name, value)| (name, value.to_owned())));
        let answer = sign_in(&mut browser, server.number, &server.password);
        seen.text(format!("{whose} signs in from the page itself"), how(&answer));
        let form = browser.get("/").form("Log out");
        seen.text("and logs out", how_without_query(&browser.submit(&form)));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_form_without_its_token_is_refused() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let form = browser.get("/").form("Log out");
    let other = open.browser_of(&open.house.other_server).get("/").form("Log out");
    seen.call("with the hidden fields of somebody else's page", browser.submit(&other).status.as_u16());
    seen.call("without any hidden field", browser.post(form.action(), &[]).status.as_u16());
    let long = "0".repeat(5000);
    for token in ["", "abc", "0", "é", &"é".repeat(48), &"0".repeat(96), &long] {
        let shown: String = token.chars().take(10).collect();
        let what = format!("with {} characters in place of the token, {shown:?}", token.chars().count());
        let form = browser.get("/").form("Log out").forge_hidden(token);
        seen.call(what, browser.submit(&form).status.as_u16());
    }
    seen.text("still signed in", how(&browser.get("/")));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_visitor_costs_no_row() {
    let (mut open, mut seen) = open();
    let before = open.rows();
    let mut browser = open.browser();
    for path in ["/", "/session/", "/?table=4", "/no-such-page"] {
        browser.get(path);
    }
    seen.text("after four pages", changes(&before, &open.rows()));
    let worker = open.house.server.clone();
    seen.text(
        format!("{} signs in", worker.name),
        how(&sign_in(&mut browser, worker.number, &worker.password)),
    );
    seen.call("a session is stored now", open.rows() != before);
    insta::assert_snapshot!(seen);
}
