//! The kitchen's screen: what there is to cook, and marking it as done.

use diesel::connection::SimpleConnection;
use diesel_migrations::MigrationHarness;
use gates::{Answer, Browser, at_once};
use groundwork::order_up::Timestamp;
use groundwork::{Db, connect};
use order_up::models::employee;
use order_up::models::kitchen::{self, KitchenError};
use order_up::models::order_detail::quantity::{self, NewQuantity};
use order_up::{MIGRATIONS, Restaurant};

use crate::Open;
use crate::live_events::Instance;
use crate::restaurant::{add, assign, press, statuses};

const NOW: Timestamp = Timestamp(0);

/// The tickets: the table, how long it has waited, the server, and the dishes.
fn tickets(page: &Answer) -> Vec<String> {
    page.all(".tickets .ticket").iter().map(|ticket| ticket.replace(" Done", "")).collect()
}

fn cooked(page: &Answer) -> Vec<String> {
    page.all(".cooked li").iter().map(|it| it.replace(" Undo", "").replace(" ,", ",")).collect()
}

/// A restaurant in which Margot has ordered two Jambalayas for table 4.
fn two_jambalayas() -> (Open, Browser) {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    order(&mut margot, "Jambalaya", "2");
    (open, margot)
}

fn order(browser: &mut Browser, dish: &str, quantity: &str) {
    let form = browser.get("/").form_in("Table 4", "Add to order").check(dish);
    assert_eq!(browser.submit(&form.fill(&format!("How many {dish}"), quantity)).status, 303);
    // The confirmation belongs to this page.
    browser.get("/");
}

#[test]
fn the_dishes_that_have_waited_longest_come_first() {
    let open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assert_eq!(robin.get("/kitchen").all(".empty"), ["Nothing to cook."]);
    assign(&mut margot, "Table 4", "Margot");
    assign(&mut robin, "Table 7", "Robin");
    add(&mut robin, "Table 7", &["French fries"]);
    open.wait(60);
    add(&mut margot, "Table 4", &["Jambalaya"]);
    open.wait(60);
    add(&mut robin, "Table 7", &["Jambalaya", "Dr. Pepper"]);
    let (table_7, table_4) = (
        "Table 7 2 min Robin 1 × French fries 1 × Dr. Pepper 1 × Jambalaya",
        "Table 4 1 min Margot 1 × Jambalaya",
    );
    for browser in [&mut margot, &mut robin] {
        assert_eq!(tickets(&browser.get("/kitchen")), [table_7, table_4]);
    }
    press(&mut robin, "/kitchen", "French fries", "Done");
    let table_7 = "Table 7 0 min Robin 1 × Dr. Pepper 1 × Jambalaya";
    assert_eq!(tickets(&robin.get("/kitchen")), [table_4, table_7]);
}

#[test]
fn portions_that_are_added_to_a_line_are_marked() {
    let (open, mut margot) = two_jambalayas();
    assert_eq!(tickets(&margot.get("/kitchen")), ["Table 4 0 min Margot 2 × Jambalaya"]);
    open.wait(300);
    order(&mut margot, "Jambalaya", "1");
    open.wait(60);
    let grown = "Table 4 6 min Margot 3 × Jambalaya 1 more 1 min";
    assert_eq!(tickets(&margot.get("/kitchen")), [grown]);
    press(&mut margot, "/kitchen", "Jambalaya", "Done");
    assert_eq!(margot.get("/kitchen").all(".empty"), ["Nothing to cook."]);
    order(&mut margot, "Jambalaya", "4");
    open.wait(120);
    let more = "Table 4 2 min Margot 4 × Jambalaya 4 more 2 min";
    assert_eq!(tickets(&margot.get("/kitchen")), [more]);
}

#[test]
fn a_button_marks_the_portions_that_its_page_showed() {
    let (open, mut margot) = two_jambalayas();
    let form = margot.get("/kitchen").form_in("Jambalaya", "Done");
    open.wait(300);
    order(&mut margot, "Jambalaya", "1");
    let answer = margot.submit(&form);
    let page = margot.follow(&answer);
    assert_eq!(page.all("[role=status]")[0], "Marked as done.");
    assert_eq!(tickets(&page), ["Table 4 0 min Margot 1 × Jambalaya 1 more 0 min"]);
    assert_eq!(cooked(&page), ["2 × Jambalaya, table 4"]);
}

#[test]
fn a_button_that_several_cooks_press_counts_once() {
    let (mut open, _) = two_jambalayas();
    let forms: Vec<_> = (0..4)
        .map(|_| {
            let mut cook = open.robin();
            let form = cook.get("/kitchen").form_in("Jambalaya", "Done");
            (cook, form)
        })
        .collect();
    let answers = at_once(forms, |(mut cook, form)| cook.submit(&form));
    assert_eq!(statuses(&answers), [303, 409, 409, 409]);
    let refused = answers.iter().find(|answer| answer.status == 409).expect("there are some");
    let notice = "That dish was changed a moment ago, so nothing was marked. Check the list again.";
    assert_eq!(refused.all("[role=alert]"), [notice]);
    assert_eq!(open.database.rows("cooked, quantity", "order_details"), "cooked | quantity\n2 | 2");
    assert_eq!(open.count("cooked_portions"), 1);
}

