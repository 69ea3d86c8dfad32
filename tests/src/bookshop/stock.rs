//! What stands in the shop, drawn from the seed.

use fake::Fake;
use fake::faker::name::en::{FirstName, LastName};
use fake::rand::RngExt;
use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::SliceRandom;

use super::rows::{Author, Book};
use crate::seed::drawn;

pub struct Stock {
    pub authors: Vec<Author>,
    pub books: Vec<Book>,
    pub long: i32,
    pub word: &'static str,
    pub hundred: String,
}

impl Stock {
    /// Draws until the rows tell a right query from one that is right by luck.
    pub fn draw(rng: &mut ChaCha8Rng) -> Self {
        loop {
            let stock = Self::draw_once(rng);
            if stock.is_telling() {
                return stock;
            }
        }
    }

    /// Whether a missing order shows. Without one, rows come from the highest id down; so that is
    /// not the order of the titles that begin alike, nor that of one author's titles, and the
    /// names of who wrote long books do not follow their ids or their first long books. The titles
    /// that begin alike do not follow their ids either, and of two namesakes the one with the higher
    /// id wrote the first long book.
    fn is_telling(&self) -> bool {
        let ids_of = |start: String| {
            let books = self.books.iter().filter(move |book| book.title.starts_with(&start));
            books.map(|book| book.id).collect::<Vec<_>>()
        };
        let (and, of) = (ids_of(format!("{} and ", self.word)), ids_of(format!("{} of ", self.word)));
        let (one, other) = (&self.authors[0], &self.authors[2]);
        let first_long = |author: &Author| {
            let long = self
                .books
                .iter()
                .filter(|book| book.author_id == Some(author.id) && book.pages >= Some(self.long));
            long.map(|book| book.id).min()
        };
        let (named, namesake) = (&self.authors[3], &self.authors[5]);
        let by_name = one.name < other.name;
        let mut of_one: Vec<_> = self.books.iter().filter(|book| book.author_id == Some(one.id)).collect();
        of_one.sort_by(|a, b| a.title.cmp(&b.title));
        let is_shuffled = !of_one.is_sorted_by_key(|book| book.id);
        is_shuffled
            && of < and
            && first_long(namesake) < first_long(named)
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
        let days = drawn(100, "hundred", |rng| rng.random_range(11..1000));
        // Without a percent sign it comes first, and in a pattern it is meant too.
        let hundred = format!("{days}%");
        let no_more = format!("No More {}", noun());
        let and = format!("{word} and {}", noun());
        let titles = [
            and.clone(),
            format!("{lower} by lamplight"),
            format!("{word} of the {}", noun()),
            format!("The {word} Letters"),
            format!("{hundred} {}", noun()),
            format!("{days} Days of {}", noun()),
            // Two books of one title: an order by title alone leaves open which comes first.
            and,
            format!("The Baker's {}", noun()),
            no_more.clone(),
            no_more,
        ];
        // By author: two long books and a short one for the first; for the second one that is a page
        // too short, for the third one that is long by no page; a long one and others for the fourth,
        // and a long one for the namesake; none for the fifth.
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
            (by[3], Some(rng.random_range(long..500))),
            (by[3], Some(rng.random_range(20..500))),
            (None, Some(rng.random_range(long..500))),
            (by[5], Some(rng.random_range(long..500))),
        ];
        shelf.shuffle(rng);
        let mut ids = gapped_ids(rng);
        // The second author has other books that are not long either, though together they have more pages. Then more
        // short ones by the first, so that nobody counts on so many books in all, or on three by one author.
        let more = drawn(0, "more books", |rng| rng.random_range(6..=10));
        let of_second = [(by[1], None), (by[1], Some(rng.random_range(20..long)))];
        let of_first = (0..more).map(|_| (by[0], Some(rng.random_range(20..long))));
        let more: Vec<_> =
            of_second.into_iter().chain(of_first).map(|row| (format!("{} at Night", noun()), row)).collect();
        let mut books: Vec<_> = titles
            .into_iter()
            .zip(shelf)
            .chain(more)
            .map(|(title, (author_id, pages))| Book { id: 0, title, pages, author_id })
            .collect();
        books.shuffle(rng);
        for book in &mut books {
            book.id = ids();
        }
        Self { authors, books, long, word, hundred }
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
    // Somebody of the same name: an order by name alone leaves open who is first.
    let namesake = authors[3].name.clone();
    authors.push(Author { id: ids(), name: namesake });
    authors
}

/// Ids that grow by one to nine.
pub fn gapped_ids(rng: &mut ChaCha8Rng) -> impl FnMut() -> i32 + use<> {
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
