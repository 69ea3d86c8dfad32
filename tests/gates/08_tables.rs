//! Stage 1: tables of your own, and a restaurant in them.

use gates::{Database, Transcript, Worker};
use groundwork::order_up::{Restaurant, passwords};

use super::{changes, open_with, order, restaurant, rows};

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
    seen.text("made once more", of_your_own(&mut database));
    insta::assert_snapshot!(seen);
}

#[test]
fn a_restaurant_is_stored() {
    let (mut open, mut seen) = open_with(gates::Restaurant::of_seed(), |house| {
        let mut restaurant = evening(house);
        // Two people may have thought of the same.
        restaurant.employees[1].password = house.manager.password.clone();
        // A number that nothing else has.
        restaurant.tables[1].capacity = 37;
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
    seen.text("seats of one of them", found(vec!["37".to_owned()]));
    seen.text("dishes", found(house.dishes.iter().map(|dish| dish.name.to_owned()).collect()));
    let types = ["Beverages", "Entrees", "Sides"].map(str::to_owned).to_vec();
    seen.text("types", found(types));
    seen.text("the menu", found(vec!["Dinner".to_owned()]));
    let is_typed = |cell: &String| workers.iter().any(|worker| cell.contains(&worker.password));
    seen.call("a password can be read", cells.iter().any(is_typed));
    let mut hashes: Vec<_> = cells.iter().filter(|cell| cell.starts_with("$argon2id$")).collect();
    hashes.sort();
    hashes.dedup();
    seen.call("different hashes of passwords", hashes.len());
    insta::assert_snapshot!(seen);
}

#[test]
fn a_restaurant_is_stored_whole_or_not_at_all() {
    let (mut seen, house) = (Transcript::new(), gates::Restaurant::of_seed());
    let wrong: [(&str, Spoil); 7] = [
        ("all is as it can be", |_| {}),
        ("two employees have one number", |it| {
            it.employees[3].employee_number = it.employees[0].employee_number;
        }),
        ("two tables have one number", |it| it.tables[3].number = it.tables[0].number),
        ("two open orders are at one table", |it| it.open_orders.push(it.open_orders[0].clone())),
        ("an order is at a table that is not there", |it| it.open_orders[0].table = 999),
        ("an order is of somebody who is not there", |it| it.open_orders[0].server = 999),
        ("an order has a dish that is on no menu", |it| {
            "Pumpkin pie".clone_into(&mut it.open_orders[0].lines[0].dish);
        }),
    ];
    for (what, spoil) in wrong {
        let mut database = Database::migrated(&step::MIGRATIONS);
        let mut restaurant = evening(&house);
        spoil(&mut restaurant);
        let before = rows(&mut database);
        let result = step::seed(database.conn(), &restaurant);
        seen.text(what, if result.is_err() { "refused" } else { "stored" });
        if result.is_err() {
            seen.text("of which remains", changes(&before, &rows(&mut database)));
        }
    }
    insta::assert_snapshot!(seen);
}

/// Makes a restaurant one that cannot be.
type Spoil = fn(&mut Restaurant);

/// A restaurant in which guests have ordered.
fn evening(house: &gates::Restaurant) -> Restaurant {
    passwords::practice();
    let open_orders = vec![order(house, 0, &house.server, &[(0, 1), (1, 2)])];
    Restaurant { open_orders, ..restaurant(house) }
}
