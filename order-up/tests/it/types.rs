//! The order of the types, which the managers choose.

use diesel_migrations::MigrationHarness;
use gates::{Answer, Browser, at_once};
use groundwork::connect;
use groundwork::order_up::Dish;
use order_up::models::menu::types::{self, MenuItemType, Shown};
use order_up::models::menu::{self, Description, MenuError};
use order_up::{Cents, MIGRATIONS, Restaurant, migrate::migrate};

use crate::restaurant::{Open, add, assign, press, statuses, tab};

const MOVED_MEANWHILE: &str =
    "Somebody else has moved a type in the meantime, so nothing was changed. This is the order now.";

/// The demo's restaurant with a dish of each of these types.
fn with_types(kinds: &[&str]) -> Open {
    let dish = |kind: &&str| Dish {
        menu: "Dinner".to_owned(),
        kind: (*kind).to_owned(),
        name: format!("Dish of {kind}"),
        price_cents: 100,
    };
    Open::with(&Restaurant { menu: kinds.iter().map(dish).collect(), ..Restaurant::demo() })
}

/// The types as the board lists them.
fn listed(browser: &mut Browser) -> Vec<String> {
    browser.get("/").all("fieldset legend")
}

/// The types that can be moved, each with its buttons.
fn rows(menu: &Answer) -> Vec<String> {
    menu.all("section[aria-labelledby=type-order] tbody tr")
}

fn names(types: &[MenuItemType]) -> Vec<&str> {
    types.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn every_list_has_the_types_in_the_order_that_a_manager_chose() {
    let open = with_types(&["Desserts", "Drinks", "Mains", "Starters"]);
    let mut margot = open.margot();
    assert_eq!(listed(&mut margot), ["Desserts", "Drinks", "Mains", "Starters"]);
    let ups = ["Starters", "Starters", "Starters", "Mains"].map(|kind| (kind, "Up"));
    for (kind, button) in ups.into_iter().chain([("Desserts", "Down")]) {
        let page = press(&mut margot, "/menu", kind, button);
        assert_eq!(page.all("[role=status]"), ["The type has been moved."]);
    }
    let order = ["Starters", "Mains", "Desserts", "Drinks"];
    assert_eq!(
        rows(&margot.get("/menu")),
        ["Starters Down", "Mains Up Down", "Desserts Up Down", "Drinks Up"]
    );

    assert_eq!(listed(&mut margot), order);
    let menu = margot.get("/menu");
    let with_menu = order.map(|kind| format!("{kind} Dinner"));
    assert_eq!(menu.all("caption"), with_menu);
    assert_eq!(margot.get("/sold-out").all("caption"), with_menu);
    for page in ["/", "/menu", "/sold-out"] {
        assert_eq!(margot.get(page).all(".jump a"), order, "{page}");
    }
    assert_eq!(menu.body.matches("<datalist id=\"types\"><option value=\"Starters\">").count(), 1);
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &order.map(|kind| format!("Dish of {kind}")).each_ref().map(String::as_str));
    press(&mut margot, "/", "Table 4", "Close table");
    let sold: Vec<_> = order.iter().map(|kind| format!("{kind} 1 $1.00")).collect();
    let report = margot.get("/report");
    assert_eq!(report.all("section[aria-labelledby=types] tbody tr"), sold);
    let file = margot.get("/report?format=csv").body;
    let in_file: Vec<_> = file.lines().filter_map(|row| row.split(",type,").nth(1)).collect();
    assert_eq!(in_file, order.map(|kind| format!("{kind},,,1,1.00,,")));
}

#[test]
fn a_new_type_comes_last() {
    let open = Open::new();
    let mut margot = open.margot();
    press(&mut margot, "/menu", "Sides", "Up");
    for (name, kind) in [("Olives", "Appetizers"), ("Soup", "Broths"), ("Chips", "Sides")] {
        let form = margot.get("/menu").form("Add item").fill("Name", name).fill("Price", "3");
        assert_eq!(margot.submit(&form.fill("Type", kind)).status, 303);
    }
    assert_eq!(listed(&mut margot), ["Beverages", "Sides", "Entrees", "Appetizers", "Broths"]);
}

