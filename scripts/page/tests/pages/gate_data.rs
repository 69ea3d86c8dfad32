//! What the gates of a verdict of each kind have left behind.

use gate_contract::trace::{Column, Plan, Ran, Reference, Table};
use kata::report::{GateReport, Panic};

use crate::states::LESSON;

pub const RUSTC: &str = "\u{1b}[1merror[E0425]\u{1b}[0m: cannot find value `titel` in module `books`\n --> lessons/05-crud/src/books.rs:31:24\n";

pub fn gap(gate: &mut GateReport) {
    gate.untouched = true;
    gate.panic = Some(Panic {
        message: "not yet implemented: Insert the book and return the stored row".to_owned(),
        file: format!("lessons/{LESSON}/src/books.rs"),
        line: 12,
    });
    gate.tables = vec![authors(), books(&BOOKS)];
}

pub fn wrong_rows(gate: &mut GateReport) {
    gate.got = Some(
        "all_books\n    Book { id: 2, title: \"<Fog>\" }\n    Book { id: 1, title: \"Emma\" }".to_owned(),
    );
    gate.sql = vec![
        "SELECT `books`.`id`, `books`.`title` FROM `books` WHERE `books`.`id` > ? -- binds: [0]"
            .to_owned();
        3
    ];
    gate.runs = (0..3).map(|number| ran(number, 1, 100 * u64::try_from(number).unwrap_or(0), 140)).collect();
    let (sql, _) = gate.sql[0].split_once(" -- ").expect("values are bound");
    let steps = vec!["SEARCH books USING INTEGER PRIMARY KEY (rowid>?)".to_owned()];
    gate.plans = vec![Plan { sql: sql.to_owned(), steps }];
    gate.log = vec!["a line of the log".to_owned()];
    gate.printed = vec!["all_books".to_owned(), "printed by the student".to_owned()];
    gate.tables = vec![authors(), books(&BOOKS)];
}

pub fn wrong_write(gate: &mut GateReport) {
    let rows = "books afterwards\n    id | title | author_id\n    1 | Emma | NULL";
    gate.expected = Some(format!("delete_book(2)\n    Ok(())\n\n{rows}\n    10 | Salt | NULL"));
    gate.got = Some(format!("delete_book(2)\n    Ok(())\n\n{rows}"));
    gate.label = Some("You get this result when all books from this id on are deleted.".to_owned());
    gate.sql = vec!["DELETE FROM `books` WHERE (`books`.`id` >= ?) -- binds: [2]".to_owned()];
    gate.tables_before = vec![authors(), books(&BOOKS)];
    gate.tables = vec![authors(), books(&BOOKS[..1])];
}

pub fn panicked(gate: &mut GateReport) {
    gate.got = Some("all_books".to_owned());
    gate.panic = Some(Panic {
        message: "index out of bounds: the len is 0 but the index is 42".to_owned(),
        file: format!("lessons/{LESSON}/src/books.rs"),
        line: 69,
    });
}

/// A statement that took so many microseconds.
fn ran(statement: usize, connection: usize, from: u64, took: u64) -> Ran {
    Ran { statement: Some(statement), connection, from, to: from + took, is_refused: false }
}

pub fn wrong_tables(gate: &mut GateReport) {
    wrong_rows(gate);
    let mut books = books(&BOOKS);
    books.columns[1].may_be_null = true;
    books.columns[2].name = "length".to_owned();
    gate.tables = vec![authors(), books];
}

pub fn no_rows(gate: &mut GateReport) {
    gate.got = Some("all_books\n    (nothing)".to_owned());
    gate.sql = vec!["SELECT `books`.`id`, `books`.`title` FROM `books` WHERE 0".to_owned()];
    let authors = Table { rows: Vec::new(), count: 0, ..authors() };
    gate.tables_before = vec![authors.clone(), books(&[])];
    gate.tables = vec![authors, books(&[])];
}

pub fn wrong_session(gate: &mut GateReport) {
    let cookie = |same_site: &str| {
        format!(
            "the cookie of a visitor\n    session: HttpOnly Some(true), SameSite {same_site}, Path Some(\"/\"), Domain None, \
             Secure false, Partitioned false, Expires None, days Some(30.0)"
        )
    };
    gate.expected = Some(cookie("Some(Lax)"));
    gate.got = Some(cookie("None"));
    gate.log = vec!["GET /: 200".to_owned()];
    gate.provoked = vec!["GET /: 500, without a page. no such table: sessions".to_owned()];
    let column = |name: &str| Column {
        name: name.to_owned(),
        kind: "text".to_owned(),
        may_be_null: false,
        in_key: name == "id",
        refers_to: None,
    };
    let row = |id: &str, views: u32| {
        let cells = [id, &format!("{{\"views\":{views}}}"), "1767225600"];
        cells.map(|cell| Some(cell.to_owned())).to_vec()
    };
    let id = "a-session-id-as-long-as-they-are";
    gate.tables = vec![Table {
        name: "sessions".to_owned(),
        columns: ["id", "data", "expires_at"].map(column).to_vec(),
        rows: vec![row(id, 14), row("another", 1)],
        count: 2,
    }];
}

