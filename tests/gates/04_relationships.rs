//! Step 4: books have authors, and authors have books.

use diesel::prelude::*;
use gates::{Bookshop, Database, Transcript, letters};
use groundwork::{Db, connect};

const BOOKS: &str = "id, title, pages, author_id";

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS);
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

fn author(conn: &mut Db, id: i32) -> step::Author {
    step::Author::query().find(id).first(conn).expect("the fixture has put this author in")
}

fn book(conn: &mut Db, id: i32) -> step::Book {
    step::Book::query().find(id).first(conn).expect("the fixture has put this book in")
}

// What the functions return: of other types than these, an app could not use it.
fn found(author: QueryResult<Option<step::Author>>) -> QueryResult<Option<step::Author>> {
    author
}

fn books(books: QueryResult<Vec<step::Book>>) -> QueryResult<Vec<step::Book>> {
    books
}

fn shelves(shelves: QueryResult<Vec<(step::Author, Vec<step::Book>)>>) -> QueryResult<String> {
    let lines = |(author, books): (step::Author, Vec<step::Book>)| {
        let books = books.into_iter().map(|book| format!("    {book:?}"));
        std::iter::once(format!("{author:?}")).chain(books).collect::<Vec<_>>()
    };
    shelves.map(|shelves| shelves.into_iter().flat_map(lines).collect::<Vec<_>>().join("\n"))
}

#[test]
fn books_have_a_column_for_the_author() {
    let mut shop = Database::migrated(&step::MIGRATIONS);
    let mut seen = Transcript::new();
    for table in ["authors", "books"] {
        seen.text(table, shop.columns(table));
    }
    for length in [50, 51] {
        let insert = format!("INSERT INTO authors (name) VALUES ('{}')", letters(length));
        seen.text(format!("an author with a name of {length} characters"), shop.run(&insert));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn an_author_who_does_not_exist_is_refused() {
    let (mut shop, _conn, mut seen) = shop();
    let (missing, known) = (shop.missing_id(), shop.authors[0].id);
    for id in [missing, known] {
        let insert = format!("INSERT INTO books (title, author_id) VALUES ('By {id}', {id})");
        seen.text(format!("a book by author {id}"), shop.db.run(&insert));
    }
    seen.text(
        "the books",
        shop.db.rows(
            "title, author_id",
            &format!("books WHERE author_id IN ({missing}, {known}) ORDER BY title"),
        ),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_knows_its_author() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.book().id;
    let book = book(shop.db.conn(), id);
    seen.call("the book", &book);
    seen.call("author_of", found(step::authors::author_of(&mut conn, &book)));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_may_have_no_author() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.book().id;
    for id in [shop.book_without_author().id, id] {
        let book = book(shop.db.conn(), id);
        seen.call(format!("author_of(book {id})"), found(step::authors::author_of(&mut conn, &book)));
    }
    let book = book(shop.db.conn(), id);
    let failed = shop.db.without("authors", || step::authors::author_of(&mut conn, &book).is_err());
    seen.call("when the gate takes the table authors away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn an_author_knows_the_books() {
    let (mut shop, mut conn, mut seen) = shop();
    // The last one has no book. The two before have one name.
    for index in [0, 3, 5, 4] {
        let id = shop.authors[index].id;
        let author = author(shop.db.conn(), id);
        seen.list(format!("books_of({})", author.name), books(step::authors::books_of(&mut conn, &author)));
    }
    let id = shop.authors[4].id;
    let author = author(shop.db.conn(), id);
    seen.text("the gate stores books of that author", shop.add_many_books(id));
    let read = step::authors::books_of(&mut conn, &author);
    seen.call(format!("books_of({}), how many", author.name), read.map(|books| books.len()));
    let failed = shop.db.without("books", || step::authors::books_of(&mut conn, &author).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}

#[test]
fn all_authors_come_with_their_books_in_two_queries() {
    let (mut shop, mut conn, mut seen) = shop();
    match shelves(step::authors::authors_with_books(&mut conn)) {
        Ok(shelves) => seen.text("authors_with_books", shelves),
        Err(error) => seen.call("authors_with_books", error),
    }
    seen.call("how many queries ran", shop.db.sql().len());
    seen.text("the gate stores more authors, each with a book", shop.add_many_authors());
    let read = step::authors::authors_with_books(&mut conn)
        .map(|shelves| (shelves.len(), shelves.iter().map(|(_, books)| books.len()).sum::<usize>()));
    seen.call("authors_with_books, how many authors and books", read);
    for table in ["authors", "books"] {
        let failed = shop.db.without(table, || step::authors::authors_with_books(&mut conn).is_err());
        seen.call(format!("when the gate takes the table {table} away, the answer is an error"), failed);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn an_author_who_goes_takes_the_books_along() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.authors[0].id;
    let deleted: QueryResult<()> = step::authors::delete_author(&mut conn, id);
    seen.call(format!("delete_author({id})"), deleted);
    seen.text("the authors", shop.db.rows("id, name", "authors ORDER BY id"));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    // However it is deleted: the rule is the table's.
    let other = shop.authors[3].id;
    seen.text(
        format!("DELETE of author {other}"),
        shop.db.run(&format!("DELETE FROM authors WHERE id = {other}")),
    );
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}