/// A menu has its types in the order of all menus, and no others.
#[test]
fn the_order_applies_to_every_menu() {
    let mut restaurant = Restaurant::demo();
    let mut brunch = restaurant.menu.clone();
    brunch.retain(|dish| dish.kind != "Entrees");
    brunch.iter_mut().for_each(|dish| dish.menu = "Brunch".to_owned());
    restaurant.menu.extend(brunch);
    let open = Open::with(&restaurant);
    let mut margot = open.margot();
    press(&mut margot, "/menu", "Beverages", "Down");
    press(&mut margot, "/menu", "Beverages", "Down");
    let expected = ["Sides Brunch", "Beverages Brunch", "Entrees Dinner", "Sides Dinner", "Beverages Dinner"];
    assert_eq!(margot.get("/menu").all("caption"), expected);
}

/// It is listed nowhere, so the others change places over it.
#[test]
fn a_type_without_dishes_is_skipped_when_types_are_moved() {
    let open = Open::new();
    let mut margot = open.margot();
    press(&mut margot, "/menu", "Jambalaya", "Remove");
    assert_eq!(rows(&margot.get("/menu")), ["Beverages Down", "Sides Up"]);
    press(&mut margot, "/menu", "Sides", "Up");
    assert_eq!(listed(&mut margot), ["Sides", "Beverages"]);
    let only = with_types(&["Mains"]).margot().get("/menu");
    assert!(rows(&only).is_empty() && !only.text().contains("Order of types"), "{only}");
}

#[test]
fn a_second_tap_moves_nothing_and_shows_a_notice() {
    let open = Open::new();
    let mut margot = open.margot();
    let page = margot.get("/menu");
    let up = page.form_in("Sides", "Up");
    // It is the same as moving the other one down.
    for form in [&up, &up, &page.form_in("Entrees", "Down")] {
        let answer = margot.submit(form);
        assert_eq!(answer.status, 303);
        assert_eq!(margot.follow(&answer).all("[role=status], .notice").len(), 1);
        assert_eq!(listed(&mut margot), ["Beverages", "Sides", "Entrees"]);
    }
    assert_eq!(margot.submit(&up).location().as_deref(), Some("/menu?again"));
}

#[test]
fn an_old_page_leads_to_a_notice_and_the_current_order() {
    let mut open = Open::new();
    let (mut margot, mut late) = (open.margot(), open.margot());
    let page = late.get("/menu");
    press(&mut margot, "/menu", "Beverages", "Down");
    let before = open.everything();
    for form in [page.form_in("Entrees", "Up"), page.form_in("Sides", "Up")] {
        let answer = late.submit(&form);
        assert_eq!((answer.status.as_u16(), answer.all(".notice")), (409, vec![MOVED_MEANWHILE.to_owned()]));
        assert_eq!(rows(&answer), ["Entrees Down", "Beverages Up Down", "Sides Up"]);
        assert_eq!(open.everything(), before);
    }
}

#[test]
fn when_managers_move_the_same_type_at_once_only_one_succeeds() {
    for _ in 0..10 {
        let open = Open::new();
        let mut margot = open.margot();
        let pairs: Vec<_> = [("Sides", "Up"), ("Entrees", "Down"), ("Sides", "Up"), ("Entrees", "Down")]
            .into_iter()
            .map(|(kind, button)| {
                let mut tab = tab(&mut margot);
                let form = tab.get("/menu").form_in(kind, button);
                (tab, form)
            })
            .collect();
        let answers = at_once(pairs, |(mut tab, form)| tab.submit(&form));
        assert_eq!(statuses(&answers), [303, 409, 409, 409]);
        assert_eq!(listed(&mut margot), ["Beverages", "Sides", "Entrees"]);
    }
}

