//! Forms with mistakes in them, [P13].

use gates::Answer;

use crate::Open;
use crate::restaurant::{assign, sign_in};

/// A form that was sent with mistakes: each field keeps what was typed, and says what is wrong.
#[track_caller]
fn refused(button: &str, page: &str, fields: &[(&str, &str, &str)]) -> Answer {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get(page).form(button);
    let typed = fields.iter().fold(form, |form, (label, text, _)| form.fill(label, text));
    let answer = margot.submit(&typed);
    assert!([409, 422].contains(&answer.status.as_u16()), "{answer}");
    assert!(!answer.all("[role=alert]").is_empty(), "{answer}");
    let back = answer.form(button);
    for (label, text, error) in fields {
        assert_eq!(back.error(label), *error, "{label}");
        assert_eq!(back.value(label), *text, "{label}");
    }
    answer
}

const FILL: &str = "Fill this in.";
const NEW_PASSWORD: &str = "Temporary password";

#[test]
fn p13_assign_a_table() {
    for guests in ["many", "0", "-2", "1000", "2.5"] {
        refused("Assign table", "/", &[("Guests", guests, "Enter a whole number from 1 to 999.")]);
    }
}

/// One less than what is refused.
#[test]
fn p13_the_longest_and_largest_values_are_accepted() {
    let open = Open::new();
    let mut margot = open.margot();
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let forms: [(&str, &str, Fields<'_>); 4] = [
        ("/", "Assign table", &[("Guests", "999")]),
        (
            "/menu",
            "Add item",
            &[
                ("Name", &"ä".repeat(50)),
                ("Price", "10000.00"),
                ("Menu", &"ä".repeat(30)),
                ("Type", &"ä".repeat(20)),
            ],
        ),
        ("/tables", "Add table", &[("Number", "9999"), ("Seats", "999")]),
        (
            "/employees",
            "Add employee",
            &[("Name", &"ä".repeat(100)), ("Employee number", "999999"), (NEW_PASSWORD, &"ä".repeat(200))],
        ),
    ];
    for (page, button, fields) in forms {
        let form = margot.get(page).form(button);
        let form = fields.iter().fold(form, |form, (label, text)| form.fill(label, text));
        let answer = margot.submit(&form);
        assert_eq!(answer.status, 303, "{button}: {answer}");
    }
    let (number, seats) = ("Enter a whole number from 1 to 9999.", "Enter a whole number from 1 to 999.");
    refused("Add table", "/tables", &[("Number", "10000", number), ("Seats", "1000", seats)]);
    let (long, number) = ("At most 100 characters; this has 101.", "Enter a whole number from 1 to 999999.");
    let name = "ä".repeat(101);
    refused("Add employee", "/employees", &[("Name", &name, long), ("Employee number", "1000000", number)]);
    let (menu, kind) = ("At most 30 characters; this has 31.", "At most 20 characters; this has 21.");
    let names = [31, 21].map(|length| "ä".repeat(length));
    refused("Add item", "/menu", &[("Menu", &names[0], menu), ("Type", &names[1], kind)]);
}

#[test]
fn p13_spaces_around_a_number_are_ignored() {
    let open = Open::new();
    let mut margot = open.margot();
    for (table, guests, shown) in [("Table 4", "  ", "since"), ("Table 7", " 3 ", "3 guests")] {
        let form = margot.get("/").form("Assign table").choose("Table", table).choose("Server", "Margot");
        let answer = margot.submit(&form.fill("Guests", guests));
        let board = margot.follow(&answer);
        assert!(board.all(".tickets .about").iter().any(|about| about.starts_with(shown)), "{board}");
    }
}

#[test]
fn p13_the_board_comes_back_with_the_table_and_server_that_were_chosen() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/").form("Assign table").choose("Table", "Table 7").choose("Server", "Sam");
    let back = margot.submit(&form.clone().fill("Guests", "many")).form("Assign table");
    assert_eq!(["Table", "Server"].map(|it| back.value(it)), ["Table", "Server"].map(|it| form.value(it)));
}

#[test]
fn p13_an_empty_order_is_explained() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.all(".notice"),
        ["Check an item on the menu or type a quantity, then add it to an order."]
    );
}

#[test]
fn p13_checks_and_quantities_stay_when_one_quantity_is_wrong() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = assign(&mut margot, "Table 4", "Margot").form_in("Table 4", "Add to order");
    let form = form.check("Jambalaya").check("French fries").fill("How many Jambalaya", "3");
    let back = margot.submit(&form.fill("How many French fries", "x"));
    assert_eq!(back.all("fieldset input[checked]").len(), 2);
    assert_eq!(back.form("Add to order").value("How many Jambalaya"), "3");
    assert_eq!(back.form("Add to order").error("How many Jambalaya"), "");
}

