//! A dish on a long menu is found by what one types.

use gates::{Answer, Browser};
use groundwork::order_up::Dish;
use order_up::Restaurant;

use crate::restaurant::{Open, assign, sign_in};

/// A restaurant with so many dishes.
fn with_dishes(count: usize) -> Open {
    let dish = |number: usize| Dish {
        menu: "Dinner".to_owned(),
        kind: ["Desserts", "Soups", "Teas", "Wines"][number % 4].to_owned(),
        name: match number {
            0 => "Crème brûlée".to_owned(),
            2 => "Green tea".to_owned(),
            _ => format!("Dish {number}"),
        },
        price_cents: 350,
    };
    Open::with(&Restaurant { menu: (0..count).map(dish).collect(), ..Restaurant::demo() })
}

fn with_order(count: usize) -> (Open, Browser) {
    let open = with_dishes(count);
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    (open, margot)
}

/// The dishes that the page shows.
fn shown(page: &Answer) -> Vec<String> {
    page.all("fieldset:not([hidden]) .item:not([hidden]) label span:first-of-type")
}

fn find(margot: &mut Browser, page: &str, typed: &str) -> Answer {
    let form = margot.get(page).form("Find").fill("Find a dish", typed);
    let answer = margot.submit(&form);
    margot.follow(&answer)
}

#[test]
fn a_menu_of_more_than_thirty_dishes_has_a_search_field() {
    for (count, is_long) in [(30, false), (31, true)] {
        let open = with_dishes(count);
        let mut margot = open.margot();
        let board = margot.get("/");
        assert_eq!((board.has_button("Find"), shown(&board).len()), (is_long, count), "{count}");
        // On a short menu nothing is hidden, for nobody could show it again.
        assert_eq!(shown(&margot.get("/?find=creme")).len(), if is_long { 1 } else { count }, "{count}");
    }
}

#[test]
fn a_dish_is_found_by_its_name_or_type() {
    let (_open, mut margot) = with_order(40);
    for (typed, found) in [
        ("creme", &["Crème brûlée"][..]),
        ("TEA green", &["Green tea"]),
        ("soup 1", &["Dish 1", "Dish 13", "Dish 17", "Dish 21"]),
        ("no such dish", &[]),
    ] {
        let page = find(&mut margot, "/", typed);
        assert_eq!(shown(&page), found, "{typed}");
        assert_eq!(page.form("Find").value("Find a dish"), typed);
        let parts = page.all("fieldset:not([hidden])").len();
        assert_eq!(page.all(".jump a:not([hidden])").len(), parts, "{typed}");
    }
    assert_eq!(shown(&find(&mut margot, "/?find=creme", " ")).len(), 40);
}

/// What is checked is not lost, and nobody adds what they do not see.
#[test]
fn checked_dishes_stay_visible_during_a_search() {
    let (_open, mut margot) = with_order(40);
    let form = margot.get("/").form("Find").check("Dish 5").fill("How many Dish 6", "3");
    let answer = margot.submit(&form.fill("Find a dish", "creme"));
    let place = answer.location().expect("it leads to the board");
    assert!(place.starts_with("/?find=creme&") && !place.contains("token"), "{place}");
    let page = margot.follow(&answer);
    assert_eq!(shown(&page), ["Crème brûlée", "Dish 5", "Dish 6"]);
    assert!(page.all(".notice").is_empty());
    let form = page.form_in("Table 4", "Add to order").check("Crème brûlée");
    let answer = margot.submit(&form);
    let board = margot.follow(&answer);
    let lines = board.all(".ticket .lines li");
    assert_eq!(lines, ["1 × Crème brûlée $3.50", "1 × Dish 5 $3.50", "3 × Dish 6 $10.50"]);
    assert_eq!(shown(&board).len(), 40);
}

#[test]
fn a_search_stays_on_the_board_of_all_orders() {
    let (_open, mut margot) = with_order(40);
    let form = margot.get("/?all").form("Find").fill("Find a dish", "creme");
    let answer = margot.submit(&form);
    assert_eq!(answer.location().as_deref(), Some("/?all&find=creme"));
    assert_eq!(margot.follow(&answer).all("#orders"), ["All open orders"]);
}

