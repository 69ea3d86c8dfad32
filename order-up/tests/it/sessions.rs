//! From signing in to signing out, [P8].

use diesel::RunQueryDsl;
use gates::Browser;
use groundwork::connect;
use order_up::Clock;
use order_up::pool::Pool;
use order_up::security::session_store::DatabaseStore;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

use crate::Open;
use crate::restaurant::{press, sign_in, tab};

fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/").status == 200
}

#[test]
fn p8_a_cookie_stolen_before_signing_out_is_worthless_afterwards() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let mut thief = tab(&mut margot);
    assert!(is_signed_in(&mut thief));
    press(&mut margot, "/", "", "Log out");
    assert!(!is_signed_in(&mut thief));
    assert_eq!(open.count("sessions"), 0);
}

/// A request that has read the session before stores it afterwards.
#[test]
fn p8_a_request_in_progress_does_not_undo_signing_out() {
    let mut had_read_it = false;
    // Somebody signs out before the first statement of the request, before the second, and so on.
    for before in 0.. {
        let mut open = Open::new();
        let mut margot = open.margot();
        // So long that the session is refreshed.
        open.wait(300);
        let mut other = open.database.connect(connect);
        let sign_out = || diesel::sql_query("DELETE FROM sessions").execute(&mut other);
        let (answer, signed_out) = open.database.interrupt(before, sign_out, || margot.get("/"));
        let Some((signed_out, statement)) = signed_out else { break };
        assert_eq!(signed_out, Ok(1), "{statement}");
        had_read_it |= answer.status == 200 && statement.starts_with("UPDATE");
        assert_eq!(open.count("sessions"), 0, "before {statement}");
        assert!(!is_signed_in(&mut margot), "before {statement}");
    }
    assert!(had_read_it, "the request stores the session that it has read");
}

#[test]
fn p8_fixing_the_session_before_the_sign_in_gains_nothing() {
    let open = Open::new();
    let mut robin = open.robin();
    let mut victim = tab(&mut robin);
    let answer = sign_in(&mut victim, "1234", "password");
    assert!(victim.follow(&answer).text().contains("Employees"));
    assert_ne!(victim.cookies(), robin.cookies());
    assert!(!is_signed_in(&mut robin));
}

#[test]
fn p8_a_new_password_renews_the_session_and_ends_all_others() {
    let open = Open::new();
    let mut margot = open.margot();
    let (mut elsewhere, mut thief) = (open.margot(), tab(&mut margot));
    let form = margot.get("/account").form("Change password");
    let answer =
        margot.submit(&form.fill("Current password", "password").fill("New password", "orange juice"));
    assert_eq!(margot.follow(&answer).status, 200);
    assert!(!is_signed_in(&mut elsewhere));
    assert!(!is_signed_in(&mut thief));
}

#[test]
fn p8_an_invented_session_id_does_not_become_a_session() {
    let open = Open::new();
    let mut margot = open.margot();
    for made_up in ["", "1", "AAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", "\"; DROP TABLE sessions"] {
        let mut browser = margot.another();
        let names: Vec<_> = margot.cookies().keys().cloned().collect();
        browser.cookies().extend(names.into_iter().map(|name| (name, made_up.to_owned())));
        assert_eq!(browser.get("/").location().as_deref(), Some("/session/"), "{made_up:?}");
        let answer = sign_in(&mut browser, "2345", "password");
        assert!(is_signed_in(&mut browser), "{made_up:?}");
        assert!(answer.set_cookies.iter().all(|cookie| cookie.value() != made_up));
    }
}

#[test]
fn p8_signing_in_again_leaves_one_session() {
    let mut open = Open::new();
    let mut margot = open.margot();
    sign_in(&mut margot, "1234", "password");
    assert!(is_signed_in(&mut margot));
    assert_eq!(open.count("sessions"), 1);
}

