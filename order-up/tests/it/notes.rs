//! What guests want otherwise: a note makes a line of its own.

use diesel::connection::SimpleConnection;
use gates::{Browser, Form};

use crate::restaurant::{Open, add, assign, line, press, take_back};

const MARKED: &str = "Nothing was added. Fix what is marked on the menu.";
const ALONE: &str = "Check the item, type a quantity, or clear this note.";

/// Robin, who serves table 4.
fn serving() -> (Open, Browser) {
    let open = Open::new();
    let mut robin = open.robin();
    assign(&mut robin, "Table 4", "Robin");
    (open, robin)
}

/// One jambalaya with this note.
fn jambalaya(browser: &mut Browser, note: &str) -> Form {
    let form = browser.get("/").form_in("Table 4", "Add to order");
    form.check("Jambalaya").fill("Note for Jambalaya", note)
}

fn lines(browser: &mut Browser) -> Vec<String> {
    browser.get("/").all(".ticket .lines li")
}

#[test]
fn the_same_dish_with_the_same_note_is_one_line() {
    let (_open, mut robin) = serving();
    for note in ["", "no shrimp", " no shrimp ", "No shrimp", "  ", "no shrimp"] {
        let form = jambalaya(&mut robin, note);
        assert_eq!(robin.submit(&form).status, 303, "{note}");
    }
    let expected =
        ["2 × Jambalaya $43.96", "3 × Jambalaya no shrimp $65.94", "1 × Jambalaya No shrimp $21.98"];
    assert_eq!(lines(&mut robin), expected);
    let bill = robin.get("/orders/1");
    assert_eq!(bill.all("tbody tr"), expected.map(|line| format!("{line} Change")));
    press(&mut robin, "/", "Table 4", "Close table");
    assert_eq!(robin.get("/orders/1").all("tbody tr"), expected);
}

#[test]
fn each_dish_of_an_order_has_its_own_note() {
    let (_open, mut robin) = serving();
    let form = jambalaya(&mut robin, "mild").fill("How many French fries", "2");
    let form = form.fill("Note for French fries", "<i>no</i> salt").check("Dr. Pepper");
    robin.submit(&form);
    let expected =
        ["1 × Dr. Pepper $1.00", "1 × Jambalaya mild $21.98", "2 × French fries <i>no</i> salt $7.00"];
    assert_eq!(lines(&mut robin), expected);
}

#[test]
fn a_different_price_gets_its_own_line_even_with_the_same_note() {
    let (open, mut robin) = serving();
    let form = jambalaya(&mut robin, "mild");
    robin.submit(&form);
    let mut margot = open.margot();
    let form = margot.get("/menu/2").form("Save item").fill("Price", "23");
    margot.submit(&form);
    let form = jambalaya(&mut robin, "mild");
    robin.submit(&form);
    assert_eq!(lines(&mut robin), ["1 × Jambalaya mild $21.98", "1 × Jambalaya mild $23.00"]);
}

#[test]
fn a_note_has_at_most_a_hundred_characters_and_is_one_line_of_text() {
    let (mut open, mut robin) = serving();
    for (wrong, error) in [
        ("ä".repeat(101), "At most 100 characters; this has 101."),
        ("no\tshrimp".to_owned(), "Use a single line of text."),
    ] {
        let form = jambalaya(&mut robin, &wrong).check("French fries");
        let back = robin.submit(&form);
        assert_eq!((back.status.as_u16(), back.all(".notice")), (422, vec![MARKED.to_owned()]));
        let form = back.form_in("Table 4", "Add to order");
        assert_eq!(
            (form.error("Note for Jambalaya").as_str(), form.value("Note for Jambalaya")),
            (error, wrong)
        );
        assert_eq!(back.all("[autofocus]").len(), 1);
        assert_eq!(back.all("label:has([checked])").len(), 2);
    }
    assert_eq!(open.count("order_details"), 0);
    let longest = "ä".repeat(100);
    let form = jambalaya(&mut robin, &longest);
    robin.submit(&form);
    assert_eq!(lines(&mut robin), [format!("1 × Jambalaya {longest} $21.98")]);
}

