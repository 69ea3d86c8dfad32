//! Step 2: settings, a pool of connections, and a web app that has both.

use std::path::PathBuf;
use std::sync::Mutex;

use gates::{Browser, Database, Dotenv, Meeting, Transcript, at_once, pick, secret};
use groundwork::Db;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

/// A shop with a number of books that the seed decides, and the settings that lead to it.
fn shop() -> (Database, step::Config, Transcript) {
    let books = pick();
    let shop =
        Database::with(&format!("CREATE TABLE shop (books INTEGER); INSERT INTO shop VALUES ({books});"));
    let config = step::Config { database_url: shop.url().to_owned(), sql_echo: None };
    (shop, config, Transcript::new())
}

#[test]
fn settings_come_from_the_file() {
    let dotenv = Dotenv::with(&format!("DATABASE_URL=sqlite://shop-{}.db\nSQL_ECHO=1\n", pick()));
    let mut seen = Transcript::new();
    let config = step::Config::load(variables(&[]), dotenv.path());
    seen.call(
        "database_url",
        config.as_ref().map(|config| &config.database_url).map_err(ToString::to_string),
    );
    seen.call(
        "sql_echo is on",
        config.map(|config| config.sql_echo.is_some()).map_err(|error| error.to_string()),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn the_process_wins_over_the_file() {
    let file = format!("DATABASE_URL=sqlite://file-{}.db\nSQL_ECHO=1\n", pick());
    let dotenv = Dotenv::with(&file);
    let from_process = format!("sqlite://process-{}.db", pick());
    let mut seen = Transcript::new();
    seen.text("the file", file);
    let config =
        step::Config::load(variables(&[("DATABASE_URL", &from_process), ("SQL_ECHO", "0")]), dotenv.path());
    let empty = step::Config::load(variables(&[("SQL_ECHO", "")]), dotenv.path());
    seen.call(
        "the process has an empty SQL_ECHO: sql_echo is on",
        empty.map(|config| config.sql_echo.is_some()).map_err(|error| error.to_string()),
    );
    seen.call(
        format!("the process has DATABASE_URL={from_process} and SQL_ECHO=0: database_url"),
        config.as_ref().map(|config| &config.database_url).map_err(ToString::to_string),
    );
    seen.call(
        "and sql_echo is on",
        config.map(|config| config.sql_echo.is_some()).map_err(|error| error.to_string()),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_setting_is_named_with_the_file() {
    let dotenv = Dotenv::with("SQL_ECHO=1\n");
    let nowhere = PathBuf::from("/course/.env");
    let mut seen = Transcript::new();
    for (what, path) in [("a file without it", dotenv.path()), ("no file", &nowhere)] {
        let error = step::Config::load(variables(&[]), path).map(|_| "loaded");
        seen.call(what, error.map_err(|error| dotenv.anonymous(&error.to_string())));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let dotenv = Dotenv::with("DATABASE_URL=sqlite://shop.db\nSQL_ECHO=perhaps\n");
    let truth = Dotenv::with("DATABASE_URL=sqlite://shop.db\nSQL_ECHO=true\n");
    let broken = Dotenv::with("DATABASE_URL=sqlite://shop.db\nSQL_ECHO=yes please\n");
    let mut seen = Transcript::new();
    for (what, dotenv) in
        [("SQL_ECHO=perhaps", &dotenv), ("SQL_ECHO=true", &truth), ("a line that is no setting", &broken)]
    {
        let error = step::Config::load(variables(&[]), dotenv.path()).map(|_| "loaded");
        seen.call(what, error.map_err(|error| dotenv.anonymous(&error.to_string())));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn secrets_do_not_show() {
    let password = secret();
    let database_url = format!("postgresql://book_user:{password}@localhost/book_database");
    let config = step::Config { database_url, sql_echo: None };
    let mut seen = Transcript::new();
    for (how, shown) in [("{:?}", format!("{config:?}")), ("{:#?}", format!("{config:#?}"))] {
        seen.call(format!("{how} shows the password"), shown.contains(&password));
        seen.call(
            format!("{how} names the struct and the settings"),
            ["Config", "database_url", "sql_echo"].iter().all(|name| shown.contains(name)),
        );
        seen.call(format!("{how} takes more than one line"), shown.lines().count() > 1);
    }
    let echoing = step::Config { sql_echo: Some(|_| {}), ..config.clone() };
    for (what, config) in [("without a sql_echo", &config), ("with a sql_echo", &echoing)] {
        let shown = format!("{config:?}");
        let says = |words: [&str; 2]| words.iter().any(|word| shown.contains(word));
        seen.call(format!("{what}, {{:?}} has the word true or Some in it"), says(["true", "Some"]));
        seen.call(format!("{what}, {{:?}} has the word false or None in it"), says(["false", "None"]));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn the_app_answers_through_its_database() {
    let (mut shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app(&config));
    seen.text("GET /", browser.get("/"));
    shop.run("UPDATE shop SET books = books + 1");
    seen.text("GET / after one more book has come", browser.get("/"));
    seen.text("GET /nowhere", browser.get("/nowhere").status);
    seen.text("POST /", browser.post("/", &[]).status);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_database_that_fails_is_no_riddle_and_no_leak() {
    let (mut shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app(&config));
    shop.run("DROP TABLE shop");
    seen.text("GET / without the table", browser.get("/"));
    insta::assert_snapshot!(seen);
}

#[test]
fn many_requests_at_once_share_the_pool() {
    let (shop, config, mut seen) = shop();
    let browser = Browser::new(|| step::app(&config));
    let answers = browser.get_at_once("/", 40);
    seen.call(
        "how many answers are right",
        answers.iter().filter(|answer| answer.body.contains(&pick().to_string())).count(),
    );
    seen.text("one of them", &answers[0]);
    // How many it takes is a matter of chance.
    let opened = match shop.connections() {
        1..=3 => "1 to 3".to_owned(),
        other => other.to_string(),
    };
    seen.text("connections that were opened", opened);

    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    // A pool closes its connections on the runtime that it is dropped in.
    let _entered = runtime.enter();
    let (pool, meeting) = (step::Pool::new(&config), Meeting::of(4));
    let work = at_once(vec![(); 4], |()| runtime.block_on(pool.run(meeting.guest::<Db>())));
    seen.call(
        "four ask the pool for a connection and keep it: how many get one",
        work.iter().filter(|done| done.is_ok()).count(),
    );
    seen.text("how many have one at the same time", meeting.most());
    insta::assert_snapshot!(seen);
}

static ECHOED: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[test]
fn statements_are_echoed_when_asked_for() {
    let (_shop, config, mut seen) = shop();
    let echo: fn(&str) = |statement| ECHOED.lock().expect("no echo panics").push(statement.to_owned());
    for sql_echo in [None, Some(echo)] {
        let config = step::Config { sql_echo, ..config.clone() };
        let answer = Browser::new(|| step::app(&config)).get("/");
        seen.text(format!("GET /, with sql_echo: {}", sql_echo.is_some()), answer);
        let echoed = ECHOED.lock().expect("no echo panics");
        let is_it = |statement: &String| statement.contains("SELECT books FROM shop");
        seen.call("the statement was echoed", echoed.iter().any(is_it));
    }
    insta::assert_snapshot!(seen);
}
