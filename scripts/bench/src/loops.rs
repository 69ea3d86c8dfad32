//! Writing: assign a table, add two items, close the table, by 4 clients at once.

use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::browser::{Browser, Page, before};
use crate::report::{median, number, print, spread, times};
use crate::server::Server;
use crate::setup::{Seeds, Setup, Turns};
use crate::{flask, ours};

const CLIENTS: u32 = 4;

/// A waiter who has signed in and serves one table.
struct Client {
    browser: Browser,
    board: Page,
    table: u32,
}

/// # Errors
///
/// When a server cannot be started, or a loop fails.
pub fn measure(setup: &Setup, turns: Turns) -> Result<()> {
    let nothing = Seeds { open: 0, closed: 0 };
    let servers = [ours::start(setup, "Order Up", nothing)?.0, flask::start(setup, nothing)?];
    let mut apps = Vec::new();
    for server in &servers {
        let clients = (1..=CLIENTS).map(|table| Client::new(server, table)).collect::<Result<Vec<_>>>()?;
        apps.push((clients, Vec::new()));
    }
    for round in 1..=turns.rounds {
        println!("Round {round} of {}", turns.rounds);
        for (clients, per_second) in &mut apps {
            per_second.push(run(clients, turns)?);
        }
    }
    println!();
    let [(_, ours), (_, flask)] = &apps[..] else { unreachable!("two servers, two apps") };
    let (one, other) = (median(ours), median(flask));
    let rows = [
        ["loops/s".to_owned(), number(one), number(other), times(one / other)],
        ["  slowest and fastest turn".to_owned(), spread(ours), spread(flask), String::new()],
    ];
    print(["Assign, add two, close: medians", "Order Up", "Flask", "ratio"], &rows);
    println!("A loop is three forms and the board after each, with three commits that reach the disk.");
    Ok(())
}

/// Lets all clients loop for one turn, and returns how many loops they have done in a second.
fn run(clients: &mut [Client], turns: Turns) -> Result<f64> {
    let start = Instant::now();
    let loops = thread::scope(|scope| {
        let busy: Vec<_> = clients
            .iter_mut()
            .map(|client| {
                scope.spawn(move || {
                    let mut loops = 0_u32;
                    while start.elapsed() < turns.length {
                        client.serve()?;
                        loops += 1;
                    }
                    Ok(loops)
                })
            })
            .collect();
        let done = busy.into_iter().map(|client| client.join().expect("a client does not panic"));
        done.sum::<Result<u32>>()
    })?;
    Ok(f64::from(loops) / start.elapsed().as_secs_f64())
}

impl Client {
    fn new(server: &Server, table: u32) -> Result<Self> {
        let mut browser = Browser::new(&server.site);
        let board = browser.sign_in()?;
        let mut client = Self { browser, board, table };
        // Warms up, and shows early what does not work.
        client.serve().with_context(|| format!("{}: a loop fails", server.name))?;
        Ok(client)
    }

    /// Guests come, order two things, pay and go.
    fn serve(&mut self) -> Result<()> {
        let table = self.on_board(&format!(">Table {} ·", self.table), "value=\"", "\"")?;
        let me = self.on_board(">Margot</option>", "value=\"", "\"")?;
        self.send("/orders", &[("table_id", &table), ("employee_id", &me)])?;

        let button = format!("\"Add to order of table {}\"", self.table);
        let order = self.on_board(&button, "formaction=\"/orders/", "/items")?;
        let (drink, fries) = (self.on_menu("Dr. Pepper")?, self.on_menu("French fries")?);
        let dishes = [("menu_item_ids", drink.as_str()), ("menu_item_ids", &fries)];
        self.send(&format!("/orders/{order}/items"), &dishes)?;

        let ticket = self.board.html.split_once(&format!("id=\"order-{order}\"")).context("no such order")?.1;
        ensure!(ticket.contains("$4.50"), "the items have not been added: {}", self.board.html);
        self.send(&format!("/orders/{order}/close"), &[])?;
        ensure!(!self.board.html.contains(&button), "the table has not been closed: {}", self.board.html);
        Ok(())
    }

    /// Sends a form of the board and reads the board again.
    fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<()> {
        let token = self.browser.token(&self.board)?;
        self.board = self.browser.post(path, &token, fields)?;
        Ok(())
    }

    /// The id of a dish.
    fn on_menu(&self, dish: &str) -> Result<String> {
        let menu = self.board.html.split_once("id=\"menu\"").context("no menu on the board")?.1;
        let id = before(menu, &format!("<span>{dish}</span>"), "value=\"", "\"");
        Ok(id.with_context(|| format!("no {dish} on the menu: {menu}"))?.to_owned())
    }

    fn on_board(&self, here: &str, start: &str, end: &str) -> Result<String> {
        let found = before(&self.board.html, here, start, end);
        Ok(found.with_context(|| format!("`{here}` is not on the board: {}", self.board.html))?.to_owned())
    }
}