/// Most likely the box was forgotten.
#[test]
fn a_note_for_a_dish_that_is_not_ordered_is_reported() {
    let (mut open, mut robin) = serving();
    for quantity in ["", "0"] {
        let form = robin.get("/").form_in("Table 4", "Add to order").check("French fries");
        let form = form.fill("How many Jambalaya", quantity).fill("Note for Jambalaya", "mild");
        let back = robin.submit(&form);
        assert_eq!((back.status.as_u16(), back.all(".notice")), (422, vec![MARKED.to_owned()]));
        let form = back.form_in("Table 4", "Add to order");
        assert_eq!(form.error("Note for Jambalaya"), ALONE);
        assert_eq!(form.value("Note for Jambalaya"), "mild");
        // With its box checked the form is right.
        assert_eq!(open.count("order_details"), 0);
        let answer = robin.submit(&form.check("Jambalaya").fill("How many Jambalaya", ""));
        assert_eq!(robin.follow(&answer).all(".ticket .lines li").len(), 2);
        open.database.run("DELETE FROM order_details");
    }
    let form = robin.get("/").form_in("Table 4", "Add to order").check("French fries");
    for name in ["note_7000", "note_", "note_x"] {
        let back = robin.submit(&form.clone().also(name, "mild"));
        let gone = "An item that you chose is no longer on the menu, so nothing was added. Choose again.";
        assert_eq!((back.status.as_u16(), back.all(".notice")), (422, vec![gone.to_owned()]), "{name}");
    }
    assert_eq!(open.count("order_details"), 0);
}

#[test]
fn a_note_outlives_the_session_it_was_typed_in() {
    let (open, mut robin) = serving();
    let form = jambalaya(&mut robin, "no shrimp");
    open.wait(12 * 60 * 60);
    let answer = robin.submit(&form);
    let form = robin.follow(&answer).form("Sign in").fill("Employee number", "2345");
    let answer = robin.submit(&form.fill("Password", "password"));
    let board = robin.follow(&answer);
    assert_eq!(board.form_in("Table 4", "Add to order").value("Note for Jambalaya"), "no shrimp");
}

#[test]
fn one_of_two_lines_of_a_dish_is_taken_back_with_its_note() {
    let (open, mut robin) = serving();
    add(&mut robin, "Table 4", &["Jambalaya"]);
    let form = jambalaya(&mut robin, "mild");
    robin.submit(&form);
    assert!(line(&mut robin, 1, "mild").text().contains("$21.98 each · mild"));
    let form = take_back(&mut robin, 1, "mild");
    robin.submit(&form);
    assert_eq!(lines(&mut robin), ["1 × Jambalaya $21.98"]);
    let log = open.margot().get("/log").all(".entries li p:first-child");
    assert_eq!(log, ["Robin took back 1 × Jambalaya (mild) on table 4: wrong dish"]);
}

#[test]
fn p6_notes_add_no_query_to_the_board() {
    let (open, mut robin) = serving();
    for note in ["", "mild", "hot", "no shrimp"] {
        let form = jambalaya(&mut robin, note);
        robin.submit(&form);
    }
    robin.get("/");
    let before = open.database.statements().len();
    assert_eq!(robin.get("/").all(".ticket .lines small").len(), 3);
    let statements = open.database.statements().split_off(before);
    assert_eq!(statements.iter().filter(|statement| statement.starts_with("SELECT")).count(), 6);
}

#[cfg(not(feature = "postgres"))]
const WAYS: [&str; 2] = [
    include_str!("../../migrations/sqlite/2026-02-01-000007_add_sold_out_and_notes/up.sql"),
    include_str!("../../migrations/sqlite/2026-02-01-000007_add_sold_out_and_notes/down.sql"),
];
#[cfg(feature = "postgres")]
const WAYS: [&str; 2] = [
    include_str!("../../migrations/postgres/2026-02-01-000007_add_sold_out_and_notes/up.sql"),
    include_str!("../../migrations/postgres/2026-02-01-000007_add_sold_out_and_notes/down.sql"),
];

/// On SQLite, the rows are copied to a new table.
#[test]
fn the_migration_changes_no_bill_and_reverting_it_merges_lines_with_different_notes() {
    let (mut open, mut robin) = serving();
    add(&mut robin, "Table 4", &["French fries", "Dr. Pepper"]);
    for note in ["mild", "", "hot"] {
        let form = jambalaya(&mut robin, note).fill("How many Jambalaya", "2");
        robin.submit(&form);
    }
    let [up, down] = WAYS;
    let mut conn = open.database.connect(groundwork::connect);
    let mut lines = || {
        let columns = "id, order_id, menu_item_id, name, price_cents, quantity";
        open.database
            .rows(columns, "order_details ORDER BY id")
            .lines()
            .skip(1)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let before = lines();
    assert_eq!(before.lines().count(), 5);
    conn.batch_execute(down).expect("it goes back");
    let added_up = "1 | 1 | 1 | Dr. Pepper | 100 | 1\n2 | 1 | 3 | French fries | 350 | 1\n3 | 1 | 2 | Jambalaya | 2198 | 6";
    assert_eq!(lines(), added_up);
    conn.batch_execute(up).expect("it goes there again");
    assert_eq!(lines(), added_up);
    assert_eq!(robin.get("/").all(".ticket .total"), ["$136.38"]);
    // What has to differ has to differ again.
    let insert = "INSERT INTO order_details (order_id, menu_item_id, name, price_cents, quantity) VALUES (1, 2, 'x', 2198, 1)";
    assert_eq!(open.database.run(insert), "refused: UniqueViolation");
}
