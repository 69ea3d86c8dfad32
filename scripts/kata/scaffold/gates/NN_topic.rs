//! To write: lesson NUMBER in a few words.

use diesel::QueryResult;
use gates::{Bookshop, Transcript};
use groundwork::{Db, connect};

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS);
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

// To write: a gate for each thing that a student writes, in the order of learning. tests/README.md has the rules.
#[test]
fn all_titles_come_in_order() {
    let (mut shop, mut conn, mut seen) = shop();
    let titles: QueryResult<Vec<String>> = step::TOPIC::all_titles(&mut conn);
    seen.list("all_titles", titles);
    let failed = shop.db.without("books", || step::TOPIC::all_titles(&mut conn).is_err());
    seen.call("when the gate takes the table books away, the answer is an error", failed);
    insta::assert_snapshot!(seen);
}
