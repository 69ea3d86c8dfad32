//! A console on a lesson's own database: the student's functions, SQL, and tables.
//!
//!     cargo kata run 5

use std::fmt::Debug;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use gates::trace::text;
use gates::{Database, Db};

/// A function of the student's, and how a line calls it.
pub struct Function {
    /// Its name, and what its arguments are called: `find_book ID`.
    pub usage: &'static str,
    /// Runs it, and returns its result as text.
    pub call: fn(&mut Db, &Words) -> Result<String, String>,
}

/// The arguments of a line.
pub struct Words(Vec<String>);

impl Words {
    pub fn text(&self, index: usize) -> Result<&str, String> {
        self.0.get(index).map(String::as_str).ok_or_else(|| format!("argument {} is missing", index + 1))
    }

    /// A number, such as an id.
    pub fn number(&self, index: usize) -> Result<i32, String> {
        let text = self.text(index)?;
        text.parse().map_err(|_| format!("`{text}` is not a whole number"))
    }

    /// A number that may be missing.
    #[allow(dead_code, reason = "not every lesson has such an argument")]
    pub fn number_or_none(&self, index: usize) -> Result<Option<i32>, String> {
        self.0.get(index).map(|_| self.number(index)).transpose()
    }

    #[allow(dead_code, reason = "not every lesson has such an argument")]
    pub fn rest(&self, index: usize) -> &[String] {
        self.0.get(index..).unwrap_or_default()
    }
}

/// One result.
#[allow(dead_code, reason = "not every lesson has such a function")]
pub fn one<T: Debug, E: Debug>(result: Result<T, E>) -> Result<String, String> {
    Ok(format!("{result:?}"))
}

/// A list, one item on a line.
#[allow(dead_code, reason = "not every lesson has such a function")]
pub fn list<T: Debug, E: Debug>(result: Result<Vec<T>, E>) -> Result<String, String> {
    match result {
        Ok(items) if items.is_empty() => Ok("(nothing)".to_owned()),
        Ok(items) => Ok(items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join("\n")),
        Err(error) => Ok(format!("Err({error:?})")),
    }
}

/// Where the rows of a query are while they are read.
const ANSWER: &str = "kata_answer";
/// So many rows are shown.
const MOST_ROWS: usize = 200;

/// The place of the last panic.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Reads lines until there are no more. `open` makes the database, and `connect` opens it as the lesson does.
pub fn run(
    title: &str,
    open: fn() -> Database,
    connect: fn(&Database) -> Db,
    functions: &[Function],
) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    println!("{title}");
    let opened = catch_panic(|| {
        let database = open();
        let conn = connect(&database);
        (database, conn)
    });
    let (mut database, mut conn) = match opened {
        Ok(opened) => opened,
        Err(words) => {
            println!("{words}");
            return ExitCode::FAILURE;
        }
    };
    println!("On a throwaway database, filled as for the gates. Each start begins with a new one.\n");
    help(functions, &mut database);
    let is_terminal = std::io::stdin().is_terminal();
    let mut shown = database.statements().len();
    loop {
        if is_terminal {
            print!("\n> ");
            let _ = std::io::stdout().flush();
        }
        let mut line = String::new();
        if !std::io::stdin().read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            return ExitCode::SUCCESS;
        }
        let line = line.trim().trim_end_matches(';');
        if matches!(line, "quit" | "exit" | "q") {
            return ExitCode::SUCCESS;
        }
        if !line.is_empty() {
            // Also what the console itself does may fail, as when the student's code has locked a table.
            let answer = catch_panic(|| answer(line, &mut database, &mut conn, functions));
            println!("{}", answer.unwrap_or_else(|words| words));
        }
        let statements = database.statements();
        for statement in statements.iter().skip(shown) {
            println!("  SQL │ {statement}");
        }
        shown = statements.len();
    }
}

fn answer(line: &str, database: &mut Database, conn: &mut Db, functions: &[Function]) -> String {
    let mut words = words(line);
    let name = words.remove(0);
    if let Some(function) = functions.iter().find(|function| function.usage.split(' ').next() == Some(&name))
    {
        let called = catch_panic(|| (function.call)(conn, &Words(words)));
        return match called {
            Ok(Ok(text)) | Err(text) => text,
            Ok(Err(error)) => format!("{error}; write it like `{}`", function.usage),
        };
    }
    match name.to_lowercase().as_str() {
        "?" | "help" => {
            help(functions, database);
            String::new()
        }
        "select" | "values" | "with" => {
            // A table has columns with names, whatever the query is.
            let made = database.run(&format!("CREATE TABLE {ANSWER} AS {line}"));
            let rows = if made.starts_with("done") { table(database, ANSWER) } else { made };
            let _ = database.run(&format!("DROP TABLE IF EXISTS {ANSWER}"));
            rows
        }
        _ if database.tables().lines().skip(1).any(|table| table == name) => table(database, &name),
        _ if line.contains(' ') => database.run(line),
        _ => format!("`{name}` is not a function, a table or SQL; ? lists what is there"),
    }
}

fn help(functions: &[Function], database: &mut Database) {
    let usages: Vec<_> = functions.iter().map(|function| function.usage).collect();
    println!("Your functions: {}", usages.join(" · "));
    let tables = database.tables();
    println!("Tables: {}", tables.lines().skip(1).collect::<Vec<_>>().join(" · "));
    println!("Or type SQL. ? shows this again; q ends.");
}

/// The rows of a table, aligned.
fn table(database: &mut Database, name: &str) -> String {
    let table = match database.table(name, MOST_ROWS) {
        Ok(table) => table,
        Err(error) => return format!("refused: {error}"),
    };
    let head = table.columns.iter().map(|column| in_one_line(&column.name)).collect();
    let rows = table.rows.iter().map(|row| {
        row.iter().map(|cell| cell.as_deref().map_or_else(|| "NULL".to_owned(), in_one_line)).collect()
    });
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width =
        |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let row = |line: &Vec<String>| {
        let cells = line.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", width(column)));
        cells.collect::<Vec<_>>().join(" │ ").trim_end().to_owned()
    };
    let mut text: Vec<_> = lines.iter().map(row).collect();
    let rule = (0..table.columns.len()).map(|column| "─".repeat(width(column)));
    text.insert(1, rule.collect::<Vec<_>>().join("─┼─"));
    match table.count - table.rows.len() {
        0 if table.count == 0 => text.push("(no rows)".to_owned()),
        0 => {}
        more => text.push(format!("… and {more} more")),
    }
    text.join("\n")
}

/// A cell has one line, whatever is in it.
fn in_one_line(cell: &str) -> String {
    cell.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// What `work` returns, or in which task or line it panicked.
fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match text(&*panic).strip_prefix("not yet implemented: ") {
            Some(task) => format!("Not written yet: {task} ({place})"),
            None => format!("Panicked at {place}: {}", text(&*panic)),
        }
    })
}

/// The words of a line; quotes hold several together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for c in line.chars() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, None) if c.is_whitespace() => words.push(String::new()),
            (c, _) => words.last_mut().expect("never empty").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    if words.is_empty() { vec![line.to_owned()] } else { words }
}