#[test]
fn p13_add_an_item() {
    let price = "Enter a price like 3.50, at most 10000.00.";
    refused("Add item", "/menu", &[("Name", "", FILL), ("Price", "cheap", price), ("Menu", " ", FILL)]);
    for wrong in ["-1", "1,234", "10000.01", "1.234", ""] {
        refused(
            "Add item",
            "/menu",
            &[("Price", wrong, price), ("Menu", "Lunch", ""), ("Type", "Soups", "")],
        );
    }
    refused("Add item", "/menu", &[("Name", "Jam\tbalaya", "Use a single line of text.")]);
    let long = "ä".repeat(51);
    refused("Add item", "/menu", &[("Name", &long, "At most 50 characters; this has 51.")]);
}

#[test]
fn p13_add_an_item_that_already_exists() {
    let taken = "This menu already has an item with that name.";
    let fields =
        [("Name", "Jambalaya", taken), ("Price", "3", ""), ("Menu", "Dinner", ""), ("Type", "Sides", "")];
    assert_eq!(refused("Add item", "/menu", &fields).status, 409);
    assert_eq!(refused("Save item", "/menu/1", &[("Name", "Jambalaya", taken)]).status, 409);
}

#[test]
fn p13_edit_an_item() {
    let answer = refused("Save item", "/menu/1", &[("Name", "", FILL), ("Price", "1.00", "")]);
    assert_eq!(answer.form("Save item").action(), "/menu/1");
}

#[test]
fn p13_add_a_table() {
    let (number, seats) = ("Enter a whole number from 1 to 9999.", "Enter a whole number from 1 to 999.");
    refused("Add table", "/tables", &[("Number", "0", number), ("Seats", "few", seats)]);
    refused("Add table", "/tables", &[("Number", "4", "There is already a table 4."), ("Seats", "6", "")]);
}

#[test]
fn p13_add_an_employee() {
    let number = "Enter a whole number from 1 to 999999.";
    refused("Add employee", "/employees", &[("Name", " ", FILL), ("Employee number", "x", number)]);
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/employees").form("Add employee").choose("Role", "Manager");
    let form = form.fill("Name", "Alex").fill("Employee number", "1234");
    for (password, error) in
        [("short", "Use 8 to 200 characters."), ("password", "Everybody knows this one. Choose another.")]
    {
        let back = margot.submit(&form.clone().fill(NEW_PASSWORD, password)).form("Add employee");
        assert_eq!((back.error(NEW_PASSWORD).as_str(), back.value(NEW_PASSWORD).as_str()), (error, ""));
        assert_eq!((back.value("Name").as_str(), back.value("Role").as_str()), ("Alex", "manager"));
    }
    let back = margot.submit(&form.fill(NEW_PASSWORD, "orange juice"));
    assert_eq!(back.status, 409);
    let error = back.form("Add employee").error("Employee number");
    assert_eq!(error, "Another employee has or had this number.");
}

#[test]
fn p13_change_an_employee() {
    let long = "x".repeat(101);
    let error = "At most 100 characters; this has 101.";
    refused("Save", "/employees/2", &[("Name", &long, error), ("Role", "server", "")]);
    refused("Set password", "/employees/2", &[(NEW_PASSWORD, "", "Use 8 to 200 characters.")]);
}

#[test]
fn p13_the_last_managers_role_is_explained_beside_its_field() {
    let last = "There is no other manager. Make someone else a manager first.";
    refused("Save", "/employees/1", &[("Role", "server", last), ("Name", "Margot", "")]);
}

#[test]
fn p13_change_my_password() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/account").form("Change password");
    let form = form.fill("Current password", "wrong").fill("New password", "short");
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.form("Change password").error("Current password"),
        "That is not your current password."
    );
    let form = form.fill("Current password", "password");
    let back = margot.submit(&form).form("Change password");
    assert_eq!(back.error("New password"), "Use 8 to 200 characters.");
    assert!(!answer.body.contains("short"));
}

#[test]
fn p13_sign_in_keeps_the_number_and_never_the_password() {
    let open = Open::new();
    let answer = sign_in(&mut open.browser(), "1234", "orange juice");
    assert_eq!(answer.form("Sign in").value("Employee number"), "1234");
    assert!(!answer.body.contains("orange juice"));
}
