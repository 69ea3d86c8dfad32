//! What a lesson's program finds around it: addresses that are free, and a throwaway database and key that last until
//! `cargo kata run` ends.

use std::env;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use gate_contract::scratch;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::course::Course;
use crate::digest::hex;
use crate::running::{self, Site};
use crate::server::Server;
use crate::{Database, files};

/// Where apps of a course listen, if nobody names an address: the first pair of ports that is free.
const PORTS: std::ops::Range<u16> = 8000..8100;

/// The file in which the course's own programs list their sites.
const SITES: &str = "served";

pub struct Surroundings {
    /// Where an app may listen.
    address: Option<SocketAddr>,
    variables: Vec<(&'static str, String)>,
    /// The port that somebody else has, and the app's instead.
    moved: Option<(u16, u16)>,
    scratch: TempDir,
    copy: Option<PathBuf>,
    _server: Option<Server>,
}

impl Surroundings {
    /// # Errors
    ///
    /// When there is no place for temporary files, or PostgreSQL does not start.
    pub fn new(course: &Course, database: Database) -> Result<Self> {
        let scratch =
            scratch::folder("kata-run-", scratch::FOR_GATES).context("cannot make a temporary folder")?;
        let dotenv = files::read_text(&course.root.join(".env")).unwrap_or_default();
        let is_set = |name: &str| env::var_os(name).is_some() || value(&dotenv, name).is_some();
        let mut variables = vec![("KATA_RUN_FOLDER", scratch.path().display().to_string())];
        let mut moved = None;
        if !is_set("ADDRESS")
            && let Some((port, taken)) = free_ports(is_free)
        {
            moved = taken.map(|taken| (taken, port));
            variables.push(("ADDRESS", format!("127.0.0.1:{port}")));
            variables.push(("STORE_ADDRESS", format!("127.0.0.1:{}", port + 1)));
        }
        // It signs the cookies of nobody but this student, until this command ends.
        if !is_set("SECRET_KEY") {
            variables.push(("KATA_RUN_KEY", throwaway_key(scratch.path())));
        }
        let mut server = None;
        if database == Database::Postgres && !is_set("DATABASE_URL") {
            let own = Server::for_gates(database)?;
            variables.extend(own.url.clone().map(|url| ("KATA_RUN_SERVER", url)));
            server = Some(own);
        }
        let chosen = variables.iter().find(|(variable, _)| *variable == "ADDRESS");
        let chosen = chosen.map(|(_, value)| value.clone());
        let set = || env::var("ADDRESS").ok().or_else(|| value(&dotenv, "ADDRESS"));
        let address = chosen.or_else(set).and_then(|address| from_here(&address));
        Ok(Self { address, variables, moved, scratch, copy: None, _server: server })
    }

    /// Where an app may listen, as this machine reaches it.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// What to say where the app is not at the usual port.
    pub fn moved(&self) -> Option<String> {
        let (taken, port) = self.moved?;
        Some(format!(
            "{}, so your app gets port {port}. To choose a port yourself, set the variable ADDRESS, for example to \
             127.0.0.1:8200. Cookies ignore ports: if the other program is a web app, too, open one of the two in a \
             private window, or they may overwrite each other's cookies.",
            in_use(taken)
        ))
    }

    /// The sites that the running program has listed; none before it listens.
    pub fn sites(&self) -> Vec<Site> {
        let text = fs::read_to_string(self.scratch.path().join(SITES)).unwrap_or_default();
        running::sites(&text)
    }

    /// Before another program starts, which has sites of its own.
    pub fn forget_sites(&self) {
        let _ = fs::remove_file(self.scratch.path().join(SITES));
    }

    /// The program as a file of its own: the next build may write where the first one is. It lies beside that, since
    /// programs may not run from a temporary folder everywhere.
    pub fn copy(&mut self, executable: &Path) -> Result<PathBuf> {
        let name = executable.file_name().unwrap_or_default().to_string_lossy();
        let copy = executable.with_file_name(format!("running-{}-{name}", std::process::id()));
        self.copy = Some(copy.clone());
        fs::copy(executable, &copy).with_context(|| format!("cannot copy {}", executable.display()))?;
        Ok(copy)
    }

