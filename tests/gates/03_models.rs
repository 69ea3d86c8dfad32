//! Lesson 3: a table, and the struct that its rows become.

use diesel::query_builder::AsQuery;
use diesel::{QueryResult, Table};
use gates::{Database, Transcript, add_many, is_another_error, letters, number, title, word};
use groundwork::connect;

fn migrated() -> (Database, Transcript) {
    (Database::migrated(&step::MIGRATIONS), Transcript::new())
}

/// The types of a table's columns, as `table!` has them, in whichever order.
fn types_of<T: AsQuery>(_table: T) -> String {
    let types = std::any::type_name::<T::SqlType>().replace("diesel::sql_types::", "");
    let mut types: Vec<_> = types.trim_matches(['(', ')']).split(", ").collect();
    types.sort_unstable();
    types.join("\n")
}

/// What `table!` says that the key of a table is.
fn key_of<T: Table>(_table: T) -> &'static str {
    let path = std::any::type_name::<T::PrimaryKey>();
    path.rsplit("::").next().expect("a path has parts")
}

#[test]
fn the_table_has_its_columns() {
    let (mut shop, mut seen) = migrated();
    seen.text("books", shop.columns("books"));
    // Somebody's table of that name: the migration may be refused, and throws nothing away.
    let title = letters(70);
    for (what, columns, table) in [
        ("", "count(*)", "CREATE TABLE books (note TEXT); INSERT INTO books VALUES ('read this')".to_owned()),
        (
            ", with the same columns",
            "count(*), max(length(title))",
            format!(
                "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, pages INTEGER);
                 INSERT INTO books (id, title) VALUES (7, '{title}'), (-7, NULL)"
            ),
        ),
    ] {
        let mut other = Database::with(&table);
        let _ = other.try_to_migrate(&step::MIGRATIONS);
        let what = format!("the rows of a table books that was there before{what}");
        seen.text(what, other.rows(columns, "books"));
    }
    let mut other = Database::with("CREATE TABLE book (note TEXT); INSERT INTO book VALUES ('not mine')");
    other.migrate(&step::MIGRATIONS);
    seen.text("the rows of a table book that was there before", other.rows("note", "book"));
    insta::assert_snapshot!(seen);
}

