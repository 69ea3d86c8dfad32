//! Step 5: create, read, update and delete, and several writes as one.

use std::collections::BTreeSet;

use diesel::{QueryResult, RunQueryDsl};
use gates::{Author, Book, Bookshop, Transcript, at_once, letters, rows, title, titles};
use groundwork::{Db, connect, violated};

const BOOKS: &str = "id, title, pages, author_id";

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS);
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

// What the gate prints: the fields, whatever the structs say of themselves.
fn row(book: step::Book) -> Book {
    Book { id: book.id, title: book.title, pages: book.pages, author_id: book.author_id }
}

fn book(book: QueryResult<step::Book>) -> QueryResult<Book> {
    book.map(row)
}

fn found(book: QueryResult<Option<step::Book>>) -> QueryResult<Option<Book>> {
    book.map(|book| book.map(row))
}

fn books(books: QueryResult<Vec<step::Book>>) -> QueryResult<Vec<Book>> {
    books.map(|books| books.into_iter().map(row).collect())
}

fn authors(authors: QueryResult<Vec<step::Author>>) -> QueryResult<Vec<Author>> {
    let row = |author: step::Author| Author { id: author.id, name: author.name };
    authors.map(|authors| authors.into_iter().map(row).collect())
}

/// Prefixes with signs that a pattern or SQL would take for something else, with a book for each.
fn prefixes(shop: &mut Bookshop) -> Vec<String> {
    let signs = ["%", "_", "\\", "'"].map(|sign| format!("{}{sign}", shop.word));
    for start in &signs {
        let title = format!("{}, {}", start.replace('\'', "''"), title("Emma"));
        shop.db.run(&format!("INSERT INTO books (title) VALUES ('{title}')"));
    }
    std::iter::once(shop.hundred.clone()).chain(signs).collect()
}