pub fn long_text(gate: &mut GateReport) {
    let long = "AVeryLongTitleWithoutAnyBlankThatABrowserCouldBreakItAt".repeat(4);
    let (hebrew, arabic) = ("ספר הג׳ונגל: 12 סיפורים (חלק א)", "ألف ليلة وليلة، الجزء 1");
    let rows = |third: &str| {
        format!(
            "the books\n    id | title | author_id\n    1 | {hebrew} | 7\n    2 | {long} | 7\n    3 | {third} | NULL"
        )
    };
    gate.expected = Some(rows(arabic));
    gate.got = Some(rows("A short one"));
    gate.sql = vec![format!(
        "UPDATE `books` SET `title` = ? WHERE `books`.`id` = ? -- binds: [\"{hebrew} {long}\", 3]"
    )];
    gate.log = vec![arabic.to_owned(), long.clone()];
    gate.tables_before = vec![authors(), books(&[("1", hebrew), ("2", &long), ("3", arabic)])];
    gate.tables = vec![authors(), books(&[("1", hebrew), ("2", &long), ("3", "A short one")])];
}

pub fn waits(gate: &mut GateReport) {
    gate.expected = Some("publish_series, eight times at once\n    Ok(3)\n    Ok(3)".to_owned());
    gate.got = Some("publish_series, eight times at once\n    Ok(3)\n    Err(DatabaseError(Unknown, \"database is locked\"))".to_owned());
    let statements = [
        "BEGIN IMMEDIATE",
        "INSERT INTO `books` (`title`) VALUES (?) -- binds: [\"Fog\"]",
        "COMMIT",
        "BEGIN",
    ];
    gate.sql = statements.map(str::to_owned).into();
    gate.runs = vec![
        Ran { statement: None, connection: 0, from: 0, to: 24_000, is_refused: false },
        ran(0, 2, 1000, 24_500),
        ran(1, 2, 25_600, 300),
        ran(2, 2, 26_000, 9000),
        ran(0, 4, 1300, 34_000),
        ran(2, 4, 36_000, 500),
        ran(3, 3, 1200, 20),
        Ran { is_refused: true, ..ran(1, 3, 1400, 60) },
    ];
    gate.tables_before = vec![authors(), books(&BOOKS)];
    gate.tables = vec![authors(), books(&BOOKS)];
}

pub fn missing_table(gate: &mut GateReport) {
    wrong_rows(gate);
    gate.tables = vec![authors()];
}

/// The same statement again and again, and many different ones.
pub fn many_statements(gate: &mut GateReport) {
    wrong_rows(gate);
    let again = (0..40).map(|id| {
        format!(
            "SELECT `books`.`id`, `books`.`title` FROM `books` WHERE `books`.`author_id` = ? -- binds: [{id}]"
        )
    });
    let others = (0..70).map(|id| {
        format!("INSERT INTO `books` (`id`, `title`) VALUES ({id}, 'Volume {id}') RETURNING `books`.`id`")
    });
    gate.sql =
        again.chain(["-- refused: UNIQUE constraint failed: books.id".to_owned()]).chain(others).collect();
    gate.runs = (0..40).map(|number| ran(number, 1, 200 * u64::try_from(number).unwrap_or(0), 170)).collect();
}

/// A page of an app, and what is wrong on it.
pub fn wrong_page(gate: &mut GateReport) {
    let page =
        |text: &str| format!("GET /\n    200\n    <h1>Books</h1>\n    {text}\n    [New book → /books/new]");
    gate.expected = Some(page("<li>Emma &amp; more"));
    gate.got = Some(page("<li>Emma & more"));
    gate.sql = vec!["SELECT `books`.`id`, `books`.`title` FROM `books` ORDER BY `books`.`title`".to_owned()];
}

pub const BOOKS: [(&str, &str); 3] = [("1", "Emma"), ("2", "<Fog>"), ("10", "Salt")];

fn column(name: &str, kind: &str, refers_to: Option<&str>) -> Column {
    Column {
        name: name.to_owned(),
        kind: kind.to_owned(),
        may_be_null: refers_to.is_some(),
        in_key: name == "id",
        refers_to: refers_to.map(|table| Reference {
            table: table.to_owned(),
            column: "id".to_owned(),
            on_delete: "cascade".to_owned(),
        }),
    }
}

pub fn books(rows: &[(&str, &str)]) -> Table {
    let text = |text: &str| Some(text.to_owned());
    Table {
        name: "books".to_owned(),
        columns: vec![
            column("id", "integer", None),
            column("title", "text", None),
            Column { may_be_null: true, ..column("pages", "integer", None) },
            column("author_id", "integer", Some("authors")),
        ],
        rows: rows.iter().map(|(id, title)| vec![text(id), text(title), None, None]).collect(),
        count: rows.len(),
    }
}

pub fn authors() -> Table {
    Table {
        name: "authors".to_owned(),
        columns: vec![column("id", "integer", None), column("name", "text", None)],
        rows: vec![vec![Some("7".to_owned()), Some("Ann".to_owned())]],
        count: 1,
    }
}
