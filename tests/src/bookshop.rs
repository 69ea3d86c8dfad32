//! The bookshop of steps 1 to 7, stocked from the seed.

use std::ops::{Deref, DerefMut};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use diesel_migrations::EmbeddedMigrations;
use fake::Fake;
use fake::faker::name::en::{FirstName, LastName};
use fake::rand::RngExt;
use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::{IndexedRandom, SliceRandom};

use crate::database::{Database, Db};
use crate::seed;

#[derive(Clone, Debug)]
pub struct Author {
    pub id: i32,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Book {
    pub id: i32,
    pub title: String,
    pub pages: Option<i32>,
    pub author_id: Option<i32>,
}

#[derive(Clone, Debug)]
pub struct Publisher {
    pub id: i32,
    pub name: String,
}

/// A database with the step's tables and a seed's authors and books in them.
///
/// Ids have gaps and follow neither the titles nor the authors, so that a query without an
/// order, or one that mixes up two ids, is seen.
pub struct Bookshop {
    database: Database,
    /// The first has at least two long books and a short one; the last two have none, and the very
    /// last is a namesake of another.
    pub authors: Vec<Author>,
    /// In the order of their ids.
    pub books: Vec<Book>,
    /// A book is long from this many pages on; one long book has exactly as many.
    pub long: i32,
    /// Two titles or more begin with this word; another has it in lower case, and more hold it
    /// further on.
    pub word: &'static str,
    /// None, unless [`Bookshop::with_publishers`] has put them in.
    pub publishers: Vec<Publisher>,
    /// Which book has which publisher, by their ids.
    pub links: Vec<(i32, i32)>,
}

impl Bookshop {
    pub fn open(migrations: EmbeddedMigrations) -> Self {
        let mut shop = Stock::draw(&mut seed::rng()).into_shop(Database::migrated(migrations));
        shop.fill().unwrap_or_else(|error| panic!("the bookshop's rows do not fit the tables: {error}"));
        shop
    }

    /// Adds three publishers and links. One book has all three, one has none, and the last
    /// publisher has that one book only.
    pub fn with_publishers(mut self) -> Self {
        let rng = &mut seed::rng();
        let mut ids = gapped_ids(rng);
        let mut house = |kind: &str| {
            let name: &str = LastName().fake_with_rng(rng);
            Publisher { id: ids() + 100, name: format!("{name}{kind}") }
        };
        self.publishers = vec![house(" & Daughters"), house(" Press"), house(" House")];
        self.publishers.sort_by_key(|publisher| publisher.id);
        let mut books: Vec<_> = self.books.iter().map(|book| book.id).collect();
        books.shuffle(rng);
        let [one, two, three] = [0, 1, 2].map(|index: usize| self.publishers[index].id);
        self.links = vec![(books[0], one), (books[0], two), (books[0], three), (books[1], two)];
        self.links.extend([(books[2], one), (books[3], one), (books[3], two), (books[4], two)]);
        self.fill_publishers()
            .unwrap_or_else(|error| panic!("the publishers do not fit the tables: {error}"));
        self
    }

    /// The book that has every publisher.
    pub fn widely_published(&self) -> &Book {
        let count = |book: &&Book| self.links.iter().filter(|link| link.0 == book.id).count();
        self.books.iter().max_by_key(count).expect("there are books")
    }

    /// A book that has no publisher.
    pub fn unpublished(&self) -> &Book {
        let has_none = |book: &&Book| self.links.iter().all(|link| link.0 != book.id);
        self.books.iter().find(has_none).expect("not all books are published")
    }

    fn fill_publishers(&mut self) -> QueryResult<()> {
        let Self { database, publishers, links, .. } = self;
        let conn = database.conn();
        for Publisher { id, name } in publishers {
            diesel::sql_query("INSERT INTO publishers (id, name) VALUES ($1, $2)")
                .bind::<Integer, _>(*id)
                .bind::<Text, _>(&*name)
                .execute(conn)?;
        }
        for (book_id, publisher_id) in links {
            diesel::sql_query("INSERT INTO publishers_books (book_id, publisher_id) VALUES ($1, $2)")
                .bind::<Integer, _>(*book_id)
                .bind::<Integer, _>(*publisher_id)
                .execute(conn)?;
        }
        continue_ids(conn, "publishers")
    }

