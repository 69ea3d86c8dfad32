//! A console on the bookshop of lesson 5.
//!
//!     cargo kata run 5

#[path = "console.rs"]
mod console;

use std::process::ExitCode;

use console::{Function, list, one};
use gates::{Bookshop, Database};
use groundwork::connect;
use lesson_05_crud::books::{
    all_books, authors_of_long_books, books_starting_with, create_book, delete_book, find_book,
    first_book_starting_with, publish_series, set_author,
};
use lesson_05_crud::{MIGRATIONS, NewBook};

fn main() -> ExitCode {
    let open = || -> Database { Bookshop::open(&MIGRATIONS).db };
    console::run(
        "Lesson 5: create, read, update, delete",
        open,
        |database| database.connect(connect),
        FUNCTIONS,
    )
}

const FUNCTIONS: &[Function] = &[
    Function {
        usage: "create_book TITLE [PAGES] [AUTHOR_ID]",
        call: |conn, words| {
            let (title, pages) = (words.text(0)?, words.number_or_none(1)?);
            one(create_book(conn, &NewBook { title, pages, author_id: words.number_or_none(2)? }))
        },
    },
    Function { usage: "all_books", call: |conn, _| list(all_books(conn)) },
    Function { usage: "find_book ID", call: |conn, words| one(find_book(conn, words.number(0)?)) },
    Function {
        usage: "books_starting_with PREFIX",
        call: |conn, words| list(books_starting_with(conn, words.text(0)?)),
    },
    Function {
        usage: "first_book_starting_with PREFIX",
        call: |conn, words| one(first_book_starting_with(conn, words.text(0)?)),
    },
    Function {
        usage: "authors_of_long_books PAGES",
        call: |conn, words| list(authors_of_long_books(conn, words.number(0)?)),
    },
    Function {
        usage: "set_author BOOK_ID AUTHOR_ID",
        call: |conn, words| one(set_author(conn, words.number(0)?, words.number(1)?)),
    },
    Function { usage: "delete_book ID", call: |conn, words| one(delete_book(conn, words.number(0)?)) },
    Function {
        usage: "publish_series AUTHOR_ID TITLE…",
        call: |conn, words| {
            let titles: Vec<_> = words.rest(1).iter().map(String::as_str).collect();
            list(publish_series(conn, words.number(0)?, &titles))
        },
    },
];