#[test]
fn p8_the_cookie_is_hidden_from_scripts_and_other_sites_and_sent_encrypted() {
    let mut open = Open::new();
    let is_secure = |open: &Open| {
        let mut browser = open.browser();
        let answers = [browser.get("/session/"), sign_in(&mut browser, "1234", "password")];
        assert!(answers.iter().all(|answer| !answer.set_cookies.is_empty()));
        let cookies: Vec<_> = answers.iter().flat_map(|answer| &answer.set_cookies).collect();
        assert!(cookies.iter().all(|it| it.http_only() == Some(true)));
        assert!(cookies.iter().all(|it| it.to_string().contains("; SameSite=Lax")));
        let is_secure = cookies.iter().all(|it| it.secure() == Some(true));
        assert!(is_secure || cookies.iter().all(|it| it.secure() != Some(true)));
        is_secure
    };
    assert!(!is_secure(&open));
    open.set("ADDRESS", "0.0.0.0:8000");
    assert!(is_secure(&open));
    open.set("INSECURE_HTTP", "1");
    assert!(!is_secure(&open));
}

/// The browser forgets the session when the app does.
#[test]
fn p8_the_cookie_lives_as_long_as_its_session() {
    let open = Open::new();
    let answer = sign_in(&mut open.browser(), "1234", "password");
    let lives: Vec<_> = answer.set_cookies.iter().filter(|it| it.name() == "session").collect();
    assert_eq!(lives.len(), 1);
    assert!(lives[0].to_string().contains("; Max-Age=43200"), "{}", lives[0]);
}

#[test]
fn p8_expired_sessions_are_worthless_and_the_next_sign_in_deletes_them() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assert!(is_signed_in(&mut margot) && is_signed_in(&mut robin));
    open.wait(12 * 60 * 60);
    assert!(!is_signed_in(&mut margot));
    assert_eq!(open.count("sessions"), 2);
    sign_in(&mut robin, "2345", "password");
    assert_eq!(open.count("sessions"), 1);
}

#[test]
fn p7_p8_a_session_in_use_is_refreshed_at_most_once_in_five_minutes() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let mut expires_after = |seconds| {
        open.wait(seconds);
        assert!(is_signed_in(&mut margot));
        let rows = open.database.rows("expires_at", "sessions");
        rows.lines().nth(1).and_then(|at| at.parse::<i64>().ok()).expect("there is a session")
    };
    let first = expires_after(0);
    assert_eq!(expires_after(299), first);
    assert_eq!(expires_after(1), first + 300);
    assert_eq!(expires_after(299), first + 300);
}

#[test]
fn p8_a_session_is_stored_only_under_an_unused_id() {
    let mut open = Open::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    // The pool closes its connections on the runtime that it is dropped in.
    let _entered = runtime.enter();
    let store = DatabaseStore::new(Pool::new(&open.config()), Clock::system());
    assert_eq!(format!("{store:?}"), "DatabaseStore");
    let record = || Record { id: Id(7), data: Default::default(), expiry_date: OffsetDateTime::UNIX_EPOCH };
    let (mut first, mut second) = (record(), record());
    for record in [&mut first, &mut second] {
        runtime.block_on(store.create(record)).expect("there is a table for it");
    }
    assert!(first.id == Id(7) && second.id != Id(7));
    assert_eq!(open.count("sessions"), 2);
    let created = open.database.without("sessions", || runtime.block_on(store.create(&mut record())));
    let saved = open.database.without("sessions", || runtime.block_on(store.save(&first)));
    assert!(created.is_err() && saved.is_err(), "{created:?}, {saved:?}");
}

#[test]
fn p8_an_unreadable_session_is_an_error_and_not_a_sign_out() {
    let mut open = Open::new();
    let mut margot = open.margot();
    open.database.run("UPDATE sessions SET data = 'no JSON'");
    assert_eq!(margot.get("/").status, 500);
}

#[test]
fn p7_the_visitor_cookie_is_limited_to_the_sign_in_page() {
    let answer = Open::new().browser().get("/session/");
    let places: Vec<_> = answer.set_cookies.iter().map(|it| (it.name(), it.path())).collect();
    assert_eq!(places, [("visitor", Some("/session/"))]);
}

#[test]
fn p7_a_visitor_with_an_empty_cookie_gets_a_new_one() {
    let mut browser = Open::new().browser();
    browser.cookies().insert("visitor".to_owned(), String::new());
    let answer = browser.get("/session/");
    assert!(answer.set_cookies.iter().any(|it| it.name() == "visitor" && !it.value().is_empty()));
}
