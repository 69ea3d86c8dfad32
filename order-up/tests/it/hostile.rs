//! Requests that no page of the app makes: every answer is one that was meant, and nothing breaks.
//!
//!     REQUESTS=20000 cargo test -p order-up --test it hostile -- --nocapture

use std::collections::BTreeMap;

use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::IndexedRandom;
use fake::rand::{RngExt, SeedableRng};
use gates::Browser;

use crate::restaurant::{Open, add, assign};

const METHODS: [&str; 8] = ["GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"];

/// `{}` is a number, or what somebody types in its place.
const PATHS: [&str; 34] = [
    "/",
    "/orders",
    "/orders/{}",
    "/orders/{}/items",
    "/orders/{}/items/{}",
    "/orders/{}/items/{}/remove",
    "/orders/{}/close",
    "/orders/{}/close/undo",
    "/orders/{}/taken-back/{}/undo",
    "/find",
    "/orders/{}/move",
    "/orders/{}/hand-over",
    "/orders/{}/reopen",
    "/orders/{}/split?paid={}x{}&quantity_{}={}&line_ids={}&part=",
    "/menu",
    "/menu/{}",
    "/menu/{}/remove",
    "/menu/types/{}/swap/{}",
    "/sold-out/{}",
    "/sold-out/{}/undo",
    "/tables",
    "/tables/{}/remove",
    "/employees",
    "/employees/{}",
    "/employees/{}/password",
    "/employees/{}/reinstate",
    "/account",
    "/history?day={}&format={}",
    "/log?day={}&order={}&before={}",
    "/report?day={}&format={}",
    "/session/?next={}",
    "/health",
    "/static/{}",
    "/{}",
];

const NUMBERS: [&str; 14] = [
    "1",
    "2",
    "3",
    "4",
    "0",
    "-1",
    "+1",
    "2147483648",
    "99999999999999999999",
    "x",
    "%00",
    "%ff",
    "..",
    "1%2F2",
];

const FIELDS: [&str; 23] = [
    "table_id",
    "employee_id",
    "guests",
    "menu_item_ids",
    "quantity_1",
    "quantity_x",
    "note_1",
    "quantity",
    "was",
    "reason",
    "words",
    "name",
    "price",
    "menu",
    "type",
    "upper",
    "lower",
    "number",
    "capacity",
    "role",
    "new_password",
    "current_password",
    "token",
];

const VALUES: [&str; 19] = [
    "",
    "1",
    "2",
    "3",
    "-1",
    "0",
    "999",
    "1000",
    "2147483648",
    "1e9",
    "NaN",
    "3.50",
    "manager",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "'%3B+DROP+TABLE+orders%3B+--",
    "%00",
    "%ff%fe",
    "%F0%9F%8D%9F",
    "%",
];

const CONTENT_TYPES: [&str; 5] =
    ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", "text/plain", "x"];

#[test]
fn hostile_requests_are_answered_and_break_nothing() {
    let requests = std::env::var("REQUESTS").map_or(1200, |requests| requests.parse().expect("a number"));
    let seed = gates::seed();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut open = Open::new();
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya"]);
    let mut answers: BTreeMap<(&str, u16), usize> = BTreeMap::new();
    let mut with_token = 0;
    let password = open.database.rows("hashed_password", "employees WHERE id = 1");
    let password = password.lines().nth(1).expect("Margot has a password").to_owned();
    for number in 0..requests {
        // So long that nobody has to wait for having tried a wrong password; a session lasts longer.
        open.wait(3601);
        if margot.get("/account").status != 200 {
            // One of the requests was a good one, and has set another password.
            open.database.run(&format!("UPDATE employees SET hashed_password = '{password}' WHERE id = 1"));
            margot = open.margot();
        }
        let path = PATHS.choose(&mut rng).expect("there are paths");
        let mut browser = margot.another();
        let signed_in = rng.random_range(0..10) < 6;
        if signed_in {
            browser.cookies().extend(margot.cookies().clone());
        } else if rng.random() {
            browser
                .cookies()
                .insert("session".to_owned(), VALUES.choose(&mut rng).expect("values").to_string());
        }
        let (mut body, token) = body(&mut rng, signed_in.then_some(&mut margot));
        with_token += u32::from(token);
        if rng.random_range(0..100) == 0 {
            body.extend(vec![b'x'; 300_000]);
        }
        let filled = fill(&mut rng, path);
        let method = METHODS.choose(&mut rng).expect("methods");
        let content_type = match rng.random_range(0..5) {
            0 => CONTENT_TYPES.choose(&mut rng).expect("types"),
            _ => CONTENT_TYPES[0],
        };
        let answer = browser.ask(method, &filled, content_type, body.clone());
        let status = answer.status.as_u16();
        assert!(
            status < 500,
            "seed {seed}, request {number}: {method} {filled} {:?}: {answer}",
            String::from_utf8_lossy(&body)
        );
        *answers.entry((path, status)).or_default() += 1;
    }
    assert!(with_token * 10 >= requests * 3, "{with_token} of {requests} were signed in and had a token");
    // Nothing is half-written, and nobody has got in or out.
    assert_eq!(open.count("orders WHERE closed_at IS NULL AND table_id NOT IN (SELECT id FROM tables)"), 0);
    assert_eq!(open.count("order_details WHERE quantity NOT BETWEEN 1 AND 999"), 0);
    assert!(open.count("employees WHERE role = 'manager' AND retired_at IS NULL") > 0);
    #[cfg(not(feature = "postgres"))]
    assert_eq!(open.database.rows("integrity_check", "pragma_integrity_check"), "integrity_check\nok");
    for ((path, status), count) in answers {
        println!("{path:<32} {status} {count}");
    }
}

/// A form's body, and whether it has a token that is good for this session.
fn body(rng: &mut ChaCha8Rng, signed_in: Option<&mut Browser>) -> (Vec<u8>, bool) {
    let mut pairs = Vec::new();
    for _ in 0..rng.random_range(0..6) {
        let (name, value) = (FIELDS.choose(rng).expect("fields"), VALUES.choose(rng).expect("values"));
        pairs.push(format!("{name}={value}"));
    }
    let page = signed_in.filter(|_| rng.random_range(0..10) < 8).map(|browser| browser.get("/account"));
    let form = page.filter(|page| page.has_button("Log out")).map(|page| page.form("Log out"));
    if let Some(form) = &form {
        pairs.insert(0, format!("token={}", form.hidden("token")));
    }
    (pairs.join("&").into_bytes(), form.is_some())
}

/// The path with something in the place of each `{}`.
fn fill(rng: &mut ChaCha8Rng, path: &str) -> String {
    let mut parts = path.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled.push_str(NUMBERS.choose(rng).expect("numbers"));
        filled.push_str(part);
    }
    filled
}
