//! Every page as a browser gets it: each element, each attribute, in each state that a page has. What a page
//! does is for the other tests; here a change of its HTML shows in a snapshot's diff.
//!
//!     INSTA_UPDATE=always cargo test -p order-up --test it html

mod log;

use std::fmt::Write;

use gates::{Answer, Browser};
use order_up::Restaurant;

use crate::Open;
use crate::restaurant::{add, assign, press};

/// The demo's restaurant with a few of its tables.
fn small() -> Open {
    let mut restaurant = Restaurant::demo();
    restaurant.tables.retain(|table| [1, 4, 7].contains(&table.number));
    Open::with(&restaurant)
}

/// Answers, one after the other, each under a heading: the first whole, of the others the part that differs.
#[derive(Default)]
struct Pages(String);

impl Pages {
    fn see(&mut self, heading: &str, answer: &Answer) {
        let page = lines(&stable(&answer.body));
        let start = if self.0.is_empty() { None } else { page.find("<main") };
        let page = &page[start.unwrap_or(0)..];
        let _ = write!(self.0, "{:─<80}\n{page}\n\n", format!("── {heading}, {} ", answer.status));
    }

    fn get(&mut self, heading: &str, browser: &mut Browser, path: &str) {
        let answer = browser.get(path);
        self.see(heading, &answer);
    }
}

/// What is another text each time: the tokens of forms, and the versions of files.
fn stable(body: &str) -> String {
    let mut stable = String::new();
    let mut rest = body;
    let marks = [("name=\"token\" value=\"", '"'), ("\"/static/", '/')];
    let next = |rest: &str| {
        marks
            .iter()
            .filter_map(|(mark, end)| Some((rest.find(mark)? + mark.len(), *end)))
            .min_by_key(|it| it.0)
    };
    while let Some((start, end)) = next(rest) {
        let length = rest[start..].find(end).unwrap_or_default();
        stable.push_str(&rest[..start]);
        stable.push('…');
        rest = &rest[start + length..];
    }
    stable + rest
}

