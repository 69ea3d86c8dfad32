//! Lesson 5: create, read, update and delete, and several writes as one.

use std::collections::BTreeSet;

use diesel::{QueryResult, RunQueryDsl};
use gates::{
    Author, Book, Bookshop, Database, Transcript, at_once, is_another_error, is_the_databases, letters,
    number, rows, title, titles,
};
use groundwork::{Db, connect, violated, write};

const BOOKS: &str = "id, title, pages, author_id";
const BOOKS_AWAY: &str = "when the gate takes the table books away, the answer is the database's error";

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

/// The ids of the shop's books whose titles begin so, by title and id.
fn starting_with(shop: &Bookshop, prefix: &str) -> Vec<i32> {
    let mut books: Vec<_> = shop.books.iter().filter(|book| book.title.starts_with(prefix)).collect();
    books.sort_by_key(|book| (&book.title, book.id));
    books.iter().map(|book| book.id).collect()
}

/// What the gate does to the books that a query has no business with, and to the others.
fn unreadable() -> String {
    let more = Database::more_pages();
    format!("while the gate makes all other books unreadable, and these have {more} pages more")
}

/// Notes how many books there are, and whether they are in order.
fn in_order(seen: &mut Transcript, call: &str, books: QueryResult<Vec<step::Book>>) {
    let order =
        books.map(|books| (books.len(), books.is_sorted_by_key(|book| (book.title.clone(), book.id))));
    seen.call(format!("{call}, how many, and are they in order?"), order);
}

/// Notes whether a call that has to read this book returns the database's own error when that fails; and another error
/// than `NotFound` when its row is there and fits no struct, since the database has `NULL` in a column of this table.
fn errors<T>(
    shop: &mut Bookshop,
    seen: &mut Transcript,
    (id, table, column): (i32, &str, &str),
    mut call: impl FnMut() -> QueryResult<T>,
) {
    seen.call(BOOKS_AWAY, shop.db.fails_without("books", &mut call));
    let what = format!("when the gate makes book {id} alone unreadable, the answer is the database's error");
    seen.call(what, shop.fails_at(id, &mut call));
    let failed = shop.db.with_nulls(table, column, || is_another_error(&call()));
    seen.call(
        format!("when each {column} in {table} is NULL, the answer is an error, and not NotFound"),
        failed,
    );
}

/// Prefixes with signs that a pattern or SQL would take for something else, with a book for each. Whichever sign
/// escapes in a pattern, it needs an escape itself, wherever it is. A blank counts, and so does each letter of a prefix
/// that is longer than any title.
fn prefixes(shop: &mut Bookshop) -> Vec<String> {
    let word = shop.word;
    let signs = ["%", "%%", "_", "__", "\\", "\\%", "'", "*?[", "!#$&+-./<=>@]^|~", "\u{1b}", "\u{7f}"];
    let mut starts: Vec<_> = signs.iter().map(|sign| format!("{word}{sign}")).collect();
    starts.push(format!(" {word}"));
    // The rest of the keyboard, and of what is on none.
    let controls: String = ('\u{1}'..='\u{1f}').collect();
    let (letters_and_digits, capitals): (String, String) =
        (('a'..='z').chain('0'..='9').collect(), ('A'..='Z').collect());
    let more = ["\"(),:;`{}", "\u{a0}§¬¦¤¢£¥€°¶·×÷\u{feff}\u{e000}\u{fffd}"];
    let mut rest: Vec<_> = more.iter().map(|signs| format!("{word}{signs}")).collect();
    rest.extend([&controls, &letters_and_digits, &capitals].map(|signs| format!("{word}{signs}")));
    for start in &rest {
        shop.db.run(&format!("INSERT INTO books (title) VALUES ('{start}s')"));
    }
    for start in &starts {
        let title = format!("{}, {}", start.replace('\'', "''"), title("Emma"));
        shop.db.run(&format!("INSERT INTO books (title) VALUES ('{title}')"));
    }
    // The last characters that there are, and a prefix with more bytes than a title has letters.
    let (last, accents) = (format!("{word}: "), "é".repeat(39));
    for title in [letters(50), format!("{last}\u{1f4d6}"), format!("{last}\u{10ffff}"), format!("{accents}s")]
    {
        shop.db.run(&format!("INSERT INTO books (title) VALUES ('{title}')"));
    }
    [shop.hundred.clone(), format!("{word} "), letters(51), last, accents]
        .into_iter()
        .chain(starts)
        .chain(rest)
        .collect()
}

