//! A step shown to a class: what the lecture writes in Python, the same in Rust, the SQL that
//! ran, and the rows as a table.

use std::fmt::Debug;
use std::io::{IsTerminal, Write};
use std::path::Path;

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

use crate::Database;

/// An expression together with its value, so that what is shown is what has run.
#[macro_export]
macro_rules! shown {
    ($code:expr) => {
        (stringify!($code), $code)
    };
}

/// The presentation; `--pause` waits for Enter between its parts.
pub struct Demo {
    pauses: bool,
    parts: usize,
    /// How many statements have been shown.
    statements: usize,
}

/// From here on a fixture that cannot go on (a server that does not answer, say) ends the program
/// with its words alone: whoever watches a demo has no use for a backtrace.
pub fn plain_errors() {
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("error: {}", gate_contract::trace::text(panic.payload()));
        std::process::exit(1);
    }));
}

impl Demo {
    /// Begins with a title. An argument other than `--pause` ends the program with an explanation.
    pub fn new(title: &str) -> Self {
        plain_errors();
        let mut pauses = false;
        for argument in std::env::args().skip(1) {
            if argument != "--pause" {
                eprintln!(
                    "error: unknown argument `{argument}`; the demo knows --pause, which waits for Enter between its parts"
                );
                std::process::exit(2);
            }
            pauses = true;
        }
        println!("\n{title}\n{}", "═".repeat(title.chars().count()));
        Self { pauses, parts: 0, statements: 0 }
    }

    /// Begins a part, after a pause.
    pub fn part(&mut self, title: &str) {
        if self.parts > 0 && self.pauses && std::io::stdin().is_terminal() {
            print!("\n(Enter) ");
            let _ = std::io::stdout().flush();
            let _ = std::io::stdin().read_line(&mut String::new());
        }
        self.parts += 1;
        let heading = format!("{}. {title}", self.parts);
        println!("\n{heading}\n{}", "─".repeat(heading.chars().count()));
    }

    pub fn say(&self, text: &str) {
        println!("\n{text}");
    }

    /// The lecture's side.
    pub fn python(&self, code: &str) {
        block("Python", code);
    }

    /// A file, without its comments.
    pub fn file(&self, name: &str, text: &str) {
        let is_code =
            |line: &&str| !line.trim().is_empty() && !line.starts_with("--") && !line.starts_with('#');
        block(name, &text.lines().filter(is_code).collect::<Vec<_>>().join("\n"));
    }

    /// A migration's file in the package at `folder`, for the database of this build.
    pub fn migration(&self, folder: &str, file: &str) {
        let database = if cfg!(feature = "postgres") { "postgres" } else { "sqlite" };
        let path = Path::new(folder).join("migrations").join(database).join(file);
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        self.file(file.rsplit('/').next().unwrap_or(file), &text);
    }

    /// Text under a label, as it is.
    pub fn text(&self, label: &str, text: &str) {
        block(label, text);
    }

    /// Our side: the code, what it returned, and the SQL that it ran on `database`.
    pub fn rust<T: Debug>(&mut self, shown: (&str, T), database: &Database) {
        let _ = self.rust_kept(shown, database);
    }

    /// The same, and the value comes back.
    pub fn rust_kept<T: Debug>(&mut self, (code, value): (&str, T), database: &Database) -> T {
        block("Rust", &code.replace("&mut conn", "conn"));
        block("returns", &format!("{value:?}"));
        let statements = database.statements();
        let new: Vec<_> = statements.iter().skip(self.statements).map(String::as_str).collect();
        block("SQL", &new.join("\n"));
        self.statements = statements.len();
        value
    }

    /// Rows, read by the demo itself: `rows(&mut shop, "id, title", "books ORDER BY id")`.
    pub fn rows(&self, database: &mut Database, columns: &str, from: &str) {
        let text = database.rows(columns, from);
        let mut lines = text.lines().map(|line| line.split(" | ").map(str::to_owned).collect::<Vec<_>>());
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_header(lines.next().unwrap_or_default()).add_rows(lines);
        println!("\n{table}");
    }
}

fn block(label: &str, text: &str) {
    println!();
    for (index, line) in text.trim_end().lines().enumerate() {
        let label = if index == 0 { label } else { "" };
        println!("  {label:>12} │ {line}");
    }
}
