//! A restaurant to begin with, [O3].

use groundwork::causes::with_causes;
use groundwork::order_up::Ordered;
use order_up::{Clock, Restaurant, retire, seed};

use crate::Open;
use crate::restaurant::sign_in;

const EMPTY: Restaurant =
    Restaurant { employees: Vec::new(), tables: Vec::new(), menu: Vec::new(), open_orders: Vec::new() };

#[test]
fn o3_the_demo_is_the_original_restaurant() {
    let mut open = Open::new();
    let margot = open.database.rows("name, employee_number", "employees WHERE role = 'manager'");
    assert_eq!(margot, "name | employee_number\nMargot | 1234");
    let items = "menu_items JOIN menus ON menus.id = menu_id JOIN menu_item_types ON menu_item_types.id = menu_item_type_id \
                 ORDER BY price_cents";
    let items = open.database.rows("menu_items.name, price_cents, menu_item_types.name, menus.name", items);
    let items: Vec<_> = items.lines().skip(1).collect();
    let expected = [
        "Dr. Pepper | 100 | Beverages | Dinner",
        "French fries | 350 | Sides | Dinner",
        "Jambalaya | 2198 | Entrees | Dinner",
    ];
    assert_eq!(items, expected);
    let tables = open.database.rows("number, capacity", "tables ORDER BY number");
    let seats: Vec<_> = tables.lines().skip(1).collect();
    let expected =
        ["1 | 2", "2 | 2", "3 | 4", "4 | 4", "5 | 4", "6 | 4", "7 | 6", "8 | 6", "9 | 8", "10 | 10"];
    assert_eq!(seats, expected);
}

#[test]
fn a_restaurant_is_stored_completely_or_not_at_all() {
    let mut open = Open::with(&EMPTY);
    let before = open.everything();
    let but = |change: fn(&mut Restaurant)| {
        let mut restaurant = Restaurant::evening();
        change(&mut restaurant);
        restaurant
    };
    for restaurant in [
        but(|it| it.employees.push(it.employees[0].clone())),
        but(|it| it.tables.push(it.tables[0].clone())),
        but(|it| it.menu.push(it.menu[0].clone())),
        but(|it| it.open_orders.push(it.open_orders[1].clone())),
        but(|it| it.open_orders[2].lines[0].quantity = 0),
        but(|it| it.open_orders[2].lines[0].quantity = 1000),
    ] {
        assert!(seed(open.database.conn(), &restaurant).is_err());
        assert_eq!(open.everything(), before);
    }
    assert!(seed(open.database.conn(), &Restaurant::evening()).is_ok());
}

/// The evening, with a change that the tables cannot hold: why.
fn refused(change: impl FnOnce(&mut Restaurant)) -> String {
    let mut restaurant = Restaurant::evening();
    change(&mut restaurant);
    let mut open = Open::with(&EMPTY);
    with_causes(&seed(open.database.conn(), &restaurant).expect_err("it is refused"))
}

#[test]
fn the_error_for_an_open_order_names_what_does_not_exist() {
    assert_eq!(
        refused(|it| it.open_orders[0].table = 77),
        "an open order is at table 77, which does not exist"
    );
    assert_eq!(
        refused(|it| it.open_orders[0].server = 7777),
        "an open order belongs to server 7777, who does not exist"
    );
    assert_eq!(
        refused(|it| it.open_orders[0].lines[1].dish = "Gumbo".to_owned()),
        "an open order contains \"Gumbo\", which is not on the menu"
    );
}

#[test]
fn a_table_has_one_open_order_from_the_start() {
    let message = refused(|it| it.open_orders[1].table = 4);
    assert_eq!(message, "cannot store an open order: Table 4 was taken a moment ago.");
}

#[test]
fn open_orders_are_on_the_board_of_their_servers() {
    let open = Open::with(&Restaurant::evening());
    let (margot, robin) = (open.margot().get("/"), open.robin().get("/"));
    assert_eq!(margot.all(".ticket h3"), ["Table 2", "Table 4"]);
    let lines = ["1 × Jambalaya $21.98", "2 × French fries $7.00"];
    assert_eq!(margot.all(".ticket .lines li"), lines);
    assert_eq!(robin.all(".ticket h3"), ["Table 7"]);
    let open_tables = robin.form("Assign table").options("Table");
    assert!(!open_tables.iter().any(|it| it.starts_with("Table 4 ")), "{open_tables:?}");
}

#[test]
fn lines_of_one_dish_are_merged_and_keep_its_name_and_price() {
    let mut restaurant = Restaurant::evening();
    let fries = Ordered { dish: "French fries".to_owned(), quantity: 3 };
    restaurant.open_orders[0].lines.insert(0, fries);
    let mut open = Open::with(&restaurant);
    open.database.run("UPDATE menu_items SET name = 'Frites', price_cents = 1");
    let lines = open.database.rows("name, price_cents, quantity", "order_details ORDER BY id");
    let lines: Vec<_> = lines.lines().skip(1).collect();
    assert_eq!(lines, ["French fries | 350 | 5", "Jambalaya | 2198 | 1", "Dr. Pepper | 100 | 6"]);
}

#[test]
fn open_orders_were_opened_when_they_were_stored() {
    let before = Clock::system().now();
    let mut open = Open::with(&Restaurant::evening());
    let after = Clock::system().now();
    let stored =
        format!("orders WHERE opened_at = changed_at AND opened_at BETWEEN {} AND {}", before.0, after.0);
    assert_eq!((open.count(&stored), open.count("orders")), (3, 3));
}

#[test]
fn an_employee_who_has_retired_is_stored_and_cannot_sign_in() {
    let mut open = Open::new();
    let retired = open.database.rows("name", "employees WHERE retired_at IS NOT NULL");
    assert_eq!(retired, "name\nAlex");
    assert_eq!(sign_in(&mut open.browser(), "4567", "password").status, 422);
    assert_eq!(open.margot().get("/").form("Assign table").options("Server"), ["Margot", "Robin", "Sam"]);
}

/// They may have left since their guests sat down.
#[test]
fn an_open_order_may_belong_to_a_retired_employee() {
    let mut restaurant = Restaurant::evening();
    restaurant.open_orders[2].server = 4567;
    let open = Open::with(&restaurant);
    assert_eq!(open.margot().get("/?all").all(".ticket h3"), ["Table 2", "Table 4", "Table 7"]);
}

#[test]
fn retiring_an_employee_by_number_is_immediate_and_permanent() {
    let mut open = Open::new();
    let mut robin = open.robin();
    retire(open.database.conn(), 2345).unwrap();
    assert_eq!(robin.get("/").location().as_deref(), Some("/session/"));
    assert_eq!(sign_in(&mut robin, "2345", "password").status, 422);
    // A second time changes nothing.
    let before = open.everything();
    retire(open.database.conn(), 2345).unwrap();
    assert_eq!(open.everything(), before);
}

#[test]
fn an_unknown_number_and_the_last_manager_cannot_be_retired() {
    let mut open = Open::new();
    let mut refused = |number| retire(open.database.conn(), number).unwrap_err().to_string();
    assert_eq!(refused(9999), "there is no such employee");
    assert_eq!(refused(1234), "there is no other manager");
}
