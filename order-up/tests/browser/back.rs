//! The browser's Back: it offers no order a second time, and no half of one.

use crate::chrome::{Chrome, DESKTOP};
use crate::served::serve;

const FRIES: &str = "//input[@aria-label='How many French fries']";
const ADD: &str = "//li[contains(., 'Table 4')]//button[.='Add to order']";

#[tokio::test]
async fn going_back_after_an_order_shows_an_empty_form() {
    let served = serve().await;
    let chrome = with_an_order(&served.address).await;
    chrome.click(ADD).await;
    chrome.wait_for_text(".ticket .total", "$46.48").await;
    chrome.back().await.expect("there is a page before");
    chrome.wait_for_text("#assign", "Assign table").await;
    assert_eq!(ordered(&chrome).await, "");
    chrome.quit().await;
}

#[tokio::test]
async fn an_expired_form_leads_back_to_everything_that_was_typed() {
    let mut served = serve().await;
    let chrome = with_an_order(&served.address).await;
    send_too_late(&chrome).await;
    chrome.click("//a[.='Continue']").await;
    chrome.wait_for_text("#assign", "Assign table").await;
    assert_eq!(ordered(&chrome).await, "Jambalaya French fries 7");
    chrome.click(ADD).await;
    chrome.wait_for_text(".ticket .total", "$46.48").await;
    let lines = served.database.rows("name, quantity", "order_details ORDER BY name");
    assert_eq!(lines, "name | quantity\nFrench fries | 7\nJambalaya | 1");
    chrome.quit().await;
}

#[tokio::test]
async fn going_back_from_an_expired_form_shows_everything_that_was_typed_or_nothing() {
    let served = serve().await;
    let chrome = with_an_order(&served.address).await;
    send_too_late(&chrome).await;
    chrome.back().await.expect("there is a page before");
    chrome.wait_for_text("#assign", "Assign table").await;
    // As the browser has kept the page, or loads it again. Never a dish without its quantity.
    let after_back = ordered(&chrome).await;
    assert!(["", "Jambalaya French fries 7"].contains(&after_back.as_str()), "{after_back}");
    chrome.quit().await;
}

/// Sends the order from a page that is too old.
async fn send_too_late(chrome: &Chrome) {
    // As after another sign-in in this browser.
    chrome
        .execute("document.getElementsByName('token').forEach(it => it.value = '0'.repeat(96))", vec![])
        .await
        .expect("the script runs");
    chrome.click(ADD).await;
    chrome.wait_for_text("h1", "That form is too old").await;
}

/// Margot has seated guests at table 4, and has chosen a jambalaya and seven fries for them.
async fn with_an_order(address: &str) -> Chrome {
    let chrome = Chrome::start(address, DESKTOP).await;
    chrome.sign_in("1234").await;
    chrome.click("//select[@id='table_id']/option[starts-with(., 'Table 4 ')]").await;
    chrome.click("//button[.='Assign table']").await;
    chrome.wait_for_text(".ticket h3", "Table 4").await;
    chrome.click("//label[contains(., 'Jambalaya')]").await;
    chrome.click("//label[contains(., 'French fries')]").await;
    chrome.type_into(FRIES, "7").await;
    chrome
}

/// The dishes that are checked, and the quantities that are typed.
async fn ordered(chrome: &Chrome) -> String {
    const ORDERED: &str = "
        const boxes = [...document.querySelectorAll('.item :checked')].map(it => it.nextElementSibling.innerText);
        const quantities = [...document.querySelectorAll('.quantity')].map(it => it.value).filter(it => it);
        return [...boxes, ...quantities].join(' ');
    ";
    let ordered = chrome.execute(ORDERED, vec![]).await.expect("the script runs");
    ordered.as_str().expect("it returns text").to_owned()
}
