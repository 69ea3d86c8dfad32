//! A random evening, played on the app and on a model of a restaurant that fits on a page. After each
//! step both must say the same.
//!
//!     STEPS=20000 cargo test -p order-up --test it random_walk -- --nocapture

use std::collections::BTreeMap;

use fake::rand::rngs::ChaCha8Rng;
use fake::rand::{RngExt, SeedableRng};
use gates::Browser;

use crate::restaurant::{EVENING, Open};

/// Number, name, and whether they are a manager; their ids are 1, 2 and 3.
const PEOPLE: [(&str, bool); 3] = [("1234", true), ("2345", false), ("3456", false)];
/// The demo's dishes by id, in cents.
const PRICES: [i64; 3] = [100, 2198, 350];
const TABLES: usize = 10;

struct Order {
    /// PostgreSQL skips the ids of assignments that it has refused.
    id: usize,
    table: usize,
    server: usize,
    /// How many of each dish, by its id.
    lines: BTreeMap<usize, i64>,
    is_open: bool,
}

/// All orders, and how many entries the log has.
#[derive(Default)]
struct Model(Vec<Order>, usize);

impl Model {
    fn is_taken(&self, table: usize) -> bool {
        self.0.iter().any(|order| order.is_open && order.table == table)
    }

    /// The status that the app must answer with when this person acts on this order.
    fn may_act(&self, person: usize, index: usize) -> u16 {
        match self.0.get(index) {
            None => 404,
            Some(order) if order.server != person && !PEOPLE[person - 1].1 => 403,
            Some(order) if !order.is_open => 409,
            Some(_) => 303,
        }
    }

    /// What the boards of all people show: table and total, by table.
    fn board(&self) -> Vec<(String, String)> {
        let mut open: Vec<_> = self.0.iter().filter(|order| order.is_open).collect();
        open.sort_by_key(|order| order.table);
        let total =
            |order: &Order| order.lines.iter().map(|(dish, count)| PRICES[dish - 1] * count).sum::<i64>();
        let row = |order: &Order| {
            let total = total(order);
            (format!("Table {}", order.table), format!("${}.{:02}", total / 100, total % 100))
        };
        open.into_iter().map(row).collect()
    }
}

#[test]
fn a_random_evening_matches_the_model() {
    let steps = std::env::var("STEPS").map_or(400, |steps| steps.parse().expect("STEPS is a number"));
    let seed = gates::seed();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut open = Open::new();
    let mut browsers = PEOPLE.map(|(number, _)| open.browser_of(number));
    let mut model = Model::default();
    let mut seen: BTreeMap<(&str, u16), usize> = BTreeMap::new();
    for step in 0..steps {
        open.wait(rng.random_range(0..40));
        let person = rng.random_range(1..=PEOPLE.len());
        let browser = &mut browsers[person - 1];
        let (action, expected, got) = play(&mut rng, &mut model, browser, person);
        assert_eq!(got, expected, "seed {seed}, step {step}: person {person}, {action}");
        if (action, got) == ("assign", 303) {
            let newest = open.database.rows("max(id)", "orders");
            let id = newest.lines().nth(1).and_then(|id| id.parse().ok());
            model.0.last_mut().expect("it is the newest").id = id.expect("an order has an id");
        }
        *seen.entry((action, got)).or_default() += 1;
        if step % 20 == 0 {
            let board = browsers[0].get("/?all").board();
            let got: Vec<_> =
                board.orders.into_iter().map(|order| (order.table, order.totals.concat())).collect();
            assert_eq!(got, model.board(), "seed {seed}, step {step}");
            assert_eq!(open.count("log_entries"), model.1, "seed {seed}, step {step}");
        }
    }
    let closed = model.0.iter().filter(|order| !order.is_open).count();
    assert_eq!(open.count("orders WHERE closed_at IS NOT NULL"), closed);
    assert!(open.count(&format!("orders WHERE opened_at >= {EVENING}")) > 0);
    for ((action, status), count) in seen {
        println!("{action:<8} {status} {count}");
    }
}