/// An index that refuses a second book of this title.
fn one_title_once(title: &str) -> String {
    format!("CREATE UNIQUE INDEX one_title_once ON books (title) WHERE title = '{title}'")
}

#[test]
fn a_new_book_is_stored() {
    let (mut shop, mut conn, mut seen) = shop();
    let (pages, author_id) = (Some(shop.long), Some(shop.authors[0].id));
    let new = step::NewBook { title: &title("Alice in Wonderland"), pages, author_id };
    seen.call("create_book", book(step::books::create_book(&mut conn, &new)));
    seen.call("how many statements ran", shop.db.queries().len());
    // A title is stored as it is, whatever is in it and whoever else has it; no pages are not unknown ones.
    for (title, pages) in [
        (shop.books[0].title.clone(), None),
        (format!(" {}'s ", title("Emma")), Some(0)),
        (letters(50), Some(1)),
        (String::new(), Some(-1)),
    ] {
        let new = step::NewBook { title: &title, pages, author_id: None };
        seen.call(format!("create_book({title:?})"), book(step::books::create_book(&mut conn, &new)));
    }
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    let lines = format!("{}\r\nand more\t", title("Emma"));
    let new = step::NewBook { title: &lines, pages, author_id: None };
    let created = book(step::books::create_book(&mut conn, &new)).map(|book| book.title);
    seen.call("create_book, with a title of two lines", created);
    let stored = shop.db.rows("count(*)", &format!("books WHERE title = '{lines}'"));
    seen.text("the books of that title", stored);
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
    // Last, as a key that a refused insert was given is not given again on one of the databases.
    let (too_long, short) = (letters(51), title("Emma"));
    for (what, title, author_id) in [
        ("a title of 51 characters", &too_long, author_id),
        ("an author who does not exist", &short, Some(shop.missing_id())),
        ("an author with the key 0", &short, Some(0)),
    ] {
        let refused = book(step::books::create_book(&mut conn, &step::NewBook { title, pages, author_id }));
        seen.call(format!("create_book, with {what}"), refused.map_err(|error| violated(&error)));
    }
    // A rule that the gate adds: what is there stays, and no error is hidden.
    let rare = format!("{}'s", title("Northanger Abbey"));
    let quoted = rare.replace('\'', "''");
    shop.db.run(&one_title_once(&quoted));
    for time in ["first", "second"] {
        let new = step::NewBook { title: &rare, pages: Some(number(7)), author_id: None };
        let created = book(step::books::create_book(&mut conn, &new)).map(|book| book.title);
        seen.call(
            format!("the gate lets this title be there once; create_book({rare:?}), the {time} time"),
            created.map_err(|error| violated(&error)),
        );
    }
    let from = format!("books WHERE title = '{quoted}'");
    seen.text("the books of that title", shop.db.rows("title, pages, author_id", &from));
    let new = step::NewBook { title: &short, pages, author_id };
    let failed = shop.db.fails_without("books", || step::books::create_book(&mut conn, &new));
    seen.call(BOOKS_AWAY, failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn all_books_come_by_title() {
    let (mut shop, mut conn, mut seen) = shop();
    seen.text("the gate stores odd books", shop.add_odd_books());
    seen.list("all_books", books(step::books::all_books(&mut conn)));
    let id = shop.books[0].id;
    errors(&mut shop, &mut seen, (id, "books", "title"), || step::books::all_books(&mut conn));
    seen.text("the gate stores more books", shop.add_many_books(shop.authors[4].id));
    in_order(&mut seen, "all_books", step::books::all_books(&mut conn));
    seen.text("the gate deletes all books", shop.db.run("DELETE FROM books"));
    seen.list("all_books", books(step::books::all_books(&mut conn)));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_is_found_by_its_id() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.books[1].id;
    // First of all, so that nothing can be remembered.
    let (read, queries) = shop.db.with_only(&[id], || found(step::books::find_book(&mut conn, id)));
    seen.text("the gate stores odd books", shop.add_odd_books());
    for id in [shop.books[0].id, id, shop.book_without_author().id, 0, -2] {
        seen.call(format!("find_book({id})"), found(step::books::find_book(&mut conn, id)));
    }
    seen.call(format!("find_book({id}), {}", unreadable()), read);
    seen.call("how many queries ran", queries);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_book_is_none() {
    let (mut shop, mut conn, mut seen) = shop();
    let book = shop.book().id;
    for id in [shop.missing_id(), shop.gap(), book] {
        seen.call(format!("find_book({id})"), found(step::books::find_book(&mut conn, id)));
    }
    let gap = shop.gap();
    let (read, queries) = shop.db.with_only(&[gap], || found(step::books::find_book(&mut conn, gap)));
    seen.call(format!("find_book({gap}), while the gate makes all books unreadable"), read);
    seen.call("how many queries ran", queries);
    errors(&mut shop, &mut seen, (book, "books", "title"), || step::books::find_book(&mut conn, book));
    seen.text(format!("DELETE of book {book}"), shop.db.run(&format!("DELETE FROM books WHERE id = {book}")));
    seen.call(format!("find_book({book})"), found(step::books::find_book(&mut conn, book)));
    insta::assert_snapshot!(seen);
}

#[test]
fn books_are_filtered_by_the_start_of_their_title() {
    let (mut shop, mut conn, mut seen) = shop();
    let word = shop.word;
    let ids = starting_with(&shop, word);
    let (alone, queries) =
        shop.db.with_only(&ids, || books(step::books::books_starting_with(&mut conn, word)));
    let call = format!("books_starting_with({word:?})");
    seen.list(&call, books(step::books::books_starting_with(&mut conn, word)));
    // The whole title of two books.
    let id = starting_with(&shop, &format!("{word} and"))[0];
    let whole = shop.books.iter().find(|book| book.id == id).map(|book| book.title.clone());
    let whole = whole.expect("the shop has this book");
    let read = books(step::books::books_starting_with(&mut conn, &whole));
    seen.list(format!("books_starting_with({whole:?})"), read);
    seen.list(format!("{call}, {}", unreadable()), alone);
    seen.call("how many queries ran", queries);
    let read = || step::books::books_starting_with(&mut conn, word);
    errors(&mut shop, &mut seen, (id, "books", "id"), read);
    seen.text("the gate stores odd books", shop.add_odd_books());
    for prefix in ["É", "Ω"] {
        let read = books(step::books::books_starting_with(&mut conn, prefix));
        seen.list(format!("books_starting_with({prefix:?})"), read);
    }
    seen.text("the gate stores more books", shop.add_many_books(shop.authors[4].id));
    in_order(&mut seen, &call, step::books::books_starting_with(&mut conn, word));
    in_order(&mut seen, "books_starting_with(\"\")", step::books::books_starting_with(&mut conn, ""));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_percent_sign_in_a_prefix_stands_for_itself() {
    let (mut shop, mut conn, mut seen) = shop();
    let hundred = shop.hundred.clone();
    let ids = starting_with(&shop, &hundred);
    let (alone, queries) =
        shop.db.with_only(&ids, || books(step::books::books_starting_with(&mut conn, &hundred)));
    for prefix in prefixes(&mut shop) {
        let read = books(step::books::books_starting_with(&mut conn, &prefix));
        seen.list(format!("books_starting_with({prefix:?})"), read);
    }
    seen.list(format!("books_starting_with({hundred:?}), {}", unreadable()), alone);
    seen.call("how many queries ran", queries);
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_match_comes_alone() {
    let (mut shop, mut conn, mut seen) = shop();
    let word = shop.word;
    let first = starting_with(&shop, word)[0];
    let (alone, queries) =
        shop.db.with_only(&[first], || found(step::books::first_book_starting_with(&mut conn, word)));
    seen.text("the gate stores odd books", shop.add_odd_books());
    let hostile = prefixes(&mut shop).into_iter().filter(|prefix| prefix.chars().count() <= 50);
    for prefix in ["", word, "É", "Ω"].map(str::to_owned).into_iter().chain(hostile) {
        let first = found(step::books::first_book_starting_with(&mut conn, &prefix));
        seen.call(format!("first_book_starting_with({prefix:?})"), first);
    }
    seen.call(format!("first_book_starting_with({word:?}), {}", unreadable()), alone);
    seen.call("how many queries ran", queries);
    insta::assert_snapshot!(seen);
}

#[test]
fn the_first_of_nothing_is_none() {
    let (mut shop, mut conn, mut seen) = shop();
    for prefix in [shop.word.to_uppercase(), shop.word.to_lowercase(), "é".repeat(51)] {
        let first = found(step::books::first_book_starting_with(&mut conn, &prefix));
        seen.call(format!("first_book_starting_with({prefix:?})"), first);
    }
    let word = shop.word;
    let id = starting_with(&shop, word)[0];
    let read = || step::books::first_book_starting_with(&mut conn, word);
    errors(&mut shop, &mut seen, (id, "books", "id"), read);
    insta::assert_snapshot!(seen);
}

#[test]
fn authors_of_long_books_are_named_once() {
    let (mut shop, mut conn, mut seen) = shop();
    let long = shop.long;
    let call = format!("authors_of_long_books({long})");
    seen.list(&call, authors(step::books::authors_of_long_books(&mut conn, long)));
    seen.call("how many queries ran", shop.db.queries().len());
    let read = authors(step::books::authors_of_long_books(&mut conn, i32::MAX));
    seen.list(format!("authors_of_long_books({})", i32::MAX), read);
    // However few pages are asked for, nobody knows that it has so many.
    let (title, author) = (title("Emma"), shop.authors[4].id);
    shop.db.run(&format!("INSERT INTO books (title, author_id) VALUES ('{title}', {author})"));
    seen.text("the gate stores odd authors, each with a book", shop.add_odd_authors());
    for pages in [i32::MAX, 0, -1, i32::MIN] {
        let read = authors(step::books::authors_of_long_books(&mut conn, pages));
        seen.list(format!("authors_of_long_books({pages})"), read);
    }
    let id = shop.books[0].id;
    let read = || step::books::authors_of_long_books(&mut conn, long);
    errors(&mut shop, &mut seen, (id, "authors", "name"), read);
    let read = || step::books::authors_of_long_books(&mut conn, long);
    let failed = shop.db.fails_without("authors", read);
    seen.call("when the gate takes the table authors away, the answer is the database's error", failed);
    seen.text("the gate stores more authors", shop.add_many_authors());
    let read = step::books::authors_of_long_books(&mut conn, long);
    let in_order =
        |authors: &[step::Author]| authors.is_sorted_by_key(|author| (author.name.clone(), author.id));
    let read = read.map(|authors| (authors.len(), in_order(&authors)));
    seen.call(format!("{call}, how many, and are they in order?"), read);
    insta::assert_snapshot!(seen);
}

#[test]
fn an_update_changes_one_row() {
    let (mut shop, mut conn, mut seen) = shop();
    let (id, other, author) = (shop.book().id, shop.book_without_author().id, shop.authors[4].id);
    let blanks = format!("UPDATE books SET title = ' ' || title || ' ' WHERE id = {id}");
    seen.text(format!("the gate puts blanks around the title of book {id}"), shop.db.run(&blanks));
    seen.text("the gate stores odd books", shop.add_odd_books());
    for id in [id, other, shop.twin().id, -4, 0, id] {
        let updated = book(step::books::set_author(&mut conn, id, author));
        seen.call(format!("set_author({id}, {author})"), updated);
    }
    seen.call("how many statements ran for all of them", shop.db.queries().len());
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn an_update_of_a_missing_book_says_so() {
    let (mut shop, mut conn, mut seen) = shop();
    let (missing, book_id, author) = (shop.missing_id(), shop.book().id, shop.authors[0].id);
    for missing in [missing, shop.gap()] {
        let updated = book(step::books::set_author(&mut conn, missing, author));
        seen.call(format!("set_author({missing}, {author})"), updated);
    }
    for missing in [missing, 0] {
        let refused = book(step::books::set_author(&mut conn, book_id, missing));
        seen.call(format!("set_author({book_id}, {missing})"), refused.map_err(|error| violated(&error)));
    }
    let failed = shop.db.fails_without("books", || step::books::set_author(&mut conn, book_id, author));
    seen.call(BOOKS_AWAY, failed);
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_deleted_book_is_gone() {
    let (mut shop, mut conn, mut seen) = shop();
    seen.text("the gate stores odd books", shop.add_odd_books());
    for id in [shop.twin().id, -4] {
        let deleted: QueryResult<()> = step::books::delete_book(&mut conn, id);
        seen.call(format!("delete_book({id})"), deleted);
    }
    seen.call("how many statements ran for the two", shop.db.queries().len());
    // Nobody needs the row of a book that goes.
    shop.db.run("ALTER TABLE books RENAME COLUMN pages TO sides");
    let deleted = step::books::delete_book(&mut conn, -5);
    shop.db.run("ALTER TABLE books RENAME COLUMN sides TO pages");
    seen.call("while no book can be read, as the gate renames a column: delete_book(-5)", deleted);
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    seen.text("the authors", shop.db.rows("id, name", "authors ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_missing_book_cannot_be_deleted() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.missing_id();
    for id in [id, shop.gap()] {
        let deleted: QueryResult<()> = step::books::delete_book(&mut conn, id);
        seen.call(format!("delete_book({id})"), deleted);
    }
    let failed = shop.db.fails_without("books", || step::books::delete_book(&mut conn, id));
    seen.call(BOOKS_AWAY, failed);
    // A book that another row refers to is there.
    let lent = shop.book().id;
    shop.db.run("CREATE TABLE loans (book_id INTEGER NOT NULL REFERENCES books (id))");
    shop.db.run(&format!("INSERT INTO loans (book_id) VALUES ({lent})"));
    let refused = step::books::delete_book(&mut conn, lent).map_err(|error| violated(&error));
    seen.call(format!("delete_book({lent}), to which a row of the gate's own table refers"), refused);
    shop.db.run("DROP TABLE loans");
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_series_is_published_whole() {
    let (mut shop, mut conn, mut seen) = shop();
    let (author, titles) = (shop.authors[4].id, titles(&["The Fog", "The Salt", "The Ink", "The Maps"]));
    let mut titles: Vec<_> = titles.iter().map(String::as_str).collect();
    // The author has a book of that title already, and two more in the series.
    let (pages, title) = (shop.long, titles[0]);
    shop.db
        .run(&format!("INSERT INTO books (title, pages, author_id) VALUES ('{title}', {pages}, {author})"));
    let odd = format!(" {title}'s ");
    titles.extend([title, &odd, ""]);
    seen.list("publish_series", books(step::books::publish_series(&mut conn, author, &titles)));
    let empty = books(step::books::publish_series(&mut conn, author, &[]));
    seen.list("publish_series, with no title", empty);
    seen.text(
        "the author's books",
        shop.db.rows(BOOKS, &format!("books WHERE author_id = {author} ORDER BY id")),
    );
    let many = (0..300).map(|part| format!("{title} {part}")).collect::<Vec<_>>();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let long = step::books::publish_series(&mut conn, author, &many);
    let long = long.map(|books| books.iter().map(|book| book.title.as_str()).eq(many.iter().copied()));
    seen.call("publish_series, with 300 titles: one book for each", long);
    shop.add_low_authors();
    for author in [0, -number(3)] {
        let published = step::books::publish_series(&mut conn, author, &[title]);
        let authors = published.map(|books| books.iter().map(|book| book.author_id).collect::<Vec<_>>());
        seen.call(format!("publish_series({author}, …), the authors of the books"), authors);
    }
    insta::assert_snapshot!(seen);
}

/// How many books an author has, for somebody who looks before the second statement of `publish`, its third, …
fn looks(db: &mut Database, other: &mut Db, author: i32, mut publish: impl FnMut() -> bool) -> String {
    let mut counts = BTreeSet::new();
    for before in 1.. {
        let look = || rows(other, "count(*)", &format!("books WHERE author_id = {author}"));
        let (_, looked) = db.interrupt(before, look, &mut publish);
        db.run(&format!("DELETE FROM books WHERE author_id = {author}"));
        match looked {
            Some((count, _statement)) => counts.insert(count),
            None => break,
        };
    }
    counts.into_iter().collect::<Vec<_>>().join("\n")
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
    let begun = shop.db.sql().iter().filter(|statement| statement.starts_with("BEGIN")).count();
    seen.call("how many transactions began", begun);
    let many = (1..300).map(|part| format!("{} {part}", titles[0])).collect::<Vec<_>>();
    let many: Vec<_> = many.iter().map(String::as_str).chain([titles[2]]).collect();
    let refused = publish(author, &many).map(|books| books.len()).map_err(|error| violated(&error));
    seen.call("the last of 300 titles is too long", refused);
    for missing in [missing, shop.author_gap()] {
        for (titles, how_many) in
            [(&titles[..1], "a title"), (&[], "no title"), (&titles[..], "a title that is too long")]
        {
            seen.list(format!("there is no author {missing}, and {how_many}"), publish(missing, titles));
        }
    }
    let failed = shop.db.fails_without("authors", || publish(author, &titles[..1]));
    seen.call("when the gate takes the table authors away, the answer is the database's error", failed);
    seen.text("the books", shop.db.rows("title, pages, author_id", "books ORDER BY id"));
    let mut other = shop.db.connect(connect);
    let looked = looks(&mut shop.db, &mut other, author, || publish(author, &titles[..]).is_ok());
    seen.text("the author's books, whenever somebody looks meanwhile", looked);
    // What nothing in the arguments shows.
    let (right, last) = (&titles[..2], format!("NEW.title = '{}'", titles[1]));
    let (refused, books, looked) = shop.db.while_refusing("books", &last, |db| {
        let refused = is_the_databases(&publish(author, right));
        let books = db.rows("count(*)", &format!("books WHERE author_id = {author}"));
        (refused, books, looks(db, &mut other, author, || publish(author, right).is_ok()))
    });
    seen.call("the gate has the database refuse the last title: the answer is the database's error", refused);
    seen.text("the author's books", books);
    seen.text("the author's books, whenever somebody looks meanwhile", looked);
    let looked = looks(&mut shop.db, &mut other, author, || publish(author, right).is_ok());
    seen.text("nothing is refused: the author's books, whenever somebody looks meanwhile", looked);
    shop.db.run(&one_title_once(right[1]));
    for times in [1, 2] {
        let published = publish(author, right).map(|books| books.len()).map_err(|error| violated(&error));
        seen.call(
            format!("the gate lets the last title be there once; publish_series, so many times: {times}"),
            published,
        );
    }
    let books = shop.db.rows("count(*)", &format!("books WHERE author_id = {author}"));
    seen.text("the author's books", books);
    insta::assert_snapshot!(seen);
}

#[test]
fn eight_writers_at_once_all_succeed() {
    let (mut shop, mut conn, mut seen) = shop();
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
    let begins =
        |shop: &Bookshop| shop.db.sql().into_iter().rfind(|statement| statement.starts_with("BEGIN"));
    let published = step::books::publish_series(&mut conn, author, &[&parts[0]]).is_ok();
    let begun = begins(&shop);
    let as_write = write(&mut conn, |_| Ok::<_, diesel::result::Error>(())).is_ok();
    let is_alike = published && as_write && begun.is_some() && begun == begins(&shop);
    seen.call("publish_series, alone: it begins as `write` does", is_alike);
    insta::assert_snapshot!(seen);
}
