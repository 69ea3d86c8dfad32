//! What was acknowledged is there after the app, or the server of its database, was killed; and the app
//! may be many processes.
//!
//!     KILLS=200 cargo test -p order-up --test it faults -- --nocapture

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

use gates::{Answer, Browser, Form, rows};

use crate::program::Program;
use crate::proxy::{Addresses, proxy};
use crate::restaurant::sign_in;
use crate::serving::Serving;

/// So many clients write at the same time, each for a table of its own.
const CLIENTS: usize = 3;

fn kills() -> usize {
    std::env::var("KILLS").map_or(3, |kills| kills.parse().expect("a number"))
}

/// What the app reported to one client as done.
#[derive(Default)]
struct Acknowledged {
    assigned: AtomicUsize,
    added: AtomicUsize,
    closed: AtomicUsize,
}

impl Acknowledged {
    fn so_far(&self) -> [usize; 3] {
        [&self.assigned, &self.added, &self.closed].map(|count| count.load(Ordering::SeqCst))
    }
}

/// A program with the demo's restaurant that serves, and where.
fn open(program: &Program) -> (Serving, Addresses) {
    program.done(&["migrate"], "");
    program.done(&["seed"], "");
    let serving = serve(program);
    let addresses = Arc::new(RwLock::new(vec![serving.address.clone()]));
    (serving, addresses)
}

fn serve(program: &Program) -> Serving {
    Serving::start(program, &["--address", "127.0.0.1:0"])
}

/// Margot, who has signed in through the proxy.
pub fn margot(addresses: &Addresses) -> Browser {
    let mut browser = Browser::new(|| proxy(addresses));
    let answer = sign_in(&mut browser, "1234", "password");
    assert_eq!(answer.status, 303, "{answer}");
    browser
}

/// Assigns the table, adds one dish and another, closes, and starts over; from whatever state the board
/// shows, since an answer may have been lost.
fn work(mut browser: Browser, table: &str, done: &Acknowledged, is_over: &AtomicBool) {
    let mut added = 0;
    while !is_over.load(Ordering::SeqCst) {
        let board = browser.get("/");
        let is_taken = board.all(".ticket h3").contains(&table.to_owned());
        let (form, count) = match (board.status.as_u16(), is_taken, added) {
            (200, false, _) => (assign(&board, table), &done.assigned),
            (200, true, 0..=1) => (board.form_in(table, "Add to order").check("French fries"), &done.added),
            (200, true, _) => (board.form_in(table, "Close table"), &done.closed),
            // Nobody answers, or there is no database to ask.
            (502 | 500 | 503, ..) => {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            _ => panic!("{table}: {board}"),
        };
        added = if is_taken { (added + 1) % 3 } else { 0 };
        let answer = browser.submit(&form);
        match answer.status.as_u16() {
            303 => _ = count.fetch_add(1, Ordering::SeqCst),
            502 | 500 | 503 => {}
            _ => panic!("{table}: {answer}"),
        }
    }
}

fn assign(board: &Answer, table: &str) -> Form {
    board.form("Assign table").choose("Table", table).choose("Server", "Margot")
}

/// Lets the clients write while `fault` is done again and again. Whatever was acknowledged before a
/// fault is in the database after it, and nothing is half-written.
fn survive(program: &Program, addresses: &Addresses, mut fault: impl FnMut()) {
    let (done, is_over) = ([(); CLIENTS].map(|()| Acknowledged::default()), AtomicBool::new(false));
    let tables = [1, 2, 3].map(|number| format!("Table {number}"));
    thread::scope(|scope| {
        let _over = Over(&is_over);
        for (table, done) in tables.iter().zip(&done) {
            let (browser, is_over) = (margot(addresses), &is_over);
            scope.spawn(move || work(browser, table, done, is_over));
        }
        for kill in 0..kills() {
            // Each time at another moment.
            thread::sleep(Duration::from_millis(100 + 37 * (kill as u64 % 8)));
            let acknowledged = done.each_ref().map(Acknowledged::so_far);
            fault();
            let stored = stored(program);
            for (table, (acknowledged, stored)) in acknowledged.iter().zip(stored).enumerate() {
                let is_lost =
                    acknowledged.iter().zip(stored).any(|(acknowledged, stored)| stored < *acknowledged);
                assert!(!is_lost, "kill {kill}, table {}: {acknowledged:?} of {stored:?}", table + 1);
            }
        }
    });
    // Each form has done its one thing, or nothing: the note that it is spent is a part of it.
    let effects: usize = stored(program).iter().flatten().sum();
    assert_eq!(sum(program, "1", "spent_tokens"), effects);
    let told: Vec<_> = done.iter().map(Acknowledged::so_far).collect();
    println!("{} kills; assigned, added, closed: {told:?}; {effects} stored", kills());
    assert!(told.iter().flatten().any(|count| *count > 0), "nothing was written");
}

/// How many orders each table has had, how many dishes were added to them, how many are closed.
fn stored(program: &Program) -> [[usize; 3]; CLIENTS] {
    [1, 2, 3].map(|table| {
        let orders = format!("orders WHERE table_id = {table}");
        let lines = format!("order_details WHERE order_id IN (SELECT id FROM {orders})");
        [
            sum(program, "1", &orders),
            sum(program, "quantity", &lines),
            sum(program, "1", &format!("{orders} AND closed_at IS NOT NULL")),
        ]
    })
}

fn sum(program: &Program, column: &str, from: &str) -> usize {
    let found = rows(&mut program.connect(&program.file("order-up.db")), column, from);
    found.lines().skip(1).map(|line| line.parse::<usize>().expect("it is a number")).sum()
}

/// Lets the clients go home, also when a test has failed.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn acknowledged_changes_survive_killing_the_app() {
    let program = Program::new();
    let (serving, addresses) = open(&program);
    let mut serving = Some(serving);
    survive(&program, &addresses, || {
        // Dropped, it is killed.
        drop(serving.take());
        #[cfg(not(feature = "postgres"))]
        {
            let mut conn = program.connect(&program.file("order-up.db"));
            assert_eq!(rows(&mut conn, "integrity_check", "pragma_integrity_check"), "integrity_check\nok");
        }
        let next = serve(&program);
        *addresses.write().expect("nobody panics while they hold this") = vec![next.address.clone()];
        serving = Some(next);
    });
}

