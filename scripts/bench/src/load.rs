//! Load from `wrk`: connections, each of which sends its next request after an answer.

use std::io::ErrorKind;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use kata::process::output;

/// Prints the figures as numbers: what `wrk` prints by itself is for people.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/load.lua");

pub struct Load {
    pub requests: f64,
    pub per_second: f64,
    /// 99 of 100 requests were answered within this, in milliseconds.
    pub p99: f64,
}

/// Checks that `wrk` is there.
///
/// # Errors
///
/// When it is not.
pub fn check_installed() -> Result<()> {
    match Command::new("wrk").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("wrk makes the load and is not installed; on Debian and Ubuntu: apt-get install wrk")
        }
        done => done.map(drop).context("cannot run wrk"),
    }
}

/// Requests a page with a cookie, over so many connections, for so long.
///
/// # Errors
///
/// When a request fails: figures of failures are worthless.
pub fn make(url: &str, cookie: &str, connections: u32, length: Duration) -> Result<Load> {
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "1", "--connections", &connections.to_string()]);
    wrk.args(["--duration", &format!("{}s", length.as_secs()), "--timeout", "10s", "--script", SCRIPT]);
    wrk.args(["--header", &format!("Cookie: {cookie}"), url]);
    let printed = output(&mut wrk)?;
    let figures = printed.lines().find_map(|line| line.strip_prefix("figures: "));
    let figures = figures.with_context(|| format!("wrk has not printed the figures:\n{printed}"))?;
    let figures = figures.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [requests, microseconds, p99, failures] = figures[..] else { bail!("four figures, not {figures:?}") };
    ensure!(requests > 0.0 && failures == 0.0, "{url}: {failures} of {requests} requests failed:\n{printed}");
    Ok(Load { requests, per_second: requests / microseconds * 1e6, p99: p99 / 1e3 })
}
