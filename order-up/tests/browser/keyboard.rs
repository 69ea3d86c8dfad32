//! Everything without a mouse or a finger.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use order_up::Restaurant;
use serde_json::Value;

use crate::chrome::{Chrome, DESKTOP};
use crate::served::{serve, serve_restaurant};

#[tokio::test]
async fn the_walk_through_works_with_only_the_keyboard() {
    let served = serve().await;
    let chrome = Chrome::start(&served.address, DESKTOP).await;
    sign_in(&chrome).await;

    tab_to(&chrome, "Table").await;
    keys(&chrome, "Table 4").await;
    tab_to(&chrome, "Assign table").await;
    key(&chrome, Key::Enter).await;
    chrome.wait_for_text(".ticket h3", "Table 4").await;

    tab_to(&chrome, "Jambalaya $21.98").await;
    keys(&chrome, " ").await;
    // The orders come before the menu.
    tab_to(&chrome, "Add to order of table 4").await;
    key(&chrome, Key::Enter).await;
    chrome.wait_for_text(".ticket .total", "$21.98").await;

    tab_to(&chrome, "Close table 4").await;
    key(&chrome, Key::Enter).await;
    chrome.wait_for_text(".empty", "No open orders.").await;

    tab_to(&chrome, "Log out").await;
    key(&chrome, Key::Enter).await;
    chrome.wait_for_text("h2", "Sign in").await;
    chrome.quit().await;
}

#[tokio::test]
async fn enter_in_the_menu_does_not_add_to_an_order_by_accident() {
    let served = serve().await;
    let chrome = Chrome::start(&served.address, DESKTOP).await;
    sign_in(&chrome).await;
    for (table, place) in [("Table 4", 1), ("Table 5", 2)] {
        tab_to(&chrome, "Table").await;
        keys(&chrome, table).await;
        tab_to(&chrome, "Assign table").await;
        key(&chrome, Key::Enter).await;
        chrome.wait_for_text(&format!(".ticket:nth-child({place}) h3"), table).await;
    }

    tab_to(&chrome, "Jambalaya $21.98").await;
    keys(&chrome, " ").await;
    tab_to(&chrome, "How many Jambalaya").await;
    keys(&chrome, "2").await;
    key(&chrome, Key::Enter).await;
    tab_to(&chrome, "Add to order of table 5").await;
    key(&chrome, Key::Enter).await;
    chrome.wait_for_text(".ticket:nth-child(2) .total", "$43.96").await;
    chrome.wait_for_text(".ticket:nth-child(1) .total", "$0.00").await;
    chrome.quit().await;
}

/// A form with one text field and no button is sent by Enter; that is what the menu would be here.
#[tokio::test]
async fn enter_in_a_menu_of_one_dish_does_nothing_without_an_order() {
    let mut restaurant = Restaurant::demo();
    restaurant.menu.truncate(1);
    let served = serve_restaurant(&restaurant).await;
    let chrome = Chrome::start(&served.address, DESKTOP).await;
    sign_in(&chrome).await;
    tab_to(&chrome, "How many Dr. Pepper").await;
    keys(&chrome, "2").await;
    key(&chrome, Key::Enter).await;
    // Had a form been sent, this key would come after it.
    keys(&chrome, "4").await;
    let typed = chrome.execute("return document.activeElement.value", vec![]).await;
    assert_eq!(typed.expect("the script runs"), "24");
    assert_eq!(chrome.texts("h1").await, ["Board"]);
    chrome.quit().await;
}

async fn sign_in(chrome: &Chrome) {
    chrome.open("/session/").await;
    // The first field gets the focus by itself, a moment after the page has loaded.
    for _ in 0..100 {
        if focus(chrome).await["name"] == "Employee number" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(focus(chrome).await["name"], "Employee number");
    keys(chrome, "1234").await;
    key(chrome, Key::Tab).await;
    keys(chrome, "password").await;
    key(chrome, Key::Enter).await;
    chrome.wait_for_text("#assign", "Assign table").await;
}

/// Presses Tab until what has the focus is called `name`, and checks that one can see where it is.
async fn tab_to(chrome: &Chrome, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..150 {
        let focus = focus(chrome).await;
        if focus["name"] == name {
            assert_ne!(focus["outline"], "none", "{name} does not show that it has the focus");
            return;
        }
        passed.push(focus["name"].to_string());
        key(chrome, Key::Tab).await;
    }
    panic!("Tab never comes to {name:?}; it came to {passed:?}");
}

/// What has the focus: its name for a screen reader, and its outline.
async fn focus(chrome: &Chrome) -> Value {
    chrome.execute(FOCUS, vec![]).await.expect("the script runs")
}

const FOCUS: &str = "
    const it = document.activeElement;
    const label = it.labels && it.labels.length ? it.labels[0].innerText : it.innerText;
    const name = it.getAttribute('aria-label') || label || '';
    return { name: name.replace(/\\s+/g, ' ').trim(), outline: getComputedStyle(it).outlineStyle };
";

async fn keys(chrome: &Chrome, text: &str) {
    for char in text.chars() {
        press(chrome, char).await;
    }
}

async fn key(chrome: &Chrome, key: Key) {
    press(chrome, key.into()).await;
}

async fn press(chrome: &Chrome, value: char) {
    let press =
        KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
    chrome.perform_actions(press).await.expect("the key can be pressed");
}
