//! Shows step 5 to a class.
//!
//!     cargo run -p solution-05-crud -- --pause

use gates::demo::Demo;
use gates::{Bookshop, shown};
use groundwork::{connect, violated};

use solution_05_crud::books::{
    all_books, authors_of_long_books, books_starting_with, create_book, delete_book, find_book,
    first_book_starting_with, publish_series, set_author,
};
use solution_05_crud::{MIGRATIONS, NewBook};

const BOOKS: &str = "id, title, pages, author_id";

fn main() {
    let mut demo = Demo::new("Lesson 5: create, read, update, delete");
    let mut shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);

    demo.part("Create");
    demo.python(
        "new_book = Book(title=\"Alice in Wonderland\")\ndb.session.add(new_book)\ndb.session.commit()",
    );
    let new = NewBook { title: "Alice in Wonderland", pages: Some(176), author_id: None };
    let alice = demo.rust_kept(shown!(create_book(&mut conn, &new)), &shop.db);
    demo.say("The row, id and all, came back from the statement that made it.");

    demo.part("Read");
    demo.python("Book.query.all()");
    demo.rust(shown!(all_books(&mut conn).map(|books| books.len())), &shop.db);
    demo.rows(&mut shop.db, BOOKS, "books ORDER BY title, id");
    demo.python("Book.query.get(1)");
    let id = alice.map_or(0, |alice| alice.id);
    demo.rust(shown!(find_book(&mut conn, id)), &shop.db);
    demo.rust(shown!(find_book(&mut conn, -1)), &shop.db);

    demo.part("Filter, first, join");
    demo.python("Book.query.filter(Book.title.like(\"A%\"))");
    demo.rust(shown!(books_starting_with(&mut conn, "A")), &shop.db);
    demo.say("A percent sign that somebody typed stands for itself:");
    demo.rust(shown!(books_starting_with(&mut conn, "100%")), &shop.db);
    demo.python("Book.query.filter(Book.title.like(\"A%\")).first()");
    demo.rust(shown!(first_book_starting_with(&mut conn, "A")), &shop.db);
    demo.python("Author.query.join(Book).filter(Book.pages >= 100)");
    demo.rust(shown!(authors_of_long_books(&mut conn, 100)), &shop.db);

    demo.part("Update");
    demo.python("book = Book.query.get(1)\nbook.author_id = 1\ndb.session.commit()");
    let author_id = shop.authors[0].id;
    demo.rust(shown!(set_author(&mut conn, id, author_id)), &shop.db);

    demo.part("Delete");
    demo.python("book = Book.query.get(1)\ndb.session.delete(book)\ndb.session.commit()");
    demo.rust(shown!(delete_book(&mut conn, id)), &shop.db);
    demo.say("Once more: nothing is there to delete, and that is said.");
    demo.rust(shown!(delete_book(&mut conn, id)), &shop.db);

    demo.part("Several writes as one");
    let too_long = "x".repeat(51);
    let refused =
        demo.rust_kept(shown!(publish_series(&mut conn, author_id, &["The Fog", &too_long])), &shop.db);
    demo.say(&format!(
        "The rule that was broken: {:?}. The first title is not there either:",
        refused.as_ref().err().and_then(violated)
    ));
    demo.rows(&mut shop.db, BOOKS, "books ORDER BY id");
    demo.rust(shown!(publish_series(&mut conn, author_id, &["The Fog", "The Salt"])), &shop.db);
}
