//! Shows lesson NUMBER to a class.
//!
//!     cargo run -p solution-NN-topic -- --pause

use gates::demo::Demo;
use gates::{Bookshop, shown};
use groundwork::connect;

use solution_NN_topic::MIGRATIONS;
use solution_NN_topic::TOPIC::all_titles;

fn main() {
    let mut demo = Demo::new("Lesson NUMBER: TITLE");
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);

    // To write: a part for each idea: the lecture's Python, the same in Rust, and what it shows.
    demo.part("Titles");
    demo.python("[book.title for book in Book.query.order_by(Book.title)]");
    demo.rust(shown!(all_titles(&mut conn)), &shop.db);
}
