//! The page with all tables, for every employee.

use order_up::Restaurant;

use crate::Open;
use crate::restaurant::{add, assign, press};

/// The text of each row.
fn rows(page: &gates::Answer) -> Vec<String> {
    page.all(".tonight tbody tr")
}

/// The demo's restaurant with a few of its tables.
fn small() -> Open {
    let mut restaurant = Restaurant::demo();
    restaurant.tables.retain(|table| [1, 4, 7].contains(&table.number));
    Open::with(&restaurant)
}

#[test]
fn every_employee_sees_all_tables() {
    let open = small();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assert_eq!(rows(&robin.get("/tonight")), ["1 Free seats 2", "4 Free seats 4", "7 Free seats 6"]);
    let form = margot.get("/").form("Assign table").choose("Table", "Table 4").choose("Server", "Margot");
    margot.submit(&form.fill("Guests", "2"));
    add(&mut margot, "Table 4", &["Jambalaya", "French fries"]);
    open.wait(719);
    assign(&mut margot, "Table 7", "Robin");
    for browser in [&mut margot, &mut robin] {
        let page = browser.get("/tonight");
        let taken = ["1 Free seats 2", "4 Margot 2 guests · 11 min $25.48", "7 Robin 0 min $0.00"];
        assert_eq!(rows(&page), taken);
        assert!(page.all("#free").concat().starts_with("1 of 3 free"), "{page}");
        assert!(page.all("#freshness").concat().starts_with("As of 18:41."), "{page}");
        // Without a script, a link reloads the page.
        assert!(page.body.contains("<noscript><a class=\"button second\" href=\"/tonight\">"), "{page}");
    }
    press(&mut margot, "/", "Table 4", "Close table");
    assert_eq!(rows(&robin.get("/tonight"))[1], "4 Free seats 4");
    assert_eq!(open.browser().get("/tonight").location().as_deref(), Some("/session/?next=%2Ftonight"));
}

#[test]
fn a_restaurant_without_tables_gets_a_message() {
    let open = Open::with(&Restaurant { tables: Vec::new(), ..Restaurant::demo() });
    let page = open.robin().get("/tonight");
    assert_eq!(page.all(".empty"), ["There are no tables. A manager can add some."]);
}

#[test]
fn the_number_of_queries_does_not_depend_on_the_number_of_orders() {
    let costs = [1, 3].map(|taken| {
        let open = small();
        let mut margot = open.margot();
        for table in ["Table 1", "Table 4", "Table 7"].iter().take(taken) {
            assign(&mut margot, table, "Margot");
            add(&mut margot, table, &["Jambalaya"]);
        }
        margot.get("/account");
        let before = open.database.queries().len();
        assert_eq!(margot.get("/tonight").status, 200);
        open.database.queries().len() - before
    });
    // Two of them check the session.
    assert_eq!(costs, [4, 4]);
}
