//! Step 7: a visitor is remembered from one request to the next.

use std::collections::BTreeSet;
use std::path::Path;

use gates::{Browser, Database, Transcript, pick};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn load(pairs: &[(&str, &str)]) -> Result<step::Config, step::ConfigError> {
    let pairs = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    step::Config::load(pairs, Path::new("/course/.env"))
}

fn shop() -> (Database, step::Config, Transcript) {
    let shop = Database::migrated(&step::MIGRATIONS);
    let config = load(&[("DATABASE_URL", shop.url()), ("SECRET_KEY", KEY)]);
    (shop, config.expect("these settings are right"), Transcript::new())
}

/// So many times does a visitor look: the seed decides, so that no page can know it beforehand.
fn looks() -> u32 {
    3 + pick() % 30
}

/// Looks at the window `times` times, and notes what each page says.
fn look(seen: &mut Transcript, who: &str, browser: &mut Browser, times: u32) {
    let views: Vec<_> = (0..times).map(|_| browser.get("/").element("views")).collect();
    seen.text(format!("{who} looks, times: {times}"), views.join(", "));
}

#[test]
fn a_key_that_is_missing_or_short_is_an_error_that_helps() {
    let mut seen = Transcript::new();
    let url = ("DATABASE_URL", "sqlite://shop.db");
    seen.call("no SECRET_KEY", load(&[url]).map(|_| "loaded").map_err(|error| error.to_string()));
    // An umlaut has two bytes.
    for (letter, times) in [("k", 63), ("k", 64), ("k", 128), ("ü", 31), ("ü", 32)] {
        let text = letter.repeat(times);
        let key = load(&[url, ("SECRET_KEY", &text)]).map(|_| "loaded").map_err(|error| error.to_string());
        seen.call(format!("{} bytes, which are {times} characters", text.len()), key);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_view_is_one_and_then_they_are_counted() {
    let (_shop, config, mut seen) = shop();
    look(&mut seen, "a visitor", &mut Browser::new(|| step::app_with_cookies(&config)), looks());
    insta::assert_snapshot!(seen);
}

#[test]
fn two_browsers_count_apart() {
    let (_shop, config, mut seen) = shop();
    let mut one = Browser::new(|| step::app_with_cookies(&config));
    let mut other = Browser::new(|| step::app_with_cookies(&config));
    for _ in 0..2 {
        look(&mut seen, "one", &mut one, looks());
        look(&mut seen, "the other", &mut other, 2);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_restart_of_the_server_keeps_the_session() {
    let (_shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_cookies(&config));
    look(&mut seen, "a visitor", &mut browser, looks());
    // As a new process would: everything that is not in the settings is gone.
    let again = load(&[("DATABASE_URL", &config.settings.database_url), ("SECRET_KEY", KEY)]);
    browser.restart(|| step::app_with_cookies(&again.expect("these settings are right")));
    look(&mut seen, "the same after a restart", &mut browser, 2);
    insta::assert_snapshot!(seen);
}

#[test]
fn who_clears_the_cookies_begins_anew() {
    let (_shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_cookies(&config));
    look(&mut seen, "a visitor", &mut browser, looks());
    browser.cookies().clear();
    look(&mut seen, "the same without cookies", &mut browser, 2);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_cookie_that_is_not_ours_begins_anew() {
    let (_shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_cookies(&config));
    look(&mut seen, "a visitor", &mut browser, looks());
    let ours = browser.cookies().clone();
    // The first half of the key signs; this is its last byte.
    let almost = format!("{}x{}", &KEY[..31], &KEY[32..]);
    let other_key = load(&[("DATABASE_URL", &config.settings.database_url), ("SECRET_KEY", &almost)]);
    let mut forger = Browser::new(|| step::app_with_cookies(&other_key.expect("these settings are right")));
    look(&mut seen, "a forger, at an app with another key", &mut forger, looks());
    let forged = forger.cookies().clone();
    for (what, change) in [
        ("ours", Box::new(|value: &str| value.to_owned()) as Box<dyn Fn(&str) -> String>),
        ("cut", Box::new(|value| value[..value.len() / 2].to_owned())),
        ("forged", Box::new(move |_| forged.values().cloned().collect())),
        ("over-long", Box::new(|value| value.repeat(100))),
        ("nonsense", Box::new(|_| "a=b%%c".to_owned())),
    ] {
        *browser.cookies() = ours.iter().map(|(name, value)| (name.clone(), change(value))).collect();
        look(&mut seen, what, &mut browser, 1);
    }
    // Wherever the place is: in the signature, and in what is signed.
    let length = ours.values().map(String::len).max().expect("the visitor has a cookie");
    let changed = (0..length).map(|place| {
        *browser.cookies() = ours.iter().map(|(name, value)| (name.clone(), changed(value, place))).collect();
        browser.get("/").element("views")
    });
    let views = changed.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
    seen.text("changed in one place, wherever that is", views);
    insta::assert_snapshot!(seen);
}

/// `value` with another digit or letter in this place.
fn changed(value: &str, place: usize) -> String {
    let other = |char| match char {
        '9' => '3',
        '0'..='8' => (char as u8 + 1) as char,
        'k'..='z' | 'K'..='Z' => (char as u8 - 7) as char,
        'a'..='j' | 'A'..='J' => (char as u8 + 7) as char,
        _ => 'x',
    };
    value.chars().enumerate().map(|(at, char)| if at == place { other(char) } else { char }).collect()
}

/// The attributes of the cookies that the first answer sets.
fn attributes(browser: &mut Browser) -> String {
    let describe = |cookie: &gates::Cookie<'_>| {
        format!(
            "{}: HttpOnly {:?}, SameSite {:?}, Path {:?}, Secure {:?}, days {:?}",
            cookie.name(),
            cookie.http_only(),
            cookie.same_site(),
            cookie.path(),
            cookie.secure() == Some(true),
            // Some time has passed since.
            cookie.max_age().map(|age| (age.as_seconds_f64() / 10.0).round() / 8_640.0)
        )
    };
    browser.get("/").set_cookies.iter().map(describe).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let (_shop, config, mut seen) = shop();
    seen.text("a session in the cookie", attributes(&mut Browser::new(|| step::app_with_cookies(&config))));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_page_that_asks_for_no_session_sets_no_cookie() {
    let (mut shop, config, mut seen) = shop();
    for (what, mut browser) in [
        ("sessions in cookies", Browser::new(|| step::app_with_cookies(&config))),
        ("sessions in the database", Browser::new(|| step::app_with_store(&config))),
    ] {
        seen.text(what, browser.get("/about").status);
        seen.call("cookies", browser.cookies().len());
    }
    seen.text("the sessions in the database", shop.rows("count(*)", "sessions"));
    for (what, mut browser) in [
        ("the app with cookies", Browser::new(|| step::app_with_cookies(&config))),
        ("the app with a database", Browser::new(|| step::app_with_store(&config))),
    ] {
        look(&mut seen, &format!("a visitor of {what}"), &mut browser, looks());
        let before = shop.sql().len();
        let cookies = browser.get("/about").set_cookies.len();
        seen.call("and then at /about: cookies that it sets", cookies);
        seen.call("statements that it runs", shop.sql().len() - before);
    }
    seen.text("the sessions in the database", shop.rows("count(*)", "sessions"));
    insta::assert_snapshot!(seen);
}

#[test]
fn the_database_keeps_sessions_too() {
    let (mut shop, config, mut seen) = shop();
    seen.text("the session's cookie", attributes(&mut Browser::new(|| step::app_with_store(&config))));
    shop.run("DELETE FROM sessions");
    let mut one = Browser::new(|| step::app_with_store(&config));
    let mut other = Browser::new(|| step::app_with_store(&config));
    look(&mut seen, "one", &mut one, looks());
    look(&mut seen, "the other", &mut other, 2);
    one.restart(|| step::app_with_store(&config));
    look(&mut seen, "one, after a restart", &mut one, 2);
    seen.text("the sessions in the database", shop.rows("data", "sessions ORDER BY data"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_session_that_is_deleted_or_expired_begins_anew() {
    let (mut shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_store(&config));
    look(&mut seen, "a visitor", &mut browser, looks());
    shop.run("DELETE FROM sessions");
    look(&mut seen, "after the row is deleted", &mut browser, 2);
    shop.run("UPDATE sessions SET expires_at = 1000000000");
    look(&mut seen, "after it has expired", &mut browser, 2);
    // More than fits into two bytes.
    shop.run(&format!("UPDATE sessions SET data = '{{\"views\":{}}}'", 100_000 + pick()));
    look(&mut seen, "after its row has another number", &mut browser, 1);
    shop.run("UPDATE sessions SET data = '{\"views\":\"many\"}'");
    seen.text("when its row says that there were many", browser.get("/").status);
    browser.cookies().values_mut().for_each(|value| value.push('x'));
    look(&mut seen, "with an id that was never given", &mut browser, 2);
    insta::assert_snapshot!(seen);
}

#[test]
fn the_store_keeps_and_deletes_what_it_is_told_to() {
    let (mut shop, config, mut seen) = shop();
    let sessions = |shop: &mut Database| {
        let ends = "CASE WHEN expires_at > 4000000000 THEN 'late' WHEN expires_at > 1000000000 THEN 'soon' ELSE 'over' END";
        shop.rows(
            "id, data, ends",
            &format!("(SELECT id, data, {ends} AS ends FROM sessions) AS sessions ORDER BY data"),
        )
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let store = step::DatabaseStore::new(groundwork::Pool::new(&config.settings));
        let now = OffsetDateTime::now_utc();
        let record = |id: i128, views: u32| {
            let data = std::iter::once(("views".to_owned(), views.into())).collect();
            Record { id: Id(id), data, expiry_date: now + Duration::seconds(60) }
        };
        let (mut one, mut other) = (record(-2, looks()), record(2, 100 + looks()));
        seen.call("create one", store.create(&mut one).await.is_ok());
        let found = store.load(&one.id).await.ok().flatten();
        let found = found.map(|found| (found.id, found.data, found.expiry_date.unix_timestamp()));
        seen.call(
            "load finds it",
            found == Some((one.id, one.data.clone(), one.expiry_date.unix_timestamp())),
        );
        let before = shop.sql().len();
        seen.call("save another, which has no row yet", store.save(&other).await.is_ok());
        one.expiry_date = now + Duration::days(100 * 365);
        seen.call("save one, with a later end", store.save(&one).await.is_ok());
        seen.call("how many statements ran for the two", shop.sql().len() - before);
        seen.text("the sessions", sessions(&mut shop));
        // As a pattern it would stand for both ids.
        let pattern = Id(-1);
        seen.call(
            format!("load finds {pattern}"),
            store.load(&pattern).await.is_ok_and(|found| found.is_some()),
        );
        seen.call(format!("delete {pattern}"), store.delete(&pattern).await.is_ok());
        for (what, ends) in
            [("30 seconds before", 30), ("in the second in which", 0), ("59 seconds after", -59)]
        {
            let found = is_found(&store, &mut other, ends).await;
            seen.call(format!("save the other and load it, {what} it ends: it is found"), found);
        }
        shop.run("UPDATE sessions SET expires_at = 1000000000 WHERE expires_at < 4000000000");
        seen.call("load finds one", store.load(&one.id).await.is_ok_and(|found| found.is_some()));
        one.expiry_date = now + Duration::seconds(600);
        seen.call("save one, with an earlier end", store.save(&one).await.is_ok());
        seen.text("the sessions", sessions(&mut shop));
        shop.run("UPDATE sessions SET data = 'nonsense' WHERE expires_at > 1000000000");
        seen.call("when the data of one is not JSON: an error from load", store.load(&one.id).await.is_err());
        seen.call("delete one", store.delete(&one.id).await.is_ok());
        seen.call("load finds it", store.load(&one.id).await.is_ok_and(|found| found.is_some()));
        seen.call("delete it once more", store.delete(&one.id).await.is_ok());
        shop.run("ALTER TABLE sessions RENAME TO elsewhere");
        seen.call(
            "when the gate takes the table away: an error from save",
            store.save(&other).await.is_err(),
        );
        seen.call("an error from load", store.load(&other.id).await.is_err());
        seen.call("an error from delete", store.delete(&other.id).await.is_err());
        shop.run("ALTER TABLE elsewhere RENAME TO sessions");
    });
    seen.text("the sessions", sessions(&mut shop));
    insta::assert_snapshot!(seen);
}

/// Whether a session is stored, and then found in the same second, which begins so many seconds before its end.
async fn is_found(store: &step::DatabaseStore, record: &mut Record, before: i64) -> bool {
    loop {
        let now = OffsetDateTime::now_utc();
        record.expiry_date = now + Duration::seconds(before);
        let is_saved = store.save(record).await.is_ok();
        let is_found = store.load(&record.id).await.is_ok_and(|found| found.is_some());
        if OffsetDateTime::now_utc().unix_timestamp() == now.unix_timestamp() {
            return is_saved && is_found;
        }
    }
}
