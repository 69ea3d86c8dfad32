//! Lesson 4: books have authors, and authors have books.

use diesel::prelude::*;
use gates::{Bookshop, Database, Transcript, is_another_error, letters, number, title, word};
use groundwork::migrations::BOOKS as LESSON_3;
use groundwork::{Db, connect};

const BOOKS: &str = "id, title, pages, author_id";

fn shop() -> (Bookshop, Db, Transcript) {
    let shop = Bookshop::open(&step::MIGRATIONS);
    let conn = shop.db.connect(connect);
    (shop, conn, Transcript::new())
}

fn author(shop: &Bookshop, id: i32) -> step::Author {
    let author = shop.db.lend(|conn| step::Author::query().find(id).first(conn));
    author.expect("the fixture has put this author in")
}

fn book(shop: &Bookshop, id: i32) -> step::Book {
    let book = shop.db.lend(|conn| step::Book::query().find(id).first(conn));
    book.expect("the fixture has put this book in")
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
    // Somebody's books are there when the migration runs.
    let mut shop = Database::migrated(&LESSON_3);
    let (id, kept) = (number(17), title("Emma"));
    let blanks = format!(" {kept} ");
    for (id, title, pages) in [
        (id, &kept, number(156).to_string()),
        (id + 9, &kept, "NULL".to_owned()),
        (-id, &blanks, "0".to_owned()),
    ] {
        shop.run(&format!("INSERT INTO books (id, title, pages) VALUES ({id}, '{title}', {pages})"));
    }
    shop.run(&format!("CREATE INDEX {} ON books (pages)", word("shortest")));
    let objects = shop.objects();
    shop.migrate(&step::MIGRATIONS);
    let mut seen = Transcript::new();
    let now = shop.objects();
    let lost: Vec<_> = objects.lines().filter(|object| !now.lines().any(|other| other == *object)).collect();
    seen.call("the gate makes an index on books before up.sql runs; what is gone afterward", lost);
    for table in ["authors", "books"] {
        seen.text(table, shop.columns(table));
    }
    let longer = 50 + number(52) as usize;
    let spaces = " ".repeat(20);
    for (what, name) in [
        ("1 character", letters(1)),
        ("50 characters", letters(50)),
        ("51 characters", letters(51)),
        ("52 characters", letters(52)),
        (&*format!("{longer} characters"), letters(longer)),
        ("51 characters, the last 20 of them spaces", letters(31) + &spaces),
        ("51 characters, the first 20 of them spaces", spaces.clone() + &letters(31)),
    ] {
        let insert = format!("INSERT INTO authors (name) VALUES ('{name}')");
        seen.text(format!("an author with a name of {what}"), shop.run(&insert));
    }
    let nameless = "INSERT INTO authors (id) VALUES (7000)";
    seen.text("an author without a name", shop.run(nameless));
    seen.text("how many authors have no id", shop.rows("count(*)", "authors WHERE id IS NULL"));
    for (id, characters) in [(7000, 50), (7001, 51)] {
        let insert = format!("INSERT INTO books (id, title) VALUES ({id}, '{}')", letters(characters));
        seen.text(format!("a book with a title of {characters} characters"), shop.run(&insert));
    }
    let mut other = Database::migrated(&LESSON_3);
    other.run("CREATE TABLE authors (note TEXT)");
    other.run("INSERT INTO authors VALUES ('read this')");
    let _ = other.try_to_migrate(&step::MIGRATIONS);
    seen.text("the rows of a table authors that was there before", other.rows("count(*)", "authors"));
    let has_author = shop.columns("books").contains("\nauthor_id ");
    seen.text(
        "the books",
        shop.rows(if has_author { BOOKS } else { "id, title, pages" }, "books ORDER BY id"),
    );
    shop.revert_to(&LESSON_3, &step::MIGRATIONS);
    let now = shop.objects();
    let left: Vec<_> = now.lines().filter(|object| !objects.lines().any(|other| other == *object)).collect();
    seen.call("what up.sql has created and down.sql leaves", left);
    shop.run(&format!("DROP INDEX {}", word("shortest")));
    shop.revert(&LESSON_3);
    seen.text("the tables after the down.sql of lesson 3", shop.tables());
    insta::assert_snapshot!(seen);
}

