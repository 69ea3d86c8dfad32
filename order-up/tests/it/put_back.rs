//! What was taken off an order by mistake is put back, as it was.

mod limits;

use gates::{Answer, Browser};

use crate::restaurant::{Open, assign, line, press, take_back};

const MINUTE: i64 = 60;

/// What is stored about the dishes of all orders. The ids of the rows are not part of it.
fn stored(open: &mut Open) -> String {
    let details = "order_id, menu_item_id, name, price_cents, note, quantity, cooked";
    let details = open.database.rows(details, &format!("order_details ORDER BY {details}"));
    let marks = "quantity, cooked_at";
    let marks = open.database.rows(marks, &format!("cooked_portions ORDER BY {marks}"));
    [details, marks, ordered(open)].join("\n")
}

/// How many portions were ordered when.
fn ordered(open: &mut Open) -> String {
    open.database
        .rows("sum(quantity), ordered_at", "ordered_portions GROUP BY ordered_at ORDER BY ordered_at")
}

/// Orders so many of a dish, perhaps with a note.
fn order(browser: &mut Browser, dish: &str, quantity: &str, note: &str) {
    let form = browser.get("/").form_in("Table 4", "Add to order").check(dish);
    let form = form.fill(&format!("How many {dish}"), quantity).fill(&format!("Note for {dish}"), note);
    assert_eq!(browser.submit(&form).status, 303);
}

/// Robin, whose guests have ordered four of a dish at two times, of which the kitchen has cooked two.
fn serving() -> (Open, Browser) {
    let open = Open::new();
    let mut robin = open.robin();
    assign(&mut robin, "Table 4", "Robin");
    order(&mut robin, "Jambalaya", "2", "no okra");
    press(&mut robin, "/kitchen", "Jambalaya", "Done");
    open.wait(5 * MINUTE);
    order(&mut robin, "Jambalaya", "2", "no okra");
    open.wait(5 * MINUTE);
    robin.get("/");
    (open, robin)
}

/// Leaves so many of the dish, and shows the page with the button.
fn leave(browser: &mut Browser, count: &str) -> Answer {
    let form = line(browser, 1, "Jambalaya").form("Save").fill("How many", count).check("Wrong dish");
    let answer = browser.submit(&form);
    browser.follow(&answer)
}

#[test]
fn portions_that_were_taken_back_are_restored_unchanged() {
    for left in ["0", "1", "2", "3"] {
        let (mut open, mut robin) = serving();
        let (before, kitchen) = (stored(&mut open), robin.get("/kitchen").all(".ticket, .cooked li"));
        let page = leave(&mut robin, left);
        assert_ne!(stored(&mut open), before, "{left}");
        let answer = robin.submit(&page.form("Undo"));
        assert_eq!(answer.location().as_deref(), Some("/orders/1"), "{left}: {answer}");
        let page = robin.follow(&answer);
        assert_eq!(page.all("[role=status]"), ["Back on the order."]);
        assert_eq!(page.all(".bill tbody td.name"), ["4 × Jambalaya no okra"]);
        assert!(!page.has_button("Undo"));
        assert_eq!(stored(&mut open), before, "{left}");
        assert_eq!(robin.get("/kitchen").all(".ticket, .cooked li"), kitchen, "{left}");
    }
}

/// The dish is as it was on the order, whatever it is on the menu now.
#[test]
fn a_dish_is_restored_even_if_the_menu_has_changed() {
    type Change = fn(&mut Browser);
    let changes: [Change; 3] = [
        |it| {
            let form = it.get("/menu/2").form("Save item").fill("Name", "Gumbo").fill("Price", "99");
            assert_eq!(it.submit(&form).status, 303);
        },
        |it| drop(press(it, "/sold-out", "Jambalaya", "Sold out")),
        |it| drop(press(it, "/menu", "Jambalaya", "Remove")),
    ];
    for change in changes {
        for left in ["0", "3"] {
            let (mut open, mut robin) = serving();
            let before = stored(&mut open);
            let page = leave(&mut robin, left);
            change(&mut open.margot());
            assert_eq!(robin.submit(&page.form("Undo")).status, 303);
            assert_eq!(stored(&mut open), before);
        }
    }
}

