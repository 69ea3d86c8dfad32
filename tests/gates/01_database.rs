//! Step 1: a role, a database that it owns, and the first connection.

use gates::{Database, Transcript, bad_urls, pick, read_dotenv, read_setup_sql, refusal, rows, secret};

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
    insta::assert_snapshot!(seen);
}

#[test]
fn capitals_count_in_a_pattern() {
    let year = pick();
    let shop = Database::with(&format!(
        "CREATE TABLE books (title TEXT); INSERT INTO books VALUES ('Alice {year}'), ('a primer {year}');"
    ));
    let mut conn = shop.connect(step::connect);
    let mut seen = Transcript::new();
    for pattern in ["A%", "a%"] {
        seen.text(
            format!("titles like {pattern}"),
            rows(&mut conn, "title", &format!("books WHERE title LIKE '{pattern}'")),
        );
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_bad_url_is_an_error_that_keeps_the_password() {
    let password = secret();
    let mut seen = Transcript::new();
    for (what, url) in bad_urls(&password) {
        seen.text(what, refusal(step::connect(&url), &password));
    }
    insta::assert_snapshot!(seen);
}

// PostgreSQL's server keeps whatever is no database to itself.
#[test]
#[cfg(not(feature = "postgres"))]
fn a_file_that_is_no_database_is_refused() {
    let file = gates::Dotenv::with(&format!("BOOKS={}\n", pick()));
    let url = file.path().display().to_string();
    let mut seen = Transcript::new();
    seen.call("an error, if the URL leads to a .env", step::connect(&url).is_err());
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
