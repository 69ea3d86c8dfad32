//! Stage 1: tables of your own, and a restaurant in them.

use std::collections::BTreeSet;

use gates::{Database, Transcript, Worker, number, title};
use groundwork::order_up::{Restaurant, passwords};

use super::{changes, menu, open_with, order, restaurant, rows};

#[test]
fn the_tables_come_and_go() {
    let (mut seen, mut database) = (Transcript::new(), Database::empty());
    database.migrate(&step::MIGRATIONS);
    let given = ["name", "sessions", "spent_tokens"];
    let is_own = |name: &&str| !given.contains(name);
    let of_your_own = |database: &mut Database| match database.tables().lines().any(|name| is_own(&name)) {
        true => "there are some",
        false => "there are none yet; write the first one in an `up.sql`, in `migrations`",
    };
    seen.text("tables of your own", of_your_own(&mut database));
    database.revert(&step::MIGRATIONS);
    seen.text("after each down.sql, the last first", database.tables().replace("name", "no table is left"));
    database.migrate(&step::MIGRATIONS);
    seen.text("created again", of_your_own(&mut database));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_restaurant_is_stored() {
    let (mut open, mut seen) = open_with(gates::Restaurant::of_seed(), |house| {
        let mut restaurant = evening(house);
        // Two people may have thought of the same.
        restaurant.employees[1].password = house.manager.password.clone();
        // A number that nothing else has.
        restaurant.tables[1].capacity = number(37);
        restaurant
    });
    let (cells, house) = (open.database.cells(), &open.house);
    let found = |values: Vec<String>| {
        let found: Vec<_> = values.into_iter().filter(|value| cells.contains(value)).collect();
        found.join(", ")
    };
    let workers = [&house.manager, &house.retired, &house.server, &house.other_server];
    let of_workers = |read: fn(&Worker) -> String| workers.into_iter().map(read).collect::<Vec<_>>();
    seen.text("employees", found(of_workers(|worker| worker.name.clone())));
    seen.text("their numbers", found(of_workers(|worker| worker.number.to_string())));
    seen.text("tables", found(house.tables.iter().map(|(number, _)| number.to_string()).collect()));
    seen.text("seats of one of them", found(vec![number(37).to_string()]));
    seen.text("dishes", found(house.dishes.iter().map(|dish| dish.name.to_owned()).collect()));
    let types = ["Beverages", "Entrees", "Sides"].map(str::to_owned).to_vec();
    seen.text("types", found(types));
    seen.text("the menu", found(vec![menu()]));
    let is_typed = |cell: &String| workers.iter().any(|worker| cell.contains(&worker.password));
    seen.call("a password can be read", cells.iter().any(is_typed));
    let mut hashes: Vec<_> = cells.iter().filter(|cell| cell.starts_with("$argon2id$")).collect();
    hashes.sort();
    hashes.dedup();
    seen.call("different hashes of passwords", hashes.len());
    let (runtime, passwords) = (tokio::runtime::Runtime::new(), passwords::Passwords::start());
    let runtime = runtime.expect("a runtime can be made");
    let matches = |password: &str, hash: &str| {
        runtime.block_on(passwords.verify(password.to_owned(), Some(hash.to_owned())))
    };
    for person in [&house.manager, &house.server, &house.other_server] {
        let matching = hashes.iter().filter(|hash| matches(&person.password, hash)).count();
        seen.call(format!("hashes that match the password of {}", person.name), matching);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn a_restaurant_is_stored_whole_or_not_at_all() {
    let (mut seen, house) = (Transcript::new(), gates::Restaurant::of_seed());
    let wrong: [(&str, Spoil); 7] = [
        ("everything is valid", |_| {}),
        ("two employees have the same number", |it| {
            it.employees[3].employee_number = it.employees[0].employee_number;
        }),
        ("two tables have the same number", |it| it.tables[3].number = it.tables[0].number),
        ("two open orders are at the same table", |it| it.open_orders.push(it.open_orders[0].clone())),
        ("an order is at a table that does not exist", |it| it.open_orders[0].table = 100 + number(899)),
        ("an order belongs to an employee who does not exist", |it| it.open_orders[0].server = number(999)),
        ("an order has a dish that is not on the menu", |it| {
            it.open_orders[0].lines[0].dish = title("Pumpkin pie");
        }),
    ];
    for (what, spoil) in wrong {
        let mut database = Database::migrated(&step::MIGRATIONS);
        let mut restaurant = evening(&house);
        spoil(&mut restaurant);
        let before = rows(&mut database);
        let result = database.lend(|conn| step::seed(conn, &restaurant));
        seen.text(what, if result.is_err() { "rejected" } else { "stored" });
        if result.is_err() {
            seen.text("what remains", changes(&before, &rows(&mut database)));
        }
    }
    // What nothing in the restaurant shows: each table in turn takes no row.
    let mut outcomes = BTreeSet::new();
    for table in filled(&evening(&house)) {
        let mut database = Database::migrated(&step::MIGRATIONS);
        let before = rows(&mut database);
        let refuse =
            |database: &mut Database| database.lend(|conn| step::seed(conn, &evening(&house))).is_err();
        let is_refused = database.while_refusing(&format!("\"{table}\""), "TRUE", refuse);
        let left = changes(&before, &rows(&mut database));
        outcomes.insert(match (is_refused, left) {
            (true, left) => format!("rejected; what remains: {left}"),
            (false, _) => format!("stored, though {table} takes no row"),
        });
    }
    seen.text(
        "the gate makes the database reject the rows of one of the tables",
        outcomes.into_iter().collect::<Vec<_>>().join("\n"),
    );
    insta::assert_snapshot!(seen);
}

/// The tables that hold rows when a restaurant is stored.
fn filled(restaurant: &Restaurant) -> Vec<String> {
    let mut database = Database::migrated(&step::MIGRATIONS);
    if let Err(error) = database.lend(|conn| step::seed(conn, restaurant)) {
        panic!("the restaurant cannot be stored: {error:#}");
    }
    let rows = rows(&mut database);
    let filled = rows.lines().filter_map(|line| line.split_once(": ")).filter(|(_, rows)| *rows != "0");
    filled.map(|(table, _)| table.to_owned()).collect()
}

/// Makes a restaurant one that cannot be.
type Spoil = fn(&mut Restaurant);

/// A restaurant in which guests have ordered.
fn evening(house: &gates::Restaurant) -> Restaurant {
    passwords::practice();
    let open_orders = vec![order(house, 0, &house.server, &[(0, 1), (1, 2)])];
    Restaurant { open_orders, ..restaurant(house) }
}
