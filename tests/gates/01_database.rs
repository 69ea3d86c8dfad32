//! Lesson 1: a role, a database that it owns, and the first connection.

use gates::{
    Database, Transcript, bad_urls, pick, read_dotenv, read_setup_sql, refusal, rows, run, secret, settings,
};
use groundwork::{ConnectError, Db, check_url, prepare};

/// What the steps of `connect` make of a URL that has been checked.
fn opened_and_prepared(url: &str) -> Result<Db, ConnectError> {
    let mut conn = <Db as diesel::Connection>::establish(url)
        .map_err(|error| ConnectError::no_connection(url, error))?;
    prepare(&mut conn).map_err(|error| ConnectError::not_usable(url, error))?;
    Ok(conn)
}

/// Whether `connect` reports the error of the step that fails.
fn reports_that_error(url: &str) -> bool {
    let said =
        [step::connect, opened_and_prepared].map(|open| open(url).err().map(|error| error.to_string()));
    said[0].is_some() && said[0] == said[1]
}

/// Whether both are open, and set to do the same.
fn are_alike([opened, prepared]: [Result<Db, ConnectError>; 2]) -> bool {
    match (opened, prepared) {
        (Ok(mut opened), Ok(mut prepared)) => settings(&mut opened) == settings(&mut prepared),
        _ => false,
    }
}

#[test]
fn the_tools_work() {
    let mut seen = Transcript::new();
    seen.text("six times seven, says the database", Database::empty().rows("6 * 7", "(SELECT 1) AS one"));
    insta::assert_snapshot!(seen);
}

#[test]
fn setup_sql_makes_a_role_and_its_database() {
    let mut seen = Transcript::new();
    seen.text("setup.sql", read_setup_sql(step::SETUP_SQL));
    insta::assert_snapshot!(seen);
}

#[test]
fn the_env_file_says_where_the_database_is() {
    let mut seen = Transcript::new();
    seen.text(".env.example", read_dotenv(step::DOTENV));
    insta::assert_snapshot!(seen);
}

#[test]
fn connect_opens_the_database() {
    let books = pick();
    let shop =
        Database::with(&format!("CREATE TABLE shop (books INTEGER); INSERT INTO shop VALUES ({books});"));
    let mut seen = Transcript::new();
    seen.text(
        "how many books the shop has, asked through connect()",
        rows(&mut shop.connect(step::connect), "books", "shop"),
    );
    let opened = shop.urls().iter().filter(|url| step::connect(url).is_ok()).count();
    seen.call("there are two ways to write its URL; how many of them connect() accepts", opened);
    insta::assert_snapshot!(seen);
}

#[test]
fn capitals_count_in_a_pattern() {
    let year = pick();
    let mut shop = Database::with(&format!(
        "CREATE TABLE books (title TEXT); INSERT INTO books VALUES ('Alice {year}'), ('a primer {year}');
         CREATE TABLE shelves (id INTEGER PRIMARY KEY); CREATE TABLE places (shelf_id INTEGER REFERENCES shelves)"
    ));
    let mut conn = shop.connect(step::connect);
    let mut seen = Transcript::new();
    for pattern in ["A%", "a%"] {
        seen.text(
            format!("titles like {pattern}"),
            rows(&mut conn, "title", &format!("books WHERE title LIKE '{pattern}'")),
        );
    }
    // Another of the settings that `prepare` makes, and then all.
    for (what, statement) in [
        ("a reference to a row that is not there", format!("INSERT INTO places (shelf_id) VALUES ({year})")),
        ("a row", format!("INSERT INTO shelves (id) VALUES ({year})")),
    ] {
        seen.text(what, run(&mut conn, &statement));
    }
    seen.text("the rows as somebody else sees them", shop.rows("id", "shelves"));
    let opened = [step::connect, opened_and_prepared].map(|open| open(shop.url()));
    seen.call("the connection has the settings that prepare makes", are_alike(opened));
    let opened = [step::connect(&shop.never_opened("one")), opened_and_prepared(&shop.never_opened("other"))];
    seen.call("and so has that of a new database", are_alike(opened));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_bad_url_is_an_error_that_keeps_the_password() {
    let password = secret();
    let mut seen = Transcript::new();
    for (what, url) in bad_urls(&password) {
        seen.text(what, refusal(step::connect(&url), &password));
    }
    let [wrong @ .., (_, out_of_reach)] = bad_urls(&password);
    let says = |error: Option<ConnectError>| error.map(|error| error.to_string());
    let is_as_checked = |url: &str| says(step::connect(url).err()) == says(check_url(url).err());
    let errors = wrong.iter().filter(|(_, url)| is_as_checked(url)).count();
    seen.call("of the others, how many return check_url's own error", errors);
    seen.call("the last error names the database and the reason", reports_that_error(&out_of_reach));
    insta::assert_snapshot!(seen);
}

// PostgreSQL's server gives access to nothing but databases.
#[test]
#[cfg(not(feature = "postgres"))]
fn a_file_that_is_no_database_is_refused() {
    let password = secret();
    let file = gates::Dotenv::with(&format!("BOOKS={password}\n"));
    let url = file.path().display().to_string();
    let mut seen = Transcript::new();
    seen.text("a URL that leads to a .env", refusal(step::connect(&url), &password));
    seen.call("the error names the file and the reason", reports_that_error(&url));
    let left = std::fs::read_to_string(file.path());
    seen.call("the file is as before", left.is_ok_and(|text| text == format!("BOOKS={password}\n")));
    insta::assert_snapshot!(seen);
}

#[test]
#[cfg(feature = "postgres")]
fn a_real_server_lets_the_role_in_with_its_password_alone() {
    let mut seen = Transcript::new();
    let server = gates::SetUpServer::after(step::SETUP_SQL);
    seen.text("with the password", server.sign_in("book_user", "password", "book_database"));
    seen.text("with a wrong one", server.sign_in("book_user", "passw0rd", "book_database"));
    seen.text("the database's owner", server.owner("book_database"));
    insta::assert_snapshot!(seen);
}
