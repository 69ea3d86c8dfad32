//! Signing in: for whom it works, how soon, and which page comes next, [P8] and [P9].

use std::time::{Duration, Instant};

use gates::{Answer, Database};
use groundwork::order_up::passwords;
use order_up::Timestamp;
use order_up::models::failed_sign_in;

use crate::Open;
use crate::restaurant::sign_in;

/// A page without what differs each time it is asked for.
fn without_token(answer: &Answer) -> String {
    let (before, rest) = answer.body.split_once("name=\"token\" value=\"").expect("the form has a token");
    let (_, after) = rest.split_once('"').expect("the token has an end");
    format!("{} {before}{after}", answer.status)
}

#[test]
fn p8_an_unknown_number_and_a_wrong_password_get_the_very_same_page() {
    let open = Open::new();
    let mut browser = open.browser();
    let known = sign_in(&mut browser, "1234", "wrong");
    let unknown = sign_in(&mut browser, "4321", "wrong");
    assert_eq!(known.status, 422);
    assert_eq!(known.form("Sign in").error("Password"), "The employee number or the password is wrong.");
    assert_eq!(without_token(&known).replace("1234", "4321"), without_token(&unknown));
    // Alex has retired, and types the right password.
    let retired = sign_in(&mut browser, "4567", "password");
    assert_eq!(without_token(&known).replace("1234", "4567"), without_token(&retired));
    for no_number in ["", "Margot", "99999999999", "' OR 1=1 --"] {
        assert_eq!(sign_in(&mut browser, no_number, "wrong").status, 422, "{no_number:?}");
    }
}

/// It takes the same time, whatever is wrong.
#[test]
fn p8_a_password_is_checked_once_whether_or_not_the_number_exists() {
    let open = Open::new();
    for number in ["1234", "4321", "4567", "", "Margot", "99999999999"] {
        let password = format!("of {number:?}, and of nobody in another test");
        let answer = sign_in(&mut open.browser(), number, &password);
        assert_eq!((answer.status.as_u16(), passwords::checks(&password)), (422, 1), "{number:?}");
        assert_eq!(answer.all("[role=alert]"), ["The employee number or the password is wrong."]);
    }
}

#[test]
fn p8_after_five_failures_each_attempt_waits_longer_and_the_right_password_works() {
    let mut open = Open::new();
    let mut browser = open.browser();
    for _ in 0..5 {
        assert_eq!(sign_in(&mut browser, "1234", "wrong").status, 422);
    }
    // The restaurant's clock is stopped; this measures how long a person waits.
    for (password, status, seconds) in [("wrong", 422, 1), ("password", 303, 2)] {
        let start = Instant::now();
        assert_eq!(sign_in(&mut browser, "1234", password).status, status);
        assert!(start.elapsed() >= Duration::from_secs(seconds));
        open.wait(1);
    }
    assert_eq!(open.count("failed_sign_ins"), 0);
}

#[test]
fn p8_the_wait_is_for_one_number_at_one_address_and_not_a_lockout() {
    let mut open = Open::new();
    let (there, Timestamp(now)) = ("INSERT INTO failed_sign_ins VALUES", open.now());
    open.database.run(&format!("{there} (2345, '10.0.0.7', 20, {})", now + 30));
    open.database.run(&format!("{there} (2345, '10.0.0.8', 4, {now})"));
    let mut refused = open.browser().at([10, 0, 0, 7]);
    let answer = sign_in(&mut refused, "2345", "wrong");
    assert_eq!(answer.status, 429);
    let said = answer.form("Sign in").error("Password");
    assert_eq!(said, "Too many attempts at once. Wait half a minute, then try again.");
    for (number, place) in [("2345", [10, 0, 0, 8]), ("3456", [10, 0, 0, 7])] {
        assert_eq!(sign_in(&mut open.browser().at(place), number, "wrong").status, 422);
    }
    assert_eq!(sign_in(&mut open.browser(), "2345", "password").status, 303);
    open.wait(2 * 60 * 60);
    assert_eq!(sign_in(&mut refused, "2345", "wrong").status, 422);
}