/// Another manager comes before the first statement of a swap, before the second, and so on. Their pages show the
/// same, and each swaps two of the three types.
#[test]
fn no_type_is_lost_when_two_managers_move_types() {
    for (ours, theirs) in [([0, 1], [0, 1]), ([0, 1], [1, 2]), ([1, 2], [0, 1]), ([0, 1], [1, 0])] {
        for before in 0.. {
            let open = Open::new();
            let (mut conn, mut other) = (open.database.connect(connect), open.database.connect(connect));
            let shown = types::all(&mut conn).expect("there are types");
            let place = |index: usize| Shown { id: shown[index].id, position: shown[index].position };
            let (swapped, meanwhile) = open.database.interrupt(
                before,
                || types::swap(&mut other, place(theirs[0]), place(theirs[1])).is_ok(),
                || types::swap(&mut conn, place(ours[0]), place(ours[1])).is_ok(),
            );
            let Some((meanwhile, _statement)) = meanwhile else { break };
            let context = format!("{ours:?}, {theirs:?}, before {before}");
            assert!(swapped != meanwhile, "{context}: one of them is told");
            let mut expected = names(&shown);
            let [first, second] = if swapped { ours } else { theirs };
            expected.swap(first, second);
            assert_eq!(names(&types::all(&mut conn).expect("there are types")), expected, "{context}");
        }
    }
}

#[test]
fn a_forged_form_moves_nothing() {
    let mut open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    robin.get("/");
    let form = margot.get("/menu").form_in("Sides", "Up");
    let before = open.everything();
    for (upper, lower) in [("", ""), ("x", "3"), ("2", "2"), ("0", "0"), ("2", "1"), ("3", "2"), ("2", "99")]
    {
        let answer = margot.submit(&form.clone().tamper("upper", upper).tamper("lower", lower));
        assert_eq!(answer.status, 409, "{upper:?}, {lower:?}: {answer}");
    }
    for (path, status) in [
        ("/menu/types/2/swap/99", 404),
        ("/menu/types/99/swap/3", 404),
        ("/menu/types/x/swap/3", 404),
        ("/menu/types/1/swap/3", 409),
    ] {
        assert_eq!(margot.submit(&form.clone().to(path)).status, status, "{path}");
    }
    let form = robin.get("/").form("Log out").to(form.action()).also("upper", "2").also("lower", "3");
    assert_eq!(robin.submit(&form).status, 403);
    assert_eq!(open.everything(), before);
}

/// The types that a restaurant has before it gets the update stay as they were listed.
#[test]
fn the_migration_leaves_the_types_in_their_order() {
    let mut open = with_types(&[]);
    let conn = open.database.conn();
    for kind in ["zakuski", "Éclairs", "Eggs", "Żurek", "Apples"] {
        menu::type_named(conn, kind).expect("it can be added");
    }
    conn.revert_last_migration(MIGRATIONS).expect("it can be reverted");
    let ran = migrate(conn, |_| anyhow::Ok(())).expect("it can be run again");
    assert_eq!(ran, 1);
    let expected = ["Apples", "Éclairs", "Eggs", "zakuski", "Żurek"];
    assert_eq!(names(&types::all(conn).expect("there are types")), expected);
    let new = Description {
        name: "Arancini".to_owned(),
        price: Cents(900),
        menu: "Dinner".to_owned(),
        kind: "Antipasti".to_owned(),
    };
    menu::create(conn, &new).expect("it can be added");
    let positions = |types: Vec<MenuItemType>| types.iter().map(|it| it.position).collect::<Vec<_>>();
    let all = types::all(conn).expect("there are types");
    assert_eq!(all.last().map(|it| it.name.as_str()), Some("Antipasti"));
    // A manager's choice outlives the next start.
    let place = |it: &MenuItemType| Shown { id: it.id, position: it.position };
    types::swap(conn, place(&all[0]), place(&all[1])).expect("nobody else moves them");
    migrate(conn, |_| anyhow::Ok(())).expect("there is nothing to do");
    let again = types::all(conn).expect("there are types");
    assert_eq!(names(&again)[..2], ["Éclairs", "Apples"]);
    assert_eq!(positions(again), positions(all));
}

#[test]
fn an_unknown_type_is_an_error_and_not_another_order() {
    let mut open = Open::new();
    let there = Shown { id: 1, position: 1 };
    let gone = Shown { id: 99, position: 2 };
    for (upper, lower) in [(there, gone), (gone, there)] {
        let swapped = types::swap(open.database.conn(), upper, lower);
        assert!(matches!(swapped, Err(MenuError::Unknown)), "{swapped:?}");
    }
    assert_eq!(open.count("menu_item_types WHERE position = id"), 3);
}
