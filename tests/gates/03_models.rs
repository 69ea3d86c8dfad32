//! Step 3: a table, and the struct that its rows become.

use diesel::QueryResult;
use gates::{Database, Transcript, add_many, letters, number, title};
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
    let pages = number(2021);
    // There are books of one title.
    for title in [title("Emma"), title("Persuasion"), title("Emma")] {
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})");
        seen.text(title, shop.run(&insert));
    }
    seen.text("the books", shop.rows("id, title, pages", "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_title_has_at_most_fifty_characters() {
    let (mut shop, mut seen) = migrated();
    let pages = number(2021);
    for length in [50, 51] {
        let title = letters(length);
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})");
        seen.text(format!("a title of {length}"), shop.run(&insert));
    }
    seen.text("the books", shop.rows("length(title), pages", "books"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_has_a_title_and_may_have_pages() {
    let (mut shop, mut seen) = migrated();
    let (title, pages) = (title("Emma"), number(2021));
    seen.text("no title", shop.run(&format!("INSERT INTO books (pages) VALUES ({pages})")));
    seen.text("no pages", shop.run(&format!("INSERT INTO books (title) VALUES ('{title}, {pages}')")));
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
    let id = number(1);
    let rows = [
        (3 * id, title("Emma"), number(2021).to_string()),
        (id, title("Persuasion"), "NULL".to_owned()),
        (2 * id, title("Sanditon"), number(156).to_string()),
        (4 * id, title("Emma"), "NULL".to_owned()),
    ];
    for (id, title, pages) in rows {
        shop.run(&format!("INSERT INTO books (id, title, pages) VALUES ({id}, '{title}', {pages})"));
    }
    let mut conn = shop.connect(connect);
    let books: QueryResult<Vec<step::Book>> = step::models::all_books(&mut conn);
    seen.list("all_books", books);
    seen.text(
        "the gate stores more books",
        add_many(&mut shop, "books (id, title)", "SELECT 10000 + i, 'A Book' FROM numbers"),
    );
    seen.call("all_books, how many", step::models::all_books(&mut conn).map(|books| books.len()));
    let failed = shop.without("books", || step::models::all_books(&mut conn).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}
