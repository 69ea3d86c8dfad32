//! Step 6: a book has many publishers, and a publisher many books.

use diesel::prelude::*;
use gates::{Book, Bookshop, Publisher, Transcript};
use groundwork::{Db, connect, violated, write};

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS).with_publishers();
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

fn book(conn: &mut Db, id: i32) -> step::Book {
    step::Book::query().find(id).first(conn).expect("the fixture has put this book in")
}

fn publisher(conn: &mut Db, id: i32) -> step::Publisher {
    step::Publisher::query().find(id).first(conn).expect("the fixture has put this publisher in")
}

// What the gate prints: the fields, whatever the structs say of themselves.
fn book_row(book: step::Book) -> Book {
    Book { id: book.id, title: book.title, pages: book.pages, author_id: book.author_id }
}

fn publisher_row(publisher: step::Publisher) -> Publisher {
    Publisher { id: publisher.id, name: publisher.name }
}

fn books(books: QueryResult<Vec<step::Book>>) -> QueryResult<Vec<Book>> {
    books.map(|books| books.into_iter().map(book_row).collect())
}

fn publishers(publishers: QueryResult<Vec<step::Publisher>>) -> QueryResult<Vec<Publisher>> {
    publishers.map(|publishers| publishers.into_iter().map(publisher_row).collect())
}

fn shelves(shelves: QueryResult<Vec<(step::Book, Vec<step::Publisher>)>>) -> QueryResult<String> {
    let lines = |(book, publishers): (step::Book, Vec<step::Publisher>)| {
        let publishers =
            publishers.into_iter().map(|publisher| format!("    {:?}", publisher_row(publisher)));
        std::iter::once(format!("{:?}", book_row(book))).chain(publishers).collect::<Vec<_>>()
    };
    shelves.map(|shelves| shelves.into_iter().flat_map(lines).collect::<Vec<_>>().join("\n"))
}

/// What a function that only writes returns.
fn done(result: QueryResult<()>) -> QueryResult<()> {
    result
}

fn links(shop: &mut Bookshop) -> String {
    shop.db.rows("book_id, publisher_id", "publishers_books ORDER BY book_id, publisher_id")
}

