//! What is wrong in a file that an instructor has written: where, and what to do.

use std::fmt::Display;
use std::io::Read;
use std::path::{Path, PathBuf};

use kata::files::text;

use crate::untrusted;

/// Far more than a class of thousands needs.
const LARGEST: u64 = 8 << 20;

#[derive(Debug, thiserror::Error)]
#[error("{}{}: {what}", .file.display(), .line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct Fault {
    file: PathBuf,
    /// Counted from 1; none, where it is about the whole file.
    line: Option<usize>,
    what: String,
}

/// A file of an instructor's, with its text.
pub struct Source {
    pub file: PathBuf,
    pub text: String,
}

impl Source {
    /// Reads it, whatever editor or spreadsheet has saved it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is too large, or is not text.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let source = |text| Self { file: file.to_owned(), text };
        let whole = |what: String| source(String::new()).fault(what);
        let mut bytes = Vec::new();
        let open = untrusted::open_named(file);
        let read = open.and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes));
        read.map_err(|error| whole(format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > LARGEST {
            return Err(whole("is larger than 8 MiB: is it the right file?".to_owned()));
        }
        match text::decode(&bytes) {
            Ok(text) => Ok(source(text)),
            Err(error) => Err(source(String::new()).at_line(error.line(), error)),
        }
    }

    /// About the whole file.
    pub fn fault(&self, what: impl Display) -> Fault {
        Fault { file: self.file.clone(), line: None, what: what.to_string() }
    }

    pub fn at_line(&self, line: usize, what: impl Display) -> Fault {
        Fault { line: Some(line), ..self.fault(what) }
    }

    /// About what begins at this byte of the text.
    pub fn at(&self, start: usize, what: impl Display) -> Fault {
        self.at_line(self.line(start), what)
    }

    /// The line of this byte, counted from 1.
    pub fn line(&self, start: usize) -> usize {
        let before = self.text.get(..start).unwrap_or(&self.text);
        before.matches('\n').count() + 1
    }

    /// The whole file as TOML.
    ///
    /// # Errors
    ///
    /// When it is not TOML, or a key is missing or unknown.
    pub fn toml<T: serde::de::DeserializeOwned>(&self) -> Result<T, Fault> {
        toml::from_str(&self.text).map_err(|error| {
            let what = error.message().to_owned();
            error.span().map_or_else(|| self.fault(&what), |span| self.at(span.start, &what))
        })
    }
}
