//! Times and plans of statements, which a gate records where somebody asks for its tables.

use std::env;
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError, RunQueryDsl, sql_query};

use gates::trace::{Event, Ran, TABLES, VARIABLE};
use gates::{Database, Db};

/// Has the test below run statements.
const RUN: &str = "KATA_RUN_ON_PURPOSE";

#[test]
fn times_and_plans_are_recorded_only_with_the_tables() {
    let events = |tables: bool| {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "runs_statements_on_request", "--nocapture"])
            .env(RUN, "1")
            .env(VARIABLE, file.path())
            .env_remove(TABLES);
        if tables {
            command.env(TABLES, "1");
        }
        assert!(command.output().unwrap().status.success());
        let text = std::fs::read_to_string(file.path()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Event>>()
    };
    let all = events(true);
    let statements: Vec<_> = all
        .iter()
        .filter_map(|event| if let Event::Sql(sql) = event { Some(&**sql) } else { None })
        .collect();
    let times: Vec<_> =
        all.iter().filter_map(|event| if let Event::Ran(ran) = event { Some(ran) } else { None }).collect();
    assert_eq!(times.len(), 4, "{all:?}");
    for ran in &times {
        assert!(ran.from <= ran.to && ran.to < 60_000_000, "{ran:?}");
    }
    // Two connections, and the gate's own transaction around the second one's statement.
    let of = |ran: &Ran| statements[ran.statement?].split(" -- binds: ").next();
    assert_eq!(of(times[0]), Some("SELECT 1 AS one"));
    assert_eq!(of(times[1]), Some("SELECT 2 FROM nowhere"));
    assert_eq!(of(times[2]), Some("SELECT 3 AS three"));
    assert_eq!((times[3].statement, times[3].connection), (None, 0));
    assert_eq!(times[0].connection, times[1].connection);
    assert_ne!(times[0].connection, times[2].connection);
    let refused = all.iter().find_map(|event| match event {
        Event::Refused { connection } => Some(*connection),
        _ => None,
    });
    assert_eq!(refused, Some(times[1].connection));
    assert!(statements.iter().any(|line| line.starts_with("-- refused: ")), "{statements:?}");
    assert!(all.iter().any(|event| matches!(event, Event::Tables { is_before: false, .. })));
    let few = events(false);
    assert!(few.iter().all(|event| matches!(event, Event::Sql(_))), "{few:?}");
    assert_eq!(few.len(), statements.len());
}

fn connect(url: &str) -> Result<Db, ConnectionError> {
    Db::establish(url)
}

#[test]
fn runs_statements_on_request() {
    if env::var_os(RUN).is_none() {
        return;
    }
    let mut shop = Database::with("CREATE TABLE books (id INTEGER)");
    let (mut one, mut other) = (shop.connect(connect), shop.connect(connect));
    sql_query("SELECT 1 AS one").execute(&mut one).unwrap();
    assert!(one.batch_execute("SELECT 2 FROM nowhere").is_err());
    shop.while_writing("UPDATE books SET id = id", || {
        sql_query("SELECT 3 AS three").execute(&mut other).unwrap();
    });
}