#[test]
fn p8_failures_count_for_an_hour_per_person_and_address() {
    let database = Database::migrated(&order_up::MIGRATIONS);
    let (mut conn, now) = (database.connect(groundwork::connect), 1_000_000);
    let mut turn = |number, place, now| {
        let wait = failed_sign_in::take_turn(&mut conn, number, place, Timestamp(now)).unwrap();
        wait.map(|wait| wait.as_secs())
    };
    for _ in 0..5 {
        assert_eq!(turn(1, "here", now), Some(0));
    }
    // Nobody else waits, and this person longer each time.
    assert_eq!([turn(2, "here", now), turn(1, "there", now)], [Some(0); 2]);
    assert_eq!([turn(1, "here", now), turn(1, "here", now)], [Some(1), Some(3)]);
    // Their turn was at `now + 3`.
    assert_eq!(turn(1, "here", now + 100), Some(4));
    assert_eq!(turn(1, "here", now + 104 + 60 * 60 - 1), Some(8));
    let forgotten = now + 104 + 60 * 60 - 1 + 8 + 60 * 60;
    assert_eq!(turn(1, "here", forgotten), Some(0));

    // The failures are deleted for a person who gets in, and for everybody after an hour.
    let rows = |conn: &mut _| {
        gates::rows(conn, "employee_number, address", "failed_sign_ins ORDER BY employee_number, address")
    };
    let forgotten = Timestamp(forgotten);
    for (number, place) in [(1, "here"), (1, "there"), (2, "here")] {
        failed_sign_in::take_turn(&mut conn, number, place, forgotten).unwrap();
    }
    let hour = Duration::from_secs(60 * 60);
    failed_sign_in::forget(&mut conn, 1, "here", forgotten + hour).unwrap();
    assert_eq!(rows(&mut conn), "employee_number | address\n1 | there\n2 | here");
    failed_sign_in::forget(&mut conn, 1, "here", forgotten + hour + Duration::from_secs(1)).unwrap();
    assert_eq!(rows(&mut conn), "employee_number | address");
}

#[test]
fn p8_the_wait_is_at_most_thirty_seconds() {
    let mut open = Open::new();
    let now = open.now();
    open.database.run(&format!("INSERT INTO failed_sign_ins VALUES (2345, 'here', 20, {})", now.0));
    let mut turn = || failed_sign_in::take_turn(open.database.conn(), 2345, "here", now).unwrap();
    assert_eq!([turn(), turn()], [Some(Duration::from_secs(30)), None]);
}

/// For a day, somebody has set the clock to next year.
#[test]
fn p8_correcting_the_clock_locks_nobody_out() {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let mut open = Open::new();
    open.wait(YEAR);
    for number in ["1234", "2345"] {
        for _ in 0..5 {
            assert_eq!(sign_in(&mut open.browser(), number, "wrong").status, 422);
        }
    }
    let mut robin = open.robin();
    open.wait(-YEAR);
    assert_eq!(sign_in(&mut open.browser(), "1234", "password").status, 303);
    // A session from then lasts as long as any other that is used now.
    assert_eq!(robin.get("/").status, 200);
    open.wait(12 * 60 * 60);
    assert_eq!(robin.get("/").status, 303);

    // What was wrong before still counts.
    let mut turn = |now: i64| {
        let wait = failed_sign_in::take_turn(open.database.conn(), 7, "here", Timestamp(now)).unwrap();
        wait.map(|wait| wait.as_secs())
    };
    for _ in 0..6 {
        turn(YEAR);
    }
    assert_eq!([turn(0), turn(0), turn(0)], [Some(2), Some(6), Some(14)]);
}

#[test]
fn p8_a_new_password_clears_earlier_failures() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let now = open.now();
    let there = "INSERT INTO failed_sign_ins VALUES";
    for row in ["(2345, '127.0.0.1', 30,", "(2345, '10.0.0.7', 30,", "(3456, '127.0.0.1', 30,"] {
        open.database.run(&format!("{there} {row} {})", now.0 + 30));
    }
    let form = margot.get("/employees/2").form("Set password");
    margot.submit(&form.fill("Temporary password", "orange juice"));
    assert_eq!(open.count("failed_sign_ins"), 1);
    assert_eq!(sign_in(&mut open.browser(), "2345", "orange juice").status, 303);
}

#[test]
fn p8_changing_a_password_is_throttled_like_signing_in() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/account").form("Change password").fill("Current password", "wrong");
    let Timestamp(now) = open.now();
    open.database.run(&format!("INSERT INTO failed_sign_ins VALUES (1234, '127.0.0.1', 20, {})", now + 30));
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 429);
    let said = answer.form("Change password").error("Current password");
    assert_eq!(said, "Too many attempts at once. Wait half a minute, then try again.");
}