#[test]
fn the_database_makes_the_keys() {
    let (mut shop, mut seen) = migrated();
    let pages = number(2021);
    // There are books of one title.
    for title in [title("Emma"), title("Persuasion"), title("Emma")] {
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})");
        seen.text(title, shop.run(&insert));
    }
    seen.text(
        "a book with an id that is taken",
        shop.run(&format!("INSERT INTO books (id, title) VALUES (2, '{}')", title("Sanditon"))),
    );
    // Ids may have gaps, and grow.
    for (id, title) in [(-9, title("Lady Susan")), (number(32), title("Emma")), (5_000_000, title("Emma"))] {
        let insert = format!("INSERT INTO books (id, title, pages) VALUES ({id}, '{title}', {pages})");
        seen.text(format!("a book with the id {id}"), shop.run(&insert));
    }
    seen.text("the books", shop.rows("id, title, pages", "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_title_has_at_most_fifty_characters() {
    let (mut shop, mut seen) = migrated();
    let (pages, longer) = (number(2021), 50 + number(52) as usize);
    let spaces = " ".repeat(20);
    // Spaces are characters, wherever they stand.
    let titles = [
        ("1", letters(1)),
        ("50", letters(50)),
        ("51", letters(51)),
        ("52", letters(52)),
        (&*longer.to_string(), letters(longer)),
        ("1,000", letters(1000)),
        ("70,000", letters(70_000)),
        ("50, the last 20 of them spaces", letters(30) + &spaces),
        ("51, the last 20 of them spaces", letters(31) + &spaces),
        ("50, the first 20 of them spaces", spaces.clone() + &letters(30)),
        ("51, the first 20 of them spaces", spaces.clone() + &letters(31)),
        ("51, with 20 spaces within", letters(1) + &spaces + &letters(30)),
        ("50, all of them spaces", " ".repeat(50)),
        ("51, all of them spaces", " ".repeat(51)),
        ("51, the last of them a line break", letters(50) + "\n"),
        ("50, each of them four bytes", "\u{1f4d6}".repeat(50)),
        ("51, each of them four bytes", "\u{1f4d6}".repeat(51)),
    ];
    for (what, title) in &titles {
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})");
        seen.text(format!("a title of {what}"), shop.run(&insert));
    }
    for pages in ["NULL", "0", "-1"] {
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{}', {pages})", letters(51));
        seen.text(format!("a title of 51, and {pages} for its pages"), shop.run(&insert));
    }
    let update = format!("UPDATE books SET title = '{}' WHERE title = '{}'", letters(51), letters(50));
    seen.text("the title of 50 becomes one of 51", shop.run(&update));
    for (what, title) in [("letters", letters(50)), ("emoji", "\u{1f4d6}".repeat(50))] {
        let from = format!("books WHERE title = '{title}'");
        seen.text(
            format!("books with the title of fifty {what}, as it was stored"),
            shop.rows("count(*)", &from),
        );
    }
    let blanks = format!(" {} ", title("Emma"));
    let update = format!("UPDATE books SET title = '{blanks}' WHERE title = '{}'", letters(1));
    seen.text("the title of 1 becomes one with blanks around it", shop.run(&update));
    let stored = shop.rows("count(*)", &format!("books WHERE title = '{blanks}'"));
    seen.text("books with that title, as it was stored", stored);
    let stored = "length(title), length(trim(title)), pages";
    seen.text("the books", shop.rows(stored, "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_book_has_a_title_and_may_have_pages() {
    let (mut shop, mut seen) = migrated();
    let (title, pages) = (title("Emma"), number(2021));
    seen.text("no title", shop.run(&format!("INSERT INTO books (pages) VALUES ({pages})")));
    seen.text("no pages", shop.run(&format!("INSERT INTO books (title) VALUES ('{title}, {pages}')")));
    for pages in [1, number(17), number(156), 10 * number(4321), i32::MAX] {
        let insert = format!("INSERT INTO books (title, pages) VALUES ('{title}', {pages})");
        seen.text(format!("{pages} page(s)"), shop.run(&insert));
    }
    let unknown = format!("UPDATE books SET pages = NULL WHERE pages = {pages}", pages = i32::MAX);
    seen.text(format!("somebody no longer knows that a book has {} page(s)", i32::MAX), shop.run(&unknown));
    seen.text("the books", shop.rows("title, pages", "books ORDER BY id"));
    insta::assert_snapshot!(seen);
}

#[test]
fn what_goes_up_comes_down() {
    // What is there before a migration stays, whichever way it goes.
    let mut shop =
        Database::with("CREATE TABLE authors (note TEXT); INSERT INTO authors VALUES ('read this')");
    let mut seen = Transcript::new();
    shop.migrate(&step::MIGRATIONS);
    seen.text("after up.sql", shop.tables());
    shop.revert(&step::MIGRATIONS);
    seen.text("after down.sql", shop.objects());
    shop.migrate(&step::MIGRATIONS);
    seen.text("after up.sql again", shop.tables());
    // A database may refuse to drop what somebody's view needs.
    shop.run(&format!("CREATE VIEW {} AS SELECT title FROM books", word("titles")));
    let _ = shop.try_to_revert(&step::MIGRATIONS);
    let is_there = shop.objects().contains(&word("titles"));
    seen.call("the gate's own view of the books is there after another down.sql", is_there);
    seen.text("the authors", shop.rows("note", "authors"));
    insta::assert_snapshot!(seen);
}

#[test]
fn rows_become_books() {
    let (mut shop, mut seen) = migrated();
    let mut conn = shop.connect(connect);
    let all = |conn: &mut _| -> QueryResult<Vec<step::Book>> { step::models::all_books(conn) };
    seen.text("the key of books, as table! has it", key_of(step::schema::books::table));
    seen.text("the types of its columns", types_of(step::schema::books::table));
    seen.list("all_books, before there is one", all(&mut conn));
    let id = number(1);
    // As text, these ids are in another order.
    let rows = [
        (90 * id, title("Emma"), number(2021).to_string()),
        (-3 * id, title("Persuasion"), "NULL".to_owned()),
        (1000 * id, format!(" {} ", title("Sanditon")), number(156).to_string()),
        (0, title("Emma"), number(2021).to_string()),
        (100 * id, title("Emma"), number(2021).to_string()),
        (70 * id, title("Sanditon"), (40_000 + number(21)).to_string()),
        (8 * id, title("Emma").to_lowercase(), "NULL".to_owned()),
    ];
    for (id, title, pages) in rows {
        shop.run(&format!("INSERT INTO books (id, title, pages) VALUES ({id}, '{title}', {pages})"));
    }
    seen.list("all_books", all(&mut conn));
    // A table may refuse these two.
    for (id, title, pages) in [(2 * id, String::new(), None), (3 * id, word("fog"), Some(0))] {
        let stored = pages.map_or("NULL".to_owned(), |pages: i32| pages.to_string());
        let said =
            shop.run(&format!("INSERT INTO books (id, title, pages) VALUES ({id}, '{title}', {stored})"));
        let expected = format!("Book {{ id: {id}, title: {title:?}, pages: {pages:?} }}");
        let is_there =
            all(&mut conn).is_ok_and(|books| books.iter().any(|book| format!("{book:?}") == expected));
        seen.call(
            format!(
                "a book of the title {title:?} and with {stored} for its pages comes back if it was stored"
            ),
            is_there || said.starts_with("refused"),
        );
    }
    let added = add_many(&mut shop, "books (id, title)", "SELECT 10000 + i, 'A Book' FROM numbers");
    seen.text("the gate stores more books", added);
    let count = shop.rows("count(*)", "books").replace("count(*)\n", "");
    let count: usize = count.parse().expect("the database counts");
    let missing = |books: Vec<_>| count.abs_diff(books.len());
    seen.call("all_books, how many are missing", all(&mut conn).map(missing));
    let failed = shop.fails_without("books", || all(&mut conn));
    seen.call("when the gate takes the table books away, the answer is the database's error", failed);
    let failed = shop.with_nulls("books", "title", || is_another_error(&all(&mut conn)));
    seen.call("when the titles are NULL, the answer is an error, and not NotFound", failed);
    insta::assert_snapshot!(seen);
}
