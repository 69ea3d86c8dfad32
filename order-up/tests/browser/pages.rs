//! Every page in every state, audited on each kind of device, by day and by night.
//!
//!     SCREENSHOTS=target/screenshots cargo test -p order-up --features browser --test browser pages
//!
//! also keeps a picture of each.

use std::fs;
use std::path::PathBuf;

use crate::audits::audit;
use crate::chrome::{Chrome, DESKTOP, LANDSCAPE, PHONE, Setting, TABLET};
use crate::full_house::{LONG_NAME, MARGOT, full_house, open_order};
use crate::served::{Served, serve_restaurant};

#[tokio::test]
async fn on_a_phone_by_day() {
    audit_all(PHONE).await;
}

#[tokio::test]
async fn on_a_phone_by_night() {
    audit_all(PHONE.by_night()).await;
}

#[tokio::test]
async fn on_a_tablet_by_day() {
    audit_all(TABLET).await;
}

#[tokio::test]
async fn on_a_tablet_by_night() {
    audit_all(TABLET.by_night()).await;
}

#[tokio::test]
async fn on_a_tablet_that_lies_on_its_side_by_day() {
    audit_all(LANDSCAPE).await;
}

#[tokio::test]
async fn on_a_tablet_that_lies_on_its_side_by_night() {
    audit_all(LANDSCAPE.by_night()).await;
}

#[tokio::test]
async fn on_a_desktop_by_day() {
    audit_all(DESKTOP).await;
}

#[tokio::test]
async fn on_a_desktop_by_night() {
    audit_all(DESKTOP.by_night()).await;
}

/// Audits each page in each of its states, and reports everything that was found.
///
/// # Panics
///
/// When anything was found.
async fn audit_all(setting: Setting) {
    let served = serve_restaurant(&full_house()).await;
    let chrome = Chrome::start(&served.address, setting).await;
    let mut tour = Tour { served, chrome, setting, orders: 0, found: Vec::new() };
    tour.before_signing_in().await;
    tour.chrome.sign_in("1234").await;
    tour.boards().await;
    tour.forms_with_mistakes().await;
    tour.other_pages().await;
    tour.of_a_long_name().await;
    assert_eq!(is_dark(&tour.chrome).await, setting.dark);
    tour.chrome.quit().await;
    assert!(tour.found.is_empty(), "{}", tour.found.join("\n"));
}

struct Tour {
    served: Served,
    chrome: Chrome,
    setting: Setting,
    /// How many orders were opened.
    orders: i32,
    found: Vec<String>,
}

impl Tour {
    async fn before_signing_in(&mut self) {
        self.open("/session/").await;
        self.chrome.type_into("//input[@id='employee_number']", "1234").await;
        self.chrome.type_into("//input[@id='password']", "a guess").await;
        self.send("Sign in", "a wrong password").await;
    }

    /// Boards with no, one, two and many open orders.
    async fn boards(&mut self) {
        self.open("/").await;
        self.open("/?again").await;
        self.open("/?find=tea").await;
        self.open("/?find=nothing").await;
        self.open_orders(MARGOT, 1).await;
        self.open("/").await;
        self.chrome.type_into("(//input[@class='quantity'])[1]", "1000").await;
        self.chrome.type_into("(//input[@class='quantity'])[2]", "x").await;
        self.chrome.click("(//label[input[@type='checkbox']])[2]").await;
        self.chrome.click("(//label[input[@type='checkbox']])[3]").await;
        self.send("Add to order", "wrong quantities").await;
        self.open_orders(MARGOT, 2).await;
        self.open("/").await;
        self.chrome.type_into("//input[@id='guests']", "many").await;
        self.send("Assign table", "a wrong number of guests").await;
        self.open_orders(LONG_NAME, 3).await;
        self.open("/?all").await;
        self.open_orders(MARGOT, 61).await;
        self.open("/").await;
        self.send("Add to order", "nothing ordered").await;
        self.open("/?all").await;
        self.chrome.type_into("(//input[@class='quantity'])[1]", "3").await;
        self.chrome.type_into("(//input[@class='quantity'])[2]", "x").await;
        self.see("a quantity without a check, and a wrong one").await;
        self.send("Add to order", "wrong quantities").await;
    }

