//! Stage 4: guests are seated.

use super::{assign, how, no_id, no_token, open, refusal};

#[test]
fn an_assigned_table_has_an_order_and_is_taken() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    let form = browser.get("/").form("Assign table");
    let form = form.choose("Table", &open.house.table(0)).choose("Server", &open.house.server.name);
    let forged = form.clone().forge_hidden(&no_token());
    seen.text("with a token that nobody issued", browser.submit(&forged).status);
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
fn a_table_or_a_server_that_is_not_there_is_refused() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    for field in ["Table", "Server"] {
        for value in ["0", &no_id(), "-1", "x", "", "99999999999999999999"] {
            let form = browser.get("/").form("Assign table").choose("Table", &open.house.table(0));
            let answer = browser.submit(&form.forge(field, value));
            seen.text(format!("{field}: {value:?}"), refusal(&answer));
        }
    }
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn nobody_serves_who_has_retired() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    let form = browser.get("/").form("Assign table").choose("Table", &open.house.table(0));
    let late = form.choose("Server", &open.house.server.name);
    if let Err(error) = open.database.lend(|conn| step::retire(conn, open.house.server.number)) {
        panic!("{} cannot retire: {error:#}", open.house.server.name);
    }
    seen.text(
        format!("a page from before {} has retired", open.house.server.name),
        refusal(&browser.submit(&late)),
    );
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}
