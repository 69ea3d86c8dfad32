//! What the original app does, [O1] to [O9].

use crate::Open;
use crate::restaurant::{PAGES, add, assign, press, sign_in};
use order_up::Restaurant;

#[test]
fn o1_the_right_number_and_password_lead_to_the_board() {
    let open = Open::new();
    let mut margot = open.browser();
    let answer = sign_in(&mut margot, "1234", "password");
    assert!(margot.follow(&answer).text().contains("Your open orders"));
}

#[test]
fn o1_every_other_page_sends_a_visitor_to_sign_in() {
    let open = Open::new();
    let mut visitor = open.browser();
    for page in PAGES.iter().filter(|page| **page != "/session/") {
        let answer = visitor.get(page);
        assert!(visitor.follow(&answer).has_button("Sign in"), "{page}");
    }
}

#[test]
fn o1_every_page_has_a_button_to_log_out() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    for page in PAGES.iter().filter(|page| **page != "/session/" && !page.contains("format=csv")) {
        assert!(margot.get(page).has_button("Log out"), "{page}");
    }
}

#[test]
fn o1_logging_out_is_a_post_and_ends_the_session() {
    let open = Open::new();
    let mut margot = open.margot();
    assert_eq!(margot.get("/session/logout").status, 405);
    assert!(press(&mut margot, "/", "", "Log out").has_button("Sign in"));
    assert_eq!(margot.get("/").location().as_deref(), Some("/session/"));
}

#[test]
fn o1_passwords_are_stored_hashed_each_with_its_own_salt() {
    let rows = Open::new().database.rows("hashed_password", "employees");
    let mut hashes: Vec<_> = rows.lines().skip(1).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 4);
    assert!(hashes.iter().all(|it| it.starts_with("$argon2id$") && !it.contains("password")), "{rows}");
}

#[test]
fn o4_the_board_offers_tables_servers_and_the_menu_by_type_and_name() {
    let mut restaurant = Restaurant::demo();
    let mut rice = restaurant.menu[2].clone();
    rice.name = "Dirty rice".to_owned();
    restaurant.menu.push(rice);
    let open = Open::with(&restaurant);
    let board = open.margot().get("/");
    assert_eq!(board.form("Assign table").options("Table").len(), 10);
    assert_eq!(board.form("Assign table").options("Server"), ["Margot", "Robin", "Sam"]);
    assert!(board.has_button("Log out"));
    assert_eq!(board.all("fieldset legend"), ["Beverages", "Entrees", "Sides"]);
    let items = board.all("fieldset label");
    let expected = ["Dr. Pepper $1.00", "Jambalaya $21.98", "Dirty rice $3.50", "French fries $3.50"];
    assert_eq!(items, expected);
}

#[test]
fn o4_the_button_in_the_row_sends_the_menu_without_a_script() {
    let open = Open::new();
    let mut margot = open.margot();
    let board = assign(&mut margot, "Table 4", "Margot");
    assert_eq!(board.all(".ticket button[form][formaction]"), ["Add to order"]);
    assert_eq!(board.all("script"), Vec::<String>::new());
    assert_eq!(board.form_in("Table 4", "Add to order").action(), "/orders/1/items");
}

#[test]
fn o4_o5_o6_o7_the_walk_through() {
    let open = Open::new();
    let mut margot = open.margot();
    let board = assign(&mut margot, "Table 4", "Margot");
    assert_eq!(board.all(".ticket h3"), ["Table 4"]);
    assert!(!board.form("Assign table").options("Table").iter().any(|it| it.starts_with("Table 4 ")));

    add(&mut margot, "Table 4", &["French fries"]);
    let board = add(&mut margot, "Table 4", &["French fries", "Jambalaya"]);
    assert_eq!(board.all(".ticket .total"), ["$28.98"]);
    assert_eq!(board.all(".ticket .lines li"), ["2 × French fries $7.00", "1 × Jambalaya $21.98"]);

    let closed = margot.submit(&board.form_in("Table 4", "Close table"));
    let board = margot.follow(&closed);
    assert!(board.form("Assign table").options("Table").iter().any(|it| it.starts_with("Table 4 ")));
    assert_eq!(board.all(".ticket"), Vec::<String>::new());
}

#[test]
fn o5_a_table_is_assigned_to_the_server_who_was_chosen() {
    let open = Open::new();
    assert_eq!(assign(&mut open.margot(), "Table 4", "Robin").all(".ticket"), Vec::<String>::new());
    assert_eq!(open.robin().get("/").all(".ticket h3"), ["Table 4"]);
}

#[test]
fn o6_a_closed_order_stays_as_a_row_with_its_time() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
    open.wait(60);
    press(&mut margot, "/", "Table 4", "Close table");
    assert_eq!(open.count("orders WHERE closed_at = opened_at + 60"), 1);
}

#[test]
fn o7_each_item_that_is_checked_becomes_a_line() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya", "Dr. Pepper"]);
    let lines = open.database.rows("name", "order_details ORDER BY name");
    assert_eq!(lines, "name\nDr. Pepper\nJambalaya");
}

#[test]
fn o8_every_form_that_changes_something_has_a_token() {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya"]);
    for page in PAGES {
        let answer = margot.get(page);
        let tokens = answer.all("form[method=post] input[type=hidden][name=token]");
        assert_eq!(answer.all("form[method=post]").len(), tokens.len(), "{page}");
    }
    assert!(margot.get("/").all("form[method=post]").len() >= 4);
}

#[test]
fn o9_a_manager_adds_an_item_to_the_menu_and_removes_it() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/menu").form("Add item");
    let form = form.fill("Name", "Gumbo").fill("Price", "12.5").fill("Menu", "Dinner").fill("Type", "Soups");
    let added = margot.submit(&form);
    assert!(margot.follow(&added).text().contains("Gumbo $12.50"));
    assert!(margot.get("/").all("fieldset label").contains(&"Gumbo $12.50".to_owned()));
    press(&mut margot, "/menu", "Gumbo", "Remove");
    assert!(!margot.get("/").text().contains("Gumbo"));
}

#[test]
fn o9_a_server_cannot_open_the_managers_pages() {
    let open = Open::new();
    let mut robin = open.robin();
    for page in ["/menu", "/menu/1", "/tables", "/employees", "/employees/1", "/history"] {
        assert_eq!(robin.get(page).status, 403, "{page}");
    }
    assert!(!robin.get("/").text().contains("Employees"));
}
