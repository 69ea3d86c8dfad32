//! Phase 3: guests are seated.

use gates::at_once;

use super::{assign, how, open};

#[test]
fn an_assigned_table_has_an_order_and_is_taken() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let form = browser.get("/").form("Assign table");
    let form = form.choose("Table", &open.house.table(0)).choose("Server", &open.house.server.name);
    seen.text(format!("{} is assigned", open.house.table(0)), how(&browser.submit(&form)));
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn an_order_is_on_the_board_of_its_server() {
    let (open, mut seen) = open();
    let mut host = open.browser_of(&open.house.server);
    assign(&mut host, &open.house.table(1), &open.house.other_server.name);
    seen.text(format!("{}'s board", open.house.server.name), host.get("/").board());
    let mut other = open.browser_of(&open.house.other_server);
    seen.text(format!("{}'s board", open.house.other_server.name), other.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn of_many_who_assign_one_table_at_once_one_does() {
    let (open, mut seen) = open();
    let (table, server) = (open.house.table(0), open.house.server.name.clone());
    let hosts: Vec<_> = (0..4)
        .map(|_| {
            let mut host = open.browser_of(&open.house.server);
            let form = host.get("/").form("Assign table").choose("Table", &table).choose("Server", &server);
            (host, form)
        })
        .collect();
    let mut answers = at_once(hosts, |(mut host, form)| how(&host.submit(&form)));
    answers.sort();
    seen.text("four hosts assign one table", answers.join("\n"));
    seen.text("the board", open.browser_of(&open.house.server).get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_table_that_is_not_there_is_refused() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let form = browser.get("/").form("Assign table");
    let field = "table_id";
    for table in ["0", "7000", "x", ""] {
        let answer = browser.submit(&form.clone().tamper(field, table));
        seen.call(format!("{field}={table}"), answer.status.is_client_error());
        seen.call("says why", !answer.all("[role=alert]").is_empty());
    }
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}