    /// An id that no row has, now or after the next few inserts.
    pub fn missing_id(&self) -> i32 {
        self.books
            .iter()
            .map(|book| book.id)
            .chain(self.authors.iter().map(|author| author.id))
            .max()
            .unwrap_or(0)
            + 1000
    }

    /// A book that has an author.
    pub fn book(&self) -> &Book {
        self.books.iter().find(|book| book.author_id.is_some()).expect("the stock has one")
    }

    /// The book that has none.
    pub fn book_without_author(&self) -> &Book {
        self.books.iter().find(|book| book.author_id.is_none()).expect("the stock has one")
    }

    fn fill(&mut self) -> QueryResult<()> {
        let Self { database, authors, books, .. } = self;
        let conn = database.conn();
        for Author { id, name } in authors {
            diesel::sql_query("INSERT INTO authors (id, name) VALUES ($1, $2)")
                .bind::<Integer, _>(*id)
                .bind::<Text, _>(&*name)
                .execute(conn)?;
        }
        // The highest id first: what PostgreSQL returns without an order is then not in the order of ids.
        for Book { id, title, pages, author_id } in books.iter().rev() {
            diesel::sql_query("INSERT INTO books (id, title, pages, author_id) VALUES ($1, $2, $3, $4)")
                .bind::<Integer, _>(*id)
                .bind::<Text, _>(title)
                .bind::<Nullable<Integer>, _>(*pages)
                .bind::<Nullable<Integer>, _>(*author_id)
                .execute(conn)?;
        }
        // SQLite, asked for an order by title alone, goes along this index.
        conn.batch_execute("CREATE INDEX books_by_title_and_falling_id ON books (title, id DESC)")?;
        // Asked for an author's books, along this one: by title.
        conn.batch_execute("CREATE INDEX books_by_author_and_title ON books (author_id, title)")?;
        continue_ids(conn, "authors")?;
        continue_ids(conn, "books")
    }
}

impl Deref for Bookshop {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl DerefMut for Bookshop {
    fn deref_mut(&mut self) -> &mut Database {
        &mut self.database
    }
}

/// PostgreSQL counts ids apart from the rows; SQLite goes on from the highest by itself.
fn continue_ids(conn: &mut Db, table: &str) -> QueryResult<()> {
    if cfg!(feature = "postgres") {
        let query = format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}");
        diesel::sql_query(query).execute(conn)?;
    }
    Ok(())
}

struct Stock {
    authors: Vec<Author>,
    books: Vec<Book>,
    long: i32,
    word: &'static str,
}

impl Stock {
    /// Draws until the rows tell a right query from one that is right by luck.
    fn draw(rng: &mut ChaCha8Rng) -> Self {
        loop {
            let stock = Self::draw_once(rng);
            if stock.is_telling() {
                return stock;
            }
        }
    }

    /// Whether a missing order shows. Without one, rows come from the highest id down; so that is
    /// not the order of the titles that begin alike, nor that of one author's titles, and the
    /// names of who wrote long books do not follow their ids or their first long books.
    fn is_telling(&self) -> bool {
        let id_of =
            |start: String| self.books.iter().find(|book| book.title.starts_with(&start)).map(|book| book.id);
        let (and, of) = (id_of(format!("{} and ", self.word)), id_of(format!("{} of ", self.word)));
        let (one, other) = (&self.authors[0], &self.authors[2]);
        let first_long = |author: &Author| {
            let long = self
                .books
                .iter()
                .filter(|book| book.author_id == Some(author.id) && book.pages >= Some(self.long));
            long.map(|book| book.id).min()
        };
        let by_name = one.name < other.name;
        let mut of_one: Vec<_> = self.books.iter().filter(|book| book.author_id == Some(one.id)).collect();
        of_one.sort_by(|a, b| a.title.cmp(&b.title));
        let is_shuffled = !of_one.is_sorted_by_key(|book| book.id);
        is_shuffled
            && and < of
            && by_name == (one.id > other.id)
            && by_name == (first_long(one) > first_long(other))
    }

