//! A restaurant to begin with: who works there, where guests sit, what they can eat, and who has ordered.

use super::passwords::DEMO_PASSWORD;

/// What is stored before the first request.
#[derive(Clone, Debug)]
pub struct Restaurant {
    pub employees: Vec<Person>,
    pub tables: Vec<Seats>,
    pub menu: Vec<Dish>,
    /// Guests who sit at a table already.
    pub open_orders: Vec<OpenOrder>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    /// What the employee signs in with; no two have the same.
    pub employee_number: i32,
    pub password: String,
    pub is_manager: bool,
    /// Set for an employee who no longer works here.
    pub has_retired: bool,
}

#[derive(Clone, Debug)]
pub struct Seats {
    /// The number that stands on the table; no two have the same.
    pub number: i32,
    pub capacity: i32,
}

#[derive(Clone, Debug)]
pub struct Dish {
    /// The menu that it is on, as in `Dinner`.
    pub menu: String,
    /// Its type, as in `Sides`.
    pub kind: String,
    /// No two dishes of a restaurant have the same.
    pub name: String,
    /// In cents of a dollar.
    pub price_cents: i64,
}

#[derive(Clone, Debug)]
pub struct OpenOrder {
    /// The number of the table.
    pub table: i32,
    /// The employee number of the order's server.
    pub server: i32,
    /// In the order in which they were added.
    pub lines: Vec<Ordered>,
}

#[derive(Clone, Debug)]
pub struct Ordered {
    /// The dish's name.
    pub dish: String,
    pub quantity: i32,
}

impl Restaurant {
    /// The restaurant of the demo: Margot, who manages it, two servers, and Alex, who has retired.
    pub fn demo() -> Self {
        let person = |name: &str, employee_number, is_manager, has_retired| Person {
            name: name.to_owned(),
            employee_number,
            password: DEMO_PASSWORD.to_owned(),
            is_manager,
            has_retired,
        };
        let dish = |name: &str, price_cents, kind: &str| Dish {
            menu: "Dinner".to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            price_cents,
        };
        let capacities = [2, 2, 4, 4, 4, 4, 6, 6, 8, 10];
        Self {
            employees: vec![
                person("Margot", 1234, true, false),
                person("Robin", 2345, false, false),
                person("Sam", 3456, false, false),
                person("Alex", 4567, false, true),
            ],
            tables: (1..).zip(capacities).map(|(number, capacity)| Seats { number, capacity }).collect(),
            menu: vec![
                dish("Dr. Pepper", 100, "Beverages"),
                dish("Jambalaya", 2198, "Entrees"),
                dish("French fries", 350, "Sides"),
            ],
            open_orders: Vec::new(),
        }
    }

    /// The restaurant of the demo on an evening when guests of Margot and of Robin have ordered.
    pub fn evening() -> Self {
        let order = |table, server, lines: &[(&str, i32)]| OpenOrder {
            table,
            server,
            lines: lines
                .iter()
                .map(|&(dish, quantity)| Ordered { dish: dish.to_owned(), quantity })
                .collect(),
        };
        let open_orders = vec![
            order(4, 1234, &[("Jambalaya", 1), ("French fries", 2)]),
            order(2, 1234, &[]),
            order(7, 2345, &[("Dr. Pepper", 6)]),
        ];
        Self { open_orders, ..Self::demo() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn open_orders_use_the_restaurants_tables_servers_and_dishes() {
        let evening = Restaurant::evening();
        for order in &evening.open_orders {
            assert!(evening.tables.iter().any(|seats| seats.number == order.table), "{order:?}");
            let server = evening.employees.iter().find(|person| person.employee_number == order.server);
            assert!(server.is_some_and(|person| !person.has_retired), "{order:?}");
            for line in &order.lines {
                assert!(
                    evening.menu.iter().any(|dish| dish.name == line.dish) && line.quantity > 0,
                    "{line:?}"
                );
            }
        }
        let tables: BTreeSet<_> = evening.open_orders.iter().map(|order| order.table).collect();
        assert_eq!(tables.len(), evening.open_orders.len());
    }

    #[test]
    fn the_demo_has_a_manager_a_retired_employee_and_no_guests() {
        let demo = Restaurant::demo();
        let names = |test: fn(&Person) -> bool| -> Vec<_> {
            demo.employees.iter().filter(|person| test(person)).map(|person| person.name.as_str()).collect()
        };
        assert_eq!(names(|person| person.is_manager), ["Margot"]);
        assert_eq!(names(|person| person.has_retired), ["Alex"]);
        assert!(demo.open_orders.is_empty());
    }
}
