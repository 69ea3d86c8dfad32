//! What a person needs next is on the screen, however long the page is.

use serde_json::Value;

use crate::chrome::{Chrome, DESKTOP, LANDSCAPE, PHONE, Setting, TABLET};
use crate::full_house::{MARGOT, full_house, open_order};
use crate::served::{Served, serve_restaurant};

async fn with_a_full_house(setting: Setting) -> (Served, Chrome) {
    let served = serve_restaurant(&full_house()).await;
    let chrome = Chrome::start(&served.address, setting).await;
    chrome.sign_in("1234").await;
    (served, chrome)
}

/// Where the first element that a CSS selector finds is on the screen: on it, or above or below it.
async fn place(chrome: &Chrome, css: &str) -> String {
    const PLACE: &str = "
        const { top, bottom } = document.querySelector(arguments[0]).getBoundingClientRect();
        return bottom < 0 ? 'above' : top > innerHeight ? 'below' : 'on it';
    ";
    let place = chrome.execute(PLACE, vec![Value::from(css)]).await.expect("the script runs");
    place.as_str().expect("it returns text").to_owned()
}

#[tokio::test]
async fn a_mistake_is_on_the_screen_and_has_the_focus() {
    for setting in [PHONE, LANDSCAPE] {
        let (_served, chrome) = with_a_full_house(setting).await;
        chrome.type_into("(//input[@class='quantity'])[30]", "x").await;
        chrome.type_into("(//input[@class='quantity'])[35]", "y").await;
        // The board has no order to add to: any that is not there will do.
        let send =
            "const form = document.getElementById('menu'); form.action = '/orders/1/items'; form.submit()";
        chrome.execute(send, vec![]).await.expect("the script runs");
        chrome.wait_for_text(".error", "Enter a whole number").await;
        assert_eq!(place(&chrome, ".item .error").await, "on it", "{setting:?}");
        chrome.open("/menu").await;
        chrome.type_into("//input[@id='name']", "Tea").await;
        chrome.type_into("//input[@id='price']", "cheap").await;
        chrome.type_into("//input[@id='menu']", "Dinner").await;
        chrome.type_into("//input[@id='type']", "Beverages").await;
        chrome.click("//button[.='Add item']").await;
        chrome.wait_for_text(".error", "Enter a price").await;
        assert_eq!(place(&chrome, ".error").await, "on it", "{setting:?}");
        let focus =
            chrome.execute("return document.activeElement.id", vec![]).await.expect("the script runs");
        assert_eq!(focus, "price", "{setting:?}");
        chrome.quit().await;
    }
}

/// Below a menu of forty dishes, with whatever is in the hand.
#[tokio::test]
async fn the_add_button_is_visible_everywhere_on_the_menu() {
    for setting in [PHONE, TABLET, LANDSCAPE, DESKTOP] {
        let (mut served, chrome) = with_a_full_house(setting).await;
        open_order(served.database.conn(), MARGOT, 0);
        chrome.open("/").await;
        for dish in [1, 20, 40] {
            chrome.type_into(&format!("(//input[@class='quantity'])[{dish}]"), "2").await;
            let bar = "document.querySelector('.within-reach button').getBoundingClientRect()";
            let seen = format!(
                "const {{ top, bottom, height }} = {bar}; return height > 0 && top > 0 && bottom <= innerHeight"
            );
            let seen = chrome.execute(&seen, vec![]).await.expect("the script runs");
            assert_eq!(seen, true, "{setting:?}, dish {dish}");
        }
        chrome.quit().await;
    }
}

#[tokio::test]
async fn the_form_of_a_dish_is_on_the_screen_once_the_dish_is_tapped() {
    for setting in [PHONE, TABLET, LANDSCAPE, DESKTOP] {
        let (_served, chrome) = with_a_full_house(setting).await;
        chrome.open("/menu").await;
        chrome.click("(//td[@class='name']/a)[last()]").await;
        chrome.wait_for_text("#item", "Edit item").await;
        assert_eq!(place(&chrome, "#name").await, "on it", "{setting:?}");
        chrome.quit().await;
    }
}

#[tokio::test]
async fn jumping_to_a_section_of_a_long_menu_keeps_the_input() {
    for (setting, page) in [(PHONE, "/"), (LANDSCAPE, "/"), (PHONE, "/menu"), (DESKTOP, "/menu")] {
        let (_served, chrome) = with_a_full_house(setting).await;
        chrome.open(page).await;
        if page == "/" {
            chrome.type_into("(//input[@class='quantity'])[1]", "2").await;
        }
        // From the first part to the last, and from there to the third.
        for (link, part) in
            [("last()", "#kind-8 legend, #kind-8 caption"), ("3", "#kind-3 legend, #kind-3 caption")]
        {
            chrome.click(&format!("(//nav[@class='jump']/a)[{link}]")).await;
            assert_eq!(place(&chrome, part).await, "on it", "{setting:?}, {page}");
            let covered = format!(
                "const it = document.querySelector('{part}').getBoundingClientRect(); \
                                   return it.top >= document.querySelector('.jump').getBoundingClientRect().bottom"
            );
            assert_eq!(
                chrome.execute(&covered, vec![]).await.expect("the script runs"),
                true,
                "{setting:?}, {page}"
            );
        }
        if page == "/" {
            let typed = "return document.querySelector('.quantity').value";
            assert_eq!(chrome.execute(typed, vec![]).await.expect("the script runs"), "2");
        }
        chrome.quit().await;
    }
}
