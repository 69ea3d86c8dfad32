//! Shows step 4 to a class.
//!
//!     cargo run -p solution-04-relationships -- --pause

use diesel::prelude::*;
use gates::demo::Demo;
use gates::{Bookshop, Database, shown};
use groundwork::{Db, connect};

use solution_04_relationships::authors::{author_of, authors_with_books, books_of, delete_author};
use solution_04_relationships::{Author, Book, MIGRATIONS};

const BOOKS: &str = "id, title, pages, author_id";

/// The lecture's two tables: its foreign key says nothing about deleting.
const LECTURE: &str = "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (title TEXT NOT NULL, author_id INTEGER REFERENCES authors (id));
INSERT INTO authors VALUES (1, 'Lewis Carroll');
INSERT INTO books VALUES ('Alice in Wonderland', 1);";

/// The lecture's loop, as it runs: a query for the authors, then one for the books of each.
fn one_query_for_each(conn: &mut Db) -> QueryResult<Vec<(Author, Vec<Book>)>> {
    let authors = Author::query().load(conn)?;
    authors.into_iter().map(|author| books_of(conn, &author).map(|books| (author, books))).collect()
}

fn main() {
    let mut demo = Demo::new("Lesson 4: one author, many books");
    let mut shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);

    demo.part("The foreign key is on the child");
    demo.python("author_id = db.Column(db.Integer, db.ForeignKey(\"authors.id\"))");
    demo.migration(env!("CARGO_MANIFEST_DIR"), "2026-01-04-000000_create_authors/up.sql");
    demo.rows(&mut shop.db, "id, name", "authors ORDER BY id");
    demo.rows(&mut shop.db, BOOKS, "books ORDER BY id");
    demo.say("A book by an author who does not exist:");
    let (missing, known) = (shop.missing_id(), shop.authors[0].id);
    let insert = format!("INSERT INTO books (title, author_id) VALUES ('Nobody''s', {missing})");
    demo.text("SQL", &insert);
    demo.text("says", &shop.db.run(&insert));

    demo.part("From a book to its author");
    demo.python("book.author");
    let (with, without) = (shop.book().id, shop.book_without_author().id);
    let book = demo.rust_kept(shown!(Book::query().find(with).first::<Book>(&mut conn)), &shop.db);
    let book = book.expect("the shop has this book");
    demo.say("The book holds its author's key. The author is loaded when we say so:");
    demo.rust(shown!(author_of(&mut conn, &book)), &shop.db);
    demo.say("A book without an author:");
    let book = demo.rust_kept(shown!(Book::query().find(without).first::<Book>(&mut conn)), &shop.db);
    let book = book.expect("the shop has this book");
    demo.say("Its key is `None`, so there is nothing to look up, and no query runs:");
    demo.rust(shown!(author_of(&mut conn, &book)), &shop.db);

    demo.part("From an author to their books");
    demo.python("author.books");
    let author = demo.rust_kept(shown!(Author::query().find(known).first::<Author>(&mut conn)), &shop.db);
    let author = author.expect("the shop has this author");
    demo.rust(shown!(books_of(&mut conn, &author)), &shop.db);

    demo.part("All authors with their books");
    demo.python("for author in Author.query.all():\n    print(author.name, len(author.books))");
    demo.say("As that loop runs: one query for the authors, then one for each of them.");
    demo.rust(shown!(one_query_for_each(&mut conn).map(|shelves| shelves.len())), &shop.db);
    demo.say("The same in two queries, for five authors as for five hundred:");
    let shelves = demo.rust_kept(shown!(authors_with_books(&mut conn)), &shop.db);
    let line = |(author, books): &(Author, Vec<Book>)| {
        let titles: Vec<_> = books.iter().map(|book| book.title.as_str()).collect();
        format!("{}: {}", author.name, titles.join(", "))
    };
    match &shelves {
        Ok(shelves) => demo.text("shelves", &shelves.iter().map(line).collect::<Vec<_>>().join("\n")),
        Err(error) => demo.text("error", &error.to_string()),
    }

    demo.part("Who deletes the books?");
    demo.python("books = db.relationship(\"Book\", back_populates=\"author\", cascade=\"all, delete\")");
    demo.say("The lecture's tables do not know of that cascade. Somebody deletes without SQLAlchemy:");
    let mut lecture = Database::with(LECTURE);
    demo.text("SQL", "DELETE FROM authors WHERE id = 1");
    demo.text("says", &lecture.run("DELETE FROM authors WHERE id = 1"));
    demo.rows(&mut lecture, "title, author_id", "books");
    demo.say("Here the column says ON DELETE CASCADE. One statement, and the database does the rest:");
    demo.rust(shown!(delete_author(&mut conn, known)), &shop.db);
    demo.rows(&mut shop.db, BOOKS, "books ORDER BY id");
    demo.say("Once more: there is no such author now, and that is said.");
    demo.rust(shown!(delete_author(&mut conn, known)), &shop.db);
    demo.say("The same for whoever deletes with psql:");
    let delete = format!("DELETE FROM authors WHERE id = {}", shop.authors[1].id);
    demo.text("SQL", &delete);
    demo.text("says", &shop.db.run(&delete));
    demo.rows(&mut shop.db, BOOKS, "books ORDER BY id");
}
