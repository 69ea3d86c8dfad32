//! Headers and pages that are safe, whatever was typed, [P10].

use gates::{Answer, Browser};

use crate::Open;
use crate::restaurant::{PAGES, add, assign, with_dish};

const NAME: &str = "<script>alert(\"1\")</script> & 'O\"B";

/// A restaurant in which everything is called `name`, with an order that is open and a closed one.
fn where_all_is_named(name: &str) -> (Open, Browser) {
    let mut restaurant = with_dish(name, 350);
    restaurant.employees[0].name = name.to_owned();
    let open = Open::with(&restaurant);
    let mut browser = open.margot();
    for table in ["Table 4", "Table 5"] {
        assign(&mut browser, table, name);
        add(&mut browser, table, &[name]);
    }
    let close = browser.get("/").form_in("Table 5", "Close table");
    browser.submit(&close);
    (open, browser)
}

fn has_headers(answer: &Answer) -> bool {
    let header =
        |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = header("content-security-policy");
    policy.contains("default-src 'none'")
        && policy.contains("frame-ancestors 'none'")
        && policy.contains("form-action 'self'")
        && !policy.contains("unsafe")
        && header("x-content-type-options") == "nosniff"
}

#[test]
fn p10_names_with_markup_and_quotes_show_as_text() {
    let (_open, mut browser) = where_all_is_named(NAME);
    for page in [
        "/",
        "/?all",
        "/orders/1",
        "/orders/1/split?rest",
        "/menu",
        "/menu/1",
        "/employees",
        "/employees/1",
        "/history",
        "/report",
        "/account",
    ] {
        let answer = browser.get(page);
        assert_eq!(answer.all("script").len(), 0, "{page}");
        assert!(answer.text().contains(NAME), "{page}: {answer}");
    }
    assert_eq!(browser.get("/menu/1").form("Save item").value("Name"), NAME);
    assert_eq!(browser.get("/employees/1").form("Save").value("Name"), NAME);
}

#[test]
fn p10_input_shows_as_text_in_the_form_that_comes_back() {
    let open = Open::new();
    let mut margot = open.margot();
    let form = margot.get("/menu").form("Add item").fill("Name", NAME).fill("Price", "\"><script>");
    let answer = margot.submit(&form);
    assert_eq!((answer.status.as_u16(), answer.all("script").len()), (422, 0));
    assert_eq!(answer.form("Add item").value("Price"), "\"><script>");
    let next = "/session/?next=%2F%22%3E%3Cscript%3E";
    assert_eq!(margot.get(next).all("script").len(), 0);
}

#[test]
fn p10_every_response_has_the_security_headers() {
    let (open, mut margot) = where_all_is_named("Margot");
    let form = margot.get("/").form("Assign table");
    let style = margot.get("/").body.split('"').find(|it| it.ends_with(".css")).map(str::to_owned);
    let style = style.expect("the page has a style sheet");
    for page in
        PAGES.iter().chain(&["/nowhere", "/orders/99", "/orders/x", "/session/logout", "/health", &style])
    {
        assert!(has_headers(&margot.get(page)), "{page}");
        assert!(has_headers(&open.browser().get(page)), "{page}, for a visitor");
    }
    let too_long = form.clone().fill("Guests", &"9".repeat(300_000));
    for form in [form.clone(), form.clone().fill("Guests", "x"), form.clone().without("token"), too_long] {
        assert!(has_headers(&margot.submit(&form)));
    }
    margot.headers().insert("sec-fetch-site", "cross-site".to_owned());
    assert!(has_headers(&margot.submit(&form)));
}

