//! Why there is no server; the text says what to do about it.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Each names its cause as its source, and not in its own text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// PostgreSQL cannot run here.
    #[error("{0}")]
    Unavailable(&'static str),
    #[error("{doing}")]
    Io { doing: String, source: io::Error },
    #[error("{program} failed ({status}):\n{output}")]
    Failed { program: String, status: ExitStatus, output: String },
    #[error("{} does not name a process and a port", .0.display())]
    Unreadable(PathBuf),
    #[error("PostgreSQL did not start in {}; its log:\n{log}", folder.display())]
    NotStarted { folder: PathBuf, log: String, source: Box<Error> },
}

impl Error {
    /// What was being done when the system refused.
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        |source| Self::Io { doing, source }
    }

    /// The text with those of all causes, for a panic.
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}
