//! Step 5: create, read, update and delete, and several writes as one.

use gates::{Bookshop, Transcript, at_once};
use groundwork::{Db, connect, violated};
use step::NewBook;
use step::books::*;

const BOOKS: &str = "id, title, pages, author_id";

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS);
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

#[test]
fn a_new_book_is_stored() {
    let (mut shop, mut conn, mut seen) = shop();
    let new =
        NewBook { title: "Alice in Wonderland", pages: Some(shop.long), author_id: Some(shop.authors[0].id) };
    seen.call("create_book", create_book(&mut conn, &new));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn all_books_come_by_title() {
    let (_shop, mut conn, mut seen) = shop();
    seen.list("all_books", all_books(&mut conn));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_is_found_by_its_id() {
    let (shop, mut conn, mut seen) = shop();
    for book in &shop.books[..2] {
        seen.call(format!("find_book({})", book.id), find_book(&mut conn, book.id));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_book_is_none() {
    let (mut shop, mut conn, mut seen) = shop();
    let book = shop.book().id;
    for id in [shop.missing_id(), book] {
        seen.call(format!("find_book({id})"), find_book(&mut conn, id));
    }
    let failed = shop.db.without("books", || find_book(&mut conn, book).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn books_are_filtered_by_the_start_of_their_title() {
    let (shop, mut conn, mut seen) = shop();
    seen.list(format!("books_starting_with({:?})", shop.word), books_starting_with(&mut conn, shop.word));
    seen.call("its SQL names the prefix", shop.db.statements().concat().contains(shop.word));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_percent_sign_in_a_prefix_stands_for_itself() {
    let (_shop, mut conn, mut seen) = shop();
    for prefix in ["100%", "%", "_", "\\"] {
        seen.list(format!("books_starting_with({prefix:?})"), books_starting_with(&mut conn, prefix));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_match_comes_alone() {
    let (shop, mut conn, mut seen) = shop();
    let (word, first) = (shop.word, first_book_starting_with(&mut conn, shop.word));
    seen.call(format!("first_book_starting_with({word:?})"), first);
    seen.call("its SQL has a LIMIT", shop.db.sql().concat().contains("LIMIT"));
    seen.call("first_book_starting_with(\"100%\")", first_book_starting_with(&mut conn, "100%"));
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_of_nothing_is_none() {
    let (mut shop, mut conn, mut seen) = shop();
    for prefix in [shop.word.to_uppercase(), shop.word.to_lowercase()] {
        let first = first_book_starting_with(&mut conn, &prefix);
        seen.call(format!("first_book_starting_with({prefix:?})"), first);
    }
    let word = shop.word;
    let failed = shop.db.without("books", || first_book_starting_with(&mut conn, word).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn authors_of_long_books_are_named_once() {
    let (shop, mut conn, mut seen) = shop();
    let long = shop.long;
    seen.list(format!("authors_of_long_books({long})"), authors_of_long_books(&mut conn, long));
    insta::assert_snapshot!(seen);
}

#[test]
fn an_update_changes_one_row() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, author) = (shop.book().id, shop.authors[4].id);
    seen.call(format!("set_author({book}, {author})"), set_author(&mut conn, book, author));
    seen.call("how many statements ran", shop.db.sql().len());
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn an_update_of_a_missing_book_says_so() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, author) = (shop.missing_id(), shop.authors[0].id);
    seen.call(format!("set_author({book}, {author})"), set_author(&mut conn, book, author));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_deleted_book_is_gone() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.book().id;
    seen.call(format!("delete_book({id})"), delete_book(&mut conn, id));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_book_cannot_be_deleted() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.missing_id();
    seen.call(format!("delete_book({id})"), delete_book(&mut conn, id));
    let failed = shop.db.without("books", || delete_book(&mut conn, id));
    seen.call(
        "when the gate takes the table books away, the answer is NotFound",
        failed == Err(diesel::NotFound),
    );
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_series_is_published_whole() {
    let (mut shop, mut conn, mut seen) = shop();
    let author = shop.authors[4].id;
    seen.list("publish_series", publish_series(&mut conn, author, &["The Fog", "The Salt", "The Ink"]));
    seen.text(
        "the author's books",
        shop.db.rows(BOOKS, &format!("books WHERE author_id = {author} ORDER BY id")),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn a_series_that_is_refused_leaves_nothing() {
    let (mut shop, mut conn, mut seen) = shop();
    let (author, missing, too_long) = (shop.authors[4].id, shop.missing_id(), "x".repeat(51));
    let refused = publish_series(&mut conn, author, &["The Fog", "The Salt", &too_long]);
    seen.list("its third title is too long", refused.map_err(|error| violated(&error)));
    seen.list(format!("there is no author {missing}"), publish_series(&mut conn, missing, &["The Fog"]));
    seen.text("the books", shop.db.rows("title, pages, author_id", "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn eight_writers_at_once_all_succeed() {
    let (mut shop, _conn, mut seen) = shop();
    let author = shop.authors[4].id;
    let writers = (1..=8).map(|writer| (writer, shop.db.connect(connect))).collect();
    let publish = |(writer, mut conn)| {
        let titles = ["a", "b", "c"].map(|part| format!("Volume {writer}{part}"));
        publish_series(&mut conn, author, &titles.each_ref().map(String::as_str)).map(|books| books.len())
    };
    let outcomes = shop.db.while_writing("UPDATE books SET pages = pages", || at_once(writers, publish));
    seen.list("publish_series, eight times at once", Ok::<_, ()>(outcomes));
    let from = format!("books WHERE author_id = {author} GROUP BY author_id");
    seen.text("the author's books", shop.db.rows("author_id, count(*)", &from));
    insta::assert_snapshot!(seen);
}