#[cfg(feature = "postgres")]
#[test]
fn acknowledged_changes_survive_killing_the_database_server() {
    use diesel::connection::SimpleConnection;
    use gates::postgres::Throwaway;
    use groundwork::connect;

    let server = Throwaway::start().expect("PostgreSQL starts");
    let mut conn = connect(server.url()).expect("it answers");
    conn.batch_execute("CREATE DATABASE order_up").expect("a new database can be made");
    // The tests' server acknowledges early by itself, since its data is worth nothing.
    conn.batch_execute("ALTER DATABASE order_up SET synchronous_commit = on").expect("it is there");
    let (place, _) = server.url().rsplit_once('/').expect("a database stands last in a URL");
    let program = Program::on(&format!("{place}/order_up"));
    let (_serving, addresses) = open(&program);
    survive(&program, &addresses, || server.crash().expect("it starts again"));
}

#[test]
fn the_walk_through_and_the_races_work_behind_a_proxy_with_two_apps() {
    let program = Program::new();
    let (one, addresses) = open(&program);
    let other = serve(&program);
    addresses.write().expect("nobody panics while they hold this").push(other.address.clone());
    assert_ne!(one.address, other.address);

    let mut browser = margot(&addresses);
    let board = browser.get("/");
    let answer = browser.submit(&assign(&board, "Table 4"));
    let board = browser.follow(&answer);
    let add = board.form_in("Table 4", "Add to order").check("French fries").check("Jambalaya");
    let answer = browser.submit(&add.fill("How many French fries", "2"));
    let board = browser.follow(&answer);
    assert_eq!(board.all(".ticket .total"), ["$28.98"]);
    let answer = browser.submit(&board.form_in("Table 4", "Close table"));
    let board = browser.follow(&answer);
    assert!(board.all(".ticket h3").is_empty());

    for _ in 0..20 {
        let pairs: Vec<_> = (0..8)
            .map(|_| {
                let mut tab = browser.another();
                tab.cookies().clone_from(browser.cookies());
                let form = assign(&tab.get("/"), "Table 5");
                (tab, form)
            })
            .collect();
        let answers = gates::at_once(pairs, |(mut tab, form)| tab.submit(&form));
        assert_eq!(crate::restaurant::statuses(&answers), [303, 409, 409, 409, 409, 409, 409, 409]);
        let close = browser.get("/").form_in("Table 5", "Close table");
        assert_eq!(browser.submit(&close).status, 303);
    }
}
