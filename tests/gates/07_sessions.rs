//! Lesson 7: a visitor is remembered from one request to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::routing::get;
use gates::{
    Browser, Database, Dotenv, Router, Server, Settings, Transcript, hexadecimal, letters, nowhere, pick,
    provoked, this_gate,
};
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Error;
use tower_sessions::{Session, SessionStore};
use tower_sessions_cookie_store::{CookieSessionConfig, CookieSessionManagerLayer, Key};

/// What signs the cookies: no key that stands somewhere.
fn key() -> String {
    hexadecimal(64)
}

fn load(pairs: &[(&str, &str)]) -> Result<step::Config, step::ConfigError> {
    load_beside(Path::new(&format!("{}/.env", nowhere())), pairs)
}

fn load_beside(dotenv: &Path, pairs: &[(&str, &str)]) -> Result<step::Config, step::ConfigError> {
    let pairs = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    step::Config::load(pairs, dotenv)
}

/// Whether the settings were right, and if not, why.
fn loaded(config: Result<step::Config, step::ConfigError>) -> Result<&'static str, String> {
    config.map(|_| "loaded").map_err(|error| error.to_string())
}

fn shop() -> (Database, step::Config, Transcript) {
    let shop = Database::migrated(&step::MIGRATIONS);
    let config = load(&[("DATABASE_URL", shop.url()), ("SECRET_KEY", &key())]);
    (shop, config.expect("these settings are right"), Transcript::new())
}

/// What the app of a shop is told.
fn settings(shop: &Database) -> Settings {
    let settings = [("DATABASE_URL", shop.url().to_owned()), ("SECRET_KEY", key())];
    settings.map(|(name, value)| (name.to_owned(), value)).into()
}

