//! The throwaway PostgreSQL: it asks for passwords, and is gone afterwards.

#![cfg(feature = "postgres")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use gates::postgres::{Server, Throwaway};

fn answers(url: &str) -> bool {
    PgConnection::establish(url).is_ok()
}

#[test]
fn a_wrong_or_missing_password_is_refused() {
    let server = Throwaway::start().unwrap();
    let (_, host) = server.url().rsplit_once('@').unwrap();
    assert!(answers(server.url()));
    assert!(!answers(&format!("postgresql://postgres:wrong@{host}")));
    assert!(!answers(&format!("postgresql://postgres@{host}")));
}

#[test]
fn dropping_the_value_stops_the_server() {
    let server = Throwaway::start().unwrap();
    let url = server.url().to_owned();
    let folder = server.folder().to_owned();
    assert!(answers(&url) && folder.exists());
    drop(server);
    assert!(!answers(&url) && !folder.exists());
}

#[test]
fn a_server_keeps_running_until_it_is_stopped() {
    let server = Server::start().unwrap();
    let again = Server::at(server.folder().to_owned(), server.url().to_owned());
    assert!(again.is_running() && answers(again.url()));
    again.stop().unwrap();
    assert!(!server.is_running() && !server.folder().exists());
}

/// The other half of the next test: starts a server, says where, and is killed.
#[test]
#[ignore = "started by the test below"]
fn victim() {
    let server = Throwaway::start().unwrap();
    println!("VICTIM {}", server.folder().display());
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn the_server_stops_when_its_process_is_killed() {
    use std::io::{BufRead, BufReader};

    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let folder = lines.filter_map(|line| Some(line.split_once("VICTIM ")?.1.to_owned())).next().unwrap();
    let folder = std::path::Path::new(&folder);
    assert!(folder.join("data").exists());
    process.kill().unwrap();
    process.wait().unwrap();
    let start = Instant::now();
    while folder.exists() {
        assert!(start.elapsed() < Duration::from_secs(10), "{} is left behind", folder.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_database_that_database_url_names_is_not_touched() {
    let server = Throwaway::start().unwrap();
    let mut conn = PgConnection::establish(server.url()).unwrap();
    conn.batch_execute("CREATE TABLE precious (id INTEGER); INSERT INTO precious VALUES (7);").unwrap();
    // A process of its own, because a process has one server.
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "guest", "--ignored"])
        .env("DATABASE_URL", server.url())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(gates::rows(&mut conn, "id", "precious"), "id\n7");
    assert_eq!(gates::rows(&mut conn, "count(*)", "pg_database WHERE datname LIKE 'kata%'"), "count(*)\n0");
}

#[test]
#[ignore = "started by the test above"]
fn guest() {
    let database = gates::Database::with("CREATE TABLE guests (id INTEGER)");
    let named = std::env::var("DATABASE_URL").unwrap();
    let (server, _database) = named.rsplit_once('/').unwrap();
    assert!(database.url().starts_with(&format!("{server}/kata_")));
}
