//! What changes something, and what never does, [P7].

use gates::Browser;

use crate::Open;
use crate::restaurant::{PAGES, add, assign, sign_in};

/// Every address that changes something.
const POSTS: [&str; 28] = [
    "/orders",
    "/orders/1/items",
    "/orders/1/items/1",
    "/orders/1/items/1/remove",
    "/orders/1/move",
    "/orders/1/hand-over",
    "/orders/1/close",
    "/orders/1/close/undo",
    "/orders/1/taken-back/1/undo",
    "/orders/1/reopen",
    "/kitchen/lines/1/done",
    "/kitchen/done/1/undo",
    "/menu",
    "/menu/1",
    "/menu/1/remove",
    "/menu/types/1/swap/2",
    "/sold-out/1",
    "/sold-out/1/undo",
    "/tables",
    "/tables/1/remove",
    "/employees",
    "/employees/2",
    "/employees/2/password",
    "/employees/2/retire",
    "/employees/2/reinstate",
    "/account",
    "/session/logout",
    "/session/",
];

/// Fields with which each of these addresses would do something.
const FIELDS: [(&str, &str); 19] = [
    ("table_id", "5"),
    ("seen", "0 1"),
    ("employee_id", "1"),
    ("menu_item_ids", "1"),
    ("was", "1"),
    ("quantity", "2"),
    ("reason", "wrong dish"),
    ("number", "77"),
    ("capacity", "4"),
    ("name", "Somebody"),
    ("role", "manager"),
    ("price", "1"),
    ("menu", "Lunch"),
    ("type", "Soups"),
    ("upper", "1"),
    ("lower", "2"),
    ("employee_number", "77"),
    ("new_password", "orange juice"),
    ("current_password", "password"),
];

/// A restaurant with an order, and the browser of its server.
fn with_an_order() -> (Open, Browser) {
    let open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya"]);
    (open, margot)
}

