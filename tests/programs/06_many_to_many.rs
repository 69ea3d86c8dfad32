//! A console on the bookshop of lesson 6.
//!
//!     cargo kata run 6

#[path = "console.rs"]
mod console;

use std::process::ExitCode;

use console::{Function, Words, list, one};
use diesel::prelude::*;
use gates::{Bookshop, Database, Db};
use groundwork::connect;
use lesson_06_many_to_many::publishers::{
    add_publisher, books_of, books_with_publishers, publishers_of, remove_publisher, set_publishers,
};
use lesson_06_many_to_many::schema::{books, publishers};
use lesson_06_many_to_many::{Book, MIGRATIONS, Publisher};

fn main() -> ExitCode {
    let open = || -> Database { Bookshop::open(&MIGRATIONS).with_publishers().db };
    console::run(
        "Lesson 6: many books, many publishers",
        open,
        |database| database.connect(connect),
        FUNCTIONS,
    )
}

fn book(conn: &mut Db, words: &Words) -> Result<Book, String> {
    let id = words.number(0)?;
    Book::query().filter(books::id.eq(id)).first(conn).map_err(|error| format!("book {id}: {error}"))
}

fn publisher(conn: &mut Db, words: &Words) -> Result<Publisher, String> {
    let id = words.number(0)?;
    let found = Publisher::query().filter(publishers::id.eq(id)).first(conn);
    found.map_err(|error| format!("publisher {id}: {error}"))
}

const FUNCTIONS: &[Function] = &[
    Function {
        usage: "publishers_of BOOK_ID",
        call: |conn, words| {
            let book = book(conn, words)?;
            list(publishers_of(conn, &book))
        },
    },
    Function {
        usage: "books_of PUBLISHER_ID",
        call: |conn, words| {
            let publisher = publisher(conn, words)?;
            list(books_of(conn, &publisher))
        },
    },
    Function {
        usage: "add_publisher BOOK_ID PUBLISHER_ID",
        call: |conn, words| one(add_publisher(conn, words.number(0)?, words.number(1)?)),
    },
    Function {
        usage: "remove_publisher BOOK_ID PUBLISHER_ID",
        call: |conn, words| one(remove_publisher(conn, words.number(0)?, words.number(1)?)),
    },
    Function {
        usage: "set_publishers BOOK_ID PUBLISHER_ID…",
        call: |conn, words| {
            let ids: Result<Vec<_>, _> = (1..=words.rest(1).len()).map(|index| words.number(index)).collect();
            one(set_publishers(conn, words.number(0)?, &ids?))
        },
    },
    Function { usage: "books_with_publishers", call: |conn, _| list(books_with_publishers(conn)) },
];
