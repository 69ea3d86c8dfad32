//! A console on the bookshop of lesson 4.
//!
//!     cargo kata run 4

#[path = "console.rs"]
mod console;

use std::process::ExitCode;

use console::{Function, list, one};
use diesel::prelude::*;
use gates::{Bookshop, Database, Db};
use groundwork::connect;
use lesson_04_relationships::MIGRATIONS;
use lesson_04_relationships::authors::{author_of, authors_with_books, books_of, delete_author};
use lesson_04_relationships::models::{Author, Book};

fn main() -> ExitCode {
    let open = || -> Database { Bookshop::open(&MIGRATIONS).db };
    console::run("Lesson 4: one author, many books", open, |database| database.connect(connect), FUNCTIONS)
}

fn book(conn: &mut Db, id: i32) -> Result<Book, String> {
    let found = Book::query().filter(lesson_04_relationships::schema::books::id.eq(id)).first(conn);
    found.map_err(|error| format!("book {id}: {error}"))
}

fn author(conn: &mut Db, id: i32) -> Result<Author, String> {
    let found = Author::query().filter(lesson_04_relationships::schema::authors::id.eq(id)).first(conn);
    found.map_err(|error| format!("author {id}: {error}"))
}

const FUNCTIONS: &[Function] = &[
    Function {
        usage: "author_of BOOK_ID",
        call: |conn, words| {
            let book = book(conn, words.number(0)?)?;
            one(author_of(conn, &book))
        },
    },
    Function {
        usage: "books_of AUTHOR_ID",
        call: |conn, words| {
            let author = author(conn, words.number(0)?)?;
            list(books_of(conn, &author))
        },
    },
    Function { usage: "authors_with_books", call: |conn, _| list(authors_with_books(conn)) },
    Function { usage: "delete_author ID", call: |conn, words| one(delete_author(conn, words.number(0)?)) },
];
