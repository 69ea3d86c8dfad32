//! Every page in every state, audited on each kind of device, by day and by night.
//!
//!     SCREENSHOTS=target/screenshots cargo test -p order-up --features browser --test browser pages
//!
//! also keeps a picture of each.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::audits::{audit, places};
use crate::axe::violations_of_colors;
use crate::chrome::{Chrome, DESKTOP, LANDSCAPE, PHONE, Setting, TABLET};
use crate::device::for_axe;
use crate::full_house::{LONG_NAME, MARGOT, full_house, open_order};
use crate::served::{Served, serve_restaurant};

#[tokio::test]
async fn on_a_phone_and_a_tablet() {
    audit_all([PHONE, TABLET]).await;
}

#[tokio::test]
async fn on_a_tablet_on_its_side_and_a_desktop() {
    audit_all([LANDSCAPE, DESKTOP]).await;
}

/// The variable that names a folder for the pictures.
const SCREENSHOTS: &str = "SCREENSHOTS";

fn keeps_screenshots() -> bool {
    std::env::var_os(SCREENSHOTS).is_some()
}

/// Audits each page in each of its states on two devices, and reports everything that was found.
///
/// # Panics
///
/// When anything was found.
async fn audit_all(devices: [Setting; 2]) {
    let served = serve_restaurant(&full_house()).await;
    let chrome = Chrome::start(&served.address, devices[0]).await;
    let mut tour = Tour { served, chrome, devices, states: 0, orders: 0, found: Vec::new() };
    tour.before_signing_in().await;
    tour.chrome.sign_in("1234").await;
    tour.boards().await;
    tour.forms_with_mistakes().await;
    tour.other_pages().await;
    tour.of_a_long_name().await;
    tour.chrome.quit().await;
    assert!(tour.found.is_empty(), "{}", tour.found.join("\n"));
}

struct Tour {
    served: Served,
    chrome: Chrome,
    devices: [Setting; 2],
    /// How many states were looked at.
    states: usize,
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

    /// Looks at what the browser shows on both devices, by day and by night. Axe takes much longer than all else, and
    /// what it finds hardly depends on the device: it looks at one of them by day and at the other's colors by night,
    /// and at the next state the other way around.
    async fn see(&mut self, state: &str) {
        let [first, second] = self.devices;
        let [all, colors] = for_axe(self.devices, self.states);
        for device in [second, first] {
            for setting in [device, device.by_night()] {
                // By night only colors differ, so without a picture there is nothing more to look at.
                if setting.dark && setting != colors && !keeps_screenshots() {
                    continue;
                }
                self.chrome.turn_into(setting).await;
                assert_eq!(self.size_and_scheme().await, json!([setting.width, setting.dark]));
                self.keep_screenshot(state, setting).await;
                let found = match setting {
                    setting if setting == all => audit(&self.chrome).await,
                    setting if setting == colors => violations_of_colors(&self.chrome).await,
                    Setting { dark: false, .. } => places(&self.chrome).await,
                    Setting { dark: true, .. } => Vec::new(),
                };
                let place = format!("{state}, {} orders, {setting:?}", self.orders);
                self.found.extend(found.into_iter().map(|it| format!("{place}: {it}")));
            }
        }
        // What is typed and clicked next, is on the first.
        self.chrome.turn_into(first).await;
        self.states += 1;
    }

    async fn size_and_scheme(&self) -> Value {
        let script = "return [document.documentElement.clientWidth, matchMedia('(prefers-color-scheme: dark)').matches]";
        self.chrome.execute(script, vec![]).await.expect("the script runs")
    }

    async fn keep_screenshot(&self, state: &str, Setting { width, dark, .. }: Setting) {
        let Some(folder) = std::env::var_os(SCREENSHOTS) else { return };
        let scheme = if dark { "night" } else { "day" };
        let state = state.replace(|it: char| !it.is_ascii_alphanumeric(), "-");
        let name = format!("{width}-{scheme}-{:02}-{state}.png", self.orders);
        let picture = self.chrome.screenshot().await.expect("the browser shows a page");
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(PathBuf::from(folder).join(name), picture).expect("the picture can be kept");
    }
}
