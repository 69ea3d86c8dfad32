//! Functions and methods that models and queries have in other libraries, in Diesel's names.

use super::code::{Code, Model};
use super::found::Found;
use super::source::{connection, function, is_of_name, split_at, value_before};
use super::text::{between, in_parentheses, parts};
use super::trouble::Trouble;

/// Of a model: one row by its key.
const BY_KEY: &[&str] = &[
    "by_id",
    "find_by",
    "find_by_id",
    "find_by_pk",
    "find_one",
    "find_unique",
    "get",
    "get_by_id",
    "get_one",
    "get_or_404",
];
/// Of a model, or of a query: all rows.
const ALL: &[&str] = &["all", "fetch_all", "find_all", "find_many", "get_all", "list", "to_list"];
/// Of a query: one row.
const ONE: &[&str] = &[
    "fetch_one",
    "fetch_optional",
    "find_first",
    "find_one",
    "first_or_404",
    "first_or_none",
    "get",
    "get_one",
    "get_or_none",
    "one",
    "one_or_none",
];
const CONDITION: &[&str] = &["and_where", "filter_by", "r#where", "where_", "where_clause"];
const SORTED: &[&str] = &["order_by_asc", "orderby", "sort", "sort_by"];

pub fn other_library(trouble: &Trouble<'_>, code: &Code) -> Option<Found> {
    let is_similar =
        trouble.notes().any(|note| note.contains("associated function") && note.contains("similar name"));
    if !trouble.is("E0599") || is_similar {
        return where_keyword(trouble);
    }
    let name = trouble.call();
    let (before, from) = split_at(trouble, code)?;
    let arguments = in_parentheses(from.strip_prefix(name)?.strip_prefix('(')?);
    let rest = from.get(name.len() + arguments.len() + 2..).unwrap_or_default().trim_start();
    let call = Call { name, arguments, rest, place: Place::of(trouble, code) };
    let message = trouble.message();
    if let Some(of) = between(message, "found for struct `", '`').filter(|of| is_query(of)) {
        let asked = message.strip_prefix("no method named `")?;
        return (!of.is_empty() && asked.starts_with(name)).then(|| call.of_query())?;
    }
    let of_row = between(message, "found for struct `", '`')
        .or_else(|| between(message, "found for reference `&", '`'));
    let of = match of_row {
        Some(of) => of,
        None => message.strip_prefix('`')?.strip_suffix("` is not an iterator")?,
    };
    let model = code.model(of.split('<').next()?.rsplit("::").next()?)?;
    match message.starts_with("no method named `") {
        true => call.of_row(model, value_before(before.strip_suffix('.')?)),
        false => call.of_model(model).filter(|_| before.ends_with(&format!("{}::", model.name))),
    }
}

/// `.where(…)`, which is a word of Rust's own.
fn where_keyword(trouble: &Trouble<'_>) -> Option<Found> {
    let is_keyword = trouble.message() == "expected identifier, found keyword `where`";
    let (before, behind) = trouble.around();
    let condition = behind.strip_prefix('(').map(in_parentheses)?;
    (is_keyword && before.ends_with('.')).then(|| {
        found(
            "Diesel has no `where`. `filter` adds a condition to a query:",
            &format!(".filter({condition})"),
        )
    })
}

fn is_query(of: &str) -> bool {
    ["SelectStatement<", "BoxedSelectStatement<"].iter().any(|query| of.starts_with(query))
        || of.ends_with("::table")
}

/// What the function around the call has and wants.
struct Place {
    connection: String,
    returns_option: bool,
    returns_list: bool,
}

impl Place {
    fn of(trouble: &Trouble<'_>, code: &Code) -> Self {
        let file = trouble.file();
        let (text, line) = (code.text(&file), trouble.line());
        let head = function(text, line).unwrap_or_default();
        let of = head.split_once("->").map_or("", |(_, of)| of);
        let (returns_option, returns_list) = (of.contains("Option<"), of.contains("Vec<"));
        Self { connection: connection(text, line), returns_option, returns_list }
    }
}

struct Call<'a> {
    name: &'a str,
    arguments: &'a str,
    /// What comes behind the call.
    rest: &'a str,
    place: Place,
}