    pub fn set(&self, command: &mut Command) {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        // What the program leaves behind when it is ended goes with the rest.
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, self.scratch.path());
        }
    }
}

impl Drop for Surroundings {
    fn drop(&mut self) {
        if let Some(copy) = &self.copy {
            let _ = fs::remove_file(copy);
        }
    }
}

/// What a `.env` sets a variable to, if it does.
fn value(dotenv: &str, name: &str) -> Option<String> {
    let mut lines = dotenv.lines().map(|line| line.trim_start().trim_start_matches("export "));
    let value = lines.find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='))?;
    let value = value.split(" #").next().unwrap_or_default();
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

/// The address at which this machine reaches who listens there, if that is by itself alone.
fn from_here(address: &str) -> Option<SocketAddr> {
    let mut address: SocketAddr = address.replace("localhost", "127.0.0.1").parse().ok()?;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address.ip().is_loopback().then_some(address)
}

/// The first of two ports that nobody listens on, and the first that somebody else has. Lesson 7 has two apps.
fn free_ports(is_free: impl Fn(u16) -> bool) -> Option<(u16, Option<u16>)> {
    let mut taken = None;
    for port in PORTS.step_by(2) {
        match [port, port + 1].into_iter().find(|port| !is_free(*port)) {
            None => return Some((port, taken)),
            Some(first) => taken = taken.or(Some(first)),
        }
    }
    None
}

/// A browser that is sent to `localhost` tries `::1` first, so nobody may listen there either. Where a machine does not
/// have that address, nobody does.
fn is_free(port: u16) -> bool {
    let is_taken = |error: io::Error| error.kind() == io::ErrorKind::AddrInUse;
    TcpListener::bind(("127.0.0.1", port)).is_ok() && !TcpListener::bind(("::1", port)).is_err_and(is_taken)
}

/// The beginning of what is said about a port that another program has; the guide knows it by that.
pub fn in_use(port: u16) -> String {
    format!("Port {port} is in use by another program")
}

/// A key that differs from run to run: the name of the temporary folder is random.
fn throwaway_key(scratch: &Path) -> String {
    let digest = |part: u8| {
        Sha256::digest([scratch.as_os_str().as_encoded_bytes(), crate::stamp().as_bytes(), &[part]].concat())
    };
    hex(&[digest(0), digest(1)].concat())
}

#[cfg(test)]
mod tests {
    use super::{free_ports, from_here, value};

    #[test]
    fn the_first_pair_of_free_ports_is_taken_and_the_port_that_was_not_free_is_named() {
        let find = |taken: &[u16]| free_ports(|port| !taken.contains(&port));
        assert_eq!(find(&[]), Some((8000, None)));
        assert_eq!(find(&[8000]), Some((8002, Some(8000))));
        assert_eq!(find(&[8001, 8002]), Some((8004, Some(8001))));
        assert_eq!(free_ports(|_| false), None);
    }

    #[test]
    fn a_setting_is_found_where_dotenv_finds_it() {
        let dotenv = "# ADDRESS=1\nDATABASE_URL=a\nexport SECRET_KEY = b\nADDRESS_OLD=c\nSTORE_ADDRESS='127.0.0.1:9' # mine\n";
        for (name, expected) in [
            ("DATABASE_URL", Some("a")),
            ("SECRET_KEY", Some("b")),
            ("ADDRESS", None),
            ("OLD", None),
            ("STORE_ADDRESS", Some("127.0.0.1:9")),
        ] {
            assert_eq!(value(dotenv, name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn an_app_is_reached_at_its_address_and_not_on_another_machine() {
        for (address, expected) in [
            ("127.0.0.1:8000", Some("127.0.0.1:8000")),
            ("0.0.0.0:8000", Some("127.0.0.1:8000")),
            ("localhost:8001", Some("127.0.0.1:8001")),
            ("[::1]:8000", Some("[::1]:8000")),
            ("192.0.2.7:8000", None),
            ("8000", None),
        ] {
            let found = from_here(address).map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{address}");
        }
    }
}