/// The settings of an app in a process of its own.
fn in_its_process(settings: Settings) -> step::Config {
    step::Config::load(settings, Path::new("/course/.env")).expect("these settings are right")
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
    seen.call("no SECRET_KEY", loaded(load(&[url])));
    // An umlaut has two bytes.
    for (letter, times) in [("k", 63), ("k", 64), ("k", 128), ("k", 1000), ("ü", 31), ("ü", 32)] {
        let text = letter.repeat(times);
        let key = loaded(load(&[url, ("SECRET_KEY", &text)]));
        seen.call(format!("{} bytes, which are {times} characters", text.len()), key);
    }
    // Blanks are bytes, too.
    for (letters, blanks) in [(62, 2), (10, 54), (62, 1)] {
        let text = "k".repeat(letters) + &" ".repeat(blanks);
        let key = loaded(load(&[url, ("SECRET_KEY", &text)]));
        seen.call(format!("{} bytes, the last {blanks} of them blanks", text.len()), key);
    }
    // A key is the bytes of its text, whatever these could stand for.
    for digits in [64, 128, 256] {
        let text = hexadecimal(digits);
        let key =
            load(&[url, ("SECRET_KEY", &text)]).map(|config| config.secret_key == Key::from(text.as_bytes()));
        let what = format!("{digits} hexadecimal digits: the key is made of their bytes");
        seen.call(what, key.map_err(|error| error.to_string()));
    }
    // All of them may be in the file.
    let dotenv = Dotenv::with(&format!("DATABASE_URL={}\nSECRET_KEY={}\n", url.1, key()));
    seen.call(".env has both settings, and the shell nothing", loaded(load_beside(dotenv.path(), &[])));
    let (key, short) = (key(), "k".repeat(10));
    for (file, variable) in [(&key, None), (&short, None), (&short, Some(&key)), (&key, Some(&short))] {
        let dotenv = Dotenv::with(&format!("SECRET_KEY={file}\n"));
        let variables: Vec<_> =
            std::iter::once(url).chain(variable.map(|key| ("SECRET_KEY", key.as_str()))).collect();
        let shell = variable.map_or("nothing".to_owned(), |key| format!("{} bytes", key.len()));
        let what = format!(".env has a key of {} bytes, and the shell {shell}", file.len());
        seen.call(what, loaded(load_beside(dotenv.path(), &variables)));
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
    // The same kind of browser, on the same machine.
    for browser in [&mut one, &mut other] {
        browser.headers().insert("user-agent", "Lynx/2.9".to_owned());
    }
    for _ in 0..2 {
        look(&mut seen, "one", &mut one, looks());
        look(&mut seen, "the other", &mut other, 2);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_restart_of_the_server_keeps_the_session() {
    let server = Server::of(this_gate!(), |settings| step::app_with_cookies(&in_its_process(settings)));
    let (shop, _config, mut seen) = shop();
    let start = || server.start(settings(&shop));
    let mut browser = Browser::new(start);
    look(&mut seen, "a visitor", &mut browser, looks());
    browser.restart(start);
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
    let (mut shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_cookies(&config));
    look(&mut seen, "a visitor", &mut browser, looks());
    let ours = browser.cookies().clone();
    // The first half of the key signs; this is its last byte.
    let almost = format!("{}x{}", &key()[..31], &key()[32..]);
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
    let views = (0..length).map(|place| {
        *browser.cookies() = ours.iter().map(|(name, value)| (name.clone(), changed(value, place))).collect();
        browser.get("/").element("views")
    });
    let views = views.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
    seen.text("changed in one place, wherever that is", views);
    // A page that asks for no session does not look at the cookie.
    *browser.cookies() = ours.iter().map(|(name, value)| (name.clone(), changed(value, 0))).collect();
    browser.get("/about");
    seen.call(
        "with a cookie that was changed, at /about: cookies that the browser has then",
        browser.cookies().len(),
    );
    // Nobody but the browser has kept a session.
    *browser.cookies() = ours;
    look(&mut seen, "ours, put back once more", &mut browser, 1);
    // The key is made of the bytes as they are, and of the first of them.
    for (what, key) in [("", key()), (", by an odd key", format!(" K{}ä ", key()))] {
        let config = load(&[("DATABASE_URL", shop.url()), ("SECRET_KEY", &key)]);
        let mut browser = Browser::new(|| step::app_with_cookies(&config.expect("these settings are right")));
        *browser.cookies() = with_a_note(&key, 500);
        look(&mut seen, &format!("ours, with a note in it{what},"), &mut browser, 2);
        let length = browser.cookies().values().map(String::len).max();
        seen.call("the note is still there", length > Some(500));
        *browser.cookies() = with_a_note(&key, 2500);
        seen.text("when there is no place for more beside the note", browser.get("/").status);
    }
    seen.text("the sessions in the database", shop.rows("count(*)", "sessions"));
    seen.call("statements that ran", shop.sql().len());
    insta::assert_snapshot!(seen);
}

/// The cookies of an app that has the same key, and keeps a note of so many letters.
fn with_a_note(key: &str, length: usize) -> BTreeMap<String, String> {
    let write = move |session: Session| async move {
        session.insert("note", letters(length)).await.is_ok().to_string()
    };
    let more = CookieSessionConfig::default().with_max_cookie_bytes(100_000);
    let sessions = CookieSessionManagerLayer::signed(Key::from(key.as_bytes())).with_config(more);
    let mut browser = Browser::new(|| Router::new().route("/", get(write)).layer(sessions));
    browser.get("/");
    browser.cookies().clone()
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

/// The attributes of the cookies that the next answer sets, and how many of their values its page or another header
/// holds, too. `within` is how many seconds of the session's time may have passed.
fn attributes(browser: &mut Browser, within: f64) -> String {
    let describe = |cookie: &gates::Cookie<'_>| {
        format!(
            "{}: HttpOnly {:?}, SameSite {:?}, Path {:?}, Domain {:?}, Secure {:?}, Partitioned {:?}, Expires {:?}, \
             days {:?}",
            cookie.name(),
            cookie.http_only(),
            cookie.same_site(),
            cookie.path(),
            cookie.domain(),
            cookie.secure() == Some(true),
            cookie.partitioned() == Some(true),
            cookie.expires(),
            cookie.max_age().map(|age| (age.as_seconds_f64() / within).round() * within / 86_400.0)
        )
    };
    let answer = browser.get("/");
    let others = answer.headers.iter().filter(|(name, _)| *name != "set-cookie");
    let texts: Vec<_> = others.map(|(_, value)| String::from_utf8_lossy(value.as_bytes())).collect();
    let is_shown = |cookie: &&gates::Cookie<'_>| {
        answer.body.contains(cookie.value()) || texts.iter().any(|text| text.contains(cookie.value()))
    };
    let shown = answer.set_cookies.iter().filter(is_shown).count();
    let cookies = answer.set_cookies.iter().map(describe);
    cookies.chain([format!("shown elsewhere: {shown}")]).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let (_shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_cookies(&config));
    for time in ["first", "second"] {
        seen.text(format!("a session in the cookie, the {time} time"), attributes(&mut browser, 10.0));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_page_that_asks_for_no_session_sets_no_cookie() {
    let (mut shop, config, mut seen) = shop();
    for (what, mut browser) in [
        ("sessions in cookies", Browser::new(|| step::app_with_cookies(&config))),
        ("sessions in the database", Browser::new(|| step::app_with_store(&config))),
    ] {
        let (one, other) = (browser.get("/about"), browser.get("/about"));
        seen.text(what, one.status);
        seen.call("the page is the same the second time", one.body == other.body);
        seen.call("cookies", browser.cookies().len());
    }
    seen.text("the sessions in the database", shop.rows("count(*)", "sessions"));
    for (what, mut browser) in [
        ("the app with cookies", Browser::new(|| step::app_with_cookies(&config))),
        ("the app with a database", Browser::new(|| step::app_with_store(&config))),
    ] {
        look(&mut seen, &format!("a visitor of {what}"), &mut browser, looks());
        let before = shop.sql().len();
        browser.get("/");
        seen.call("statements that run for one more look", shop.sql().len() - before);
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
    let server = Server::of(this_gate!(), |settings| step::app_with_store(&in_its_process(settings)));
    let (mut shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app_with_store(&config));
    // What the visitor gets is the same whenever they come, to the second.
    seen.text("the session's cookie", attributes(&mut browser, 1.0));
    drop(browser);
    shop.run("DELETE FROM sessions");
    let settings = settings(&shop);
    let start = || server.start(settings.clone());
    let mut one = Browser::new(start);
    let mut other = one.another();
    look(&mut seen, "one", &mut one, looks());
    look(&mut seen, "the other", &mut other, 2);
    drop(other);
    let before = one.cookies().clone();
    look(&mut seen, "one, often,", &mut one, 20 + looks());
    *one.cookies() = before;
    look(&mut seen, "one, with the cookie of before,", &mut one, 1);
    one.restart(start);
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
    // What the app logs about these is not a mistake in it.
    let provoked = provoked::begin();
    for views in ["\"many\"", "null", "2.5", "[1]", "true", "-1", "5000000000"] {
        shop.run(&format!("UPDATE sessions SET data = '{{\"views\":{views}}}'"));
        seen.text(format!("when its row has {views} views"), browser.get("/").status);
    }
    drop(provoked);
    let ours = browser.cookies().clone();
    for (what, change) in [
        ("no id", (|value| format!("{value}x")) as fn(&str) -> String),
        ("an id that was never given", |value| changed(value, 0)),
    ] {
        *browser.cookies() = ours.iter().map(|(name, value)| (name.clone(), change(value))).collect();
        look(&mut seen, &format!("with {what},"), &mut browser, 2);
    }
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
    let now = OffsetDateTime::now_utc();
    let record = |id: i128, views: u32| {
        let data = std::iter::once(("views".to_owned(), views.into())).collect();
        Record { id: Id(id), data, expiry_date: now + Duration::seconds(60) }
    };
    let store = runtime.block_on(async {
        let store = step::DatabaseStore::new(groundwork::Pool::new(&config.settings));
        let (mut one, mut other) = (record(-2, looks()), record(2, 100 + looks()));
        seen.call("create one", SessionStore::create(&store, &mut one).await.is_ok());
        let found = SessionStore::load(&store, &one.id).await.ok().flatten();
        let found = found.map(|found| (found.id, found.data, found.expiry_date.unix_timestamp()));
        seen.call(
            "load finds it",
            found == Some((one.id, one.data.clone(), one.expiry_date.unix_timestamp())),
        );
        // More than fits into a cookie, with signs that mean something in JSON or SQL.
        let mut long = record(-3, looks());
        long.data.insert("note".to_owned(), format!("{}'\\\"\n", letters(3000)).into());
        seen.call("save a long one", SessionStore::save(&store, &long).await.is_ok());
        let found = SessionStore::load(&store, &long.id).await.ok().flatten();
        seen.call("load finds all of it", found.is_some_and(|found| found.data == long.data));
        // Two ids are alike once in 2¹²⁸ tries.
        let mut alike = Record { id: one.id, ..long.clone() };
        seen.call(
            "create another with the id of one",
            SessionStore::create(&store, &mut alike).await.is_ok(),
        );
        seen.call("it has another id", alike.id != one.id);
        let found = [SessionStore::load(&store, &one.id).await, SessionStore::load(&store, &alike.id).await]
            .map(|found| found.ok().flatten());
        let found = found.map(|found| found.map(|found| found.data));
        seen.call(
            "load finds what each of them has",
            found == [Some(one.data.clone()), Some(long.data.clone())],
        );
        shop.run(&format!("DELETE FROM sessions WHERE id IN ('{}', '{}')", long.id, alike.id));
        let before = shop.queries().len();
        seen.call("save another, which has no row yet", SessionStore::save(&store, &other).await.is_ok());
        one.expiry_date = now + Duration::days(100 * 365);
        seen.call("save one, with a later end", SessionStore::save(&store, &one).await.is_ok());
        seen.call("how many statements ran for the two", shop.queries().len() - before);
        seen.text("the sessions", sessions(&mut shop));
        // As a pattern it would stand for both ids.
        let pattern = Id(-1);
        seen.call(
            format!("load finds {pattern}"),
            SessionStore::load(&store, &pattern).await.is_ok_and(|found| found.is_some()),
        );
        seen.call(format!("delete {pattern}"), SessionStore::delete(&store, &pattern).await.is_ok());
        for (what, ends) in
            [("30 seconds before", 30), ("in the second in which", 0), ("59 seconds after", -59)]
        {
            let found = is_found(&store, &mut other, ends).await;
            seen.call(format!("save the other and load it, {what} it ends: it is found"), found);
        }
        shop.run("UPDATE sessions SET expires_at = 1000000000 WHERE expires_at < 4000000000");
        seen.call(
            "load finds one",
            SessionStore::load(&store, &one.id).await.is_ok_and(|found| found.is_some()),
        );
        shop.run(&format!("UPDATE sessions SET expires_at = 1000000000 WHERE id = '{}'", one.id));
        for change in ["data = 'nonsense'".to_owned(), format!("expires_at = {}", i64::MIN)] {
            shop.run(&format!("UPDATE sessions SET {change} WHERE id = '{}'", one.id));
            let is_none = SessionStore::load(&store, &one.id).await.is_ok_and(|found| found.is_none());
            seen.call(
                format!("load finds nothing, and fails nowhere, when it is over and {change}"),
                is_none,
            );
        }
        one.expiry_date = now + Duration::seconds(600);
        seen.call("save one, with an earlier end", SessionStore::save(&store, &one).await.is_ok());
        seen.text("the sessions", sessions(&mut shop));
        let found = SessionStore::load(&store, &one.id)
            .await
            .ok()
            .flatten()
            .map(|found| found.expiry_date.unix_timestamp());
        seen.call("load finds that end", found == Some(one.expiry_date.unix_timestamp()));
        for data in ["nonsense", "", "[]", "null", "7"] {
            shop.run(&format!("UPDATE sessions SET data = '{data}' WHERE expires_at > 1000000000"));
            let failed = SessionStore::load(&store, &one.id).await.is_err();
            seen.call(format!("when the data of one is {data:?}: an error from load"), failed);
        }
        one.data.clear();
        seen.call("save one, with nothing in it", SessionStore::save(&store, &one).await.is_ok());
        let found = SessionStore::load(&store, &one.id).await.ok().flatten();
        seen.call("load finds it", found.is_some_and(|found| found.data.is_empty()));
        let other_case = other_case(&one.id);
        let id = other_case.parse().expect("these are the signs of an id");
        let found = SessionStore::load(&store, &id).await;
        seen.call(format!("load finds {other_case}"), found.is_ok_and(|found| found.is_some()));
        shop.run(&format!("UPDATE sessions SET expires_at = {} WHERE id = '{}'", i64::MAX, one.id));
        seen.call(
            "when its end is not a date: an error from load",
            SessionStore::load(&store, &one.id).await.is_err(),
        );
        seen.call("delete one", SessionStore::delete(&store, &one.id).await.is_ok());
        seen.call(
            "load finds it",
            SessionStore::load(&store, &one.id).await.is_ok_and(|found| found.is_some()),
        );
        seen.call("delete it once more", SessionStore::delete(&store, &one.id).await.is_ok());
        let calls = async {
            let saved = failure(SessionStore::save(&store, &other).await);
            let loaded = failure(SessionStore::load(&store, &other.id).await);
            [saved, loaded, failure(SessionStore::delete(&store, &other.id).await)]
        };
        let [saved, loaded, deleted] = shop.without_meanwhile("sessions", calls).await;
        seen.text("when the gate takes the table away, save", saved);
        seen.text("load", loaded);
        seen.text("delete", deleted);
        seen.text("the sessions", sessions(&mut shop));
        seen.call(
            "delete the other, which has expired",
            SessionStore::delete(&store, &other.id).await.is_ok(),
        );
        store
    });
    seen.text("the sessions", sessions(&mut shop));
    let mut two = [record(3, looks()), record(4, looks())];
    let are_stored = runtime.block_on(async {
        let [one, other] = &mut two;
        SessionStore::create(&store, one).await.is_ok() && SessionStore::create(&store, other).await.is_ok()
    });
    seen.call("create two more", are_stored);
    for Record { id, data, .. } in two {
        let load = || runtime.block_on(SessionStore::load(&store, &id));
        let (found, queries) = shop.with_only_session(&id.to_string(), load);
        let is_found = found.ok().flatten().is_some_and(|found| found.data == data);
        seen.call("load finds one of them, while the gate makes all other rows unreadable", is_found);
        seen.call("how many queries ran", queries);
    }
    // Its pool closes its connections on the runtime.
    runtime.block_on(async { drop(store) });
    shop.revert(&step::MIGRATIONS);
    seen.text("the tables after down.sql", shop.tables());
    insta::assert_snapshot!(seen);
}

/// How a call of the store has failed.
fn failure<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(_) => "does not fail",
        Err(Error::Backend(said)) if said.contains("sessions") => "returns the database's error",
        Err(_) => "returns another error",
    }
}

/// An id with a capital for each small letter, and the other way around. Not every bit of the last character counts,
/// so it stays.
fn other_case(id: &Id) -> String {
    let mut text = id.to_string();
    let last = text.pop().expect("an id has signs");
    let swap = |letter: char| match letter.is_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    };
    text.chars().map(swap).chain([last]).collect()
}

/// Whether a session is stored, and then found in the same second, which begins so many seconds before its end.
async fn is_found(store: &step::DatabaseStore, record: &mut Record, before: i64) -> bool {
    loop {
        let now = OffsetDateTime::now_utc();
        record.expiry_date = now + Duration::seconds(before);
        let is_saved = SessionStore::save(store, record).await.is_ok();
        let is_found = SessionStore::load(store, &record.id).await.is_ok_and(|found| found.is_some());
        if OffsetDateTime::now_utc().unix_timestamp() == now.unix_timestamp() {
            return is_saved && is_found;
        }
    }
}
