//! The bookshop of steps 1 to 7, stocked from the seed.

mod crowd;
mod rows;
mod stock;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use fake::Fake;
use fake::faker::name::en::LastName;
use fake::rand::RngExt;
use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::SliceRandom;

use crate::database::trouble::is_the_databases;
use crate::database::{Backend, Database, Db};
use crate::seed;
pub use crowd::add_many;
pub use rows::{Author, Book, Publisher};
use stock::{Stock, gapped_ids};

/// A database with the step's tables and a seed's authors and books in them.
///
/// Ids have gaps and follow neither the titles nor the authors, so that a query without an
/// order, or one that mixes up two ids, is seen.
pub struct Bookshop {
    /// The database, with the gate's own connection.
    pub db: Database,
    /// The first has at least two long books and a short one; the last but one has none, and the
    /// very last is a namesake of the one before that one. Both of them have a long book.
    pub authors: Vec<Author>,
    /// In the order of their ids.
    pub books: Vec<Book>,
    /// A book is long from this many pages on; one long book has exactly as many.
    pub long: i32,
    /// Two titles or more begin with this word; another has it in lower case, and more hold it
    /// further on.
    pub word: &'static str,
    /// One title begins with this number and percent sign; another begins with the number.
    pub hundred: String,
    /// None, unless [`Bookshop::with_publishers`] has put them in.
    pub publishers: Vec<Publisher>,
    /// Which book has which publisher, by their ids.
    pub links: Vec<(i32, i32)>,
}

impl Bookshop {
    pub fn open(migrations: &dyn MigrationSource<Backend>) -> Self {
        let Stock { authors, books, long, word, hundred } = Stock::draw(&mut seed::rng());
        let db = Database::migrated(migrations);
        let mut shop =
            Self { db, authors, books, long, word, hundred, publishers: Vec::new(), links: Vec::new() };
        shop.fill().unwrap_or_else(|error| panic!("the bookshop's rows do not fit the tables: {error}"));
        shop
    }

