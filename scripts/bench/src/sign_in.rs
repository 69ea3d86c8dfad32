//! Does a wrong password take as long for a number that exists as for one that does not?

use std::time::Instant;

use anyhow::{Result, ensure};
use diesel::RunQueryDsl;
use groundwork::Db;
use order_up::schema::failed_sign_ins;

use crate::browser::Browser;
use crate::ours;
use crate::report::{median, number, print, spread, times};
use crate::setup::{Seeds, Setup};

const KNOWN: &str = "1234";
const UNKNOWN: &str = "999999";

/// # Errors
///
/// When the server cannot be started, or a wrong sign-in is answered otherwise than by a refusal.
pub fn measure(setup: &Setup, tries: u32) -> Result<()> {
    let (server, mut conn) = ours::start(setup, "Order Up", Seeds { open: 0, closed: 0 })?;
    let mut browser = Browser::new(&server.site);
    let page = browser.get("/session/")?;
    let token = browser.token(&page)?;
    // The first of each warm up.
    for number in [KNOWN, UNKNOWN] {
        try_once(&mut browser, &mut conn, &token, number)?;
    }
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..tries {
        known.push(try_once(&mut browser, &mut conn, &token, KNOWN)?);
        unknown.push(try_once(&mut browser, &mut conn, &token, UNKNOWN)?);
    }
    let (one, other) = (median(&known), median(&unknown));
    let rows = [
        ["median, ms".to_owned(), number(one), number(other), times(one / other)],
        ["  fastest and slowest".to_owned(), spread(&known), spread(&unknown), String::new()],
    ];
    print([&format!("Wrong sign-ins, {tries} each"), "known number", "unknown number", "ratio"], &rows);
    Ok(())
}

/// How long a wrong sign-in takes, in milliseconds.
fn try_once(browser: &mut Browser, conn: &mut Db, token: &str, number: &str) -> Result<f64> {
    // Failed sign-ins are throttled, and the wait must not be measured.
    diesel::delete(failed_sign_ins::table).execute(conn)?;
    let fields = [("employee_number", number), ("password", "not hers")];
    let start = Instant::now();
    let page = browser.send("/session/", token, &fields)?;
    let took = start.elapsed();
    ensure!(page.status == 422, "a wrong password is answered with {}: {}", page.status, page.html);
    Ok(took.as_secs_f64() * 1e3)
}
