//! Several books that are stored together.

use diesel::prelude::*;

use super::create_book;
use groundwork::Db;
use crate::models::{Book, NewBook};
use crate::schema::authors;

/// Why a series has not been stored.
pub(super) enum Unpublished {
    NoSuchAuthor,
    Refused(diesel::result::Error),
}

impl From<diesel::result::Error> for Unpublished {
    fn from(error: diesel::result::Error) -> Self {
        Self::Refused(error)
    }
}

impl From<Unpublished> for diesel::result::Error {
    fn from(why: Unpublished) -> Self {
        match why {
            Unpublished::NoSuchAuthor => Self::NotFound,
            Unpublished::Refused(error) => error,
        }
    }
}

/// Books that have one author and nothing else in common.
pub(super) struct Series<'a> {
    author_id: i32,
    titles: &'a [&'a str],
}

impl<'a> Series<'a> {
    pub(super) fn by(conn: &mut Db, author_id: i32, titles: &'a [&'a str]) -> Result<Self, Unpublished> {
        let known = diesel::select(diesel::dsl::exists(authors::table.find(author_id)));
        if known.get_result(conn)? { Ok(Self { author_id, titles }) } else { Err(Unpublished::NoSuchAuthor) }
    }

    fn books(&self) -> impl Iterator<Item = NewBook<'a>> {
        let author_id = Some(self.author_id);
        self.titles.iter().map(move |title| NewBook { title, pages: None, author_id })
    }

    pub(super) fn store(&self, conn: &mut Db) -> Result<Vec<Book>, Unpublished> {
        self.books().map(|new| Ok(create_book(conn, &new)?)).collect()
    }
}
