//! Stage 5: two hosts at once.

use super::{at_every_moment, how, open, open_with, restaurant};
use gates::{MOST_TABLES, at_once};

#[test]
fn of_many_who_assign_one_table_one_does() {
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
    seen.text("four hosts assign the same table", answers.join("\n"));
    seen.text("the board", open.browser_of(&open.house.server).get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn whenever_the_other_host_comes_one_has_the_table() {
    let (open, mut seen) = open_with(gates::Restaurant::with_tables(MOST_TABLES), restaurant);
    let server = &open.house.server;
    let (mut host, mut other) = (open.browser_of(server), open.browser_of(&open.house.other_server));
    let mut page = host.get("/");
    let outcome = at_every_moment(|moment| {
        let table = open.house.table(moment);
        let [form, others] = [&page, &other.get("/")]
            .map(|page| page.form("Assign table").choose("Table", &table).choose("Server", &server.name));
        let (first, second) =
            open.database.interrupt(moment, || how(&other.submit(&others)), || how(&host.submit(&form)));
        let (second, statement) = second?;
        page = host.get("/");
        let orders = page.board().orders.iter().filter(|order| order.table == table).count();
        let mut both = [first, second].map(|answer| answer.replace(&table, "the table"));
        both.sort();
        Some((statement, format!("{}; orders at the table: {orders}", both.join(", and "))))
    });
    seen.text("two hosts assign the same table", outcome);
    insta::assert_snapshot!(seen);
}
