//! The largest amounts fit on the smallest phones.

use crate::audits::audit;
use crate::chrome::{Chrome, PHONE, SMALL_PHONE};
use crate::full_house::{MARGOT, full_house, open_order};
use crate::served::serve_restaurant;

#[tokio::test]
async fn a_bill_of_millions_and_its_day_fit_on_a_small_phone() {
    for setting in [SMALL_PHONE, PHONE] {
        let mut served = serve_restaurant(&full_house()).await;
        // 999 of each dish: half of them come to $9990000.00 each.
        open_order(served.database.conn(), MARGOT, 0);
        let chrome = Chrome::start(&served.address, setting).await;
        chrome.sign_in("1234").await;
        for (page, is_closed) in [("/orders/1", false), ("/orders/1", true), ("/history", true)] {
            if is_closed && page == "/orders/1" {
                chrome.click("//button[.='Close table']").await;
                chrome.wait_for_text(".said", "The order is closed").await;
            }
            chrome.open(page).await;
            chrome.wait_for_text(".total", "$199").await;
            let found = audit(&chrome).await;
            assert!(found.is_empty(), "{page}, {setting:?}\n{}", found.join("\n"));
        }
        chrome.quit().await;
    }
}