    async fn forms_with_mistakes(&mut self) {
        let nobody = "//form[contains(@action, '/5')]";
        for (page, field, typed, button) in [
            ("/menu", "//input[@id='price']", "cheap", "Add item"),
            ("/menu/1", "//input[@id='price']", "cheap", "Save item"),
            ("/tables", "//input[@id='number']", "0", "Add table"),
            ("/employees", "//input[@id='employee_number']", "x", "Add employee"),
            ("/employees/5", &format!("{nobody}//input[@id='new_password']"), "short", "Set password"),
            ("/account", "//input[@id='new_password']", "short", "Change password"),
            ("/account", "//input[@id='new_password']", "orange juice", "Change password"),
        ] {
            self.open(page).await;
            // The browser itself would ask to have empty fields filled in.
            let send_as_it_is = "for (const it of document.forms) it.noValidate = true";
            self.chrome.execute(send_as_it_is, vec![]).await.expect("the script runs");
            self.chrome.type_into(field, typed).await;
            self.send(button, &format!("a mistake on {page}")).await;
        }
        self.chrome.open("/employees/1").await;
        self.send("Retire", "the last manager retires").await;
        self.chrome.open("/tables").await;
        self.send("Remove", "an occupied table is removed").await;
    }

    async fn other_pages(&mut self) {
        self.open("/orders/1").await;
        self.open("/orders/1/items/1").await;
        self.send("Take back all 999", "no reason").await;
        self.chrome.type_into("//input[@id='quantity']", "3").await;
        self.send("Save", "a wrong quantity").await;
        self.chrome.open("/sold-out").await;
        self.chrome.click("(//button[.='Sold out'])[1]").await;
        self.chrome.wait_for_text(".said", "The item is sold out").await;
        self.open("/orders/2").await;
        self.parts_of_a_bill().await;
        for order in [2, 4] {
            self.chrome.open(&format!("/orders/{order}")).await;
            self.chrome.click("//button[.='Close table']").await;
            self.chrome.wait_for_text("#assign", "Assign table").await;
        }
        self.see("an order was closed").await;
        for page in [
            "/orders/2",
            "/tonight",
            "/kitchen",
            "/menu",
            "/menu?again",
            "/menu/1",
            "/tables",
            "/tables?again",
            "/employees",
            "/employees?again",
            "/employees/5",
            "/history",
            "/history?day=never",
            "/log",
            "/log?order=mine&day=soon",
            "/sold-out",
            "/",
            "/report",
            "/report?day=never",
            "/report?day=2026-02-14",
            "/account",
            "/no-such-page",
        ] {
            self.open(page).await;
        }
    }

    /// The parts of the longest bill, and of one with nothing on it.
    async fn parts_of_a_bill(&mut self) {
        self.open("/orders/2/split").await;
        self.open("/orders/1/split?paid=9999x1").await;
        self.open("/orders/1/split").await;
        self.chrome.type_into("(//input[@class='quantity'])[1]", "2").await;
        self.chrome.type_into("(//input[@class='quantity'])[2]", "x").await;
        self.send("Show part 1", "a wrong quantity in a part").await;
        self.open("/orders/1/split?paid=1x2&part=&line_ids=2&quantity_3=998").await;
        self.open("/orders/1/split?rest").await;
    }

    /// What a server sees whose name is as long as it may be.
    async fn of_a_long_name(&mut self) {
        self.chrome.sign_in("9000").await;
        for page in ["/", "/orders/3", "/account", "/menu"] {
            self.open(page).await;
        }
    }

    /// Opens orders until there are so many.
    async fn open_orders(&mut self, employee: i32, count: i32) {
        for earlier in self.orders..count {
            open_order(self.served.database.conn(), employee, earlier);
        }
        self.orders = count;
    }

    /// Opens a page and audits it.
    async fn open(&mut self, page: &str) {
        self.chrome.open(page).await;
        self.see(page).await;
    }

    /// Presses a button and audits the page that comes back with a mistake explained.
    async fn send(&mut self, button: &str, state: &str) {
        self.chrome.click(&format!("(//button[.='{button}'])[1]")).await;
        self.chrome.wait_for_text(".error, .notice", "").await;
        self.see(state).await;
    }

    async fn see(&mut self, state: &str) {
        self.keep_screenshot(state).await;
        let found = audit(&self.chrome).await;
        self.found.extend(found.into_iter().map(|it| format!("{state}, {} orders: {it}", self.orders)));
    }

    async fn keep_screenshot(&self, state: &str) {
        let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
        let Setting { width, dark, .. } = self.setting;
        let scheme = if dark { "night" } else { "day" };
        let state = state.replace(|it: char| !it.is_ascii_alphanumeric(), "-");
        let name = format!("{width}-{scheme}-{:02}-{state}.png", self.orders);
        let picture = self.chrome.screenshot().await.expect("the browser shows a page");
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(PathBuf::from(folder).join(name), picture).expect("the picture can be kept");
    }
}

async fn is_dark(chrome: &Chrome) -> bool {
    let dark = chrome.execute("return matchMedia('(prefers-color-scheme: dark)').matches", vec![]).await;
    dark.expect("the script runs") == true
}