#[test]
fn p10_a_page_limits_what_a_browser_may_do_with_it() {
    let answer = Open::new().browser().get("/session/");
    let headers =
        answer.headers.iter().filter(|(name, _)| *name != "set-cookie" && *name != "content-length");
    let mut headers: Vec<_> =
        headers.map(|(name, value)| format!("{name}: {}", value.to_str().expect("it is text"))).collect();
    headers.sort_unstable();
    insta::assert_snapshot!(headers.join("\n"), @r"
    cache-control: no-store
    content-security-policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    content-type: text/html; charset=utf-8
    referrer-policy: same-origin
    x-content-type-options: nosniff
    x-frame-options: DENY
    ");
}

#[test]
fn p10_no_page_needs_what_the_policy_forbids() {
    let (_open, mut margot) = where_all_is_named("Margot");
    for page in PAGES {
        let answer = margot.get(page);
        let live = answer.headers["content-security-policy"]
            .to_str()
            .is_ok_and(|it| it.contains("script-src 'self'"));
        assert_eq!(answer.all("script[src^='/static/']").len(), usize::from(live), "{page}");
        let forbidden = "script:not([src^='/static/']), style, [style], [onclick], [onchange], [onsubmit], iframe, object, base";
        assert_eq!(answer.all(forbidden).len(), 0, "{page}");
    }
}

#[test]
fn p10_pages_are_not_cached_and_the_style_sheet_is() {
    let open = Open::new();
    let mut margot = open.margot();
    let board = margot.get("/");
    assert_eq!(board.headers["cache-control"], "no-store");
    let style = board.body.split('"').find(|it| it.ends_with(".css")).map(str::to_owned);
    let style = margot.get(&style.expect("the page has a style sheet"));
    assert!(style.headers["cache-control"].to_str().is_ok_and(|it| it.contains("immutable")));
}

#[test]
fn p10_sql_in_a_field_is_text() {
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    let tables = open.database.tables();
    let sql = "x'); DROP TABLE order_details; --";
    let forms = [
        ("/", "Assign table", vec!["Guests", "Table", "Server"]),
        ("/menu", "Add item", vec!["Name", "Price", "Menu", "Type"]),
        ("/tables", "Add table", vec!["Number", "Seats"]),
        ("/employees", "Add employee", vec!["Name", "Employee number", "Role", "Temporary password"]),
        ("/employees/1", "Save", vec!["Name"]),
        ("/account", "Change password", vec!["Current password", "New password"]),
        ("/session/", "Sign in", vec!["Employee number", "Password"]),
    ];
    for (page, button, labels) in forms {
        let form = labels.iter().fold(margot.get(page).form(button), |form, label| form.fill(label, sql));
        let status = margot.submit(&form).status;
        assert!(status == 422 || page == "/employees/1", "{page}: {status}");
    }
    let add = margot.get("/").form_in("Table 4", "Add to order").tamper("menu_item_ids", sql);
    assert_eq!(margot.submit(&add).status, 422);
    for path in ["/orders/1'--", "/history?day='--", "/menu/1%27", "/?all='"] {
        assert!(margot.get(path).status.as_u16() < 500, "{path}");
    }
    assert_eq!(open.database.tables(), tables);
    assert_eq!(open.count(&format!("employees WHERE name = '{}'", sql.replace('\'', "''"))), 1);
}

#[test]
fn p10_a_page_that_does_not_exist_shows_a_message() {
    let open = Open::new();
    let mut margot = open.margot();
    for path in ["/nowhere", "/orders/99", "/orders/x", "/orders/99999999999", "/menu/99", "/employees/99"] {
        let answer = margot.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("does not exist"), "{path}: {answer}");
    }
    let answer = margot.get("/orders");
    assert_eq!(answer.status, 405);
    assert_eq!(answer.all("h1"), ["Not possible"]);
}

#[test]
fn a_server_who_requests_all_orders_gets_only_their_own() {
    let open = Open::new();
    let (mut margot, mut robin) = (open.margot(), open.robin());
    assign(&mut margot, "Table 4", "Margot");
    assign(&mut margot, "Table 5", "Robin");
    assert_eq!(margot.get("/?all").all(".ticket h3"), ["Table 4", "Table 5"]);
    assert_eq!(robin.get("/?all").all(".ticket h3"), ["Table 5"]);
}

#[test]
fn the_files_of_a_page_have_the_right_content_types() {
    let mut visitor = Open::new().browser();
    let page = visitor.get("/session/").body;
    let addresses = page.split('"').filter(|part| part.starts_with("/static/"));
    let mut kinds: Vec<_> = addresses
        .map(|address| {
            assert_eq!(visitor.post(address, &[]).status, 405, "{address}");
            let file = visitor.get(address);
            assert_eq!(file.status, 200, "{address}");
            file.headers["content-type"].to_str().expect("it is text").to_owned()
        })
        .collect();
    kinds.sort();
    assert_eq!(kinds, ["image/svg+xml", "text/css; charset=utf-8"]);
}
