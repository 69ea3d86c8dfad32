//! What a command has to say, line by line, for a terminal of any width or for a file.

use std::fmt::Display;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anstyle::Style;
use supports_hyperlinks::Stream;

use super::link::Opener;
use super::text;

const BOLD: Style = Style::new().bold();

/// Lines of styled text.
pub struct Page {
    /// Lines, unbroken.
    lines: Vec<String>,
    /// The columns to fill; unlimited where there is no terminal.
    pub columns: Option<usize>,
    links: bool,
    /// What opens the files that links lead to.
    opener: Opener,
    root: PathBuf,
}

impl Page {
    /// A page for what stdout is.
    pub fn new(root: &Path) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let size = if is_terminal { crossterm::terminal::size().ok() } else { None };
        let columns = size.map(|(columns, _)| usize::from(columns)).filter(|columns| *columns >= 20);
        Self {
            lines: Vec::new(),
            columns,
            links: is_terminal && supports_hyperlinks::on(Stream::Stdout),
            opener: Opener::here(),
            root: root.to_owned(),
        }
    }

    pub fn line(&mut self, text: impl Display) {
        self.lines.extend(text.to_string().split('\n').map(str::to_owned));
    }

    pub fn blank(&mut self) {
        self.lines.push(String::new());
    }

    /// Whether the course is in a git repository.
    pub fn is_in_git(&self) -> bool {
        self.root.ancestors().any(|folder| folder.join(".git").exists())
    }

    /// `file:line`, which a terminal that can makes a link.
    pub fn place(&self, file: &str, line: Option<usize>) -> String {
        self.place_below("", file, line)
    }

    /// The same for a file that is named from the root of the system on.
    pub fn whole_path(&self, file: &str) -> String {
        let inside = Path::new(file).strip_prefix(&self.root).ok().and_then(Path::to_str);
        inside.map_or_else(|| file.to_owned(), |inside| self.place(inside, None))
    }

    /// The same, named from `folder` on.
    pub fn place_below(&self, folder: &str, file: &str, line: Option<usize>) -> String {
        let name = file.strip_prefix(folder).unwrap_or(file).trim_start_matches('/');
        let text = line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
        let path = self.root.join(file);
        let address = path.to_str().filter(|_| self.links).and_then(|path| self.opener.address(path, line));
        match address {
            Some(address) => format!("{BOLD}{}{BOLD:#}", text::link(&address, &text)),
            None => format!("{BOLD}{text}{BOLD:#}"),
        }
    }

    /// A line of prose. Its addresses become links where a terminal can: one that is broken still leads to
    /// the whole.
    pub fn prose(&self, line: &str) -> String {
        if !self.links {
            return line.to_owned();
        }
        let is_address = |word: &str| word.starts_with("https://") || word.starts_with("http://");
        let linked = |word: &str| match is_address(word) {
            true => text::link(word.trim_end_matches(['.', ',', ')']), word),
            false => word.to_owned(),
        };
        line.split(' ').map(linked).collect::<Vec<_>>().join(" ")
    }

    /// The lines as a terminal of this width shows them.
    pub fn broken(&self) -> Vec<String> {
        match self.columns {
            Some(columns) => self.lines.iter().flat_map(|line| text::wrap(line, columns)).collect(),
            None => self.lines.clone(),
        }
    }

    pub fn print(&self) {
        for line in self.broken() {
            anstream::println!("{line}");
        }
    }
}
