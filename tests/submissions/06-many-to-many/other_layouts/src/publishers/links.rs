//! Links in bulk: from rows to lists, and from lists to rows.

use std::collections::BTreeMap;

use diesel::prelude::*;

use groundwork::Db;
use crate::models::{Book, Publisher, PublisherBook};
use crate::schema::{publishers, publishers_books};

/// A link, and the name of whom it leads to.
#[derive(Queryable, Selectable)]
#[diesel(table_name = publishers_books)]
struct Linked {
    book_id: i32,
    #[diesel(select_expression = publishers::id)]
    publisher: i32,
    #[diesel(select_expression = publishers::name)]
    name: String,
}

impl From<Linked> for (i32, Publisher) {
    fn from(Linked { book_id, publisher, name }: Linked) -> Self {
        (book_id, Publisher { id: publisher, name })
    }
}

/// Who publishes what, by the keys of the books.
pub(super) struct Catalogue(BTreeMap<i32, Vec<Publisher>>);

impl Catalogue {
    pub(super) fn load(conn: &mut Db) -> QueryResult<Self> {
        let linked = publishers_books::table
            .inner_join(publishers::table)
            .order_by((publishers::name.asc(), publishers::id.asc()))
            .select(Linked::as_select());
        let mut catalogue = BTreeMap::new();
        for linked in linked.load_iter(conn)? {
            let (book, publisher) = linked?.into();
            catalogue.entry(book).or_insert_with(Vec::new).push(publisher);
        }
        Ok(Self(catalogue))
    }

    pub(super) fn with_publishers(&mut self, book: Book) -> (Book, Vec<Publisher>) {
        let publishers = self.0.remove(&book.id).unwrap_or_default();
        (book, publishers)
    }
}

/// The publishers that a book is to have.
pub(super) struct Replacement(i32, Vec<PublisherBook>);

impl Replacement {
    pub(super) fn new(book_id: i32, publisher_ids: &[i32]) -> Self {
        let links = publisher_ids.iter().map(|&publisher_id| PublisherBook { book_id, publisher_id });
        Self(book_id, links.collect())
    }

    pub(super) fn carry_out(&self, conn: &mut Db) -> Result<(), Refused> {
        let Self(book_id, links) = self;
        diesel::delete(publishers_books::table)
            .filter(publishers_books::book_id.eq(book_id))
            .execute(conn)?;
        match diesel::insert_into(publishers_books::table).values(links).execute(conn)? {
            stored if stored == links.len() => Ok(()),
            _ => Err(Refused::Forgotten),
        }
    }
}

/// Why the links are as they were.
pub(super) enum Refused {
    Database(diesel::result::Error),
    /// Fewer links were stored than were asked for.
    Forgotten,
}

impl From<diesel::result::Error> for Refused {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Refused> for diesel::result::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Database(error) => error,
            Refused::Forgotten => Self::RollbackTransaction,
        }
    }
}