#[test]
fn an_author_who_does_not_exist_is_refused() {
    let (mut shop, _conn, mut seen) = shop();
    let (missing, known) = (shop.missing_id(), shop.authors[0].id);
    seen.text("the foreign keys of books", shop.db.foreign_keys("name, target, target_column", "books"));
    for id in [missing, known] {
        let insert = format!("INSERT INTO books (title, author_id) VALUES ('By {id}', {id})");
        seen.text(format!("a book by author {id}"), shop.db.run(&insert));
        let in_transaction = shop.db.run_in_transaction(&insert);
        seen.text(format!("a book by author {id}, in a transaction that has not ended"), in_transaction);
    }
    seen.text("a book of no author", shop.db.run("INSERT INTO books (title) VALUES ('By nobody')"));
    seen.text(
        "the books",
        shop.db.rows(
            "title, author_id",
            &format!("books WHERE author_id IN ({missing}, {known}) OR title LIKE 'By %' ORDER BY title"),
        ),
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_knows_its_author() {
    let (mut shop, mut conn, mut seen) = shop();
    let known = shop.book().id;
    let [zero, below] = shop.add_low_authors();
    for id in [known, zero, below] {
        let book = book(&shop, id);
        seen.call("the book", &book);
        seen.call("author_of", found(step::authors::author_of(&mut conn, &book)));
    }
    let book = book(&shop, known);
    let name = title("Jane Austen");
    shop.db.run(&format!("UPDATE authors SET name = '{name}'"));
    seen.call("the gate renames all authors; author_of", found(step::authors::author_of(&mut conn, &book)));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_may_have_no_author() {
    let (mut shop, mut conn, mut seen) = shop();
    let id = shop.book().id;
    shop.add_low_authors();
    // Whichever number somebody might take for no author, an author may have it.
    for id in [-1, i32::MIN, i32::MAX] {
        shop.db.run(&format!("INSERT INTO authors (id, name) VALUES ({id}, '{}')", word("nemo")));
    }
    for id in [shop.book_without_author().id, id] {
        let book = book(&shop, id);
        seen.call(format!("author_of(book {id})"), found(step::authors::author_of(&mut conn, &book)));
    }
    let book = book(&shop, id);
    let failed = shop.db.fails_without("authors", || step::authors::author_of(&mut conn, &book));
    seen.call("when the gate takes the table authors away, the answer is the database's error", failed);
    let read = || is_another_error(&step::authors::author_of(&mut conn, &book));
    let failed = shop.db.with_nulls("authors", "name", read);
    seen.call("when the names are NULL, the answer is an error, and not NotFound", failed);
    // The struct holds the key that it was loaded with. Others come before and behind this one.
    let author = shop.book().author_id.expect("this one has an author");
    let (author_now, other) = (shop.authors[4].id, shop.book().id);
    shop.db.run(&format!("UPDATE books SET author_id = {author_now} WHERE id = {other}"));
    let loaded = found(step::authors::author_of(&mut conn, &book));
    seen.call("the gate gives the stored book another author; author_of, with the struct of before", loaded);
    shop.db.run(&format!("UPDATE books SET author_id = {author} WHERE id = {other}"));
    for statement in [
        format!("INSERT INTO authors (id, name) VALUES ({}, '{}')", shop.missing_id(), word("zola")),
        format!("DELETE FROM books WHERE author_id = {author}"),
        format!("DELETE FROM authors WHERE id = {author}"),
    ] {
        shop.db.run(&statement);
    }
    let gone = found(step::authors::author_of(&mut conn, &book));
    seen.call("the gate deletes author and book; author_of", gone);
    insta::assert_snapshot!(seen);
}

#[test]
fn an_author_knows_the_books() {
    let (mut shop, mut conn, mut seen) = shop();
    shop.add_low_authors();
    let first = shop.authors[0].id;
    // As text, these ids come in another order.
    for (id, title) in [(100_000 + number(5), title("Sanditon")), (-number(2), title("Lady Susan"))] {
        shop.db.run(&format!("INSERT INTO books (id, title, author_id) VALUES ({id}, '{title}', {first})"));
    }
    // The last but one has no book. The two before have one name.
    for id in [first, shop.authors[3].id, shop.authors[5].id, shop.authors[4].id, 0] {
        let author = author(&shop, id);
        seen.list(format!("books_of({})", author.name), books(step::authors::books_of(&mut conn, &author)));
    }
    let id = shop.authors[4].id;
    let author = author(&shop, id);
    seen.text("the gate stores books of that author", shop.add_many_books(id));
    // The books belong to the key, whatever the name is by now.
    let name = title("Jane Austen");
    let rename = format!("UPDATE authors SET name = '{name}' WHERE id = {id}");
    seen.text("the gate renames that author", shop.db.run(&rename));
    let read = step::authors::books_of(&mut conn, &author);
    seen.call(format!("books_of({}), how many", author.name), read.map(|books| books.len()));
    let failed = shop.db.fails_without("books", || step::authors::books_of(&mut conn, &author));
    seen.call("when the gate takes the table books away, the answer is the database's error", failed);
    let read = || is_another_error(&step::authors::books_of(&mut conn, &author));
    let failed = shop.db.with_nulls("books", "title", read);
    seen.call("when the titles are NULL, the answer is an error, and not NotFound", failed);
    for table in ["books WHERE author_id", "authors WHERE id"] {
        shop.db.run(&format!("DELETE FROM {table} = {id}"));
    }
    let read = books(step::authors::books_of(&mut conn, &author));
    seen.list(format!("the gate deletes that author; books_of({})", author.name), read);
    insta::assert_snapshot!(seen);
}

#[test]
fn all_authors_come_with_their_books_in_two_queries() {
    let (mut shop, mut conn, mut seen) = shop();
    shop.add_low_authors();
    // A blank is a character of a name.
    shop.db.run(&format!("INSERT INTO authors (name) VALUES (' {}')", title("Zola")));
    match shelves(step::authors::authors_with_books(&mut conn)) {
        Ok(shelves) => seen.text("authors_with_books", shelves),
        Err(error) => seen.call("authors_with_books", error),
    }
    seen.call("how many queries ran", shop.db.queries().len());
    // A table may refuse an empty name.
    let nameless = shop.db.run("INSERT INTO authors (name) VALUES ('')");
    seen.text("the gate stores more authors, each with a book", shop.add_many_authors());
    let read = step::authors::authors_with_books(&mut conn).map(|shelves| {
        let authors = shelves.iter().filter(|(author, _)| !author.name.is_empty()).count();
        (authors, shelves.iter().map(|(_, books)| books.len()).sum::<usize>(), shelves.len() - authors)
    });
    let is_there = read.as_ref().is_ok_and(|read| read.2 == 1) || nameless.starts_with("refused");
    seen.call(
        "authors_with_books, how many authors and books",
        read.map(|(authors, books, _)| (authors, books)),
    );
    seen.call("how many queries ran for the two", shop.db.queries().len());
    seen.call("an author whose name is empty comes too, if it was stored", is_there);
    let (name, renamed) = (title("Jane Austen"), shop.authors[0].id);
    let rename = format!("UPDATE authors SET name = '{name}' WHERE id = {renamed}");
    seen.text(format!("the gate renames author {renamed}"), shop.db.run(&rename));
    // Whatever comes between the statements: those who were there before keep their books.
    let new = 5_000_000 + number(3);
    let before = shop.db.rows("count(*)", "books WHERE author_id IS NOT NULL");
    let changes = [
        format!("INSERT INTO authors (id, name) VALUES ({new}, '{}')", word("zola")),
        format!("INSERT INTO books (title, author_id) VALUES ('{}', {new})", title("Nana")),
    ];
    let mut other = shop.db.connect(connect);
    let meanwhile = || changes.iter().all(|change| diesel::sql_query(change).execute(&mut other).is_ok());
    let (read, _) = shop.db.interrupt(1, meanwhile, || step::authors::authors_with_books(&mut conn));
    let of_others = |shelves: Vec<(step::Author, Vec<step::Book>)>| {
        let others = shelves.iter().filter(|(author, _)| author.id != new);
        before.ends_with(&format!("\n{}", others.map(|(_, books)| books.len()).sum::<usize>()))
    };
    seen.call(
        "if somebody adds an author with a book between the statements: the others have all of theirs",
        read.map(of_others),
    );
    let read = step::authors::authors_with_books(&mut conn);
    let names = |shelves: Vec<(step::Author, Vec<step::Book>)>| {
        let authors = shelves.into_iter().map(|(author, _)| author);
        authors.filter(|author| author.id == renamed).map(|author| author.name).collect::<Vec<_>>()
    };
    seen.call("authors_with_books, the name of that author", read.map(names));
    for table in ["authors", "books"] {
        let failed = shop.db.fails_without(table, || step::authors::authors_with_books(&mut conn));
        let what = format!("when the gate takes the table {table} away, the answer is the database's error");
        seen.call(what, failed);
    }
    for (table, column) in [("authors", "name"), ("books", "title")] {
        let read = || is_another_error(&step::authors::authors_with_books(&mut conn));
        let failed = shop.db.with_nulls(table, column, read);
        let what = format!("when each {column} in {table} is NULL, the answer is an error, and not NotFound");
        seen.call(what, failed);
    }
    shop.db.run("DELETE FROM books");
    shop.db.run("DELETE FROM authors");
    let none = shelves(step::authors::authors_with_books(&mut conn));
    seen.call("authors_with_books, when there is no author", none);
    insta::assert_snapshot!(seen);
}

#[test]
fn an_author_who_goes_takes_the_books_along() {
    let (mut shop, mut conn, mut seen) = shop();
    let rule = shop.db.foreign_keys("name, target, on_delete", "books");
    seen.text("the foreign keys of books, and their rules", rule);
    // Somebody else has the same name.
    let id = shop.authors[3].id;
    let deleted: QueryResult<()> = step::authors::delete_author(&mut conn, id);
    seen.call(format!("delete_author({id})"), deleted);
    seen.call("how many queries ran", shop.db.queries().len());
    seen.text("the authors", shop.db.rows("id, name", "authors ORDER BY id"));
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    let missing = shop.missing_id();
    seen.call(format!("delete_author({missing})"), step::authors::delete_author(&mut conn, missing));
    shop.add_low_authors();
    seen.call("delete_author(0)", step::authors::delete_author(&mut conn, 0));
    // However it is deleted: the rule is the table's.
    let other = shop.authors[0].id;
    let failed = shop.db.without("authors", || step::authors::delete_author(&mut conn, other));
    let is_another = failed.is_err_and(|error| error != diesel::NotFound);
    seen.call("when the gate takes the table authors away, the answer is another error", is_another);
    seen.text(
        format!("DELETE of author {other}"),
        shop.db.run(&format!("DELETE FROM authors WHERE id = {other}")),
    );
    seen.text("the books", shop.db.rows(BOOKS, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}
