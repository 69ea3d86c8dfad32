//! Shows step 6 to a class.
//!
//!     cargo run -p solution-06-many-to-many -- --pause

use diesel::prelude::*;
use gates::demo::Demo;
use gates::{Bookshop, shown};
use groundwork::{connect, violated};

use solution_06_many_to_many::publishers::{
    add_publisher, books_of, books_with_publishers, publishers_of, remove_publisher, set_publishers,
};
use solution_06_many_to_many::{Book, MIGRATIONS, Publisher};

const LINKS: &str = "publishers_books ORDER BY book_id, publisher_id";

fn main() {
    let mut demo = Demo::new("Lesson 6: many books, many publishers");
    let mut shop = Bookshop::open(&MIGRATIONS).with_publishers();
    let mut conn = shop.db.connect(connect);
    let (popular, unpublished) = (shop.widely_published().id, shop.unpublished().id);
    let house = shop.publishers[0].id;
    let book: Book = Book::query().find(popular).first(shop.db.conn()).expect("the fixture has put it in");
    let publisher: Publisher =
        Publisher::query().find(house).first(shop.db.conn()).expect("the fixture has put it in");

    demo.part("A table of links");
    demo.python(
        "publishers_books = db.Table(\n    \"publishers_books\",\n    db.Column(\"book_id\", db.Integer, db.ForeignKey(\"books.id\"), primary_key=True),\n    db.Column(\"publisher_id\", db.Integer, db.ForeignKey(\"publishers.id\"), primary_key=True),\n)",
    );
    demo.migration(env!("CARGO_MANIFEST_DIR"), "2026-01-06-000000_create_publishers/up.sql");
    demo.text("columns", &shop.db.columns("publishers_books"));
    demo.rows(&mut shop.db, "book_id, publisher_id", LINKS);

    demo.part("Both directions");
    demo.python("book.publishers");
    demo.rust(shown!(publishers_of(&mut conn, &book)), &shop.db);
    demo.python("publisher.books");
    demo.rust(shown!(books_of(&mut conn, &publisher)), &shop.db);
    demo.say("One statement each, and no list is kept: ask again to see what has changed.");

    demo.part("Add and remove a link");
    demo.python("book.publishers.append(publisher)\ndb.session.commit()");
    demo.rust(shown!(add_publisher(&mut conn, unpublished, house)), &shop.db);
    demo.say("Once more: the pair is the key, and a key is there once.");
    let again = demo.rust_kept(shown!(add_publisher(&mut conn, unpublished, house)), &shop.db);
    demo.say(&format!("The rule that was broken: {:?}", again.as_ref().err().and_then(violated)));
    demo.python("book.publishers.remove(publisher)\ndb.session.commit()");
    demo.rust(shown!(remove_publisher(&mut conn, unpublished, house)), &shop.db);
    demo.rust(shown!(remove_publisher(&mut conn, unpublished, house)), &shop.db);

    demo.part("What an id would allow");
    demo.say("A table of links whose key is an id, and the same pair twice:");
    let create = "CREATE TABLE links (id INTEGER PRIMARY KEY, book_id INTEGER, publisher_id INTEGER)";
    shop.db.run(create);
    demo.text("SQL", create);
    let insert = format!("INSERT INTO links VALUES (1, {unpublished}, {house}), (2, {unpublished}, {house})");
    demo.text("SQL", &insert);
    demo.text("outcome", &shop.db.run(&insert));
    demo.rows(
        &mut shop.db,
        "title, name",
        "links JOIN books ON books.id = links.book_id JOIN publishers ON publishers.id = links.publisher_id",
    );
    demo.say("One publisher, listed twice. Nothing was rejected, because the ids differ.");

    demo.part("Replace all links as one");
    demo.python("book.publishers = [publisher]\ndb.session.commit()");
    let refused = demo.rust_kept(shown!(set_publishers(&mut conn, popular, &[house, -1])), &shop.db);
    let rule = refused.as_ref().err().and_then(violated);
    demo.say(&format!("The rule that was broken: {rule:?}. The book keeps the publishers it had:"));
    demo.rust(shown!(publishers_of(&mut conn, &book)), &shop.db);
    demo.rust(shown!(set_publishers(&mut conn, popular, &[house])), &shop.db);
    demo.rust(shown!(publishers_of(&mut conn, &book)), &shop.db);

    demo.part("All books with their publishers");
    demo.python("for book in Book.query.all():\n    print(book.title, book.publishers)");
    demo.rust(shown!(books_with_publishers(&mut conn).map(titles_and_names)), &shop.db);
    demo.say("Two statements, however many books there are.");

    demo.part("A book goes, and its links with it");
    demo.python("db.session.delete(book)\ndb.session.commit()");
    demo.rust(shown!(diesel::delete(&book).execute(&mut conn)), &shop.db);
    demo.rows(&mut shop.db, "book_id, publisher_id", LINKS);
    demo.say("No publisher is gone:");
    demo.rows(&mut shop.db, "id, name", "publishers ORDER BY id");
}

/// What of the books and their publishers fits a screen.
fn titles_and_names(shelves: Vec<(Book, Vec<Publisher>)>) -> Vec<(String, Vec<String>)> {
    let names = |publishers: Vec<Publisher>| publishers.into_iter().map(|publisher| publisher.name);
    shelves.into_iter().map(|(book, publishers)| (book.title, names(publishers).collect())).collect()
}