/// One thing that somebody does: what, the status that the model expects, and the app's.
fn play(
    rng: &mut ChaCha8Rng,
    model: &mut Model,
    browser: &mut Browser,
    person: usize,
) -> (&'static str, u16, u16) {
    // The last is an order that there is not.
    let index = rng.random_range(0..=model.0.len());
    let id = model.0.get(index).map_or(1_000_000, |order| order.id);
    match rng.random_range(0..12) {
        0..3 => {
            let (table, server) = (rng.random_range(1..=TABLES), rng.random_range(1..=PEOPLE.len()));
            let expected = if model.is_taken(table) { 409 } else { 303 };
            if expected == 303 {
                model.0.push(Order { id: 0, table, server, lines: BTreeMap::new(), is_open: true });
            }
            let fields = [("table_id", table.to_string()), ("employee_id", server.to_string())];
            ("assign", expected, send(browser, "/orders", &fields))
        }
        3..7 => {
            let dish = rng.random_range(1..=PRICES.len());
            // The box is checked, a number is typed, or both.
            let (is_checked, typed) =
                [(true, None), (false, Some(2)), (true, Some(3))][rng.random_range(0..3)];
            let count = typed.unwrap_or(1);
            let expected = model.may_act(person, index);
            if expected == 303 {
                *model.0[index].lines.entry(dish).or_default() += count;
            }
            let typed = typed.map(|count| count.to_string()).unwrap_or_default();
            let mut fields = vec![(QUANTITIES[dish - 1], typed)];
            if is_checked {
                fields.push(("menu_item_ids", dish.to_string()));
            }
            ("add", expected, send(browser, &format!("/orders/{id}/items"), &fields))
        }
        7..9 => {
            let expected = model.may_act(person, index);
            if expected == 303 {
                model.0[index].is_open = false;
                model.1 += 1;
            }
            ("close", expected, send(browser, &format!("/orders/{id}/close"), &[]))
        }
        9..11 => {
            let (dish, to) = (rng.random_range(1..=PRICES.len()), rng.random_range(0..5));
            let has_reason = rng.random_range(0..4) > 0;
            change(model, browser, person, index, dish, to, has_reason)
        }
        _ => {
            let table = model.0.get(index).map(|order| order.table);
            let is_open = table.is_some() && model.0[index].is_open;
            let expected = match table {
                _ if !PEOPLE[person - 1].1 => 403,
                None => 404,
                Some(table) if !is_open && model.is_taken(table) => 409,
                Some(_) => 303,
            };
            if expected == 303 && !is_open {
                model.0[index].is_open = true;
                model.1 += 1;
            }
            ("reopen", expected, send(browser, &format!("/orders/{id}/reopen"), &[]))
        }
    }
}

/// Changes the quantity of a dish on an order, from the page that shows it.
fn change(
    model: &mut Model,
    browser: &mut Browser,
    person: usize,
    index: usize,
    dish: usize,
    to: i64,
    has_reason: bool,
) -> (&'static str, u16, u16) {
    let may_act = model.may_act(person, index);
    let Some(order) = model.0.get_mut(index).filter(|order| order.lines.contains_key(&dish)) else {
        let expected = if may_act == 303 { 404 } else { may_act };
        let id = model.0.get(index).map_or(1_000_000, |order| order.id);
        let fields = [("was", "1".to_owned()), ("quantity", to.to_string()), ("words", "why".to_owned())];
        return ("change", expected, send(browser, &format!("/orders/{id}/items/1000000"), &fields));
    };
    let from = order.lines[&dish];
    let line = format!("/orders/{}/items/1000000", order.id);
    let line = if may_act == 303 {
        browser.get(&format!("/orders/{}", order.id)).link_in(NAMES[dish - 1], "Change")
    } else {
        line
    };
    let expected = if may_act == 303 && to < from && !has_reason { 422 } else { may_act };
    if expected == 303 && to != from {
        model.1 += 1;
        if to == 0 {
            order.lines.remove(&dish)
        } else {
            order.lines.insert(dish, to)
        };
    }
    let reason = if has_reason { "sold out" } else { "" };
    let fields = [("was", from.to_string()), ("quantity", to.to_string()), ("reason", reason.to_owned())];
    ("change", expected, send(browser, &line, &fields))
}

const NAMES: [&str; 3] = ["Dr. Pepper", "Jambalaya", "French fries"];
const QUANTITIES: [&str; 3] = ["quantity_1", "quantity_2", "quantity_3"];

/// Sends these fields with a token of the browser's own.
fn send(browser: &mut Browser, path: &str, fields: &[(&str, String)]) -> u16 {
    let mut form = browser.get("/account").form("Log out").to(path);
    for (name, value) in fields {
        form = form.also(name, value);
    }
    browser.submit(&form).status.as_u16()
}
