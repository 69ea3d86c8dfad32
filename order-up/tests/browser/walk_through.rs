//! The original's walk-through, with and without scripts, on a phone and on a desktop.

use fantoccini::Locator;

use crate::chrome::{Chrome, DESKTOP, PHONE, Setting};
use crate::served::serve;

#[tokio::test]
async fn on_a_desktop() {
    walk_through(DESKTOP).await;
}

#[tokio::test]
async fn on_a_phone() {
    walk_through(PHONE).await;
}

#[tokio::test]
async fn on_a_desktop_without_scripts() {
    walk_through(Setting { script: false, ..DESKTOP }).await;
}

#[tokio::test]
async fn on_a_phone_without_scripts() {
    walk_through(Setting { script: false, ..PHONE }).await;
}

/// Margot signs in, assigns table 4, adds two fries and one jambalaya, and closes the table.
async fn walk_through(setting: Setting) {
    let served = serve().await;
    let chrome = Chrome::start(&served.address, setting).await;
    assert_eq!(chrome.runs_scripts().await, setting.script);
    chrome.sign_in("1234").await;

    chrome.click("//select[@id='table_id']/option[starts-with(., 'Table 4 ')]").await;
    chrome.click("//button[.='Assign table']").await;
    chrome.wait_for_text(".ticket h3", "Table 4").await;

    chrome.click("//label[contains(., 'Jambalaya')]").await;
    assert_eq!(chosen(&chrome).await, ["Jambalaya"]);
    // A number is an order without a check.
    chrome.type_into("//input[@aria-label='How many French fries']", "2").await;
    chrome.type_into("//input[@aria-label='How many Dr. Pepper']", "0").await;
    assert_eq!(chosen(&chrome).await, ["Jambalaya", "French fries"]);
    chrome.click("//li[contains(., 'Table 4')]//button[.='Add to order']").await;
    chrome.wait_for_text(".ticket .total", "$28.98").await;
    assert_eq!(chrome.texts(".ticket .lines li").await, ["1 × Jambalaya\n$21.98", "2 × French fries\n$7.00"]);

    chrome.click("//li[contains(., 'Table 4')]//button[.='Close table']").await;
    chrome.wait_for_text(".empty", "No open orders.").await;
    let open = chrome.texts("#table_id option").await;
    assert!(open.iter().any(|option| option.starts_with("Table 4 ")), "{open:?}");
    chrome.quit().await;
}

/// The dishes that look as if they were ordered: not on the page's plain ground.
async fn chosen(chrome: &Chrome) -> Vec<String> {
    let mut chosen = Vec::new();
    for item in chrome.find_all(Locator::Css(".item")).await.expect("there is a menu") {
        let ground = item.css_value("background-color").await.expect("it has a color");
        if ground != "rgba(0, 0, 0, 0)" {
            let name = item.find(Locator::Css("span")).await.expect("a dish has a name");
            chosen.push(name.text().await.expect("it can be read"));
        }
    }
    chosen
}