#[test]
fn after_a_mistake_the_same_dishes_are_shown() {
    let (_open, mut margot) = with_order(40);
    let page = find(&mut margot, "/", "creme");
    let form = page.form_in("Table 4", "Add to order").fill("How many Crème brûlée", "x");
    let back = margot.submit(&form);
    assert_eq!((back.status.as_u16(), shown(&back)), (422, vec!["Crème brûlée".to_owned()]));
}

/// The address would be too long for some proxies.
#[test]
fn an_order_of_any_length_is_kept() {
    let (_open, mut margot) = with_order(200);
    let form = margot.get("/").form("Find").fill("Find a dish", "creme");
    let form =
        (1..200).filter(|it| *it != 2).fold(form, |form, it| form.fill(&format!("How many Dish {it}"), "2"));
    let page = margot.submit(&form);
    assert_eq!((page.status.as_u16(), shown(&page).len()), (200, 199));
}

#[test]
fn an_order_outlives_a_session_that_ends_during_a_search() {
    let (mut open, mut margot) = with_order(40);
    let form = margot.get("/").form("Find").check("Dish 5").fill("Find a dish", "creme");
    open.database.run("DELETE FROM sessions");
    let answer = margot.submit(&form);
    let place = answer.location().expect("it leads to the sign-in page");
    let form =
        margot.get(&place).form("Sign in").fill("Employee number", "1234").fill("Password", "password");
    let answer = margot.submit(&form);
    let board = margot.follow(&answer);
    assert_eq!(shown(&board), ["Crème brûlée", "Dish 5"]);
}

#[test]
fn searching_for_a_dish_changes_nothing() {
    let (mut open, mut margot) = with_order(40);
    let form = margot.get("/").form("Find").check("Dish 5").fill("Find a dish", "creme");
    let before = open.everything();
    for _ in 0..2 {
        margot.submit(&form);
    }
    assert_eq!(open.everything(), before);
    assert_eq!(margot.submit(&form.without("token")).status, 403);
}

/// A page with a script may run that one, and no page without it may run any.
#[test]
fn a_script_is_allowed_only_on_the_pages_that_use_it() {
    for (count, is_long) in [(30, false), (31, true)] {
        let open = with_dishes(count);
        let mut margot = open.margot();
        let board = margot.get("/");
        let policy = board.headers["content-security-policy"].to_str().expect("it is text");
        assert_eq!(policy.contains("script-src 'self'"), is_long);
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let menu = margot.get("/menu");
        assert!(!menu.headers["content-security-policy"].to_str().expect("it is text").contains("script"));
        let script = board.body.split('"').find(|it| it.ends_with("/find.js")).map(str::to_owned);
        assert_eq!(script.is_some(), is_long);
        if let Some(script) = script {
            let file = open.browser().get(&script);
            assert_eq!(file.headers["content-type"], "text/javascript; charset=utf-8");
        }
    }
}

#[test]
fn a_visitor_cannot_search() {
    let open = with_dishes(40);
    let mut visitor = open.browser();
    assert_eq!(visitor.post("/find", &[("find", "creme")]).status, 303);
    assert_eq!(sign_in(&mut visitor, "1234", "password").status, 303);
    assert_eq!(visitor.post("/find", &[("find", "creme")]).status, 403);
}

/// From the top of a long page one gets to what is wrong in it.
#[test]
fn a_mistake_is_linked_from_the_top_of_the_board() {
    let (_open, mut margot) = with_order(40);
    let form = margot.get("/").form_in("Table 4", "Add to order");
    let back = margot.submit(
        &form.fill("How many Dish 5", "x").fill("How many Dish 6", "0").fill("How many Dish 7", "1000"),
    );
    assert_eq!(back.all(".marked li"), ["Dish 5", "Dish 7"]);
    for dish in ["Dish 5", "Dish 7"] {
        let place = back.link_in("", dish);
        let field = format!("input{place}[aria-invalid]");
        assert_eq!(back.all(&field).len(), 1, "{place}");
    }
    let form = margot.get("/").form("Assign table").fill("Guests", "many");
    let back = margot.submit(&form);
    assert_eq!(
        (back.all(".marked li"), back.link_in("", "Guests")),
        (vec!["Guests".to_owned()], "#guests".to_owned())
    );
    assert!(margot.get("/").all(".marked").is_empty());
}
