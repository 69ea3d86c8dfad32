//! Lesson 2: settings, a pool of connections, and a web app that has both.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use gates::{
    Browser, Database, Dotenv, Meeting, Transcript, at_once, bad_urls, nowhere, number, pick, rows, secret,
    settings, word,
};
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

/// What `load` returns for these variables and this file.
fn load(pairs: &[(&str, &str)], path: &Path, dotenv: &Dotenv) -> String {
    match step::Config::load(variables(pairs), path) {
        Ok(step::Config { database_url, sql_echo }) => {
            format!("database_url: {database_url:?}, sql_echo is on: {}", sql_echo.is_some())
        }
        Err(error) => format!("Err({:?})", dotenv.anonymous(&error.to_string())),
    }
}

#[test]
fn settings_come_from_the_file() {
    let mut seen = Transcript::new();
    let shop = format!("sqlite://shop-{}.db", pick());
    for (url, echo) in [
        (&*shop, "SQL_ECHO=1\n"),
        (&*shop, "SQL_ECHO=0\n"),
        (&*shop, "SQL_ECHO=\n"),
        // Whether it is a URL for this build is for `from_env` to check.
        ("mysql://localhost/books?ssl=1", ""),
        ("'sqlite://Shop.db'\r", "# It may have comments.\nexport SQL_ECHO=\"1\"\r\n"),
    ] {
        let file = format!("DATABASE_URL={url}\n{echo}");
        let dotenv = Dotenv::with(&file);
        seen.text(format!("the file is {file:?}"), load(&[], dotenv.path(), &dotenv));
        let left = std::fs::read_to_string(dotenv.path());
        seen.call("the file is as before", left.is_ok_and(|text| text == file));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn the_process_wins_over_the_file() {
    let file = format!("DATABASE_URL=sqlite://file-{}.db\nSQL_ECHO=1\n", pick());
    let url = format!("sqlite://process-{}.db", pick());
    let dotenv = Dotenv::with(&file);
    let mut seen = Transcript::new();
    seen.text("the file", &file);
    for pairs in [
        vec![("DATABASE_URL", &*url), ("SQL_ECHO", "0")],
        vec![("SQL_ECHO", "")],
        vec![("DATABASE_URL", &*url), ("BOOKS", "0"), ("Sql_Echo", "0")],
        vec![("DATABASE_URL", "")],
        vec![("DATABASE_URL", " SQLite://Process.db ")],
    ] {
        seen.text(format!("the process has {pairs:?}"), load(&pairs, dotenv.path(), &dotenv));
    }
    let left = std::fs::read_to_string(dotenv.path());
    seen.call("the file is as before", left.is_ok_and(|text| text == file));
    let pairs = [("DATABASE_URL", &*url), ("SQL_ECHO", "1")];
    let missing = dotenv.path().with_file_name("missing.env");
    let is_loaded = step::Config::load(variables(&pairs), &missing).is_ok();
    seen.call("the file is missing in its folder, and the process has both settings: loaded", is_loaded);
    seen.call("it is there afterward", missing.exists());
    seen.text(
        format!("there is no file, and the process has {pairs:?}"),
        load(&pairs, Path::new(&format!("{}/.env", nowhere())), &dotenv),
    );
    let senseless = Dotenv::with(&format!("SQL_ECHO={}\n", word("perhaps")));
    seen.text(
        format!("the file has an SQL_ECHO that makes no sense, and the process has {pairs:?}"),
        load(&pairs, senseless.path(), &senseless),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_setting_is_named_with_the_file() {
    let dotenv = Dotenv::with("SQL_ECHO=1\n");
    let empty = Dotenv::with("DATABASE_URL=\n");
    let nowhere = PathBuf::from(format!("{}/.env", nowhere()));
    let mut seen = Transcript::new();
    for (what, path) in [
        ("a file without it", dotenv.path()),
        ("no file", &*nowhere),
        ("a file in which it is empty", empty.path()),
    ] {
        seen.text(what, load(&[], path, &dotenv));
    }
    let left = [&dotenv, &empty].map(|dotenv| std::fs::read_to_string(dotenv.path()).ok());
    let as_before = ["SQL_ECHO=1\n", "DATABASE_URL=\n"].map(|text| Some(text.to_owned()));
    seen.call("the files are as before", left == as_before);
    let both = Dotenv::with(&format!("SQL_ECHO={}\n", word("perhaps")));
    let refused = step::Config::load(variables(&[]), both.path()).is_err();
    seen.call("a file without it, in which SQL_ECHO makes no sense: an error", refused);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let mut seen = Transcript::new();
    let perhaps = word("perhaps");
    let words = ["true", "false", "yes", "Yes", "no", "on", "off", "OFF", "2", "00", "01", "-1"];
    for value in std::iter::once(&*perhaps).chain(words) {
        let dotenv = Dotenv::with(&format!("DATABASE_URL=sqlite://shop.db\nSQL_ECHO={value}\n"));
        seen.text(format!("SQL_ECHO={value}"), load(&[], dotenv.path(), &dotenv));
    }
    let dotenv = Dotenv::with("DATABASE_URL=sqlite://shop.db\nSQL_ECHO=1\n");
    for value in ["true", " 1", "1 "] {
        let pairs = [("SQL_ECHO", value)];
        seen.text(format!("the process has {pairs:?}"), load(&pairs, dotenv.path(), &dotenv));
    }
    let dotenv = Dotenv::with(&format!("DATABASE_URL=sqlite://shop.db\nSQL_ECHO={} please\n", word("yes")));
    let both = [("DATABASE_URL", "sqlite://shop.db"), ("SQL_ECHO", "1")];
    seen.text("a line that is not a setting", load(&[], dotenv.path(), &dotenv));
    seen.text("the same, and the process has both settings", load(&both, dotenv.path(), &dotenv));
    std::fs::write(dotenv.path(), b"DATABASE_URL=\xFF\n").expect("the gate's own file can be written");
    seen.text("a file that is not text", load(&both, dotenv.path(), &dotenv));
    insta::assert_snapshot!(seen);
}

#[test]
fn secrets_do_not_show() {
    let password = secret();
    let mut seen = Transcript::new();
    let urls = [
        format!("postgresql://book_user:{password}@localhost/book_database"),
        format!("postgresql://localhost/book_database?user=book_user&password={password}"),
        format!("sqlite:///home/ada/{password}.db"),
        password.clone(),
        String::new(),
    ];
    let configs = urls.map(|database_url| step::Config { database_url, sql_echo: None });
    for config in &configs {
        let url = format!("{:?}", config.database_url.replace(&password, "…"));
        let shown = format!("{config:?} {config:#?}");
        seen.call(format!("Debug of {url} shows what stands for … here"), shown.contains(&password));
    }
    let echo: fn(&str) = |_| {};
    for sql_echo in [None, Some(echo)] {
        let all = configs.clone().map(|config| step::Config { sql_echo, ..config });
        let all = all.map(|config| format!("{config:?} {config:#?}"));
        let what = format!("Debug of all these is the same, with an echo: {}", sql_echo.is_some());
        seen.call(what, all.iter().all(|shown| *shown == all[0]));
    }
    let database_url = format!("postgresql://book_user:{password}@localhost/book_database");
    let config = step::Config { database_url, sql_echo: None };
    for (how, shown) in [("{:?}", format!("{config:?}")), ("{:#?}", format!("{config:#?}"))] {
        seen.call(format!("{how} shows the password"), shown.contains(&password));
        seen.call(
            format!("{how} names the struct and the settings"),
            ["Config", "database_url", "sql_echo"].iter().all(|name| shown.contains(name)),
        );
        let is_of_config = shown.starts_with("Config {") && shown.trim_end().ends_with('}');
        seen.call(format!("{how} begins with Config and has its fields in braces"), is_of_config);
        let names = |line: &str| line.matches("database_url:").count() + line.matches("sql_echo:").count();
        seen.call(format!("{how}, the most names in a line"), shown.lines().map(names).max());
        seen.call(
            format!("{how} says that there is more"),
            shown.trim_end_matches([' ', '\n', '}']).ends_with(".."),
        );
    }
    let echoing = step::Config { sql_echo: Some(echo), ..config.clone() };
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
    seen.text("connections that are open before the first request", shop.connections());
    seen.text("GET /", browser.get("/"));
    seen.call("how many queries ran", shop.queries().len());
    shop.run("UPDATE shop SET books = books + 1");
    seen.text("GET / after one more book has come", browser.get("/"));
    for books in [0, i32::MAX] {
        shop.run(&format!("UPDATE shop SET books = {books}"));
        seen.text(format!("GET / when there are {books} books"), browser.get("/"));
    }
    let few = number(17);
    let other =
        Database::with(&format!("CREATE TABLE shop (books INTEGER); INSERT INTO shop VALUES ({few})"));
    let other_config = step::Config { database_url: other.url().to_owned(), sql_echo: None };
    let mut other_browser = Browser::new(|| step::app(&other_config));
    seen.text("GET / of an app with another database", other_browser.get("/"));
    for address in ["/nowhere", "/books", "/shop", "/index.html"] {
        seen.text(format!("GET {address}"), browser.get(address).status);
    }
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        seen.text(format!("{method} /"), browser.ask(method, "/", "text/plain", Vec::new()).status);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_database_that_fails_is_no_riddle_and_no_leak() {
    let (mut shop, config, mut seen) = shop();
    let mut browser = Browser::new(|| step::app(&config));
    shop.run("DELETE FROM shop");
    seen.text("GET / when the table is empty", browser.get("/"));
    shop.run("DROP TABLE shop");
    seen.text("GET / without the table", browser.get("/"));
    let [.., (_, database_url)] = bad_urls(&secret());
    let unreachable = step::Config { database_url, sql_echo: None };
    let mut browser = Browser::new(|| step::app(&unreachable));
    seen.text("GET / without a database", browser.get("/"));
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
    seen.call("how many queries ran for them", shop.queries().len());
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

/// The settings of a connection on which `prepare` has run.
fn prepared(url: &str) -> String {
    let conn = <Db as diesel::Connection>::establish(url);
    let mut conn = conn.expect("the gate's own database can be opened");
    groundwork::prepare(&mut conn).expect("the gate's own database can be prepared");
    settings(&mut conn)
}

static ECHOED: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[test]
fn statements_are_echoed_when_asked_for() {
    let (_shop, config, mut seen) = shop();
    let echo: fn(&str) = |statement| ECHOED.lock().expect("no echo panics").push(statement.to_owned());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let _entered = runtime.enter();
    let more = number(17);
    for sql_echo in [None, Some(echo)] {
        let config = step::Config { sql_echo, ..config.clone() };
        let answer = Browser::new(|| step::app(&config)).get("/");
        // A statement that nobody can know beforehand.
        let ask = move |conn: &mut Db| {
            let _ = rows(conn, &format!("books + {more}"), "shop");
            settings(conn)
        };
        let asked = runtime.block_on(step::Pool::new(&config).run(ask));
        seen.text(format!("GET /, with sql_echo: {}", sql_echo.is_some()), answer);
        let echoed = ECHOED.lock().expect("no echo panics");
        let is_it = |statement: &String| statement.contains("SELECT books FROM shop");
        seen.call("the statement was echoed", echoed.iter().any(is_it));
        seen.call(format!("the gate asks the pool for books + {more}"), asked.is_ok());
        let is_prepared = asked.is_ok_and(|settings| settings == prepared(&config.database_url));
        seen.call("the connection has the settings that prepare makes", is_prepared);
        let is_the_gates = |statement: &String| statement.contains(&format!("books + {more}"));
        seen.call("the statement was echoed", echoed.iter().any(is_the_gates));
    }
    insta::assert_snapshot!(seen);
}
