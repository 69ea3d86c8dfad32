//! Step 8, Order Up, from the outside: requests go in, pages come out. A file for each stage.

#[path = "08_add.rs"]
mod add;
#[path = "08_assign.rs"]
mod assign;
#[path = "08_board.rs"]
mod board;
#[path = "08_close.rs"]
mod close;
#[path = "08_hosts.rs"]
mod hosts;
#[path = "08_menu.rs"]
mod menu;
#[path = "08_once.rs"]
mod once;
#[path = "08_sign_in.rs"]
mod sign_in;
#[path = "08_tables.rs"]
mod tables;

use std::fmt::Display;
use std::path::Path;

use gates::{Answer, Browser, Database, Router, Settings, Transcript, Worker, hexadecimal, number, title};
use groundwork::order_up::{Dish, OpenOrder, Ordered, Person, Restaurant, Seats, passwords};

/// Saturday, 14 February 2026, 18:30 in New York.
const EVENING: i64 = 1_771_111_800;

/// As long as a token, and issued by nobody.
fn no_token() -> String {
    hexadecimal(96)
}

/// A key that no row has.
fn no_id() -> String {
    (6997 + number(3)).to_string()
}

/// The one menu on which all dishes are.
fn menu() -> String {
    title("Dinner")
}

/// The restaurant of the seed, open for one gate.
struct Open {
    house: gates::Restaurant,
    database: Database,
}

/// Opens the restaurant while nobody sits at a table, with an empty transcript to write on.
fn open() -> (Open, Transcript) {
    open_with(gates::Restaurant::of_seed(), restaurant)
}

/// Opens a restaurant whose rows `stored` describes.
fn open_with(
    house: gates::Restaurant,
    stored: impl FnOnce(&gates::Restaurant) -> Restaurant,
) -> (Open, Transcript) {
    passwords::practice();
    let seen = Transcript::new();
    let database = Database::migrated(&step::MIGRATIONS);
    let stored = stored(&house);
    if let Err(error) = database.lend(|conn| step::seed(conn, &stored)) {
        panic!("the restaurant cannot be stored: {error:#}");
    }
    (Open { house, database }, seen)
}

/// What is stored of a house: everybody and everything, and no order.
fn restaurant(house: &gates::Restaurant) -> Restaurant {
    let person = |worker: &Worker, is_manager, has_retired| Person {
        name: worker.name.clone(),
        employee_number: worker.number,
        password: worker.password.clone(),
        is_manager,
        has_retired,
    };
    let dish = |dish: &gates::Dish| Dish {
        menu: menu(),
        kind: dish.kind.to_owned(),
        name: dish.name.to_owned(),
        price_cents: dish.cents,
    };
    Restaurant {
        employees: vec![
            person(&house.manager, true, false),
            person(&house.retired, false, true),
            person(&house.server, false, false),
            person(&house.other_server, false, false),
        ],
        tables: house.tables.iter().map(|&(number, capacity)| Seats { number, capacity }).collect(),
        menu: house.dishes.iter().map(dish).collect(),
        open_orders: Vec::new(),
    }
}

/// An open order at the table that was stored in this place, with dishes by place and how many of each.
fn order(house: &gates::Restaurant, table: usize, server: &Worker, dishes: &[(usize, i32)]) -> OpenOrder {
    let line = |&(dish, quantity): &(usize, i32)| Ordered { dish: house.dish(dish).to_owned(), quantity };
    OpenOrder {
        table: house.tables[table].0,
        server: server.number,
        lines: dishes.iter().map(line).collect(),
    }
}

/// The app with these settings.
fn app(settings: Settings) -> Router {
    let config = step::Config::load(settings, Path::new("/course/.env")).expect("these settings are right");
    step::app(config, step::Clock::new(|| EVENING))
}

impl Open {
    /// A browser in which nobody has signed in.
    fn browser(&self) -> Browser {
        Browser::new(|| app(self.settings().into()))
    }

