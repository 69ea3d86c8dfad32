//! Cargo's progress, as it prints it for a person.
//!
//! Cargo's report as JSON knows no total. Nothing but a bar depends on what is read here.

/// How far a build is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Units compiled, all units, and what is being compiled.
    Building { done: usize, all: usize, what: String },
    /// Anything else that it is busy with.
    Busy(String),
}

/// The progress that a line of cargo's output reports.
pub fn read(line: &str) -> Option<Progress> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("Building [") {
        let (_, rest) = rest.split_once("] ")?;
        let (count, what) = rest.split_once(':').unwrap_or((rest, ""));
        let (done, all) = count.split_once('/')?;
        return Some(Progress::Building {
            done: done.trim().parse().ok()?,
            all: all.trim().parse().ok()?,
            what: what.trim().to_owned(),
        });
    }
    let is_of_interest = ["Blocking", "Downloading", "Downloaded", "Updating", "Locking"]
        .iter()
        .any(|word| line.starts_with(word));
    is_of_interest.then(|| Progress::Busy(line.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Progress, read};

    #[test]
    fn a_progress_bar_shows_what_is_left() {
        assert_eq!(
            read("    Building [=====>      ] 12/57: diesel, libsqlite3-sys(build)"),
            Some(Progress::Building { done: 12, all: 57, what: "diesel, libsqlite3-sys(build)".to_owned() })
        );
    }

    #[test]
    fn other_lines_are_shown_or_left_out() {
        let waiting = "Blocking waiting for file lock on build directory";
        assert_eq!(read(&format!("    {waiting}")), Some(Progress::Busy(waiting.to_owned())));
        for line in ["   Compiling diesel v2.3.0", "    Building [oops", "    Finished `dev` profile", ""] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
