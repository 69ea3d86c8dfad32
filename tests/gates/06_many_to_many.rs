//! Lesson 6: a book has many publishers, and a publisher many books.

use std::collections::BTreeSet;

use diesel::prelude::*;
use gates::{
    Book, Bookshop, Database, Publisher, Transcript, is_another_error, is_the_databases, number, rows,
};
use groundwork::{Db, connect, violated, write};

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS).with_publishers();
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

fn book(shop: &Bookshop, id: i32) -> step::Book {
    let book = shop.db.lend(|conn| step::Book::query().find(id).first(conn));
    book.expect("the fixture has put this book in")
}

fn publisher(shop: &Bookshop, id: i32) -> step::Publisher {
    let publisher = shop.db.lend(|conn| step::Publisher::query().find(id).first(conn));
    publisher.expect("the fixture has put this publisher in")
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

/// Notes whether a call returns the database's own error while a table that it needs is not there.
fn errors<T>(
    shop: &mut Bookshop,
    seen: &mut Transcript,
    tables: &[&str],
    mut call: impl FnMut() -> QueryResult<T>,
) {
    for table in tables {
        let failed = shop.db.fails_without(table, &mut call);
        seen.call(
            format!("when the gate takes the table {table} away, the answer is the database's error"),
            failed,
        );
    }
}

/// The same when of all books this one cannot be read.
fn errors_at<T>(shop: &mut Bookshop, seen: &mut Transcript, id: i32, call: impl FnOnce() -> QueryResult<T>) {
    let what = format!("when the gate makes book {id} alone unreadable, the answer is the database's error");
    seen.call(what, shop.fails_at(id, call));
}

/// Notes whether a call returns another error than `NotFound` when each row of a table has `NULL` in this column, so
/// that it fits no struct.
fn unreadable<T>(
    shop: &mut Bookshop,
    seen: &mut Transcript,
    (table, column): (&str, &str),
    call: impl FnOnce() -> QueryResult<T>,
) {
    let failed = shop.db.with_nulls(table, column, || is_another_error(&call()));
    seen.call(
        format!("when each {column} in {table} is NULL, the answer is an error, and not NotFound"),
        failed,
    );
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
        seen.text(
            format!("{what}, in a transaction that has not ended"),
            shop.db.run_in_transaction(&insert),
        );
    }
    seen.text("the links", links(&mut shop));
    seen.text("the gate stores odd publishers, and links of them", shop.add_odd_publishers());
    let mut empty = Database::migrated(&step::MIGRATIONS);
    empty.revert(&step::MIGRATIONS);
    seen.text("the tables of another shop, after down.sql", empty.tables());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_knows_its_publishers() {
    let (mut shop, mut conn, mut seen) = shop();
    seen.text("the gate stores odd publishers, and links of them", shop.add_odd_publishers());
    for id in [shop.widely_published().id, shop.unpublished().id, shop.books[0].id, -7] {
        let book = book(&shop, id);
        seen.list(
            format!("publishers_of({})", book.title),
            publishers(step::publishers::publishers_of(&mut conn, &book)),
        );
    }
    seen.call("how many queries ran for all of them", shop.db.queries().len());
    let id = shop.unpublished().id;
    let book = book(&shop, id);
    errors(&mut shop, &mut seen, &["publishers_books", "publishers"], || {
        step::publishers::publishers_of(&mut conn, &book)
    });
    let published = self::book(&shop, shop.widely_published().id);
    unreadable(&mut shop, &mut seen, ("publishers", "name"), || {
        step::publishers::publishers_of(&mut conn, &published)
    });
    seen.text(
        "the gate stores more publishers of that book",
        shop.add_many_links(book.id, shop.publishers[0].id),
    );
    // The links belong to the book, whatever it is called.
    seen.text(
        "the gate gives it another title",
        shop.db.run(&format!("UPDATE books SET title = '' WHERE id = {id}")),
    );
    let read = step::publishers::publishers_of(&mut conn, &book);
    let is_sorted = |publishers: &[step::Publisher]| {
        publishers.is_sorted_by_key(|publisher| (publisher.name.clone(), publisher.id))
    };
    let order = read.map(|publishers| (publishers.len(), is_sorted(&publishers)));
    seen.call(format!("publishers_of({}), how many, and are they in order?", book.title), order);
    insta::assert_snapshot!(seen);
}

#[test]
fn a_publisher_knows_its_books() {
    let (mut shop, mut conn, mut seen) = shop();
    seen.text("the gate stores odd publishers, and links of them", shop.add_odd_publishers());
    let mut ids: Vec<_> = shop.publishers.iter().map(|publisher| publisher.id).collect();
    ids.extend([shop.books[1].id, -7, -8]);
    for id in ids {
        let publisher = publisher(&shop, id);
        seen.list(
            format!("books_of(publisher {id}, {})", publisher.name),
            books(step::publishers::books_of(&mut conn, &publisher)),
        );
    }
    seen.call("how many queries ran for all of them", shop.db.queries().len());
    let id = shop.publishers[0].id;
    let publisher = publisher(&shop, id);
    let mut read = || step::publishers::books_of(&mut conn, &publisher);
    errors(&mut shop, &mut seen, &["publishers_books", "books"], &mut read);
    let of_them = shop.links.iter().find(|link| link.1 == id).map_or(0, |link| link.0);
    errors_at(&mut shop, &mut seen, of_them, &mut read);
    unreadable(&mut shop, &mut seen, ("books", "title"), read);
    let added = shop.add_many_links(shop.unpublished().id, publisher.id);
    seen.text("the gate stores as many books of the first publisher as it stores publishers", added);
    let rename = format!("UPDATE publishers SET name = '' WHERE id = {id}");
    seen.text("the gate gives it another name", shop.db.run(&rename));
    let read = step::publishers::books_of(&mut conn, &publisher);
    let is_sorted = |books: &[step::Book]| books.is_sorted_by_key(|book| (book.title.clone(), book.id));
    let order = read.map(|books| (books.len(), is_sorted(&books)));
    seen.call(format!("books_of(publisher {}), how many, and are they in order?", publisher.id), order);
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
    seen.call("how many statements ran for the two", shop.db.queries().len());
    seen.text("the links", links(&mut shop));
    let (many, unlinked) = (shop.books[1].id, shop.publishers[2].id);
    seen.text("the gate stores more links", shop.add_many_links(many, publishers[0]));
    let missing = format!("id NOT IN (SELECT publisher_id FROM publishers_books WHERE book_id = {many})");
    let one_more = shop.db.rows("min(id)", &format!("publishers WHERE {missing}"));
    let one_more = one_more.lines().last().and_then(|id| id.parse().ok());
    let added = one_more.map(|one| done(step::publishers::add_publisher(&mut conn, many, one)));
    seen.call(format!("add_publisher, one more for book {many}"), added);
    errors(&mut shop, &mut seen, &["publishers_books"], || {
        step::publishers::add_publisher(&mut conn, book, unlinked)
    });
    insta::assert_snapshot!(seen);
}

/// What `add_publisher` answers when somebody else adds the same link before its first statement, its second, …
fn linked_meanwhile(shop: &mut Bookshop, conn: &mut Db, (book, publisher): (i32, i32)) -> String {
    let mut other = shop.db.connect(connect);
    let mut answers = BTreeSet::new();
    for before in 0.. {
        let insert =
            format!("INSERT INTO publishers_books (book_id, publisher_id) VALUES ({book}, {publisher})");
        let link = || diesel::sql_query(insert).execute(&mut other);
        let (added, linked) =
            shop.db.interrupt(before, link, || done(step::publishers::add_publisher(conn, book, publisher)));
        shop.db.run(&format!("DELETE FROM publishers_books WHERE book_id = {book}"));
        match linked {
            // If the insert comes too late, it is refused, not the call.
            Some((Ok(_), _statement)) => {
                answers.insert(format!("{:?}", added.map_err(|error| violated(&error))));
            }
            Some((Err(_), _statement)) => {}
            None => break,
        }
    }
    answers.into_iter().collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_pair_twice_is_refused() {
    let (mut shop, mut conn, mut seen) = shop();
    let ((book, publisher), missing) = (shop.links[0], shop.missing_id());
    for (book, publisher) in [(book, publisher), (book, missing), (missing, publisher)] {
        let refused = done(step::publishers::add_publisher(&mut conn, book, publisher));
        seen.call(format!("add_publisher({book}, {publisher})"), refused.map_err(|error| violated(&error)));
    }
    seen.call("how many statements ran for the three", shop.db.queries().len());
    let mut at_once = false;
    let _ = write(&mut conn, |conn| {
        at_once = step::publishers::add_publisher(conn, book, missing).is_err();
        Err::<(), _>(diesel::result::Error::RollbackTransaction)
    });
    seen.call(format!("in a transaction, add_publisher({book}, {missing}) is refused at once"), at_once);
    let unlinked = (shop.unpublished().id, publisher);
    let meanwhile = linked_meanwhile(&mut shop, &mut conn, unlinked);
    seen.text(
        format!("whenever somebody links {unlinked:?} meanwhile, add_publisher{unlinked:?}"),
        meanwhile,
    );
    seen.text("the links", links(&mut shop));
    for table in ["books", "publishers"] {
        seen.text(format!("the {table}"), shop.db.rows("count(*)", table));
    }
    insta::assert_snapshot!(seen);
}

/// What `remove_publisher` answers when somebody else removes the same link before its first statement, its second, …
fn removed_meanwhile(shop: &mut Bookshop, conn: &mut Db, (book, publisher): (i32, i32)) -> String {
    let mut other = shop.db.connect(connect);
    let mut answers = BTreeSet::new();
    for before in 0.. {
        shop.db.run(&format!(
            "INSERT INTO publishers_books (book_id, publisher_id) VALUES ({book}, {publisher})"
        ));
        let delete =
            format!("DELETE FROM publishers_books WHERE book_id = {book} AND publisher_id = {publisher}");
        let unlink = || diesel::sql_query(&delete).execute(&mut other);
        let (removed, unlinked) = shop
            .db
            .interrupt(before, unlink, || done(step::publishers::remove_publisher(conn, book, publisher)));
        shop.db.run(&delete);
        match unlinked {
            // A delete that comes too late finds nothing, or is refused.
            Some((Ok(1), _statement)) => {
                answers.insert(format!("{removed:?}"));
            }
            Some(_) => {}
            None => break,
        }
    }
    answers.into_iter().collect::<Vec<_>>().join("\n")
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
    seen.call("how many statements ran for the three", shop.db.queries().len());
    errors(&mut shop, &mut seen, &["publishers_books"], || {
        step::publishers::remove_publisher(&mut conn, book, publisher)
    });
    seen.text("the gate stores odd publishers, and links of them", shop.add_odd_publishers());
    let (one, two) = (shop.books[0].id, shop.books[1].id);
    for (book, publisher) in [(one, two), (one, two), (-7, -7)] {
        seen.call(
            format!("remove_publisher({book}, {publisher})"),
            done(step::publishers::remove_publisher(&mut conn, book, publisher)),
        );
    }
    let (book_id, publisher_id) = shop.links[1];
    let removed = shop.db.while_refusing("publishers_books", "1 = 1", |_| {
        done(step::publishers::remove_publisher(&mut conn, book_id, publisher_id))
    });
    seen.call(
        format!("while the gate has the database refuse all new links, remove_publisher({book_id}, {publisher_id})"),
        removed,
    );
    let linked = (shop.unpublished().id, publisher_id);
    let meanwhile = removed_meanwhile(&mut shop, &mut conn, linked);
    seen.text(
        format!("whenever somebody removes {linked:?} meanwhile, remove_publisher{linked:?}"),
        meanwhile,
    );
    seen.text("the links", links(&mut shop));
    seen.text("the books", shop.db.rows("id, title, pages", "books ORDER BY id"));
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
    seen.text("the publishers", shop.db.rows("id, name", "publishers ORDER BY id"));
    let unpublished = shop.unpublished().id;
    let none_for_none = done(step::publishers::set_publishers(&mut conn, unpublished, &[]));
    seen.call(format!("set_publishers({unpublished}, []), which has none"), none_for_none);
    seen.text("the gate stores more links of the book", shop.add_many_links(book, one));
    let many = shop.db.rows("id", &format!("publishers WHERE id <> {one} ORDER BY id LIMIT 300"));
    let many: Vec<i32> = many.lines().filter_map(|id| id.parse().ok()).collect();
    let set = done(step::publishers::set_publishers(&mut conn, book, &many));
    seen.call("set_publishers, with 300 of them", set);
    let from = format!("publishers_books WHERE book_id = {book}");
    seen.text("how many it has", shop.db.rows("count(*)", &from));
    insta::assert_snapshot!(seen);
}

/// How many publishers another connection finds for a book that had all of them, before the second statement of `set`,
/// its third, …
fn looks(db: &mut Database, other: &mut Db, book: i32, mut set: impl FnMut() -> bool) -> String {
    let mut counts = BTreeSet::new();
    for before in 1.. {
        let look = || rows(other, "count(*)", &format!("publishers_books WHERE book_id = {book}"));
        let (_, looked) = db.interrupt(before, look, &mut set);
        let linked = format!("SELECT publisher_id FROM publishers_books WHERE book_id = {book}");
        db.run(&format!(
            "INSERT INTO publishers_books (book_id, publisher_id)
             SELECT {book}, id FROM publishers WHERE id NOT IN ({linked})"
        ));
        match looked {
            Some((count, _statement)) => counts.insert(count),
            None => break,
        };
    }
    counts.into_iter().collect::<Vec<_>>().join("\n")
}

#[test]
fn links_are_replaced_whole_or_not_at_all() {
    let (mut shop, mut conn, mut seen) = shop();
    let (book, one, missing) = (shop.widely_published().id, shop.publishers[0].id, shop.missing_id());
    for missing in [missing, 0] {
        let refused = done(step::publishers::set_publishers(&mut conn, book, &[one, missing]));
        let call = format!("set_publishers({book}, [{one}, {missing}])");
        seen.call(call, refused.map_err(|error| violated(&error)));
    }
    let sql = shop.db.sql();
    let before = sql.iter().take_while(|statement| !statement.starts_with("BEGIN")).count();
    seen.call("how many statements ran before the transaction", before);
    let begun = sql.iter().filter(|statement| statement.starts_with("BEGIN")).count();
    seen.call("how many transactions began for the two", begun);
    seen.text("the links", links(&mut shop));
    let mut other = shop.db.connect(connect);
    let mut set = |ids: &[i32]| done(step::publishers::set_publishers(&mut conn, book, ids));
    // What nothing in the arguments shows.
    let last = shop.publishers[1].id;
    let refusal = format!("NEW.publisher_id = {last}");
    let (refused, looked) = shop.db.while_refusing("publishers_books", &refusal, |db| {
        (is_the_databases(&set(&[one, last])), looks(db, &mut other, book, || set(&[one, last]).is_ok()))
    });
    let refusal =
        format!("the gate has the database refuse publisher {last}: the answer is the database's error");
    seen.call(refusal, refused);
    seen.text("the book's links, whenever somebody looks meanwhile", looked);
    seen.text("the links", links(&mut shop));
    let looked = looks(&mut shop.db, &mut other, book, || set(&[one]).is_ok());
    seen.text("nothing is refused: the book's links, whenever somebody looks meanwhile", looked);
    errors(&mut shop, &mut seen, &["publishers_books"], || {
        step::publishers::set_publishers(&mut conn, book, &[])
    });
    let begins =
        |shop: &Bookshop| shop.db.sql().into_iter().rfind(|statement| statement.starts_with("BEGIN"));
    let begun = begins(&shop);
    let begins_so = write(&mut conn, |_| Ok::<_, diesel::result::Error>(()));
    seen.call("it begins as `write` does", begins_so.is_ok() && begun.is_some() && begun == begins(&shop));
    let nested = write(&mut conn, |conn| step::publishers::set_publishers(conn, book, &[one]));
    seen.call(format!("inside the gate's own `write`, set_publishers({book}, [{one}])"), nested.is_ok());
    // A rule that the gate adds: other books keep their links, and no error is hidden.
    let (without, taken) = (shop.unpublished().id, shop.publishers[2].id);
    shop.db.run(&format!("DELETE FROM publishers_books WHERE publisher_id = {taken}"));
    for statement in [
        format!("INSERT INTO publishers_books (book_id, publisher_id) VALUES ({book}, {taken})"),
        format!(
            "CREATE UNIQUE INDEX one_book_each ON publishers_books (publisher_id) WHERE publisher_id = {taken}"
        ),
    ] {
        shop.db.run(&statement);
    }
    let refused = done(step::publishers::set_publishers(&mut conn, without, &[one, taken]));
    seen.call(
        format!("publisher {taken} may have one book, and has book {book}; set_publishers({without}, [{one}, {taken}])"),
        refused.map_err(|error| violated(&error)),
    );
    seen.text("the links", links(&mut shop));
    shop.db.run("DROP INDEX one_book_each");
    seen.text("the gate stores more publishers", shop.add_many_links(shop.unpublished().id, one));
    let many = shop.db.rows("id", "publishers ORDER BY id LIMIT 300");
    let many: Vec<i32> = many.lines().filter_map(|id| id.parse().ok()).chain([0]).collect();
    let refused = done(step::publishers::set_publishers(&mut conn, book, &many));
    seen.call(
        "set_publishers, with 300 and then one that is missing",
        refused.map_err(|error| violated(&error)),
    );
    seen.text(
        "the book's links",
        shop.db
            .rows("publisher_id", &format!("publishers_books WHERE book_id = {book} ORDER BY publisher_id")),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn all_books_come_with_their_publishers_in_two_queries() {
    let (mut shop, mut conn, mut seen) = shop();
    seen.text("the gate stores odd publishers, and links of them", shop.add_odd_publishers());
    match shelves(step::publishers::books_with_publishers(&mut conn)) {
        Ok(shelves) => seen.text("books_with_publishers", shelves),
        Err(error) => seen.call("books_with_publishers", error),
    }
    seen.call("how many queries ran", shop.db.queries().len());
    let added = shop.add_many_links(shop.unpublished().id, shop.publishers[0].id);
    seen.text(
        "the gate stores as many books of the first publisher as it stores publishers of one book",
        added,
    );
    let read = step::publishers::books_with_publishers(&mut conn).map(|shelves| {
        let is_sorted = |publishers: &[step::Publisher]| {
            publishers.is_sorted_by_key(|publisher| (publisher.name.clone(), publisher.id))
        };
        let are_in_order = shelves.is_sorted_by_key(|(book, _)| (book.title.clone(), book.id))
            && shelves.iter().all(|(_, publishers)| is_sorted(publishers));
        (shelves.len(), shelves.iter().map(|(_, publishers)| publishers.len()).sum::<usize>(), are_in_order)
    });
    let what = "books_with_publishers, how many books and publishers, and are all of them in order?";
    seen.call(what, read);
    seen.call("how many queries ran for the two", shop.db.queries().len());
    let renamed = shop.widely_published().id;
    let new = 5_000_000 + number(3);
    let changes = [
        format!("UPDATE books SET title = '' WHERE id = {renamed}"),
        format!("INSERT INTO books (id, title) VALUES ({new}, '')"),
        format!(
            "INSERT INTO publishers_books (book_id, publisher_id) VALUES ({new}, {})",
            shop.publishers[0].id
        ),
    ];
    let mut other = shop.db.connect(connect);
    let meanwhile = || changes.iter().all(|change| diesel::sql_query(change).execute(&mut other).is_ok());
    let read = || step::publishers::books_with_publishers(&mut conn);
    let (read, _) = shop.db.interrupt(1, meanwhile, read);
    let linked = |shelves: Vec<(step::Book, Vec<step::Publisher>)>| {
        let others = shelves.iter().filter(|(book, _)| book.id != new);
        others.map(|(_, publishers)| publishers.len()).sum::<usize>()
    };
    seen.call(
        format!("if somebody renames book {renamed} and adds another between the statements: the publishers of the others"),
        read.map(linked),
    );
    let mut read = || step::publishers::books_with_publishers(&mut conn);
    errors(&mut shop, &mut seen, &["books", "publishers_books", "publishers"], &mut read);
    let id = shop.books[0].id;
    errors_at(&mut shop, &mut seen, id, &mut read);
    for column in [("books", "title"), ("publishers", "name")] {
        unreadable(&mut shop, &mut seen, column, &mut read);
    }
    seen.text("the gate deletes all books", shop.db.run("DELETE FROM books"));
    let read = shelves(step::publishers::books_with_publishers(&mut conn));
    seen.call("books_with_publishers", read);
    insta::assert_snapshot!(seen);
}