/// Without lines that are empty.
fn lines(body: &str) -> String {
    body.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sign_in_page() {
    let (open, mut pages) = (small(), Pages::default());
    let mut browser = open.browser();
    pages.get("for somebody who was on the way to the menu", &mut browser, "/session/?next=/menu");
    let form = browser.get("/session/").form("Sign in");
    pages.see(
        "a wrong password",
        &browser.submit(&form.fill("Employee number", "1234").fill("Password", "guess")),
    );
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_board() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    pages.get("no orders", &mut margot, "/");
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya", "French fries"]);
    add(&mut margot, "Table 4", &["Jambalaya"]);
    pages.get("one order", &mut margot, "/");
    open.wait(600);
    for (table, server, guests) in [("Table 7", "Robin", "1"), ("Table 1", "Margot", "3")] {
        let form = margot.get("/").form("Assign table").choose("Table", table).choose("Server", server);
        margot.submit(&form.fill("Guests", guests));
    }
    pages.get("two orders", &mut margot, "/");
    pages.get("everybody's", &mut margot, "/?all");
    pages.get("a form that was sent before", &mut margot, "/?all&again");
    pages.get("a server's", &mut open.robin(), "/");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_tables_tonight() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    for (table, server, guests) in [("Table 7", "Robin", "1"), ("Table 1", "Margot", "")] {
        let form = margot.get("/").form("Assign table").choose("Table", table).choose("Server", server);
        margot.submit(&form.fill("Guests", guests));
    }
    margot.get("/");
    add(&mut margot, "Table 1", &["Jambalaya"]);
    margot.get("/");
    pages.get("two tables are taken", &mut margot, "/tonight");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_kitchen() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    pages.get("nothing to cook", &mut margot, "/kitchen");
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya", "French fries"]);
    open.wait(600);
    add(&mut margot, "Table 4", &["Jambalaya"]);
    pages.get("two dishes, one of which has grown", &mut margot, "/kitchen");
    pages.see("one is done", &press(&mut margot, "/kitchen", "French fries", "Done"));
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_board_with_mistakes() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
    let form = form.check("Jambalaya").fill("How many Jambalaya", "3");
    let form = form.check("French fries").fill("How many French fries", "x");
    pages.see("a quantity", &margot.submit(&form));
    let form = margot.get("/?all").form("Assign table").choose("Table", "Table 7").choose("Server", "Robin");
    pages.see("a number of guests", &margot.submit(&form.fill("Guests", "many")));
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_board_of_a_small_restaurant() {
    let mut restaurant = Restaurant::demo();
    restaurant.tables.truncate(1);
    restaurant.menu[0].menu = "Brunch".to_owned();
    let (open, mut pages) = (Open::with(&restaurant), Pages::default());
    let mut margot = open.margot();
    pages.see("two menus, and every table taken", &assign(&mut margot, "Table 1", "Margot"));
    restaurant.menu.truncate(2);
    pages.get("two menus of one type each", &mut Open::with(&restaurant).margot(), "/");
    restaurant.menu.clear();
    pages.get("no menu", &mut Open::with(&restaurant).margot(), "/");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn a_bill() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    for (table, guests) in [("Table 4", ""), ("Table 1", "1"), ("Table 7", "3")] {
        let form = margot.get("/").form("Assign table").choose("Table", table).choose("Server", "Robin");
        margot.submit(&form.fill("Guests", guests));
    }
    let mut robin = open.robin();
    add(&mut robin, "Table 7", &["Jambalaya", "French fries"]);
    add(&mut robin, "Table 7", &["Jambalaya"]);
    pages.get("open, of nobody knows how many", &mut robin, "/orders/1");
    pages.get("open, of one guest", &mut robin, "/orders/2");
    pages.get("open, of three", &mut robin, "/orders/3");
    open.wait(3600);
    press(&mut robin, "/", "Table 7", "Close table");
    pages.get("closed", &mut robin, "/orders/3");
    pages.get("closed, for a manager", &mut margot, "/orders/3");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn a_split_bill() {
    let (mut open, mut pages) = (small(), Pages::default());
    open.set("RESTAURANT_NAME", "Chez \"Margot\" & Co.");
    open.set("TAX_INCLUDED", "8.875");
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    pages.get("nothing", &mut margot, "/orders/1/split");
    add(&mut margot, "Table 4", &["Jambalaya", "Dr. Pepper"]);
    add(&mut margot, "Table 4", &["Jambalaya"]);
    pages.get("the whole bill, with a name and a tax", &mut margot, "/orders/1");
    pages.get("the first part", &mut margot, "/orders/1/split");
    let form = margot.get("/orders/1/split").form("Show part 1");
    pages.see("nothing is checked", &margot.submit(&form));
    pages.see("too many", &margot.submit(&form.clone().fill("How many Jambalaya", "3")));
    let part = margot.submit(&form.fill("How many Jambalaya", "1"));
    pages.see("a part of a line", &part);
    let next = margot.get(&part.link_in("", "Next guest"));
    pages.see("the second part", &next);
    pages.get("the rest", &mut margot, &next.link_in("", "All that is left"));
    pages.get("too much was paid", &mut margot, "/orders/1/split?paid=1x9");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_history() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    let mut close = |table: &str, guests: &str| {
        let form = margot.get("/").form("Assign table").choose("Table", table).choose("Server", "Margot");
        margot.submit(&form.fill("Guests", guests));
        add(&mut margot, table, &["Jambalaya"]);
        open.wait(1800);
        press(&mut margot, "/", table, "Close table");
    };
    close("Table 4", "");
    let mut another = open.margot();
    pages.get("one order", &mut another, "/history");
    close("Table 7", "3");
    pages.get("two orders", &mut another, "/history");
    pages.get("the day before", &mut another, "/history?day=2026-02-13");
    pages.get("no day", &mut another, "/history?day=soon");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_report() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    pages.get("nothing", &mut margot, "/report");
    for (server, guests) in [("Margot", "2"), ("Robin", "")] {
        let form = margot.get("/").form("Assign table").choose("Table", "Table 4").choose("Server", server);
        margot.submit(&form.fill("Guests", guests));
        let form = margot.get("/?all").form_in("Table 4", "Add to order");
        margot.submit(&form.check("Jambalaya").check("Dr. Pepper"));
        press(&mut margot, "/?all", "Table 4", "Close table");
    }
    pages.get("two bills", &mut open.margot(), "/report");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_menu() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    pages.get("what is served", &mut margot, "/menu");
    let form = margot.get("/menu").form("Add item").fill("Price", "cheap").fill("Menu", "");
    pages.see("mistakes in all fields", &margot.submit(&form));
    pages.get("one item", &mut margot, "/menu/1");
    let form = margot.get("/menu/1").form("Save item").fill("Name", "");
    pages.see("a mistake in it", &margot.submit(&form));
    let mut two = Restaurant::demo();
    two.menu[0].menu = "Brunch".to_owned();
    pages.get("one item of two menus", &mut Open::with(&two).margot(), "/menu/1");
    let nothing = Restaurant { menu: Vec::new(), ..Restaurant::demo() };
    pages.get("nothing", &mut Open::with(&nothing).margot(), "/menu");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_tables() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    pages.get("in use", &mut margot, "/tables");
    let form = margot.get("/tables").form("Add table").fill("Number", "0").fill("Seats", "few");
    pages.see("mistakes in all fields", &margot.submit(&form));
    assign(&mut margot, "Table 4", "Margot");
    let form = margot.get("/tables").form_in("Table 4", "Remove");
    pages.see("one at which guests sit is removed", &margot.submit(&form));
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_employees() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    let form = margot.get("/employees/2").form("Retire");
    margot.submit(&form);
    pages.get("one has retired", &mut margot, "/employees");
    let form = margot.get("/employees").form("Add employee").fill("Name", "").fill("Employee number", "x");
    pages.see("mistakes in all fields", &margot.submit(&form.tamper("role", "owner")));
    let form = margot.get("/employees").form("Add employee").fill("Name", "Alex").choose("Role", "Manager");
    pages.see("mistakes in some", &margot.submit(&form.fill("Employee number", "7777")));
    insta::assert_snapshot!(pages.0);
}

#[test]
fn an_employee() {
    let (open, mut pages) = (small(), Pages::default());
    let mut margot = open.margot();
    pages.get("a manager", &mut margot, "/employees/1");
    let form = margot.get("/employees/1").form("Retire");
    pages.see("the last manager retires", &margot.submit(&form));
    let form = margot.get("/employees/2").form("Save").fill("Name", "").tamper("role", "owner");
    pages.see("mistakes in name and role", &margot.submit(&form));
    let form = margot.get("/employees/2").form("Set password").fill("Temporary password", "short");
    pages.see("a mistake in the password", &margot.submit(&form));
    let form = margot.get("/employees/2").form("Retire");
    margot.submit(&form);
    pages.get("one who has retired", &mut margot, "/employees/2");
    insta::assert_snapshot!(pages.0);
}

#[test]
fn the_account() {
    let (open, mut pages) = (small(), Pages::default());
    let mut robin = open.robin();
    pages.get("a server's", &mut robin, "/account");
    let form = robin.get("/account").form("Change password").fill("Current password", "guess");
    pages.see("mistakes in all fields", &robin.submit(&form.fill("New password", "short")));
    insta::assert_snapshot!(pages.0);
}

#[test]
fn an_error() {
    let (open, mut pages) = (small(), Pages::default());
    pages.get("no such page", &mut open.margot(), "/nowhere");
    pages.get("not for a server", &mut open.robin(), "/menu");
    pages.see("no such method", &open.margot().ask("PUT", "/menu", "text/plain", Vec::new()));
    let mut margot = open.margot();
    pages.see("a form without its token", &margot.post("/tables", &[("number", "77"), ("capacity", "4")]));
    pages.see("a form that is too long", &margot.post("/tables", &[("number", &"7".repeat(300_000))]));
    let form = open.browser().get("/session/").form("Sign in");
    pages.see("no cookie", &open.browser().submit(&form));
    margot.headers().insert("sec-fetch-site", "cross-site".to_owned());
    pages.see("a form of another site", &margot.post("/tables", &[]));
    let (mut broken, mut closed) = (small(), small());
    let mut margot = broken.margot();
    pages.see("a table is missing", &broken.database.without("orders", || margot.get("/")));
    closed.set("DATABASE_URL", "sqlite:///no/such/folder/order-up.db");
    let mut browser = closed.browser();
    let form = browser.get("/session/").form("Sign in");
    pages.see("no database", &browser.submit(&form));
    insta::assert_snapshot!(pages.0);
}