#[test]
fn p7_nothing_changes_on_a_get() {
    let (mut open, mut margot) = with_an_order();
    let before = open.everything();
    for path in PAGES.iter().chain(&POSTS) {
        assert_ne!(margot.get(path).status, 500, "{path}");
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn p7_a_visitor_writes_no_row() {
    let (mut open, margot) = with_an_order();
    let before = open.everything();
    let mut visitor = margot.another();
    for path in PAGES.iter().chain(&["/nowhere", "/health", "/favicon.ico"]) {
        visitor.get(path);
    }
    for path in POSTS {
        visitor.post(path, &FIELDS);
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn p7_a_form_without_its_token_is_refused() {
    let (mut open, mut margot) = with_an_order();
    let before = open.everything();
    for path in POSTS {
        let answer = margot.post(path, &FIELDS);
        assert_eq!(answer.status, 403, "{path}");
        let reason = answer.all("[role=alert]").concat();
        assert!(reason.contains("Nothing was changed") || path == "/session/", "{path}: {answer}");
    }
    assert_eq!(open.everything(), before);
}

#[test]
fn p7_somebody_elses_token_is_refused() {
    let (mut open, mut margot) = with_an_order();
    let mut robin = open.robin();
    let of_robin = robin.get("/").form("Assign table").choose("Table", "Table 5");
    let of_visitor = open.browser().get("/session/").form("Sign in").to("/orders");
    let another_margot = open.margot().get("/").form("Assign table");
    for form in [of_robin.clone(), of_visitor.tamper("table_id", "5"), another_margot] {
        assert_eq!(margot.submit(&form).status, 403);
    }
    assert_eq!(robin.submit(&of_robin.clone().tamper("token", "0000")).status, 403);
    assert_eq!(open.count("orders"), 1);
    assert_eq!(robin.submit(&of_robin).status, 303);
}

#[test]
fn p7_a_token_of_any_text_and_length_is_refused() {
    let (mut open, mut margot) = with_an_order();
    let form = margot.get("/").form("Assign table");
    let (before, ours) = (open.everything(), form.hidden("token").to_owned());
    let made_up = [
        String::new(),
        "ä".repeat(48),
        "🍟".repeat(24),
        "\0".repeat(96),
        "0".repeat(96),
        "x".repeat(100_000),
        "é".repeat(16_000),
        ours[..95].to_owned(),
        format!("{ours}00"),
        format!(" {ours}"),
        // The same bytes in other digits: it would not be the token that was spent.
        format!("{}{}", &ours[..32], ours[32..].to_uppercase()),
    ];
    let mut visitor = open.browser();
    let sign_in = visitor.get("/session/").form("Sign in");
    for token in made_up {
        for answer in [
            margot.submit(&form.clone().tamper("token", &token)),
            visitor.submit(&sign_in.clone().tamper("token", &token)),
        ] {
            assert_eq!(answer.status, 403, "{token:.96?}");
            assert_eq!(answer.all("[role=alert]").len(), 1, "{token:.96?}");
        }
    }
    let no_text = margot.ask("POST", "/orders", "application/x-www-form-urlencoded", b"token=\xff%ff".into());
    assert_eq!(no_text.status, 403);
    assert_eq!(open.everything(), before);
    assert_eq!(margot.submit(&form).status, 303);
}

#[test]
fn p7_a_sign_in_form_works_only_in_its_own_browser() {
    let open = Open::new();
    let form = open.browser().get("/session/").form("Sign in");
    let form = form.fill("Employee number", "1234").fill("Password", "password");
    let mut victim = open.browser();
    assert_eq!(victim.submit(&form).status, 403);
    victim.get("/session/");
    assert_eq!(victim.submit(&form).status, 403);
}

#[test]
fn p7_a_post_from_another_site_is_refused() {
    let (mut open, mut margot) = with_an_order();
    let form = margot.get("/").form_in("Table 4", "Close table");
    let elsewhere = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    margot.headers().insert("host", "order.example".to_owned());
    for (name, value) in elsewhere {
        margot.headers().insert(name, value.to_owned());
        assert_eq!(margot.submit(&form).status, 403, "{name}: {value}");
        margot.headers().remove(name);
    }
    assert_eq!(open.count("orders WHERE closed_at IS NULL"), 1);
    margot.headers().insert("sec-fetch-site", "same-origin".to_owned());
    assert_eq!(margot.submit(&form).status, 303);
}

#[test]
fn p7_a_browser_that_sends_only_its_origin_is_accepted() {
    let open = Open::new();
    let mut margot = open.margot();
    margot.headers().insert("host", "order.example".to_owned());
    margot.headers().insert("origin", "https://order.example".to_owned());
    let form = margot.get("/").form("Assign table");
    assert_eq!(margot.submit(&form).status, 303);
}

/// A proxy may send its own name as the host, and a browser that is a few years old sends only its origin.
#[test]
fn p7_the_settings_name_the_site_behind_a_proxy_that_hides_it() {
    let mut open = Open::new();
    let sent = |open: &Open, origin: &str| {
        let mut margot = open.margot();
        margot.headers().insert("host", "127.0.0.1:8000".to_owned());
        margot.headers().insert("origin", origin.to_owned());
        let form = margot.get("/").form("Assign table");
        margot.submit(&form)
    };
    let refused = sent(&open, "https://orders.example");
    assert_eq!(refused.status, 403);
    let said = refused.all("[role=alert]").concat();
    assert!(said.contains("Nothing was changed") && said.contains("set ORIGIN to it"), "{said}");
    open.set("ORIGIN", "https://Orders.example/");
    for origin in ["https://evil.example", "http://orders.example", "null"] {
        assert_eq!(sent(&open, origin).status, 403, "{origin}");
    }
    assert_eq!(open.count("orders"), 0);
    assert_eq!(sent(&open, "https://orders.example").status, 303);
    assert_eq!(open.count("orders"), 1);
}

#[test]
fn p7_a_sign_in_from_another_site_is_refused() {
    let open = Open::new();
    let mut browser = open.browser();
    browser.headers().insert("sec-fetch-site", "cross-site".to_owned());
    assert_eq!(sign_in(&mut browser, "1234", "password").status, 403);
}

#[test]
fn p7_a_form_that_is_too_large_is_refused() {
    let (mut open, mut margot) = with_an_order();
    let form = margot.get("/").form("Assign table").fill("Guests", &"9".repeat(300_000));
    let answer = margot.submit(&form);
    assert_eq!(answer.status, 413);
    assert_eq!(answer.all("[role=alert]"), ["That form is too large. Nothing was changed."]);
    assert_eq!(open.count("orders"), 1);
}

#[test]
fn p7_a_form_for_a_row_that_does_not_exist_is_not_found() {
    let (mut open, mut margot) = with_an_order();
    let before = open.everything();
    for post in POSTS.iter().filter(|post| post.contains(['1', '2'])) {
        let gone = post.replace("orders/1/items/1", "orders/1/items/99");
        let gone = if gone == *post { post.replace(['1', '2'], "99") } else { gone };
        let form =
            FIELDS.iter().fold(margot.get("/tables").form("Log out").to(&gone), |form, (name, value)| {
                form.also(name, value)
            });
        let answer = margot.submit(&form);
        assert_eq!(answer.status, 404, "{gone}: {answer}");
        assert_eq!(answer.all("[role=alert]").len(), 1, "{gone}: {answer}");
        assert_eq!(open.everything(), before, "{gone}");
    }
}

#[test]
fn a_form_has_at_most_256_kib() {
    let (_open, mut margot) = with_an_order();
    for (length, status) in [(256 * 1024, 403), (256 * 1024 + 1, 413)] {
        let answer = margot.ask("POST", "/tables", "application/x-www-form-urlencoded", vec![b'x'; length]);
        assert_eq!(answer.status, status, "{length} bytes");
    }
}

#[test]
fn an_address_accepts_only_its_methods() {
    let (_open, mut margot) = with_an_order();
    for path in PAGES.iter().chain(&POSTS).chain(&["/health", "/favicon.ico", "/session"]) {
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = margot.ask(method, path, "text/plain", Vec::new());
            assert_eq!(answer.status, 405, "{method} {path}");
        }
    }
}

#[test]
fn an_address_that_people_type_leads_to_the_sign_in_page() {
    let mut visitor = Open::new().browser();
    for (typed, page) in [("/session", "/session/"), ("/", "/session/"), ("/menu", "/session/?next=%2Fmenu")]
    {
        assert_eq!(visitor.get(typed).location().as_deref(), Some(page), "{typed}");
    }
}

#[test]
fn the_health_check_reports_whether_the_tables_can_be_read() {
    let (mut open, _) = with_an_order();
    let mut watch = open.browser();
    let answer = watch.get("/health");
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "ok\n"));
    let asked = open.database.statements();
    assert!(asked.last().is_some_and(|asked| asked.contains("LIMIT")), "{asked:?}");
    let answer = open.database.without("employees", || watch.get("/health"));
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (503, "the database is not responding\n"));
}

