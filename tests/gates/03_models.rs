//! Step 3: a table, and the struct that its rows become.

use gates::{Database, Transcript, pick};
use groundwork::connect;

fn migrated() -> (Database, Transcript) {
    (Database::migrated(&step::MIGRATIONS), Transcript::new())
}

#[test]
fn the_table_has_its_columns() {
    let (mut shop, mut seen) = migrated();
    seen.text("books", shop.columns("books"));
    insta::assert_snapshot!(seen);
}

#[test]
fn the_database_makes_the_keys() {
    let (mut shop, mut seen) = migrated();
    let pages = pick();
    for title in ["Emma", "Persuasion"] {
        seen.text(title, shop.run(&format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})")));
    }
    seen.text("the books", shop.rows("id, title, pages", "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_title_has_at_most_fifty_characters() {
    let (mut shop, mut seen) = migrated();
    let pages = pick();
    for length in [50, 51] {
        // An é is one character and two bytes.
        let title = "é".repeat(length);
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})");
        seen.text(format!("a title of {length}"), shop.run(&insert));
    }
    seen.text("the books", shop.rows("length(title), pages", "books"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_has_a_title_and_may_have_pages() {
    let (mut shop, mut seen) = migrated();
    let pages = pick();
    seen.text("no title", shop.run(&format!("INSERT INTO books (pages) VALUES ({pages})")));
    seen.text("no pages", shop.run(&format!("INSERT INTO books (title) VALUES ('Emma, {pages}')")));
    seen.text("the books", shop.rows("title, pages", "books"));
    insta::assert_snapshot!(seen);
}

#[test]
fn what_goes_up_comes_down() {
    let (mut shop, mut seen) = migrated();
    seen.text("after up.sql", shop.tables());
    shop.revert(&step::MIGRATIONS);
    seen.text("after down.sql", shop.tables());
    shop.migrate(&step::MIGRATIONS);
    seen.text("after up.sql again", shop.tables());
    insta::assert_snapshot!(seen);
}

#[test]
fn rows_become_books() {
    let (mut shop, mut seen) = migrated();
    let pages = pick();
    let rows = [
        (3, "Emma", pages.to_string()),
        (1, "Persuasion", "NULL".to_owned()),
        (2, "Sanditon", "156".to_owned()),
    ];
    for (id, title, pages) in rows {
        shop.run(&format!("INSERT INTO books (id, title, pages) VALUES ({id}, '{title}', {pages})"));
    }
    seen.list("all_books", step::models::all_books(&mut shop.connect(connect)));
    insta::assert_snapshot!(seen);
}
