//! A restaurant drawn from the seed, for the gates of Order Up.

use fake::Fake;
use fake::faker::name::en::FirstName;
use fake::rand::RngExt;
use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::{IndexedRandom, SliceRandom};

use crate::seed;

/// The staff, the tables and the dishes.
#[derive(Clone, Debug)]
pub struct Restaurant {
    pub manager: Worker,
    pub server: Worker,
    pub other_server: Worker,
    /// Somebody who no longer works there.
    pub retired: Worker,
    /// Number and seats. In the order in which they are stored, no table's number is its place, and
    /// the first one's number is the place of another.
    pub tables: Vec<(i32, i32)>,
    pub dishes: Vec<Dish>,
}

#[derive(Clone, Debug)]
pub struct Worker {
    pub name: String,
    pub number: i32,
    pub password: String,
}

#[derive(Clone, Debug)]
pub struct Dish {
    pub kind: &'static str,
    pub name: &'static str,
    pub cents: i64,
}

/// As many tables as the largest restaurant has.
pub const MOST_TABLES: usize = 24;

const DISHES: [(&str, [&str; 5]); 3] = [
    ("Beverages", ["Iced tea", "Dr. Pepper", "Root beer", "Lemonade", "Chicory coffee"]),
    ("Entrees", ["Jambalaya", "Gumbo", "Red beans", "Catfish", "Shrimp and grits"]),
    ("Sides", ["French fries", "Cornbread", "Coleslaw", "Okra", "Dirty rice"]),
];

impl Restaurant {
    /// The restaurant of the seed, with six tables.
    pub fn of_seed() -> Self {
        Self::with_tables(6)
    }

    /// The restaurant of the seed, with at most [`MOST_TABLES`] tables.
    pub fn with_tables(tables: usize) -> Self {
        let rng = &mut seed::rng();
        let mut workers = workers(rng).into_iter();
        let mut worker = || workers.next().expect("four people have worked here");
        let mut dishes: Vec<_> = DISHES
            .iter()
            .flat_map(|(kind, names)| names.sample(rng, 2).map(|name| (*kind, *name)).collect::<Vec<_>>())
            .map(|(kind, name)| Dish { kind, name, cents: 0 })
            .collect();
        // Neither what is stored first nor what is cheapest is what is shown first.
        loop {
            for dish in &mut dishes {
                dish.cents = rng.random_range(101..2999);
            }
            dishes.shuffle(rng);
            if is_misleading(&dishes) {
                break;
            }
        }
        let (manager, server, mut other_server, retired) = (worker(), worker(), worker(), worker());
        // A password is what was typed, blanks included.
        other_server.password.push(' ');
        Self { manager, server, other_server, retired, tables: self::tables(rng, tables), dishes }
    }

    /// The dish with this place in the list, as the label of its box begins.
    pub fn dish(&self, index: usize) -> &'static str {
        self.dishes[index].name
    }

    /// `Table 7`, for the table that was stored in this place.
    pub fn table(&self, index: usize) -> String {
        format!("Table {}", self.tables[index].0)
    }
}

/// Whether somewhere two dishes of one type are stored otherwise than by name, and somewhere the first by name is the
/// dearer one.
fn is_misleading(dishes: &[Dish]) -> bool {
    let of_type = |kind: &str| dishes.iter().filter(|dish| dish.kind == kind).collect::<Vec<_>>();
    let pairs: Vec<_> = DISHES.iter().map(|(kind, _)| of_type(kind)).collect();
    let is_by_name = |pair: &[&Dish]| pair[0].name < pair[1].name;
    let is_by_price = |pair: &[&Dish]| pair[0].cents < pair[1].cents;
    pairs.iter().any(|pair| !is_by_name(pair))
        && pairs.iter().any(|pair| is_by_name(pair) != is_by_price(pair))
}

/// Four people. Those who still work there have another order by name than by number, and than as they are stored.
fn workers(rng: &mut ChaCha8Rng) -> Vec<Worker> {
    loop {
        let workers = any_workers(rng);
        let mut employed: Vec<_> = workers[..3].iter().collect();
        let is_stored_by_name = employed.is_sorted_by_key(|worker| &worker.name);
        employed.sort_by_key(|worker| worker.number);
        if !is_stored_by_name && !employed.is_sorted_by_key(|worker| &worker.name) {
            return workers;
        }
    }
}

fn any_workers(rng: &mut ChaCha8Rng) -> Vec<Worker> {
    let mut workers: Vec<Worker> = Vec::new();
    while workers.len() < 4 {
        let name: String = FirstName().fake_with_rng(rng);
        let number = rng.random_range(1000..9999);
        let is_new = workers.iter().all(|worker| worker.name != name && worker.number != number);
        if is_new {
            let password = format!("{}-{}", name.to_lowercase(), rng.random_range(100_000..999_999));
            workers.push(Worker { name, number, password });
        }
    }
    workers
}

fn tables(rng: &mut ChaCha8Rng, how_many: usize) -> Vec<(i32, i32)> {
    loop {
        let mut numbers: Vec<i32> = (1..).take(MOST_TABLES).collect();
        numbers.shuffle(rng);
        numbers.truncate(how_many);
        let is_misleading = numbers.iter().zip(1..).all(|(number, place)| *number != place);
        if is_misleading && (2..=6).contains(&numbers[0]) && !numbers.is_sorted() {
            return numbers.into_iter().map(|number| (number, 2 * rng.random_range(1..=4))).collect();
        }
    }
}
