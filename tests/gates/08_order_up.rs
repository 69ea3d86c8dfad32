//! Step 8, Order Up, from the outside: requests go in, pages come out. A file for each phase.

#[path = "08_add.rs"]
mod add;
#[path = "08_assign.rs"]
mod assign;
#[path = "08_board.rs"]
mod board;
#[path = "08_close.rs"]
mod close;
#[path = "08_menu.rs"]
mod menu;
#[path = "08_sign_in.rs"]
mod sign_in;

use std::path::Path;

use gates::{Answer, Browser, Database, Transcript, Worker};
use step::seed::{Dish, Person, Restaurant, Seats};
use step::{Clock, Config, app, seed::seed};

/// Saturday, 14 February 2026, 18:30 in New York.
const EVENING: i64 = 1_771_111_800;

/// The restaurant of the seed, open for one gate.
struct Open {
    house: gates::Restaurant,
    database: Database,
}

/// Opens the restaurant, with an empty transcript to write on.
fn open() -> (Open, Transcript) {
    let seen = Transcript::new();
    let house = gates::Restaurant::of_seed();
    let mut database = Database::migrated(&step::MIGRATIONS);
    if let Err(error) = seed(database.conn(), &restaurant(&house)) {
        panic!("the restaurant cannot be stored: {error}");
    }
    (Open { house, database }, seen)
}

fn restaurant(house: &gates::Restaurant) -> Restaurant {
    let person = |worker: &Worker, is_manager| Person {
        name: worker.name.clone(),
        employee_number: worker.number,
        password: worker.password.clone(),
        is_manager,
    };
    let dish = |dish: &gates::Dish| Dish {
        menu: "Dinner".to_owned(),
        kind: dish.kind.to_owned(),
        name: dish.name.to_owned(),
        price_cents: dish.cents,
    };
    Restaurant {
        employees: vec![
            person(&house.manager, true),
            person(&house.server, false),
            person(&house.other_server, false),
        ],
        tables: house.tables.iter().map(|&(number, capacity)| Seats { number, capacity }).collect(),
        menu: house.dishes.iter().map(dish).collect(),
    }
}

impl Open {
    /// A browser in which nobody has signed in.
    fn browser(&self) -> Browser {
        let settings =
            [("DATABASE_URL", self.database.url()), ("SECRET_KEY", KEY), ("TIME_ZONE", "America/New_York")];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::load(settings, Path::new("/course/.env")).expect("these settings are right");
        Browser::new(|| app(config, Clock::new(|| EVENING)))
    }

    /// A browser in which this person has signed in.
    fn browser_of(&self, worker: &Worker) -> Browser {
        let mut browser = self.browser();
        let answer = sign_in(&mut browser, &worker.number.to_string(), &worker.password);
        if answer.status.as_u16() != 303 {
            panic!("{} cannot sign in: {}", worker.name, answer.status);
        }
        browser
    }

    /// The server's browser, with the first tables assigned to the server.
    fn serving(&self, tables: usize) -> Browser {
        let mut browser = self.browser_of(&self.house.server);
        for table in 0..tables {
            assign(&mut browser, &self.house.table(table), &self.house.server.name);
        }
        browser
    }

    /// Stores a second restaurant, in which two people have one number: whether that is refused, and the rows
    /// before and after.
    fn seed_twice_the_same_number(&mut self) -> (bool, String, String) {
        let mut second = restaurant(&self.house);
        second.tables.clear();
        second.menu.clear();
        for (person, number) in second.employees.iter_mut().zip([9001, 9002, 9001]) {
            person.employee_number = number;
        }
        let before = self.rows();
        let refused = seed(self.database.conn(), &second).is_err();
        (refused, before, self.rows())
    }

    /// How many rows each table has.
    fn rows(&mut self) -> String {
        let tables = self.database.tables();
        let count =
            |table| format!("{table}: {}", self.database.rows("count(*)", table).replace("count(*)\n", ""));
        tables.lines().skip(1).map(count).collect::<Vec<_>>().join("\n")
    }
}

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Fills in the sign-in form and sends it.
fn sign_in(browser: &mut Browser, number: &str, password: &str) -> Answer {
    let page = browser.get("/session/");
    browser.submit(&page.form("Sign in").fill("Employee number", number).fill("Password", password))
}

/// Assigns a table, and looks at the board.
fn assign(browser: &mut Browser, table: &str, server: &str) -> Answer {
    let form = browser.get("/").form("Assign table").choose("Table", table).choose("Server", server);
    browser.submit(&form);
    browser.get("/")
}

/// Adds dishes to the order of a table, and looks at the board.
fn add(browser: &mut Browser, table: &str, dishes: &[&str]) -> Answer {
    let mut form = browser.get("/").form_in(table, "Add to order");
    for dish in dishes {
        form = form.check(dish);
    }
    browser.submit(&form);
    browser.get("/")
}

/// The status, and where the answer leads; with what a page that refuses says in its alert.
fn how(answer: &Answer) -> String {
    let place = answer.location().map(|place| format!(", on to {place}"));
    let alerts = answer.all("[role=alert]").join(" ");
    let alerts = Some(alerts).filter(|text| !text.is_empty()).map(|text| format!(": {text}"));
    format!(
        "{}{}{}",
        answer.status,
        place.into_iter().collect::<String>(),
        alerts.into_iter().collect::<String>()
    )
}
