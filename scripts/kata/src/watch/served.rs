//! What the guide serves in a browser while it watches: the page (key `p`), and the student's app (key `a`).

use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;

use anyhow::Result;

use super::event::{Event, ProcessOutput};
use super::run::Run;

// With it, an address and its token fit into 80 columns.
const PAGE: &str = "The page";
pub const APP: &str = "Your app";

/// What is served beside the guide.
pub struct Browser {
    pub page: Served,
    pub app: Served,
    /// Counts apps, so that what one says that was ended is not taken for the next one's.
    pub apps: u64,
}

impl Default for Browser {
    fn default() -> Self {
        Self { page: Served::new(PAGE), app: Served::new(APP), apps: 0 }
    }
}

/// A server that somebody has asked for. It ends with the guide.
pub struct Served {
    /// What it is called in messages.
    name: &'static str,
    run: Option<Run>,
    /// Lesson 7 has two.
    addresses: Vec<String>,
    /// The usual port, where another program has it.
    moved: Option<String>,
    /// Why it has ended.
    error: Option<String>,
}

impl Served {
    pub fn new(name: &'static str) -> Self {
        Self { name, run: None, addresses: Vec::new(), moved: None, error: None }
    }

    /// Where it is; starts it before that, if it does not run. `event` is what its output becomes.
    pub fn show(
        &mut self,
        command: impl FnOnce() -> Result<Command>,
        events: &Sender<Event>,
        event: impl Fn(ProcessOutput) -> Event + Clone + Send + 'static,
    ) -> String {
        if self.is_there() {
            return self.address();
        }
        if self.run.is_none() {
            let started = command().and_then(|mut command| {
                command.stdin(Stdio::null());
                Run::start(command, events, event)
            });
            match started {
                Ok(run) => (self.run, self.error) = (Some(run), None),
                Err(error) => return format!("{error:#}"),
            }
        }
        format!("{} is being compiled. Its address will be shown here.", self.name)
    }

    /// Whether it was started here, and has not ended.
    pub fn is_started(&self) -> bool {
        self.run.is_some()
    }

    /// Whether it has said where it is.
    pub fn is_there(&self) -> bool {
        !self.addresses.is_empty()
    }

    fn address(&self) -> String {
        let moved = self.moved.as_ref().map(|port| format!(" (port {port} is in use)")).unwrap_or_default();
        format!("{}: {}{moved}", self.name, self.addresses.join(" · "))
    }

    /// What there is to tell after the server has said something.
    pub fn hear(&mut self, output: ProcessOutput) -> Option<String> {
        match output {
            ProcessOutput::Report(line) => {
                if let Some(port) = port_in_use(&line) {
                    self.moved = Some(port.to_owned());
                }
                let address = address(&line)?;
                // After each save it starts again, where it was.
                if self.addresses.contains(&address) {
                    return None;
                }
                self.addresses.push(address);
                Some(self.address())
            }
            ProcessOutput::Line(line) if line.starts_with("error") => {
                self.error = Some(line.clone());
                Some(line)
            }
            ProcessOutput::Line(_) => None,
            ProcessOutput::End => {
                self.run = None;
                (self.moved, self.addresses) = (None, Vec::new());
                let why = self.error.take();
                Some(why.unwrap_or_else(|| format!("{} has ended.", self.name)))
            }
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(run) = self.run.take() {
            run.interrupt();
        }
    }
}

/// The port in `Port 8000 is in use by another program, so …`, as `cargo kata run` says it.
fn port_in_use(line: &str) -> Option<&str> {
    line.strip_prefix("Port ")?.split_once(" is in use by another program").map(|(port, _)| port)
}

/// The address at the end of a line of a server that begins: `The app: http://127.0.0.1:8000/`.
fn address(line: &str) -> Option<String> {
    let (_name, address) = line.trim().split_once(": ")?;
    let host = address.strip_prefix("http://")?;
    let is_local = ["127.0.0.1:", "localhost:", "[::1]:"].iter().any(|local| host.starts_with(local));
    let is_alone = !address.contains(' ') && address.ends_with('/');
    (is_local && is_alone).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served() -> Served {
        Served::new("Your app")
    }

    #[test]
    fn each_address_is_shown_once_and_log_lines_are_not_addresses() {
        let mut app = served();
        let mut hear = |line: &str| app.hear(ProcessOutput::Report(line.to_owned()));
        for line in ["Lesson 7: sessions", "", "GET http://127.0.0.1:8000/", "seen: http://example.org/"] {
            assert_eq!(hear(line), None, "{line}");
        }
        let first = "Your app: http://127.0.0.1:8000/";
        assert_eq!(hear("  The app: http://127.0.0.1:8000/").as_deref(), Some(first));
        assert_eq!(hear("  The app: http://127.0.0.1:8000/"), None, "it has started again");
        assert_eq!(
            hear("  Another: http://localhost:8001/").as_deref(),
            Some("Your app: http://127.0.0.1:8000/ · http://localhost:8001/")
        );
    }

    #[test]
    fn a_port_that_another_program_has_is_named_beside_the_address() {
        let mut app = served();
        let notice = format!("{}, so your app gets port 8002.", crate::run::in_use(8000));
        assert_eq!(app.hear(ProcessOutput::Report(notice)), None);
        let told = app.hear(ProcessOutput::Report("  The app: http://127.0.0.1:8002/".to_owned()));
        assert_eq!(told.as_deref(), Some("Your app: http://127.0.0.1:8002/ (port 8000 is in use)"));
    }

    #[test]
    fn the_end_of_an_app_is_shown_with_its_reason() {
        let mut app = served();
        assert_eq!(app.hear(ProcessOutput::Line("error: no".to_owned())).as_deref(), Some("error: no"));
        assert_eq!(app.hear(ProcessOutput::End).as_deref(), Some("error: no"));
        assert_eq!(app.hear(ProcessOutput::End).as_deref(), Some("Your app has ended."));
        assert!(!app.is_there());
    }
}