    fn draw_once(rng: &mut ChaCha8Rng) -> Self {
        let authors = draw_authors(rng);
        let long = rng.random_range(90..=180);
        let mut words = WORDS.to_vec();
        words.shuffle(rng);
        let word = words.pop().expect("there are words");
        let mut nouns = words.into_iter();
        let mut noun = || nouns.next().expect("there are more words than titles");
        let lower = word.to_lowercase();
        let no_more = format!("No More {}", noun());
        let titles = [
            format!("{word} and {}", noun()),
            format!("{lower} by lamplight"),
            format!("{word} of the {}", noun()),
            format!("The {word} Letters"),
            format!("100% {}", noun()),
            format!("1000 Days of {}", noun()),
            format!("A {} in {}", noun(), MONTHS.choose(rng).expect("there are months")),
            format!("The Baker's {}", noun()),
            no_more.clone(),
            // Two books of one title: an order by title alone leaves open which comes first.
            no_more,
        ];
        // By author: two long books and a short one for the first; for the second one that is a page
        // too short, for the third one that is long by no page; none for the last.
        let by: Vec<_> = authors.iter().map(|author| Some(author.id)).collect();
        let longer = rng.random_range(long + 1..long + 400);
        let shorter = rng.random_range(20..long);
        let mut shelf = vec![
            (by[0], Some(long)),
            (by[0], Some(longer)),
            (by[0], Some(shorter)),
            (by[1], Some(long - 1)),
            (by[2], Some(long)),
            (by[3], None),
            (by[3], Some(rng.random_range(20..500))),
            (by[3], Some(rng.random_range(20..500))),
            (None, Some(rng.random_range(long..500))),
            (by[3], Some(rng.random_range(20..500))),
        ];
        shelf.shuffle(rng);
        let mut ids = gapped_ids(rng);
        let mut books: Vec<_> = titles
            .into_iter()
            .zip(shelf)
            .map(|(title, (author_id, pages))| Book { id: 0, title, pages, author_id })
            .collect();
        books.shuffle(rng);
        for book in &mut books {
            book.id = ids();
        }
        Self { authors, books, long, word }
    }

    fn into_shop(self, database: Database) -> Bookshop {
        let Self { authors, books, long, word } = self;
        Bookshop { database, authors, books, long, word, publishers: Vec::new(), links: Vec::new() }
    }
}

fn draw_authors(rng: &mut ChaCha8Rng) -> Vec<Author> {
    let mut ids = gapped_ids(rng);
    let mut authors: Vec<Author> = Vec::new();
    while authors.len() < 5 {
        let (first, last): (&str, &str) = (FirstName().fake_with_rng(rng), LastName().fake_with_rng(rng));
        let name = format!("{first} {last}");
        if authors.iter().all(|author| author.name != name) {
            authors.push(Author { id: ids(), name });
        }
    }
    authors.shuffle(rng);
    // Somebody of the same name, without books: an order by name alone leaves open who is first.
    let namesake = authors[3].name.clone();
    authors.push(Author { id: ids(), name: namesake });
    authors
}

/// Ids that grow by one to nine.
fn gapped_ids(rng: &mut ChaCha8Rng) -> impl FnMut() -> i32 + use<> {
    let mut steps: Vec<i32> = (1..=9).collect();
    steps.shuffle(rng);
    let mut id = rng.random_range(0..50);
    let mut steps = steps.into_iter().cycle();
    move || {
        id += steps.next().expect("a cycle does not end");
        id
    }
}

const WORDS: [&str; 24] = [
    "Amber", "Bread", "Cedar", "Copper", "Ember", "Fog", "Gulls", "Harbour", "Honey", "Ink", "Ivory",
    "Juniper", "Kites", "Lanterns", "Maps", "Orchards", "Paper", "Rivers", "Salt", "Silver", "Swallows",
    "Thunder", "Velvet", "Winter",
];

const MONTHS: [&str; 6] = ["April", "August", "December", "February", "June", "October"];
