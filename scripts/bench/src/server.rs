//! A server that is started, waited for, and stopped again.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::browser::{Browser, Site};

/// Python has to compile the app when it starts.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Server {
    pub name: &'static str,
    pub site: Site,
    child: Child,
}

impl Server {
    /// Starts the server and waits until it answers. What it logs goes to a file.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or does not answer.
    pub fn start(
        name: &'static str,
        token_field: &'static str,
        address: &str,
        command: &mut Command,
        log: PathBuf,
    ) -> Result<Self> {
        let file = File::create(&log)?;
        command.stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let mut server = Self { name, site: Site { url: format!("http://{address}"), token_field }, child };
        let start = Instant::now();
        loop {
            if Browser::new(&server.site).get("/session/").is_ok_and(|page| page.status == 200) {
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                bail!("{name} does not answer. Its log:\n{}", fs::read_to_string(log)?);
            }
            sleep(Duration::from_millis(50));
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    /// Sends SIGTERM, so that gunicorn stops its workers, and SIGKILL after a while.
    fn drop(&mut self) {
        // Without `unsafe` there is no other signal than SIGKILL; every shell has this command.
        let pid = self.pid().to_string();
        let _ = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &pid]).status();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A free address on this machine.
///
/// # Errors
///
/// When there is none.
pub fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
