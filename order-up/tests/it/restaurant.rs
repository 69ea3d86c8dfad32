//! A restaurant that is open for one test: a database of its own, the demo's people, a clock that
//! the test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gates::{Answer, Browser, Database, Form};
use groundwork::order_up::passwords;
use order_up::{Clock, Config, MIGRATIONS, Restaurant, Timestamp, app, seed};

/// Saturday, 14 February 2026, 18:30 in New York.
pub const EVENING: i64 = 1_771_111_800;

pub struct Open {
    pub database: Database,
    pub time: Arc<AtomicI64>,
    settings: Vec<(String, String)>,
}

impl Open {
    /// The demo's restaurant.
    pub fn new() -> Self {
        Self::with(&Restaurant::demo())
    }

    pub fn with(restaurant: &Restaurant) -> Self {
        passwords::practice();
        let mut database = Database::migrated(&MIGRATIONS);
        seed(database.conn(), restaurant).expect("the restaurant fits into the tables");
        let settings = [
            ("DATABASE_URL", database.url()),
            ("SECRET_KEY", &"k".repeat(64)),
            ("TIME_ZONE", "America/New_York"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { database, time: Arc::new(AtomicI64::new(EVENING)), settings }
    }

    /// Changes a setting for the browsers that are made from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    pub fn config(&self) -> Config {
        Config::load(self.settings.clone(), ".env-of-no-test".as_ref()).expect("these settings are fine")
    }

    /// A browser that has the restaurant's app to itself.
    pub fn browser(&self) -> Browser {
        let (config, time) = (self.config(), Arc::clone(&self.time));
        Browser::new(|| app(config, Clock::new(move || time.load(Ordering::SeqCst))))
    }

    /// A browser with which somebody has signed in.
    pub fn browser_of(&self, employee_number: &str) -> Browser {
        let mut browser = self.browser();
        let answer = sign_in(&mut browser, employee_number, "password");
        assert_eq!(answer.location().as_deref(), Some("/"), "{answer}");
        browser
    }

    pub fn margot(&self) -> Browser {
        self.browser_of("1234")
    }

    pub fn robin(&self) -> Browser {
        self.browser_of("2345")
    }

    /// Every row of every table.
    pub fn everything(&mut self) -> String {
        let tables = self.database.tables();
        let rows = tables.lines().skip(1).map(|table| {
            let columns = self.database.columns(table);
            let names: Vec<_> = columns.lines().skip(1).filter_map(|it| it.split(" | ").next()).collect();
            let names = names.join(", ");
            format!("{table}: {}", self.database.rows(&names, &format!("{table} ORDER BY {names}")))
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    /// How many rows there are, as in `orders WHERE closed_at IS NULL`.
    pub fn count(&mut self, from: &str) -> usize {
        let rows = self.database.rows("count(*)", from);
        rows.lines().nth(1).and_then(|count| count.parse().ok()).expect("a count is a number")
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.time.load(Ordering::SeqCst))
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// A menu of one dish, and the demo's people and tables.
pub fn with_dish(name: &str, price_cents: i64) -> Restaurant {
    let mut restaurant = Restaurant::demo();
    restaurant.menu.truncate(1);
    restaurant.menu[0].name = name.to_owned();
    restaurant.menu[0].price_cents = price_cents;
    restaurant
}

/// Every page a manager can see, when there is one order.
pub const PAGES: [&str; 22] = [
    "/",
    "/?all",
    "/tonight",
    "/kitchen",
    "/orders/1",
    "/orders/1/split",
    "/menu",
    "/menu/1",
    "/sold-out",
    "/tables",
    "/employees",
    "/employees/1",
    "/history",
    "/history?day=2026-02-13",
    "/history?format=csv",
    "/report",
    "/report?format=csv",
    "/log",
    "/log?day=2026-02-14",
    "/log?order=1",
    "/account",
    "/session/",
];

/// Another tab of the same browser.
pub fn tab(browser: &mut Browser) -> Browser {
    let mut tab = browser.another();
    tab.cookies().clone_from(browser.cookies());
    tab
}

/// The status of each answer, the lowest first.
pub fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    statuses
}

/// Presses a button of the page, and shows the page that follows.
pub fn press(browser: &mut Browser, page: &str, about: &str, button: &str) -> Answer {
    let form = browser.get(page).form_in(about, button);
    let answer = browser.submit(&form);
    browser.follow(&answer)
}

/// Fills in the sign-in form and sends it.
pub fn sign_in(browser: &mut Browser, employee_number: &str, password: &str) -> Answer {
    let page = browser.get("/session/");
    let form = page.form("Sign in").fill("Employee number", employee_number).fill("Password", password);
    browser.submit(&form)
}

/// Assigns a table to a server, and shows the board.
pub fn assign(browser: &mut Browser, table: &str, server: &str) -> Answer {
    let form = browser.get("/").form("Assign table").choose("Table", table).choose("Server", server);
    let answer = browser.submit(&form);
    browser.follow(&answer)
}

/// Adds items to the order of a table, and shows the board.
pub fn add(browser: &mut Browser, table: &str, items: &[&str]) -> Answer {
    let mut form = browser.get("/").form_in(table, "Add to order");
    for item in items {
        form = form.check(item);
    }
    let answer = browser.submit(&form);
    browser.follow(&answer)
}

/// The page on which a line of an order is changed.
pub fn line(browser: &mut Browser, order: i32, dish: &str) -> Answer {
    let place = browser.get(&format!("/orders/{order}")).link_in(dish, "Change");
    browser.get(&place)
}

/// A form that takes all of a line back, for a reason.
pub fn take_back(browser: &mut Browser, order: i32, dish: &str) -> Form {
    let page = line(browser, order, dish);
    let buttons = page.all(".actions button.second");
    page.form(&buttons[0]).check("Wrong dish")
}
