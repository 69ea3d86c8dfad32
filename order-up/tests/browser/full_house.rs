//! A restaurant that strains its pages: 40 dishes of 8 types on 2 menus, 61 tables, names as long as
//! they may be, and names that are written from right to left.

use groundwork::Db;
use groundwork::order_up::{Dish, Person, Seats};

use order_up::models::employee;
use order_up::models::order;
use order_up::models::order_detail::{self, LineRequest};
use order_up::{Restaurant, Timestamp};

/// A name of 50 letters without a place to break the line.
const LONG_WORD: &str = "Donaudampfschifffahrtsgesellschaftskapitaensteller";

const TYPES: [&str; 8] =
    ["Beverages", "Desserts", "Entrees", "Kartoffelspeisekarte", "Sides", "Soups", "חומוס ופלאפל", "مشروبات"];

const DISHES: i32 = 40;

/// The employees' ids: the manager who signs in, and a server with a name of 100 letters.
pub const MARGOT: i32 = 1;
pub const LONG_NAME: i32 = 5;

/// The id of the table with the largest number.
const LAST_TABLE: i32 = 61;

pub fn full_house() -> Restaurant {
    let mut restaurant = Restaurant::demo();
    let names = [LONG_WORD.repeat(2), "عبد الرحمن بن محمد".to_owned(), "רותי כהן־לוי".to_owned()];
    restaurant.employees.extend((9000..).zip(names).map(|(employee_number, name)| Person {
        name,
        employee_number,
        password: "password".to_owned(),
        is_manager: false,
        has_retired: false,
    }));
    restaurant.tables = (1..LAST_TABLE).map(|number| Seats { number, capacity: 4 }).collect();
    restaurant.tables.push(Seats { number: 9999, capacity: 999 });
    restaurant.menu = (0..DISHES).map(dish).collect();
    restaurant
}

fn dish(number: i32) -> Dish {
    let name = match number % 5 {
        0 => format!("{number:02}{}", &LONG_WORD[2..]),
        1 => format!("{number} كشري بالعدس والأرز والمعكرونة"),
        2 => format!("שקשוקה עם גבינת פטה (חריף) {number}"),
        3 => format!("Roasted vegetables with lemon, thyme and honey {number}"),
        _ => format!("Tea {number}"),
    };
    let kind = TYPES.iter().cycle().nth(number as usize / 5).expect("the types go on and on");
    Dish {
        menu: if number < 20 { "Abendkartenspezialitaetenkarte" } else { "Dinner" }.to_owned(),
        kind: (*kind).to_owned(),
        name,
        price_cents: if number % 2 == 0 { 350 } else { 1_000_000 },
    }
}

/// Opens one more order. The first is at the table with the largest number and has 999 of each dish,
/// and the second has nothing on it.
pub fn open_order(conn: &mut Db, employee_id: i32, earlier: i32) {
    let (table, guests) = if earlier == 0 { (LAST_TABLE, 999) } else { (earlier, 1) };
    let server = employee::find(conn, employee_id).expect("they work here");
    let id = order::assign(conn, table, employee_id, Some(guests), NOW).expect("the table is free");
    let dishes = match earlier {
        0 => 1..=DISHES,
        1 => return,
        _ => 1..=3,
    };
    let quantity = if earlier == 0 { 999 } else { 2 };
    let requests: Vec<_> = dishes.map(|menu_item_id| LineRequest::plain(menu_item_id, quantity)).collect();
    order_detail::add(conn, &server, id, &requests, NOW).expect("the dishes are on the menu");
}

/// Saturday, 14 February 2026, 18:30 in New York.
const NOW: Timestamp = Timestamp(1_771_111_800);