    /// Adds three publishers, two of them of one name, and links. One book has all three, one has none, and the last
    /// publisher has that one book only.
    pub fn with_publishers(mut self) -> Self {
        let rng = &mut seed::rng();
        let mut ids = gapped_ids(rng);
        let mut house = |rng: &mut ChaCha8Rng, kind: &str| {
            let name: &str = LastName().fake_with_rng(rng);
            Publisher { id: ids() + 100, name: format!("{name}{kind}") }
        };
        self.publishers = vec![house(rng, " & Daughters"), house(rng, " Press"), house(rng, " House")];
        self.publishers.sort_by_key(|publisher| publisher.id);
        // An order by name alone leaves open which of the two comes first.
        self.publishers[2].name = self.publishers[0].name.clone();
        let mut books: Vec<_> = self.books.iter().map(|book| book.id).collect();
        books.shuffle(rng);
        // Two books of one title have the same publisher.
        let alike = format!("{} and ", self.word);
        let is_alike =
            |id: &i32| self.books.iter().any(|book| book.id == *id && book.title.starts_with(&alike));
        let (twins, mut books): (Vec<_>, Vec<_>) = books.into_iter().partition(is_alike);
        books.insert(1, twins[0]);
        books.insert(4, twins[1]);
        // Of two other books of one title, one has no publisher.
        let is_other =
            |id: &i32| self.books.iter().any(|book| book.id == *id && book.title.starts_with("No More"));
        let other = books.iter().position(is_other).expect("the stock has two such books");
        let last = books.len() - 1;
        books.swap(other, last);
        let [one, two, three] = [0, 1, 2].map(|index: usize| self.publishers[index].id);
        self.links = vec![(books[0], one), (books[0], two), (books[0], three), (books[1], two)];
        self.links.extend([(books[2], one), (books[3], one), (books[3], two), (books[4], two)]);
        // More publishers for the book that has three, and one of all those books but the one that has none: nobody
        // is to count on three publishers, or on ten books.
        for _ in 0..seed::drawn(1, "more publishers", |rng| rng.random_range(1..=3)) {
            let publisher = house(rng, " & Co");
            self.links.push((books[0], publisher.id));
            self.publishers.push(publisher);
        }
        if let [_, _, _, .., last] = &self.publishers[..]
            && self.publishers.len() > 3
        {
            self.links.extend(books[1..books.len() - 1].iter().map(|book| (*book, last.id)));
        }
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
        let Self { db, publishers, links, .. } = self;
        let conn = db.conn();
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
        // As in `fill`: what an order by name alone goes along.
        conn.batch_execute("CREATE INDEX publishers_by_name_and_falling_id ON publishers (name, id DESC)")?;
        conn.batch_execute(
            "CREATE INDEX links_by_falling_key ON publishers_books (book_id, publisher_id DESC);
             CREATE INDEX links_by_falling_book ON publishers_books (publisher_id, book_id DESC)",
        )?;
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

    /// An id that no book has, though lower and higher ones are there.
    pub fn gap(&self) -> i32 {
        let gaps = self.books.windows(2).find(|pair| pair[1].id - pair[0].id > 1);
        gaps.expect("ids have gaps")[0].id + 1
    }

    /// An id that no author has, though lower and higher ones are there.
    pub fn author_gap(&self) -> i32 {
        let mut ids: Vec<_> = self.authors.iter().map(|author| author.id).collect();
        ids.sort_unstable();
        ids.windows(2).find(|pair| pair[1] - pair[0] > 1).expect("ids have gaps")[0] + 1
    }

    /// Of two books of one title, the one with the higher id.
    pub fn twin(&self) -> &Book {
        let is_twin = |book: &&Book| self.books.iter().any(|one| one.title == book.title && one.id < book.id);
        self.books.iter().find(is_twin).expect("the stock has two books of one title")
    }

    /// Adds books at the edges of what the tables accept: keys that are not positive, no title, no pages and very many,
    /// letters beyond ASCII; and two that differ in nothing but the key. Of the first title, the lower key has unknown
    /// pages.
    pub fn add_odd_books(&mut self) -> String {
        let author = self.book().author_id.expect("this book has an author");
        self.db.run(&format!(
            "INSERT INTO books (id, title, pages, author_id) VALUES
             (0, '', 0, NULL), (-1, '', NULL, NULL), (-2, 'É', {most}, {author}), (-3, 'é', -1, NULL),
             (-4, 'Ω', 7, {author}), (-5, 'Ω', 7, {author})",
            most = i32::MAX,
        ))
    }

    /// Adds three authors at the edges of what the tables accept: one with a book of no pages, one with a book of very
    /// many, and one with a book of less than none.
    pub fn add_odd_authors(&mut self) -> String {
        self.db.run("INSERT INTO authors (id, name) VALUES (0, ''), (-1, 'Ω'), (-2, 'Ψ')");
        let most = i32::MAX;
        self.db.run(&format!(
            "INSERT INTO books (title, pages, author_id) VALUES ('', 0, 0), ('', {most}, -1), ('', -1, -2)"
        ))
    }

    /// Adds more books by this author, each of them long, with a title that begins
    /// with [`Bookshop::word`]. Many have the same title.
    pub fn add_many_books(&mut self, author: i32) -> String {
        let Self { word, long, .. } = &*self;
        let books = format!("SELECT '{word} ' || (i % 7), {long}, {author} FROM numbers");
        add_many(&mut self.db, "books (title, pages, author_id)", &books)
    }

    /// Adds more authors, each of them with a long book. Many have the same name.
    pub fn add_many_authors(&mut self) -> String {
        let last = self.db.rows("max(id)", "authors").replace("max(id)\n", "");
        let added = add_many(&mut self.db, "authors (name)", "SELECT 'Author ' || (i % 7) FROM numbers");
        let books = format!("SELECT 'A Book', {}, id FROM authors WHERE id > {last}", self.long);
        add_many(&mut self.db, "books (title, pages, author_id)", &books);
        added
    }

    /// Adds publishers at the edges of what the tables accept, and links of them: no name, a small letter, a key that
    /// is not positive, and two keys that are those of books as well. The first two books have all of them. The last
    /// publisher has no book.
    pub fn add_odd_publishers(&mut self) -> String {
        let [one, two] = [0, 1].map(|index: usize| self.books[index].id);
        let odd = [
            format!("({one}, '')"),
            format!("({two}, 'a small letter')"),
            "(-7, 'Ω')".to_owned(),
            "(-8, 'nobody')".to_owned(),
        ];
        self.db.run(&format!("INSERT INTO publishers (id, name) VALUES {}", odd.join(", ")));
        self.db.run("INSERT INTO books (id, title) VALUES (-7, '')");
        let links = [(-7, -7), (one, -7), (two, -7), (one, one), (one, two), (two, one), (two, two)];
        let links = links.map(|(book, publisher)| format!("({book}, {publisher})")).join(", ");
        self.db.run(&format!("INSERT INTO publishers_books (book_id, publisher_id) VALUES {links}"))
    }

    /// Adds an author with the id 0 and one with a lower id, whose names begin with small letters, and two books of one
    /// title by each, which differ only in the key. Returns the ids of the first books.
    pub fn add_low_authors(&mut self) -> [i32; 2] {
        let authors = [(0, "de vries"), (-seed::number(3), "van dam")];
        authors.map(|(id, name)| {
            let (name, title, book) = (seed::word(name), seed::title("Night Ferry"), 2 * id - 7);
            for statement in [
                format!("INSERT INTO authors (id, name) VALUES ({id}, '{name}')"),
                format!(
                    "INSERT INTO books (id, title, author_id) VALUES ({book}, '{title}', {id}), ({next}, '{title}', {id})",
                    next = book + 1
                ),
            ] {
                self.db.run(&statement);
            }
            book
        })
    }

    /// Adds more publishers of this book, and more books of this publisher.
    pub fn add_many_links(&mut self, book: i32, publisher: i32) -> String {
        let mut last = |table: &str| self.db.rows("max(id)", table).replace("max(id)\n", "");
        let (books, publishers) = (last("books"), last("publishers"));
        add_many(&mut self.db, "books (title)", "SELECT 'A Book' FROM numbers");
        let added = add_many(&mut self.db, "publishers (name)", "SELECT 'House ' || i FROM numbers");
        for rows in [
            format!("SELECT {book}, id FROM publishers WHERE id > {publishers}"),
            format!("SELECT id, {publisher} FROM books WHERE id > {books}"),
        ] {
            self.db.run(&format!("INSERT INTO publishers_books (book_id, publisher_id) {rows}"));
        }
        added
    }

    /// Whether `call` returns the database's own error when of all books this one cannot be read: a row that fails is
    /// not a row that is not there.
    pub fn fails_at<T>(&mut self, id: i32, call: impl FnOnce() -> QueryResult<T>) -> bool {
        let others: Vec<_> = self.books.iter().map(|book| book.id).filter(|other| *other != id).collect();
        is_the_databases(&self.db.with_only(&others, call).0)
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
        let Self { db, authors, books, .. } = self;
        let conn = db.conn();
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
        conn.batch_execute("CREATE INDEX authors_by_name_and_falling_id ON authors (name, id DESC)")?;
        // Asked for an author's books, along this one: by title.
        conn.batch_execute("CREATE INDEX books_by_author_and_title ON books (author_id, title)")?;
        continue_ids(conn, "authors")?;
        continue_ids(conn, "books")
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
