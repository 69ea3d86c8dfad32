//! What a gate saw, as text for its one snapshot.

use std::fmt::{self, Debug, Display};

use gate_contract::trace;

use crate::seal;

/// The calls that a gate made and what came back, in order.
///
/// Each part is also recorded as it happens: when the student's code panics half-way, the part that worked is in the
/// report. Where nobody records, it is printed. The guide shows what a process prints as the student's own output.
#[derive(Default)]
pub struct Transcript(String);

impl Transcript {
    pub fn new() -> Self {
        crate::start::begin();
        Self::default()
    }

    /// Notes a call and its result, on one line.
    pub fn call(&mut self, what: impl Display, result: impl Debug) {
        self.part(&what, &format!("{result:?}"));
    }

    /// Notes a call that returns many things, one on a line: a difference then shows as the
    /// one line that differs.
    pub fn list<T: Debug, E: Debug>(&mut self, what: impl Display, result: Result<Vec<T>, E>) {
        match result {
            Ok(items) if items.is_empty() => self.part(&what, "(nothing)"),
            Ok(items) => {
                let lines: Vec<_> = items.iter().map(|item| format!("{item:?}")).collect();
                self.part(&what, &lines.join("\n"));
            }
            Err(error) => self.part(&what, &format!("Err({error:?})")),
        }
    }

    /// Notes something that is text already, such as rows.
    pub fn text(&mut self, what: impl Display, text: impl Display) {
        self.part(&what, &text.to_string());
    }

    fn part(&mut self, what: &dyn Display, text: &str) {
        let part = format!("{what}\n{}\n", indented(text));
        trace::record(&trace::Event::Step(part.clone()));
        if !trace::is_recording() {
            println!("{part}");
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(&part);
    }
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

/// A gate shows its transcript once, at its end, so this is when it is sealed.
impl Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        seal::seal(&self.0);
        f.write_str(&self.0)
    }
}
