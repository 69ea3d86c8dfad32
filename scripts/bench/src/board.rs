//! Reading: the board with 6 open orders and 18 lines, by 8 connections.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::browser::{Browser, Page};
use crate::load::Load;
use crate::report::{highest, median, number, print, spread, times};
use crate::server::Server;
use crate::setup::{Seeds, Setup, Turns};
use crate::{flask, load, ours, process};

const OPEN: u32 = 6;
const CONNECTIONS: u32 = 8;

/// What the turns of one app have brought.
#[derive(Default)]
struct Figures {
    per_second: Vec<f64>,
    p99: Vec<f64>,
    /// Microseconds.
    processor_time: Vec<f64>,
    memory: Vec<f64>,
}

/// A server with somebody who has signed in.
struct App {
    server: Server,
    browser: Browser,
    figures: Figures,
}

/// # Errors
///
/// When a server cannot be started, or a page is not the board.
pub fn measure(setup: &Setup, turns: Turns, closed: u32) -> Result<()> {
    let (ours, _) = ours::start(setup, "Order Up", Seeds { open: OPEN, closed: 0 })?;
    let flask = flask::start(setup, Seeds { open: OPEN, closed: 0 })?;
    let (with_history, _) = ours::start(setup, "Order Up with a history", Seeds { open: OPEN, closed })?;
    let mut apps = [App::new(ours)?, App::new(flask)?, App::new(with_history)?];
    for round in 1..=turns.rounds {
        println!("Round {round} of {}", turns.rounds);
        for app in &mut apps {
            app.measure(turns)?;
        }
    }
    println!();
    let [ours, flask, with_history] = apps.map(|app| app.figures);
    compare(&ours, &flask);
    let rows = [
        row("requests/s", &with_history, &ours, |figures| median(&figures.per_second)),
        row("99 of 100 answered within, ms", &with_history, &ours, |figures| median(&figures.p99)),
    ];
    let heading = format!("{closed} closed orders");
    print(["Order Up, by its history", &heading, "none", "ratio"], &rows);
    println!(
        "Slowdown by the history: {}",
        times(median(&ours.per_second) / median(&with_history.per_second))
    );
    Ok(())
}

fn compare(ours: &Figures, flask: &Figures) {
    let rows = [
        row("requests/s", ours, flask, |figures| median(&figures.per_second)),
        [
            "  slowest and fastest turn".to_owned(),
            spread(&ours.per_second),
            spread(&flask.per_second),
            String::new(),
        ],
        row("99 of 100 answered within, ms", ours, flask, |figures| median(&figures.p99)),
        row("processor time per request, µs", ours, flask, |figures| median(&figures.processor_time)),
        row("memory under load (PSS), MiB", ours, flask, |figures| median(&figures.memory)),
        row("  its peak, MiB", ours, flask, |figures| highest(&figures.memory)),
    ];
    print(["The board: medians", "Order Up", "Flask", "ratio"], &rows);
}

/// A figure of two apps, and how many times the second's the first's is.
fn row(name: &str, one: &Figures, other: &Figures, figure: impl Fn(&Figures) -> f64) -> [String; 4] {
    let (one, other) = (figure(one), figure(other));
    [name.to_owned(), number(one), number(other), times(one / other)]
}

impl App {
    /// Signs in, checks the board, and warms up.
    fn new(server: Server) -> Result<Self> {
        let mut browser = Browser::new(&server.site);
        let board = browser.sign_in()?;
        check(&server, &board)?;
        println!("{}: a page of {} bytes", server.name, board.html.len());
        let app = Self { server, browser, figures: Figures::default() };
        app.make_load(Duration::from_secs(1))?;
        Ok(app)
    }

    fn make_load(&self, length: Duration) -> Result<Load> {
        load::make(&format!("{}/", self.server.site.url), &self.browser.cookie(), CONNECTIONS, length)
    }

    fn measure(&mut self, turns: Turns) -> Result<()> {
        let pid = self.server.pid();
        let before = process::processor_time(pid)?;
        let (load, memory) = process::watch_memory(pid, || self.make_load(turns.length))?;
        let processor_time = process::processor_time(pid)? - before;
        // wrk takes a redirect to the sign-in page for an answer; Margot must be signed in still.
        check(&self.server, &self.browser.get("/")?)?;

        let figures = &mut self.figures;
        figures.per_second.push(load.per_second);
        figures.p99.push(load.p99);
        figures.processor_time.push(processor_time / load.requests * 1e6);
        figures.memory.extend(memory);
        Ok(())
    }
}

/// The page is the board, with all of its orders and lines.
fn check(server: &Server, board: &Page) -> Result<()> {
    let count = |text| board.html.matches(text).count() as u32;
    let (orders, lines, totals) = (count("id=\"order-"), count("<li><span>"), count("$26.48"));
    let is_whole = board.status == 200 && [orders, lines, totals] == [OPEN, 3 * OPEN, OPEN];
    ensure!(is_whole, "{}: this is not the board: {}", server.name, board.html);
    Ok(())
}
