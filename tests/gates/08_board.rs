//! Phase 2: one page shows what is going on.

use super::open;

#[test]
fn the_board_shows_tables_servers_and_orders() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    seen.text("nothing is going on", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn the_menu_is_grouped_by_type_and_ordered_by_name() {
    let (open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.server);
    seen.text("the menu", browser.get("/").menu().join("\n"));
    insta::assert_snapshot!(seen);
}

#[test]
fn looking_changes_nothing() {
    let (mut open, mut seen) = open();
    let mut browser = open.browser_of(&open.house.manager);
    let before = open.rows();
    for path in ["/", "/menu", "/session/", "/orders/1/close", "/session/logout"] {
        seen.call(
            format!("GET {path} is answered without a fault of ours"),
            !browser.get(path).status.is_server_error(),
        );
    }
    seen.call("as many rows in every table as before", open.rows() == before);
    seen.call("still signed in", browser.get("/").status.as_u16());
    insta::assert_snapshot!(seen);
}