#[test]
fn a_new_book_is_stored() {
    let (mut shop, mut conn, mut seen) = shop();
    let (pages, author_id) = (Some(shop.long), Some(shop.authors[0].id));
    let new = step::NewBook { title: &title("Alice in Wonderland"), pages, author_id };
    seen.call("create_book", book(step::books::create_book(&mut conn, &new)));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    // A title is stored as it is, whatever is in it and whoever else has it.
    for title in [shop.books[0].title.clone(), format!(" {}'s ", title("Emma"))] {
        let new = step::NewBook { title: &title, pages: None, author_id: None };
        seen.call(format!("create_book({title:?})"), book(step::books::create_book(&mut conn, &new)));
    }
    let mut other = shop.db.connect(connect);
    for (before, ours, theirs) in [(1, "Emma", "Persuasion"), (2, "Sanditon", "The Watsons")] {
        let (ours, theirs) = (title(ours), title(theirs));
        let new = step::NewBook { title: &ours, pages, author_id };
        let insert = format!("INSERT INTO books (title) VALUES ('{theirs}')");
        let meanwhile = || diesel::sql_query(insert).execute(&mut other).is_ok();
        let create = || book(step::books::create_book(&mut conn, &new));
        let (created, _) = shop.db.interrupt(before, meanwhile, create);
        let what =
            format!("create_book({ours:?}), if {theirs:?} is stored between its statements: the title");
        seen.call(what, created.map(|book| book.title));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn all_books_come_by_title() {
    let (mut shop, mut conn, mut seen) = shop();
    seen.list("all_books", books(step::books::all_books(&mut conn)));
    seen.text("the gate stores more books", shop.add_many_books(shop.authors[4].id));
    seen.call("all_books, how many", step::books::all_books(&mut conn).map(|books| books.len()));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_is_found_by_its_id() {
    let (mut shop, mut conn, mut seen) = shop();
    for book in &shop.books[..2] {
        seen.call(format!("find_book({})", book.id), found(step::books::find_book(&mut conn, book.id)));
    }
    let id = shop.books[1].id;
    let others = format!("id <> {id}");
    let read = shop.db.with_unreadable_books(&others, || step::books::find_book(&mut conn, id).is_ok());
    seen.call(format!("find_book({id}) succeeds when the gate makes all other books unreadable"), read);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_book_is_none() {
    let (mut shop, mut conn, mut seen) = shop();
    let book = shop.book().id;
    for id in [shop.missing_id(), shop.gap(), book] {
        seen.call(format!("find_book({id})"), found(step::books::find_book(&mut conn, id)));
    }
    let failed = shop.db.without("books", || step::books::find_book(&mut conn, book).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn books_are_filtered_by_the_start_of_their_title() {
    let (mut shop, mut conn, mut seen) = shop();
    let word = shop.word;
    let call = format!("books_starting_with({word:?})");
    seen.list(&call, books(step::books::books_starting_with(&mut conn, word)));
    let longer = format!("{word} and");
    let read = books(step::books::books_starting_with(&mut conn, &longer));
    seen.list(format!("books_starting_with({longer:?})"), read);
    let others = format!("substr(title, 1, {}) <> '{word}'", word.len());
    let read = shop
        .db
        .with_unreadable_books(&others, || books(step::books::books_starting_with(&mut conn, word)).is_ok());
    seen.call(format!("{call} succeeds when the gate makes all other books unreadable"), read);
    seen.text("the gate stores more books", shop.add_many_books(shop.authors[4].id));
    let read = step::books::books_starting_with(&mut conn, word);
    seen.call(format!("{call}, how many"), read.map(|books| books.len()));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_percent_sign_in_a_prefix_stands_for_itself() {
    let (mut shop, mut conn, mut seen) = shop();
    for prefix in prefixes(&mut shop) {
        let read = books(step::books::books_starting_with(&mut conn, &prefix));
        seen.list(format!("books_starting_with({prefix:?})"), read);
    }
    let hundred = shop.hundred.clone();
    let others = format!("substr(title, 1, {}) <> '{hundred}'", hundred.len());
    let read = shop
        .db
        .with_unreadable_books(&others, || step::books::books_starting_with(&mut conn, &hundred).is_ok());
    let call = format!("books_starting_with({hundred:?})");
    seen.call(format!("{call} succeeds when the gate makes all other books unreadable"), read);
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_match_comes_alone() {
    let (mut shop, mut conn, mut seen) = shop();
    let word = shop.word;
    for prefix in std::iter::once(word.to_owned()).chain(prefixes(&mut shop)) {
        let first = found(step::books::first_book_starting_with(&mut conn, &prefix));
        seen.call(format!("first_book_starting_with({prefix:?})"), first);
    }
    let first = format!("SELECT id FROM books_in_stock WHERE substr(title, 1, {}) = '{word}'", word.len());
    let others = format!("id <> ({first} ORDER BY title, id LIMIT 1)");
    let read = shop
        .db
        .with_unreadable_books(&others, || step::books::first_book_starting_with(&mut conn, word).is_ok());
    let what =
        format!("first_book_starting_with({word:?}) succeeds when the gate makes all other books unreadable");
    seen.call(what, read);
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_of_nothing_is_none() {
    let (mut shop, mut conn, mut seen) = shop();
    for prefix in [shop.word.to_uppercase(), shop.word.to_lowercase()] {
        let first = found(step::books::first_book_starting_with(&mut conn, &prefix));
        seen.call(format!("first_book_starting_with({prefix:?})"), first);
    }
    let word = shop.word;
    let failed = shop.db.without("books", || step::books::first_book_starting_with(&mut conn, word).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn authors_of_long_books_are_named_once() {
    let (mut shop, mut conn, mut seen) = shop();
    let long = shop.long;
    let call = format!("authors_of_long_books({long})");
    seen.list(&call, authors(step::books::authors_of_long_books(&mut conn, long)));
    seen.call("how many queries ran", shop.db.sql().len());
    seen.text("the gate stores more authors", shop.add_many_authors());
    let read = step::books::authors_of_long_books(&mut conn, long);
    seen.call(format!("{call}, how many"), read.map(|authors| authors.len()));
    insta::assert_snapshot!(seen);
}

#[test]
fn an_update_changes_one_row() {
    let (mut shop, mut conn, mut seen) = shop();
    let (id, author) = (shop.book().id, shop.authors[4].id);
    let updated = book(step::books::set_author(&mut conn, id, author));
    seen.call(format!("set_author({id}, {author})"), updated);
    seen.call("how many statements ran", shop.db.sql().len());
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn an_update_of_a_missing_book_says_so() {
    let (mut shop, mut conn, mut seen) = shop();
    let (missing, book_id, author) = (shop.missing_id(), shop.book().id, shop.authors[0].id);
    let updated = book(step::books::set_author(&mut conn, missing, author));
    seen.call(format!("set_author({missing}, {author})"), updated);
    let refused = book(step::books::set_author(&mut conn, book_id, missing));
    seen.call(format!("set_author({book_id}, {missing})"), refused.map_err(|error| violated(&error)));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_deleted_book_is_gone() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.twin().id;
    let deleted: QueryResult<()> = step::books::delete_book(&mut conn, id);
    seen.call(format!("delete_book({id})"), deleted);
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_book_cannot_be_deleted() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.missing_id();
    let deleted: QueryResult<()> = step::books::delete_book(&mut conn, id);
    seen.call(format!("delete_book({id})"), deleted);
    let failed = shop.db.without("books", || step::books::delete_book(&mut conn, id));
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
    let (author, titles) = (shop.authors[4].id, titles(&["The Fog", "The Salt", "The Ink", "The Maps"]));
    let titles: Vec<_> = titles.iter().map(String::as_str).collect();
    seen.list("publish_series", books(step::books::publish_series(&mut conn, author, &titles)));
    seen.text(
        "the author's books",
        shop.db.rows(BOOKS, &format!("books WHERE author_id = {author} ORDER BY id")),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn a_series_that_is_refused_leaves_nothing() {
    let (mut shop, mut conn, mut seen) = shop();
    let (author, missing, too_long) = (shop.authors[4].id, shop.missing_id(), letters(51));
    let mut titles = titles(&["The Fog", "The Salt"]);
    titles.push(too_long);
    let titles: Vec<_> = titles.iter().map(String::as_str).collect();
    let mut publish = |author, titles| books(step::books::publish_series(&mut conn, author, titles));
    let refused = publish(author, &titles[..]);
    seen.list("its last title is too long", refused.map_err(|error| violated(&error)));
    let before = shop.db.sql().iter().take_while(|statement| !statement.starts_with("BEGIN")).count();
    seen.call("how many statements ran before the transaction", before);
    for (titles, how_many) in [(&titles[..1], "a title"), (&[], "no title")] {
        seen.list(format!("there is no author {missing}, and {how_many}"), publish(missing, titles));
    }
    seen.text("the books", shop.db.rows("title, pages, author_id", "books ORDER BY id"));
    // Somebody who looks before its second statement, its third, …
    let (mut other, mut counts) = (shop.db.connect(connect), BTreeSet::new());
    for before in 1.. {
        let look = || rows(&mut other, "count(*)", &format!("books WHERE author_id = {author}"));
        let (_, looked) = shop.db.interrupt(before, look, || publish(author, &titles[..]).is_ok());
        match looked {
            Some((count, _statement)) => counts.insert(count),
            None => break,
        };
    }
    let counts: Vec<_> = counts.into_iter().collect();
    seen.text("the author's books, whenever somebody looks meanwhile", counts.join("\n"));
    insta::assert_snapshot!(seen);
}

#[test]
fn eight_writers_at_once_all_succeed() {
    let (mut shop, _conn, mut seen) = shop();
    let author = shop.authors[4].id;
    let parts = titles(&["a", "b", "c"]);
    let writers = (1..=8).map(|writer| (writer, shop.db.connect(connect))).collect();
    let publish = |(writer, mut conn)| {
        let titles: Vec<_> = parts.iter().map(|part| format!("{} {writer}{part}", title("Volume"))).collect();
        let titles: Vec<_> = titles.iter().map(String::as_str).collect();
        books(step::books::publish_series(&mut conn, author, &titles)).map(|books| books.len())
    };
    let outcomes = shop.db.while_writing("UPDATE books SET pages = pages", || at_once(writers, publish));
    seen.list("publish_series, eight times at once", Ok::<_, ()>(outcomes));
    let from = format!("books WHERE author_id = {author} GROUP BY author_id");
    seen.text("the author's books", shop.db.rows("author_id, count(*)", &from));
    insta::assert_snapshot!(seen);
}