fn found(why: &str, right: &str) -> Found {
    Found::new([why.to_owned(), String::new(), format!("    {right}")])
}

impl Call<'_> {
    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name)
    }

    /// The arguments without the connection.
    fn values(&self) -> Vec<&str> {
        let connection = &self.place.connection;
        let is_connection =
            |part: &&str| part.trim_start_matches("&mut ").trim_start_matches('&') == connection;
        parts(self.arguments).into_iter().filter(|part| !part.is_empty() && !is_connection(part)).collect()
    }

    /// `first(conn)`, with what turns a missing row into `None` where the function wants that.
    fn first(&self) -> String {
        let optional = match self.place.returns_option && !self.rest.starts_with(".optional()") {
            true => ".optional()",
            false => "",
        };
        format!("first({}){optional}", self.place.connection)
    }

    /// `Book::find_by_id(id)`.
    fn of_model(&self, model: &Model) -> Option<Found> {
        model.table.as_ref().filter(|_| model.derives("HasQuery"))?;
        let (of, name) = (&model.name, self.name);
        let starts = format!("Diesel has no `{of}::{name}`. A query starts with `{of}::query()`");
        if self.is(ALL) {
            let right = format!("{of}::query().load({})", self.place.connection);
            return Some(found(&format!("{starts}, and `load` returns its rows:"), &right));
        }
        let (why, choice) = match self.values()[..] {
            [condition] if condition.contains("::") => {
                ("filter` chooses the rows", format!("filter({condition})"))
            }
            [key] if key.chars().all(|c| is_of_name(c) || c == '.') => {
                ("find` looks up the key", format!("find({key})"))
            }
            [] => ("find` looks up the key", "find(…)".to_owned()),
            _ => return None,
        };
        let right = format!("{of}::query().{choice}.{}", self.first());
        self.is(BY_KEY).then(|| found(&format!("{starts}, and `{why}:"), &right))
    }

    /// `query.one(conn)`.
    fn of_query(&self) -> Option<Found> {
        let name = self.name.trim_start_matches("r#");
        let (values, connection) = (self.values(), &self.place.connection);
        if self.is(CONDITION) {
            let why = format!("Diesel has no `{name}`. `filter` adds a condition to a query:");
            return Some(found(&why, &format!(".filter({})", self.arguments)));
        }
        if self.is(SORTED) {
            let is_columns = self.arguments.contains("::") && !self.arguments.contains('|');
            let why = format!("A query has no `{name}`. `order` has the database sort its rows:");
            return is_columns.then(|| found(&why, &format!(".order({})", self.arguments)));
        }
        match values[..] {
            [] if self.is(ALL) || (self.name == "get" && self.place.returns_list) => {
                let why = format!("Diesel has no `{name}`. `load` runs a query and returns its rows:");
                Some(found(&why, &format!(".load({connection})")))
            }
            [] if self.is(ONE) => {
                let why = format!("Diesel has no `{name}`. `first` runs a query and returns one row:");
                Some(found(&why, &format!(".{}", self.first())))
            }
            [key] if self.is(ONE) && key.chars().all(is_of_name) => {
                let why =
                    format!("Diesel has no `{name}`. `find` looks up the key, and `first` returns the row:");
                let is_run = self.rest.starts_with(".first(");
                let run = if is_run { String::new() } else { format!(".{}", self.first()) };
                Some(found(&why, &format!(".find({key}){run}")))
            }
            _ => None,
        }
    }

    /// `book.delete(conn)`.
    fn of_row(&self, model: &Model, row: &str) -> Option<Found> {
        let (table, connection) = (model.table.as_ref()?, &self.place.connection);
        let has_id = model.fields.iter().any(|field| field.name == "id");
        let right = match self.name {
            "delete" | "destroy" | "remove" if has_id => {
                format!("diesel::delete({table}::table.find({row}.id)).execute({connection})")
            }
            "save" | "insert" | "create" if model.derives("Insertable") => {
                format!("diesel::insert_into({table}::table).values({row}).execute({connection})")
            }
            _ => return None,
        };
        let why = format!(
            "`{}` is a plain struct and has no `{}`. A statement starts with the table:",
            model.name, self.name
        );
        Some(found(&why, &right))
    }
}