#[test]
fn a_button_with_any_other_value_marks_nothing() {
    let (mut open, mut margot) = two_jambalayas();
    let form = margot.get("/kitchen").form_in("Jambalaya", "Done");
    let before = open.everything();
    for (seen, status) in [
        ("", 404),
        ("2", 404),
        ("0 0", 404),
        ("0 -1", 404),
        ("-1 3", 404),
        ("0 x", 404),
        ("0 99999999999", 404),
        ("0 3", 409),
        ("1 1", 409),
        ("2147483647 2147483647", 409),
    ] {
        let answer = margot.submit(&form.clone().tamper("seen", seen));
        assert_eq!(answer.status, status, "{seen:?}");
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn a_mark_can_be_undone_once() {
    let (open, mut margot) = two_jambalayas();
    order(&mut margot, "French fries", "1");
    open.wait(60);
    press(&mut margot, "/kitchen", "Jambalaya", "Done");
    let page = press(&mut margot, "/kitchen", "French fries", "Done");
    assert_eq!(cooked(&page), ["1 × French fries, table 4", "2 × Jambalaya, table 4"]);
    let undos = [(); 2].map(|()| {
        let mut cook = open.robin();
        let form = cook.get("/kitchen").form_in("Jambalaya", "Undo");
        (cook, form)
    });
    let answers = at_once(undos.into(), |(mut cook, form)| cook.submit(&form));
    assert_eq!(statuses(&answers), [303, 404]);
    let page = margot.get("/kitchen");
    assert_eq!(tickets(&page), ["Table 4 1 min Margot 2 × Jambalaya"]);
    assert_eq!(cooked(&page), ["1 × French fries, table 4"]);
    // After half an hour, nobody wants to undo it.
    open.wait(30 * 60 + 1);
    assert!(cooked(&margot.get("/kitchen")).is_empty());
}

#[test]
fn an_order_keeps_its_marks_when_it_moves_and_leaves_when_it_is_closed() {
    let (open, mut margot) = two_jambalayas();
    press(&mut margot, "/kitchen", "Jambalaya", "Done");
    order(&mut margot, "Jambalaya", "1");
    let form = margot.get("/orders/1").form("Move").choose("To table", "Table 9");
    margot.submit(&form);
    let form = margot.get("/orders/1").form("Hand over").choose("To server", "Robin");
    margot.submit(&form);
    let page = open.robin().get("/kitchen");
    assert_eq!(tickets(&page), ["Table 9 0 min Robin 1 × Jambalaya 1 more 0 min"]);
    assert_eq!(cooked(&page), ["2 × Jambalaya, table 9"]);
    let late = margot.get("/kitchen").form_in("Jambalaya", "Done");
    press(&mut margot, "/?all", "Table 9", "Close table");
    assert!(tickets(&margot.get("/kitchen")).is_empty() && cooked(&margot.get("/kitchen")).is_empty());
    assert_eq!(margot.submit(&late).status, 409);
    press(&mut margot, "/orders/1", "", "Open again");
    assert_eq!(tickets(&margot.get("/kitchen")), tickets(&page));
}

#[test]
fn removed_portions_are_not_cooked_and_reordered_ones_are() {
    let (open, mut margot) = two_jambalayas();
    press(&mut margot, "/kitchen", "Jambalaya", "Done");
    let undo = margot.get("/kitchen").form_in("Jambalaya", "Undo");
    let form = margot.get("/orders/1/items/1").form("Take back all 2").also("reason", "wrong dish");
    assert_eq!(margot.submit(&form).status, 303);
    let page = margot.get("/kitchen");
    assert!(tickets(&page).is_empty() && cooked(&page).is_empty(), "{page}");
    assert_eq!(margot.submit(&undo).status, 404);
    open.wait(60);
    order(&mut margot, "Jambalaya", "2");
    assert_eq!(tickets(&margot.get("/kitchen")), ["Table 4 0 min Margot 2 × Jambalaya"]);
}

/// A server takes the line back before the first statement of a cook who undoes its mark, before the second, and so on,
/// and the other way around. Both lock the line before its marks, so neither waits for the other without end.
#[test]
fn undoing_a_mark_and_taking_back_its_line_never_deadlock() {
    let cook = |conn: &mut Db| match kitchen::undo(conn, 1) {
        Ok(()) | Err(KitchenError::Unknown) => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    let server = |conn: &mut Db| {
        let me = employee::find(conn, 1).expect("Margot works here");
        let none = NewQuantity { from: 2, to: 0, reason: Some("wrong dish".to_owned()) };
        quantity::set(conn, &me, 1, 1, &none, NOW).map(drop).map_err(|error| error.to_string())
    };
    for server_is_first in [false, true] {
        for before in 0.. {
            let (open, mut margot) = two_jambalayas();
            press(&mut margot, "/kitchen", "Jambalaya", "Done");
            let [mut conn, mut other] = [(); 2].map(|()| open.database.connect(connect));
            let (ours, theirs) = match server_is_first {
                true => open.database.interrupt(before, || cook(&mut other), || server(&mut conn)),
                false => open.database.interrupt(before, || server(&mut other), || cook(&mut conn)),
            };
            let Some((theirs, statement)) = theirs else { break };
            assert_eq!((ours, theirs), (Ok(()), Ok(())), "{server_is_first}, before {before}: {statement}");
            let page = margot.get("/kitchen");
            assert!(tickets(&page).is_empty() && cooked(&page).is_empty(), "{page}");
        }
    }
}

/// However a quantity is changed: triggers do the counting.
#[test]
fn after_a_quantity_shrinks_and_grows_the_added_portions_have_to_be_cooked() {
    let (mut open, mut margot) = two_jambalayas();
    order(&mut margot, "Jambalaya", "2");
    let mut set = |quantity: i32, margot: &mut Browser| {
        open.wait(60);
        let now = open.now().0;
        open.database.run(&format!("UPDATE orders SET changed_at = {now}"));
        open.database.run(&format!("UPDATE order_details SET quantity = {quantity}"));
        tickets(&margot.get("/kitchen"))
    };
    assert_eq!(set(3, &mut margot), ["Table 4 1 min Margot 3 × Jambalaya 2 more 1 min"]);
    press(&mut margot, "/kitchen", "Jambalaya", "Done");
    // One of the three that are cooked.
    assert_eq!(set(2, &mut margot), [""; 0]);
    assert_eq!(set(3, &mut margot), ["Table 4 0 min Margot 1 × Jambalaya 1 more 0 min"]);
    assert_eq!(set(1, &mut margot), [""; 0]);
    // Three were marked, and one of them is left.
    let page = press(&mut margot, "/kitchen", "Jambalaya", "Undo");
    assert_eq!(page.all(".dish"), ["1 × Jambalaya"]);
}

#[test]
fn the_kitchen_is_a_live_page() {
    let (open, mut margot) = two_jambalayas();
    let instance = Instance::of(&open);
    let mut cook = instance.browser_of("2345");
    let mut events = instance.look(&mut cook, "/kitchen/live");
    let part = events.wait_for_part("2 × <bdi>Jambalaya</bdi>");
    assert!(!part.contains("token"), "{part}");
    order(&mut margot, "Jambalaya", "1");
    events.wait_for_part("<strong>1 more</strong>");
    open.wait(60);
    events.wait_for_part("1 min");
    press(&mut margot, "/kitchen", "Jambalaya", "Done");
    events.wait_for_part("Nothing to cook.");
    press(&mut margot, "/kitchen", "Jambalaya", "Undo");
    events.wait_for_part("3 × <bdi>Jambalaya</bdi>");
}

#[test]
fn the_number_of_queries_does_not_depend_on_the_number_of_dishes() {
    let costs = [1, 3].map(|dishes| {
        let open = Open::new();
        let mut margot = open.margot();
        for table in ["Table 1", "Table 4", "Table 7"].iter().take(dishes) {
            assign(&mut margot, table, "Margot");
            add(&mut margot, table, &["Jambalaya", "French fries", "Dr. Pepper"][..dishes]);
        }
        margot.get("/account");
        let before = open.database.queries().len();
        assert_eq!(tickets(&margot.get("/kitchen")).len(), dishes);
        open.database.queries().len() - before
    });
    // Two of them check the session.
    assert_eq!(costs, [5, 5]);
}

/// An app that is updated in the middle of the evening.
#[test]
fn after_the_migration_open_orders_still_have_to_be_cooked() {
    let (mut open, mut margot) = two_jambalayas();
    assign(&mut margot, "Table 7", "Margot");
    add(&mut margot, "Table 7", &["French fries"]);
    press(&mut margot, "/", "Table 7", "Close table");
    let conn = open.database.conn();
    // The migration that adds the kitchen, and the one after it.
    for _ in 0..2 {
        conn.revert_last_migration(MIGRATIONS).expect("it can be reverted");
    }
    assert!(conn.batch_execute("SELECT cooked FROM order_details").is_err());
    conn.run_pending_migrations(MIGRATIONS).expect("it can be run again");
    assert_eq!(tickets(&open.robin().get("/kitchen")), ["Table 4 0 min Margot 2 × Jambalaya"]);
    press(&mut margot, "/orders/2", "", "Open again");
    assert_eq!(tickets(&open.robin().get("/kitchen")).len(), 1);
}

#[test]
fn the_open_orders_of_a_seed_still_have_to_be_cooked() {
    use groundwork::order_up::{OpenOrder, Ordered};

    let mut restaurant = Restaurant::demo();
    let lines = vec![Ordered { dish: "Jambalaya".to_owned(), quantity: 3 }];
    restaurant.open_orders = vec![OpenOrder { table: 4, server: 2345, lines }];
    let page = Open::with(&restaurant).robin().get("/kitchen");
    assert_eq!(page.all(".dish"), ["3 × Jambalaya"]);
}