#[test]
fn the_style_sheet_is_compressed_and_a_page_with_a_token_is_not() {
    let (_open, mut margot) = with_an_order();
    margot.headers().insert("accept-encoding", "gzip".to_owned());
    let icon = margot.get("/favicon.ico").location().expect("it leads to the icon");
    let encoding = |answer: gates::Answer| answer.headers.get("content-encoding").cloned();
    let style = icon.replace("icon.svg", "style.css");
    assert!(encoding(margot.get(&icon)).is_some_and(|encoding| encoding == "gzip"));
    assert_eq!(encoding(margot.get("/")), None);
    assert_eq!(margot.get(&style).status, 404, "each file has a version of its own");
}

/// The signature of one page's token does not fit another's: each form could be sent again with a new one.
#[test]
fn p7_the_signature_covers_the_whole_token() {
    let mut open = Open::new();
    let mut margot = open.margot();
    let page = margot.get("/tables");
    let form = page.form("Add table").fill("Number", "77").fill("Seats", "4");
    let (_, token) = page.body.split_once("name=\"token\" value=\"").expect("the form has a token");
    let (random, signature) = token[..96].split_at(32);
    let other: String = random.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect();
    let answer = margot.submit(&form.clone().tamper("token", &format!("{other}{signature}")));
    assert_eq!(answer.status, 403);
    assert_eq!(open.count("tables"), 10);
    assert_eq!(margot.submit(&form).status, 303);
}
