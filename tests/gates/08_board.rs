//! Stage 3: one page shows what is going on.

use groundwork::order_up::{Ordered, Restaurant};

use super::{changes, how, open, open_with, order, restaurant};

#[test]
fn the_board_shows_tables_servers_and_orders() {
    let (open, mut seen) = open_with(gates::Restaurant::of_seed(), evening);
    let mut browser = open.browser_of(&open.house.server);
    seen.text(format!("the board of {}", open.house.server.name), browser.get("/").board());
    insta::assert_snapshot!(seen);
}

#[test]
fn everybody_sees_their_own_orders() {
    let (open, mut seen) = open_with(gates::Restaurant::of_seed(), evening);
    for worker in [&open.house.other_server, &open.house.manager] {
        let mut browser = open.browser_of(worker);
        seen.text(format!("the board of {}", worker.name), browser.get("/").board());
    }
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
fn names_show_as_they_are_written() {
    let mut house = gates::Restaurant::of_seed();
    house.server.name = format!("{} \"<b>\" O'Neil & Söhne", house.server.name);
    let (open, mut seen) = open_with(house, |house| {
        let mut stored = restaurant(house);
        stored.menu[0].name = "Fish & <i>chips</i> \"today\"".to_owned();
        stored.open_orders = vec![order(house, 0, &house.server, &[])];
        stored.open_orders[0].lines.push(Ordered { dish: stored.menu[0].name.clone(), quantity: 1 });
        stored
    });
    let page = open.browser_of(&open.house.server).get("/");
    seen.text("the board", page.board());
    seen.text("the menu", page.menu().join("\n"));
    let as_typed = ["<b>\" O'Neil", "<i>chips</i> \"today\""].iter().any(|name| page.body.contains(name));
    seen.call("a name is HTML somewhere on the page", as_typed);
    insta::assert_snapshot!(seen);
}

#[test]
fn many_orders_cost_no_more_queries_than_one() {
    let mut counts = Vec::new();
    let (_, mut seen) = open();
    for orders in [1, 5] {
        let (open, _) = open_with(gates::Restaurant::of_seed(), |house| {
            let dishes: Vec<_> = (0..orders).map(|dish| (dish, 1)).collect();
            let open_orders = (0..orders).map(|table| order(house, table, &house.server, &dishes)).collect();
            Restaurant { open_orders, ..restaurant(house) }
        });
        let mut browser = open.browser_of(&open.house.server);
        let before = open.database.queries().len();
        let board = browser.get("/").board();
        counts.push(open.database.queries().len() - before);
        seen.call("orders on the board", board.orders.len());
    }
    seen.text(
        "one look with five orders",
        match counts[..] {
            [0, _] | [_, 0] => "no query at all".to_owned(),
            [one, five] if five > one => format!("{five} queries; with one order {one}"),
            [_, five] if five > 8 => format!("{five} queries"),
            _ => "as many queries as with one order, and at most eight".to_owned(),
        },
    );
    insta::assert_snapshot!(seen);
}

#[test]
fn looking_changes_nothing() {
    let (mut open, mut seen) = open_with(gates::Restaurant::of_seed(), evening);
    let mut browser = open.browser_of(&open.house.server);
    let board = browser.get("/");
    let before = open.rows();
    let forms = ["Assign table", "Log out", "Close table", "Add to order"].map(|button| board.form(button));
    for (what, address) in [("the board", "/"), ("the sign-in page", "/session/")]
        .into_iter()
        .chain(forms.iter().map(|form| ("a form's address", form.action())))
    {
        let fault = browser.get(address).status.is_server_error();
        seen.call(format!("GET {what}: a server error"), fault);
    }
    let assign = board.form("Assign table");
    let fault = browser.submit_by_get(&assign).status.is_server_error();
    seen.call("GET the address of Assign table, with its fields: a server error", fault);
    seen.text("afterwards", changes(&before, &open.rows()));
    seen.text("still signed in", how(&browser.get("/")));
    seen.text("the board", browser.get("/").board());
    insta::assert_snapshot!(seen);
}

/// Four tables are taken: two by one server, and one each by the others. Of the server's two tables, the one that was
/// stored first has the larger number.
fn evening(house: &gates::Restaurant) -> Restaurant {
    let larger = house.tables.windows(2).position(|pair| pair[0].0 > pair[1].0);
    let larger = larger.expect("the tables were not stored by number");
    let mut others = (0..house.tables.len()).filter(|place| ![larger, larger + 1].contains(place));
    let mut other = || others.next().expect("there are six tables");
    let open_orders = vec![
        order(house, larger, &house.server, &[(1, 2), (0, 1)]),
        order(house, other(), &house.other_server, &[(3, 1)]),
        order(house, larger + 1, &house.server, &[]),
        order(house, other(), &house.manager, &[(2, 4), (5, 1), (4, 2)]),
    ];
    Restaurant { open_orders, ..restaurant(house) }
}
