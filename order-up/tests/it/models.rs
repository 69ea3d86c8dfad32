//! What the tables hold, [O2].

use groundwork::order_up::Dish;
use order_up::Restaurant;
use order_up::models::board::board;
use order_up::models::{bill, employee, menu, order, order_detail, table};

use crate::Open;

#[test]
fn o2_only_optional_and_future_values_may_be_null() {
    let mut open = Open::new();
    let mut empty = |table: &str| {
        let columns = open.database.columns(table);
        let empty = columns.lines().filter(|column| column.contains(" | yes | "));
        empty.filter_map(|it| it.split(" | ").next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(empty("orders"), ["guests", "closed_at"]);
    assert_eq!(empty("menu_items"), ["retired_at", "sold_out_until"]);
    for table in ["employees", "tables"] {
        assert_eq!(empty(table), ["retired_at"], "{table}");
    }
    for table in ["menus", "menu_item_types", "order_details"] {
        assert_eq!(empty(table), Vec::<String>::new(), "{table}");
    }
}

#[test]
fn o2_names_have_a_maximum_length() {
    let mut open = Open::new();
    let cases = [
        (
            "INSERT INTO employees (name, employee_number, hashed_password, role) VALUES ('{}', 1, '', 'server')",
            100,
        ),
        ("INSERT INTO menus (name) VALUES ('{}')", 30),
        ("INSERT INTO menu_item_types (name) VALUES ('{}')", 20),
        ("INSERT INTO menu_items (name, price_cents, menu_id, menu_item_type_id) VALUES ('{}', 1, 1, 1)", 50),
    ];
    for (insert, longest) in cases {
        let too_long = open.database.run(&insert.replace("{}", &"ä".repeat(longest + 1)));
        assert_eq!(too_long, "refused: CheckViolation", "{insert}");
        assert_eq!(open.database.run(&insert.replace("{}", &"ä".repeat(longest))), "done, 1 row(s)");
    }
}

#[test]
fn o2_numbers_are_unique_and_rows_refer_to_existing_rows() {
    let mut open = Open::new();
    let employee = "INSERT INTO employees (name, employee_number, hashed_password, role) VALUES ('A', 1234, '', 'server')";
    assert_eq!(open.database.run(employee), "refused: UniqueViolation");
    let table = "INSERT INTO tables (number, capacity) VALUES (10, 4)";
    assert_eq!(open.database.run(table), "refused: UniqueViolation");
    let orders = "INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES";
    for keys in ["(99, 1, 0, 0)", "(1, 99, 0, 0)"] {
        assert_eq!(open.database.run(&format!("{orders} {keys}")), "refused: ForeignKeyViolation");
    }
}

/// A number that is free again may be given to another table, while guests still sit at the first.
#[test]
fn of_two_tables_with_the_same_number_the_older_comes_first() {
    let mut open = Open::new();
    let now = open.now();
    let mut conn = open.database.connect(groundwork::connect);
    let me = employee::active(&mut conn, 1).unwrap().unwrap();
    let mut seat = || {
        let id = table::all(&mut conn).unwrap().iter().find(|table| table.number == 4).unwrap().id;
        order::assign(&mut conn, id, me.id, None, now).unwrap()
    };
    let first = seat();
    open.database.run("UPDATE tables SET retired_at = 1 WHERE number = 4");
    open.database.run("INSERT INTO tables (number, capacity) VALUES (4, 2)");
    let second = seat();
    let board = board(&mut conn, &me, true).unwrap();
    assert_eq!(board.orders.iter().map(|bill| bill.order.id).collect::<Vec<_>>(), [first, second]);
}

/// PostgreSQL stores a row that was changed behind the others.
#[test]
fn of_two_employees_with_the_same_name_the_one_added_first_comes_first() {
    let mut open = Open::new();
    open.database.run("UPDATE employees SET name = 'Sam' WHERE id = 2");
    let mut conn = open.database.connect(groundwork::connect);
    let ids: Vec<_> = employee::all(&mut conn).unwrap().iter().map(|employee| employee.id).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    let me = employee::find(&mut conn, 1).unwrap();
    let servers = board(&mut conn, &me, true).unwrap().servers;
    assert_eq!(servers.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_bill_lists_dishes_in_the_order_they_were_added() {
    let open = Open::new();
    let mut conn = open.database.connect(groundwork::connect);
    let me = employee::active(&mut conn, 1).unwrap().unwrap();
    let id = order::assign(&mut conn, 4, me.id, None, open.now()).unwrap();
    for menu_item_id in [2, 1, 3] {
        order_detail::add(
            &mut conn,
            &me,
            id,
            &[order_detail::LineRequest::plain(menu_item_id, 1)],
            open.now(),
        )
        .unwrap();
    }
    let bill = bill::find(&mut conn, &me, id).unwrap();
    let names: Vec<_> = bill.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["Jambalaya", "Dr. Pepper", "French fries"]);
}

/// Whatever order the rows are stored in.
#[test]
fn choices_are_sorted() {
    let mut restaurant = Restaurant::demo();
    let one = restaurant.menu[0].clone();
    let dish = |(menu, kind): (&str, &str)| Dish {
        menu: menu.to_owned(),
        kind: kind.to_owned(),
        name: format!("{menu} {kind}"),
        ..one.clone()
    };
    restaurant.menu = [("Lunch", "Soups"), ("Brunch", "Teas"), ("Dinner", "Entrees")].map(dish).into();
    restaurant.tables.reverse();
    restaurant.employees.reverse();
    let open = Open::with(&restaurant);
    let mut conn = open.database.connect(groundwork::connect);
    let employees = employee::all(&mut conn).unwrap();
    let names: Vec<_> = employees.iter().map(|employee| employee.name.as_str()).collect();
    assert_eq!(names, ["Margot", "Robin", "Sam", "Alex"]);
    let tables = table::all(&mut conn).unwrap();
    assert!(tables.is_sorted_by_key(|table| table.number) && tables.len() == 10, "{tables:?}");
    assert_eq!(menu::names(&mut conn).unwrap(), ["Brunch", "Dinner", "Lunch"]);
    let types = menu::types::all(&mut conn).unwrap();
    let names: Vec<_> = types.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Entrees", "Soups", "Teas"]);
}

#[test]
fn dishes_are_sorted_by_menu_then_by_type_then_by_name() {
    let mut restaurant = Restaurant::demo();
    let one = restaurant.menu[0].clone();
    // Each of the three would order them differently.
    let dishes =
        [("Lunch", "Entrees", "Okra"), ("Brunch", "Sides", "Beignets"), ("Brunch", "Entrees", "Toast")];
    let more = [("Brunch", "Entrees", "Eggs"), ("Lunch", "Beverages", "Water")];
    let dish = |(menu, kind, name): (&str, &str, &str)| Dish {
        menu: menu.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        ..one.clone()
    };
    restaurant.menu = dishes.into_iter().chain(more).map(dish).collect();
    let mut open = Open::with(&restaurant);
    let sections = menu::sections(open.database.conn()).unwrap();
    let shown = sections.iter().map(|section| {
        let names: Vec<_> = section.items.iter().map(|item| item.name.as_str()).collect();
        format!("{} · {}: {}", section.menu, section.kind, names.join(", "))
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "Brunch · Entrees: Eggs, Toast",
            "Brunch · Sides: Beignets",
            "Lunch · Beverages: Water",
            "Lunch · Entrees: Okra"
        ]
    );
}