    /// The settings of the app.
    fn settings(&self) -> [(String, String); 3] {
        [
            ("DATABASE_URL", self.database.url().to_owned()),
            ("SECRET_KEY", hexadecimal(64)),
            ("TIME_ZONE", "America/New_York".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    }

    /// A browser in which this person has signed in.
    fn browser_of(&self, worker: &Worker) -> Browser {
        let mut browser = self.browser();
        let answer = sign_in(&mut browser, worker.number, &worker.password);
        if answer.status.as_u16() != 303 {
            panic!("{} cannot sign in: {}", worker.name, how(&answer));
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

    fn rows(&mut self) -> String {
        rows(&mut self.database)
    }
}

/// How many rows each table has.
fn rows(database: &mut Database) -> String {
    let tables = database.tables();
    let count = |table| format!("{table}: {}", database.rows("count(*)", table).replace("count(*)\n", ""));
    tables.lines().skip(1).map(count).collect::<Vec<_>>().join("\n")
}

/// What has changed between two lists of how many rows each table has.
fn changes(before: &str, after: &str) -> String {
    let changed = after.lines().filter(|line| !before.lines().any(|old| old == *line));
    let changed: Vec<_> = changed.map(|line| format!("{line} now")).collect();
    if changed.is_empty() { "no row more or less in any table".to_owned() } else { changed.join("\n") }
}

/// Fills in the sign-in form and sends it.
#[track_caller]
fn sign_in(browser: &mut Browser, number: impl Display, password: &str) -> Answer {
    let form = browser.get("/session/").form("Sign in");
    browser.submit(&form.fill("Employee number", &number.to_string()).fill("Password", password))
}

/// Assigns a table, and looks at the board.
#[track_caller]
fn assign(browser: &mut Browser, table: &str, server: &str) -> Answer {
    let form = browser.get("/").form("Assign table").choose("Table", table).choose("Server", server);
    browser.submit(&form);
    browser.get("/")
}

/// Adds dishes to the order of a table, and looks at the board.
#[track_caller]
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
    format!("{}{}{}", answer.status, place.unwrap_or_default(), alerts.unwrap_or_default())
}

/// As [`how`], without the query of the place it leads to.
fn how_without_query(answer: &Answer) -> String {
    how(answer).split('?').next().unwrap_or_default().to_owned()
}

/// Whether the page gives a reason: an empty alert is not one.
fn says_why(answer: &Answer) -> bool {
    answer.all("[role=alert]").iter().any(|text| !text.is_empty())
}

/// The status, and whether a refusal says why.
fn told(answer: &Answer) -> String {
    let says_nothing = answer.status.is_client_error() && !says_why(answer);
    format!("{}{}", answer.status, if says_nothing { ", and the page does not say why" } else { "" })
}

/// Whether a form was refused as a person's mistake, with a reason for them.
fn refusal(answer: &Answer) -> String {
    let says_why = says_why(answer) || !answer.all("[aria-invalid=true]").is_empty();
    match answer.status {
        status if !status.is_client_error() => how(answer),
        _ if says_why => "rejected with a reason".to_owned(),
        status => format!("{status}, and the page does not say why"),
    }
}

/// What came of it at each moment at which somebody else could come in between: `scene` is called with 0, 1, 2, … until
/// it has no more such moments, and returns the statement before which the other acted, and what came of it.
fn at_every_moment(mut scene: impl FnMut(usize) -> Option<(String, String)>) -> String {
    let mut moments = Vec::new();
    while let Some(moment) = scene(moments.len()) {
        moments.push(moment);
    }
    let Some((_, usual)) = moments.first() else {
        return "no statement ran, so nobody came in between".to_owned();
    };
    if moments.iter().all(|(_, outcome)| outcome == usual) {
        return usual.clone();
    }
    let line = |(statement, outcome): &(String, String)| format!("before {statement}: {outcome}");
    moments.iter().map(line).collect::<Vec<_>>().join("\n")
}
