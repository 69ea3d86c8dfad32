//! Shows step 3 to a class.
//!
//!     cargo run -p solution-03-models -- --pause

use diesel::prelude::*;
use gates::demo::Demo;
use gates::{Database, shown};
use groundwork::connect;

use solution_03_models::models::all_books;
use solution_03_models::schema::books;
use solution_03_models::{Book, MIGRATIONS};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");
const BOOKS: &str = "2026-01-03-000000_create_books";

/// A `table!` that names a column which no migration has made.
mod ahead {
    diesel::table! {
        books (id) {
            id -> Integer,
            price -> Integer,
        }
    }
}

fn main() {
    let mut demo = Demo::new("Lesson 3: models and migrations");
    let mut shop = Database::migrated(&MIGRATIONS);
    let mut conn = shop.connect(connect);

    demo.part("The table");
    demo.python(
        "class Book(db.Model):\n    __tablename__ = \"books\"\n    id = db.Column(db.Integer, primary_key=True)\n    \
         title = db.Column(db.String(50), nullable=False)\n    pages = db.Column(db.Integer, nullable=True)",
    );
    demo.migration(FOLDER, &format!("{BOOKS}/up.sql"));
    demo.say("The columns, as the database reports them:");
    demo.text("columns", &shop.columns("books"));

    demo.part("What the table rejects");
    for statement in [
        "INSERT INTO books (title, pages) VALUES ('Emma', 474)",
        "INSERT INTO books (title) VALUES ('Persuasion')",
        "INSERT INTO books (pages) VALUES (474)",
        "INSERT INTO books (title) VALUES ('A title that nobody can remember, let alone ask for')",
    ] {
        demo.text("SQL", statement);
        demo.text("returns", &shop.run(statement));
    }
    demo.rows(&mut shop, "id, title, pages, length(title)", "books ORDER BY id");

    demo.part("Why the title is not a VARCHAR(50)");
    demo.say("Fifty letters and a blank, in a column that is declared to hold fifty characters:");
    let mut other = Database::with("CREATE TABLE notes (text VARCHAR(50))");
    let insert = format!("INSERT INTO notes (text) VALUES ('{} ')", "x".repeat(50));
    demo.text("SQL", &insert);
    demo.text("returns", &other.run(&insert));
    demo.rows(&mut other, "length(text)", "notes");
    demo.say("SQLite keeps all 51 and PostgreSQL cuts the blank off. Neither says a word.");

    demo.part("The rows become books");
    demo.python("Book.query.order_by(Book.id).all()");
    demo.rust(shown!(all_books(&mut conn)), &shop);
    demo.say("`Book::query()` stands for the first part of this:");
    let query = books::table.select(Book::as_select()).order(books::id);
    demo.text("Rust", "let query = books::table.select(Book::as_select()).order(books::id);");
    demo.rust(shown!(query.load::<Book>(&mut conn)), &shop);

    demo.part("When `table!` and the database disagree");
    demo.say("Here `table!` names a column `price`. The compiler believes it; the database does not:");
    demo.rust(shown!(ahead::books::table.select(ahead::books::price).load::<i32>(&mut conn)), &shop);
    demo.say("The error came when the query ran. A struct that disagrees with `table!` does not compile.");

    demo.part("Down, and up again");
    demo.migration(FOLDER, &format!("{BOOKS}/down.sql"));
    shop.revert(&MIGRATIONS);
    demo.say("The tables after that, and after up.sql once more:");
    demo.text("down", &shop.tables());
    shop.migrate(&MIGRATIONS);
    demo.text("up", &shop.tables());
}
