//! What the server of a database has written into its log, and what Diesel has reported.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use gate_contract::postgres::log_prefix;

/// Both sides of the comparison.
#[derive(Default)]
pub struct Server {
    log: Option<ServerLog>,
    /// Statements that Diesel has reported and the server's log has not been searched for, and how often.
    pub reported: HashMap<String, usize>,
    /// How many connections Diesel has reported, and how many the server.
    pub connections: (usize, usize),
}

/// The log of a server, for one of its databases.
struct ServerLog {
    file: File,
    /// How the lines about this database begin.
    prefix: String,
    /// What has been read of a line that was not complete.
    rest: Vec<u8>,
}

impl Server {
    /// For the database at `url`, from here on. Without a path, the log cannot be read.
    pub fn at(url: &str, path: Option<PathBuf>) -> Self {
        let name = url.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default();
        let log = path.map(|path| {
            let file = File::open(&path).and_then(|mut file| file.seek(SeekFrom::End(0)).map(|_| file));
            let file = file.unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
            ServerLog { file, prefix: log_prefix(name), rest: Vec::new() }
        });
        Self { log, ..Self::default() }
    }

    /// What the server has written about this database since the last time, a line for each report; `None` where its
    /// log cannot be read.
    pub fn new_lines(&mut self) -> Option<Vec<String>> {
        let ServerLog { file, prefix, rest } = self.log.as_mut()?;
        let read = file.read_to_end(rest);
        read.unwrap_or_else(|error| panic!("cannot read the server's log: {error}"));
        let end = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let complete: Vec<u8> = rest.drain(..end).collect();
        let text = String::from_utf8_lossy(&complete).replace("\n\t", " ");
        Some(text.lines().filter_map(|line| line.strip_prefix(&*prefix)).map(str::to_owned).collect())
    }
}
