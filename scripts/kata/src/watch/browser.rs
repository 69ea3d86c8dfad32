//! What the keys `p` and `a` show in a browser, or in the guide's place.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::event::Event;
use super::served::{APP, Served};
use super::state::{Action, State};
use crate::runnable::{ProgramKind, program_kind};
use crate::running;

impl State<'_> {
    pub fn show_page(&mut self) {
        let (root, database) = (&self.course.root, self.server.database);
        let command = || own_command(root, &["page", "--db", database.name()]);
        let message = self.browser.page.show(command, &self.events, Event::Page);
        self.show_message(message);
    }

    /// Runs what the student has written: an app beside the guide, a console in its place.
    pub fn run_code(&mut self) -> Action {
        let (root, lesson, database) = (&self.course.root, &self.lesson.name, self.server.database);
        let command = || own_command(root, &["run", lesson, "--db", database.name()]);
        // A second copy would take the first one's cookies in a browser: these ignore ports.
        let other = running::app(root, lesson, database).filter(|_| !self.browser.app.is_started());
        let message = match (program_kind(self.course, self.lesson), other) {
            (Some(ProgramKind::App), Some(app)) => {
                let addresses: Vec<_> = app.sites.into_iter().map(|site| site.address).collect();
                format!("{APP} already runs elsewhere: {}", addresses.join(" · "))
            }
            (Some(ProgramKind::App), None) => {
                let count = self.browser.apps;
                self.browser.app.show(command, &self.events, move |output| Event::App(count, output))
            }
            (Some(ProgramKind::Console), _) => match command() {
                Ok(command) => return Action::Edit(Box::new(command), false),
                Err(error) => format!("{error:#}"),
            },
            (None, _) => "This lesson has nothing to run: its gates call your code.".to_owned(),
        };
        self.show_message(message);
        Action::Continue
    }

    /// Ends the app of the lesson that was shown.
    pub fn stop_app(&mut self) {
        self.browser.apps += 1;
        self.browser.app = Served::new(APP);
    }
}

/// This program with other arguments.
fn own_command(root: &Path, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).current_dir(root);
    Ok(command)
}