/// The guests have ordered the dish once more in the meantime.
#[test]
fn it_is_merged_with_later_orders_of_the_same_dish() {
    for (left, more) in [("0", "1 more"), ("3", "1 more")] {
        let (open, mut robin) = serving();
        let page = leave(&mut robin, left);
        open.wait(MINUTE);
        order(&mut robin, "Jambalaya", "1", "no okra");
        assert_eq!(robin.submit(&page.form("Undo")).status, 303);
        assert_eq!(robin.get("/").all(".ticket .lines li"), ["5 × Jambalaya no okra $109.90"]);
        // Two of the five are cooked; two have waited for six minutes.
        let ticket = robin.get("/kitchen").all(".tickets .ticket").concat();
        assert!(ticket.contains("3 × Jambalaya") && ticket.contains("6 min"), "{left}: {ticket}");
        assert!(ticket.contains(more), "{left}: {ticket}");
    }
}

/// In any order: each entry knows which portions it took.
#[test]
fn portions_taken_back_in_steps_are_restored_in_steps() {
    for undone_first in [0, 1] {
        let (mut open, mut robin) = serving();
        let before = (stored(&mut open), ordered(&mut open));
        let pages = [leave(&mut robin, "1"), leave(&mut robin, "0")];
        for page in [&pages[undone_first], &pages[1 - undone_first]] {
            assert_eq!(robin.submit(&page.form("Undo")).status, 303);
        }
        assert_eq!(ordered(&mut open), before.1);
        assert_eq!(robin.get("/").all(".ticket .lines li"), ["4 × Jambalaya no okra $87.92"]);
        // In the other order, the first one finds no mark of the kitchen: the line has none until the second.
        if undone_first == 1 {
            assert_eq!(stored(&mut open), before.0);
        }
    }
}

/// Nobody waits for a dish that the kitchen takes for cooked.
#[test]
fn portions_that_the_kitchen_unmarked_are_cooked_again() {
    let (mut open, mut robin) = serving();
    let page = leave(&mut robin, "1");
    press(&mut robin, "/kitchen", "Jambalaya", "Undo");
    assert_eq!(robin.submit(&page.form("Undo")).status, 303);
    assert_eq!(open.database.rows("quantity, cooked", "order_details"), "quantity | cooked\n4 | 0");
}

#[test]
fn the_log_keeps_both_entries() {
    let (open, mut robin) = serving();
    let page = leave(&mut robin, "3");
    robin.submit(&page.form("Undo"));
    assert_eq!(
        open.margot().get("/log").all(".entries li p:first-child"),
        [
            "Robin put 1 × Jambalaya (no okra) back on table 4",
            "Robin took back 1 × Jambalaya (no okra) on table 4 and left 3: wrong dish",
        ]
    );
}

#[test]
fn the_report_no_longer_counts_it() {
    let (open, mut robin) = serving();
    let mut margot = open.margot();
    let page = leave(&mut robin, "3");
    leave(&mut robin, "1");
    let taken_back =
        |margot: &mut Browser| margot.get("/report").all("section[aria-labelledby=taken-back] tbody tr");
    assert_eq!(taken_back(&mut margot), ["Robin 3 $65.94"]);
    assert_eq!(robin.submit(&page.form("Undo")).status, 303);
    assert_eq!(taken_back(&mut margot), ["Robin 2 $43.96"]);
    let file = margot.get("/report?format=csv").body;
    assert!(file.contains("2026-02-14,taken back by,Robin,,,2,43.96,,"), "{file}");
    // It can be taken back again, and then it counts.
    leave(&mut robin, "1");
    assert_eq!(taken_back(&mut margot), ["Robin 3 $65.94"]);
}

/// The cookie names the order and the entry, and the server decides what becomes of them.
#[test]
fn a_forged_cookie_puts_nothing_back() {
    let (_open, mut robin) = serving();
    for (cookie, has_button) in [
        ("taken-off.1.2", true),
        ("taken-off.1", false),
        ("taken-off.1.2.3", false),
        ("taken-off.1.x", false),
        ("taken-off.1.<b>", false),
        ("taken-off", false),
        ("saved.1.2", false),
    ] {
        robin.cookies().insert("done".to_owned(), cookie.to_owned());
        assert_eq!(robin.get("/orders/1").has_button("Undo"), has_button, "{cookie}");
    }
}

/// When there is to be more, nothing was taken back.
#[test]
fn undo_is_offered_only_after_something_was_taken_back() {
    let (_open, mut robin) = serving();
    for count in ["5", "5"] {
        let page = leave(&mut robin, count);
        assert_eq!(page.all("[role=status]"), ["Saved."]);
        assert!(!page.has_button("Undo"));
    }
    let form = take_back(&mut robin, 1, "Jambalaya");
    let answer = robin.submit(&form);
    assert!(robin.follow(&answer).has_button("Undo"));
}
