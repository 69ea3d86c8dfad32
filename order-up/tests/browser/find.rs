//! Finding a dish on a long menu, with scripts and without.

use fantoccini::Locator;
use serde_json::Value;

use crate::chrome::{Chrome, DESKTOP, PHONE, Setting};
use crate::full_house::{MARGOT, full_house, open_order};
use crate::served::{Served, serve_restaurant};

const FIND: &str = "//input[@id='find']";

/// A menu of forty dishes, and an order with nothing on it.
async fn with_an_order(setting: Setting) -> (Served, Chrome) {
    let mut served = serve_restaurant(&full_house()).await;
    open_order(served.database.conn(), MARGOT, 1);
    let chrome = Chrome::start(&served.address, setting).await;
    chrome.sign_in("1234").await;
    (served, chrome)
}

/// The dishes that one sees.
async fn shown(chrome: &Chrome) -> Vec<String> {
    chrome
        .texts(".item:not([hidden]) label span:first-of-type")
        .await
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect()
}

/// What a script returns.
async fn run(chrome: &Chrome, script: &str) -> Value {
    chrome.execute(script, vec![]).await.expect("the script runs")
}

#[tokio::test]
async fn the_menu_is_filtered_while_typing() {
    for setting in [PHONE, DESKTOP] {
        let (mut served, chrome) = with_an_order(setting).await;
        chrome.click("(//label[contains(., 'Roasted')])[1]").await;
        chrome.type_into(FIND, "tea 3").await;
        chrome.wait_for_text("#found", "2 dishes").await;
        assert_eq!(shown(&chrome).await.len(), 3, "{setting:?}: the one that is checked stays");
        let parts = "return [...document.querySelectorAll('fieldset')].filter(it => it.checkVisibility()).length \
                     === [...document.querySelectorAll('.jump a')].filter(it => it.checkVisibility()).length";
        assert_eq!(run(&chrome, parts).await, true, "{setting:?}");
        // Enter neither sends the order nor loads the page again.
        chrome.type_into(FIND, "\u{e007}").await;
        chrome.type_into(FIND, "4").await;
        chrome.wait_for_text("#found", "1 dish").await;
        chrome.click("//label[contains(., 'Tea 34')]").await;
        chrome.click("//button[@aria-label='Add to table 1']").await;
        chrome.wait_for_text(".said", "Added").await;
        let lines = served.database.rows("name", "order_details ORDER BY name");
        assert_eq!(lines.lines().count(), 3, "{lines}");
        assert!(lines.contains("Tea 34") && lines.contains("Roasted"), "{lines}");
        assert_eq!(shown(&chrome).await.len(), 40, "{setting:?}");
        chrome.quit().await;
    }
}

#[tokio::test]
async fn without_scripts_the_find_button_keeps_the_order() {
    let (_served, chrome) = with_an_order(Setting { script: false, ..PHONE }).await;
    chrome.click("(//label[contains(., 'Roasted')])[1]").await;
    chrome.type_into(FIND, "TEA 34").await;
    chrome.click("//button[@id='find-button']").await;
    chrome.wait_for_text("#assign", "Assign table").await;
    for _ in 0..100 {
        if shown(&chrome).await.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let shown = shown(&chrome).await;
    assert!(shown.len() == 2 && shown.iter().any(|name| name == "Tea 34"), "{shown:?}");
    let checked = chrome.find_all(Locator::Css(".item:not([hidden]) :checked")).await;
    assert_eq!(checked.expect("there is a menu").len(), 1);
    chrome.quit().await;
}

/// Without scripts, Enter is the button beside the field, and not the one that adds to the only order.
#[tokio::test]
async fn without_scripts_enter_searches_and_adds_nothing_to_the_order() {
    let (mut served, chrome) = with_an_order(Setting { script: false, ..DESKTOP }).await;
    chrome.click("(//label[contains(., 'Roasted')])[1]").await;
    chrome.type_into(FIND, "TEA 34\u{e007}").await;
    for _ in 0..100 {
        if shown(&chrome).await.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(shown(&chrome).await.len(), 2);
    assert_eq!(served.database.rows("count(*)", "order_details").lines().nth(1), Some("0"));
    chrome.quit().await;
}

/// A link at the top leads to what is wrong below, and one types there at once.
#[tokio::test]
async fn a_link_leads_to_a_mistake_and_focuses_it() {
    let (_served, chrome) = with_an_order(PHONE).await;
    for place in [5, 35] {
        chrome.type_into(&format!("(//input[@class='quantity'])[{place}]"), "x").await;
    }
    chrome.click("//button[@aria-label='Add to table 1']").await;
    chrome.wait_for_text(".notice", "Nothing was added").await;
    for link in [2, 1] {
        chrome.click(&format!("(//ul[@class='marked']//a)[{link}]")).await;
        let focused = "const { top, bottom } = document.activeElement.getBoundingClientRect(); \
                       return document.activeElement.matches('[aria-invalid]') && top > 0 && bottom < innerHeight && \
                       '#' + document.activeElement.id === location.hash";
        assert_eq!(run(&chrome, focused).await, true, "link {link}");
    }
    chrome.quit().await;
}