#[test]
fn the_association_table_has_two_columns_and_both_are_the_key() {
    let (mut shop, _conn, mut seen) = shop();
    seen.text("publishers_books", shop.db.columns("publishers_books"));
    let (book, publisher) = shop.links[0];
    let missing = shop.missing_id();
    for (what, (book, publisher)) in [
        ("the same link once more", (book, publisher)),
        ("a book that is not there", (missing, publisher)),
        ("a publisher that is not there", (book, missing)),
    ] {
        let insert =
            format!("INSERT INTO publishers_books (book_id, publisher_id) VALUES ({book}, {publisher})");
        seen.text(format!("{what}: book {book}, publisher {publisher}"), shop.db.run(&insert));
    }
    seen.text("the links", links(&mut shop));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_knows_its_publishers() {
    let (mut shop, mut conn, mut seen) = shop();
    for id in [shop.widely_published().id, shop.unpublished().id] {
        let book = book(shop.db.conn(), id);
        seen.list(
            format!("publishers_of({})", book.title),
            publishers(step::publishers::publishers_of(&mut conn, &book)),
        );
    }
    seen.call("how many queries ran for the two", shop.db.sql().len());
    let id = shop.unpublished().id;
    let book = book(shop.db.conn(), id);
    seen.text(
        "the gate stores more publishers of that book",
        shop.add_many_links(book.id, shop.publishers[0].id),
    );
    let read = step::publishers::publishers_of(&mut conn, &book);
    seen.call(format!("publishers_of({}), how many", book.title), read.map(|publishers| publishers.len()));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_publisher_knows_its_books() {
    let (mut shop, mut conn, mut seen) = shop();
    let ids: Vec<_> = shop.publishers.iter().map(|publisher| publisher.id).collect();
    for id in ids {
        let publisher = publisher(shop.db.conn(), id);
        seen.list(
            format!("books_of(publisher {id}, {})", publisher.name),
            books(step::publishers::books_of(&mut conn, &publisher)),
        );
    }
    seen.call("how many queries ran for all of them", shop.db.sql().len());
    let id = shop.publishers[0].id;
    let publisher = publisher(shop.db.conn(), id);
    let added = shop.add_many_links(shop.unpublished().id, publisher.id);
    seen.text("the gate stores as many books of the first publisher as it stores publishers", added);
    let read = step::publishers::books_of(&mut conn, &publisher);
    seen.call(format!("books_of(publisher {}), how many", publisher.id), read.map(|books| books.len()));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_link_is_added() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, publishers) = (shop.unpublished().id, [shop.publishers[0].id, shop.publishers[1].id]);
    for publisher in publishers {
        seen.call(
            format!("add_publisher({book}, {publisher})"),
            done(step::publishers::add_publisher(&mut conn, book, publisher)),
        );
    }
    seen.text("the links", links(&mut shop));
    insta::assert_snapshot!(seen);
}

#[test]
fn the_same_pair_twice_is_refused() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, publisher) = shop.links[0];
    let refused = done(step::publishers::add_publisher(&mut conn, book, publisher));
    seen.call(format!("add_publisher({book}, {publisher})"), refused.map_err(|error| violated(&error)));
    seen.text("the links", links(&mut shop));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_removed_link_leaves_both_ends() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, publisher) = shop.links[0];
    // The last one is all that its publisher has.
    for publisher in [publisher, publisher, shop.links[2].1] {
        seen.call(
            format!("remove_publisher({book}, {publisher})"),
            done(step::publishers::remove_publisher(&mut conn, book, publisher)),
        );
    }
    let failed = shop
        .db
        .without("publishers_books", || step::publishers::remove_publisher(&mut conn, book, publisher));
    seen.call(
        "when the gate takes the table publishers_books away, the answer is NotFound",
        failed == Err(diesel::NotFound),
    );
    seen.text("the links", links(&mut shop));
    seen.text("the book", shop.db.rows("id, title", &format!("books WHERE id = {book}")));
    seen.text("the publishers", shop.db.rows("id, name", "publishers ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_that_goes_takes_its_links_along() {
    let (mut shop, _conn, mut seen) = shop();
    let book = shop.widely_published().id;
    seen.text(format!("DELETE of book {book}"), shop.db.run(&format!("DELETE FROM books WHERE id = {book}")));
    seen.text("the links", links(&mut shop));
    let publisher = shop.publishers[0].id;
    let deleted = shop.db.run(&format!("DELETE FROM publishers WHERE id = {publisher}"));
    seen.text(format!("DELETE of publisher {publisher}"), deleted);
    seen.text("the links", links(&mut shop));
    seen.text("the publishers", shop.db.rows("id, name", "publishers ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn links_are_replaced() {
    let (mut shop, mut conn, mut seen) = shop();
    let book = shop.widely_published().id;
    let (one, others) = (shop.publishers[0].id, shop.publishers[1..].iter().map(|publisher| publisher.id));
    for ids in [vec![one], vec![], others.collect()] {
        seen.call(
            format!("set_publishers({book}, {ids:?})"),
            done(step::publishers::set_publishers(&mut conn, book, &ids)),
        );
        seen.text("the links", links(&mut shop));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn links_are_replaced_whole_or_not_at_all() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, one, missing) = (shop.widely_published().id, shop.publishers[0].id, shop.missing_id());
    let refused = done(step::publishers::set_publishers(&mut conn, book, &[one, missing]));
    let call = format!("set_publishers({book}, [{one}, {missing}])");
    seen.call(call, refused.map_err(|error| violated(&error)));
    seen.text("the links", links(&mut shop));
    let failed = shop
        .db
        .without("publishers_books", || step::publishers::set_publishers(&mut conn, book, &[]).is_err());
    seen.call("when the gate takes the table publishers_books away, the answer is an error", failed);
    let begins =
        |shop: &Bookshop| shop.db.sql().into_iter().rfind(|statement| statement.starts_with("BEGIN"));
    let begun = begins(&shop);
    let write = write(&mut conn, |_| Ok::<_, diesel::result::Error>(()));
    seen.call("it begins as `write` does", write.is_ok() && begun.is_some() && begun == begins(&shop));
    insta::assert_snapshot!(seen);
}

#[test]
fn all_books_come_with_their_publishers_in_two_queries() {
    let (mut shop, mut conn, mut seen) = shop();
    match shelves(step::publishers::books_with_publishers(&mut conn)) {
        Ok(shelves) => seen.text("books_with_publishers", shelves),
        Err(error) => seen.call("books_with_publishers", error),
    }
    seen.call("how many queries ran", shop.db.sql().len());
    let added = shop.add_many_links(shop.unpublished().id, shop.publishers[0].id);
    seen.text(
        "the gate stores as many books of the first publisher as it stores publishers of one book",
        added,
    );
    let read = step::publishers::books_with_publishers(&mut conn).map(|shelves| {
        (shelves.len(), shelves.iter().map(|(_, publishers)| publishers.len()).sum::<usize>())
    });
    seen.call("books_with_publishers, how many books and publishers", read);
    for table in ["books", "publishers_books"] {
        let failed = shop.db.without(table, || step::publishers::books_with_publishers(&mut conn).is_err());
        seen.call(format!("when the gate takes the table {table} away, the answer is an error"), failed);
    }
    insta::assert_snapshot!(seen);
}