#[test]
fn p8_the_demo_password_works_only_on_this_machine_until_it_is_changed() {
    let open = Open::new();
    let mut elsewhere = open.browser().at([192, 168, 1, 5]);
    let answer = sign_in(&mut elsewhere, "1234", "password");
    assert_eq!(answer.status, 403);
    assert!(answer.form("Sign in").error("Password").contains("on the machine that runs Order Up"));
    elsewhere.headers().insert("x-forwarded-for", "127.0.0.1".to_owned());
    assert_eq!(sign_in(&mut elsewhere, "1234", "password").status, 403);

    let mut margot = open.margot();
    let form = margot.get("/account").form("Change password");
    let form = form.fill("Current password", "password").fill("New password", "orange juice");
    assert_eq!(margot.submit(&form).status, 303);
    assert_eq!(sign_in(&mut elsewhere, "1234", "orange juice").status, 303);
}

#[test]
fn p8_a_number_may_have_spaces_around_it() {
    let open = Open::new();
    assert_eq!(sign_in(&mut open.browser(), " 1234 ", "password").status, 303);
}

#[test]
fn p8_attempts_are_recorded_with_what_is_known_about_the_visitor() {
    let mut open = Open::new();
    open.set("PROXY", "127.0.0.1");
    for (from, number) in [("10.0.0.7, 10.0.0.8", "2345"), ("somewhere", "no number")] {
        let mut browser = open.browser();
        browser.headers().insert("x-forwarded-for", from.to_owned());
        sign_in(&mut browser, number, "wrong");
    }
    let tries = open.database.rows("employee_number, address", "failed_sign_ins ORDER BY employee_number");
    assert_eq!(tries, "employee_number | address\n0 | unknown\n2345 | 10.0.0.8");
}

#[test]
fn p8_a_visitor_behind_an_unknown_proxy_is_not_on_this_machine() {
    let mut open = Open::new();
    let visitor = |open: &Open, from: &str| {
        let mut browser = open.browser();
        browser.headers().insert("x-forwarded-for", from.to_owned());
        sign_in(&mut browser, "1234", "password").status
    };
    assert_eq!(visitor(&open, "127.0.0.1"), 403);
    open.set("PROXY", "127.0.0.1");
    assert_eq!(visitor(&open, "127.0.0.1"), 303);
    assert_eq!(visitor(&open, "127.0.0.1, 10.0.0.7"), 403);
}

/// Not every proxy says for whom it asks.
#[test]
fn p8_a_visitor_behind_a_silent_proxy_is_not_on_this_machine() {
    let visitor = |open: &Open, headers: &[(&'static str, &str)]| {
        let mut browser = open.browser();
        browser.headers().extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        sign_in(&mut browser, "1234", "password").status.as_u16()
    };
    let mut open = Open::new();
    for hint in [
        ("host", "orders.example"),
        ("origin", "https://orders.example"),
        ("referer", "https://orders.example/session/"),
        ("origin", "null"),
        ("x-real-ip", "127.0.0.1"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "for=127.0.0.1"),
        ("via", "1.1 proxy"),
    ] {
        // A browser says by itself that the form is from the same site.
        assert_eq!(visitor(&open, &[hint, ("sec-fetch-site", "same-origin")]), 403, "{hint:?}");
        // So long that nobody waits.
        open.wait(2 * 60 * 60);
    }
    for (host, origin) in [
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
    ] {
        assert_eq!(visitor(&open, &[("host", host), ("origin", origin)]), 303, "{host}");
    }
    // The one that the settings name, too.
    open.set("PROXY", "127.0.0.1");
    assert_eq!(visitor(&open, &[]), 403);
    assert_eq!(visitor(&open, &[("host", "127.0.0.1:8000")]), 403);
}

#[test]
fn p9_signing_in_leads_to_the_requested_page() {
    let open = Open::new();
    let mut browser = open.browser();
    let sent = browser.get("/history?day=2026-02-13&format=csv");
    let page = browser.follow(&sent);
    let mistyped = page.form("Sign in").fill("Employee number", "1234").fill("Password", "passwort");
    let form = browser.submit(&mistyped).form("Sign in").fill("Password", "password");
    assert_eq!(browser.submit(&form).location().as_deref(), Some("/history?day=2026-02-13&format=csv"));
}

#[test]
fn p9_signing_in_never_leads_to_another_site() {
    let open = Open::new();
    let mut browser = open.browser();
    for next in
        ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "%09%2F%2Fevil.example"]
    {
        let page = browser.get(&format!("/session/?next={next}"));
        let form = page.form("Sign in").fill("Employee number", "1234").fill("Password", "password");
        assert_eq!(browser.submit(&form).location().as_deref(), Some("/"), "{next}");
        let form = form.tamper("next", "//evil.example");
        assert_ne!(browser.submit(&form).location().as_deref(), Some("//evil.example"));
    }
}
