//! The live pages in a browser: what the script does with the events, and the page without it.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use groundwork::connect;
use serde_json::json;

use crate::audits::audit;
use crate::axe::violations;
use crate::chrome::{Chrome, DESKTOP, PHONE, Setting};
use crate::full_house::{LONG_NAME, full_house, open_order};
use crate::served::{serve, serve_restaurant};

const ASSIGN: &str = "INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (2, 4, 0, 0)";

/// What a script returns.
async fn returned(chrome: &Chrome, script: &str) -> serde_json::Value {
    chrome.execute(script, vec![]).await.expect("the script runs")
}

#[tokio::test]
async fn a_change_is_shown_and_announced_and_leaves_the_rest_alone() {
    let mut served = serve().await;
    let chrome = Chrome::start(&served.address, DESKTOP).await;
    chrome.sign_in("1234").await;
    chrome.open("/tonight#table-7").await;
    chrome.wait_for_text("#freshness", "Live.").await;
    // Elements that stay keep what the browser knows about them.
    returned(&chrome, "document.querySelector('#table-7').marked = true").await;
    served.database.run(ASSIGN);
    chrome.wait_for_text("#table-4", "4 Robin").await;
    chrome.wait_for_text("#changes", "Table 4: Robin, $0.00.").await;
    let kept = "const row = document.querySelector('#table-7'); return [row.marked, row.matches(':target')]";
    assert_eq!(returned(&chrome, kept).await, json!([true, true]));
    assert_eq!(violations(&chrome).await, Vec::<String>::new());
    served.database.run("UPDATE orders SET closed_at = 1");
    chrome.wait_for_text("#changes", "Table 4 is free.").await;
    chrome.quit().await;
}

#[tokio::test]
async fn the_page_reports_that_updates_have_stopped_and_since_when() {
    let mut served = serve().await;
    let chrome = Chrome::start(&served.address, PHONE).await;
    chrome.sign_in("1234").await;
    chrome.open("/tonight").await;
    chrome.wait_for_text("#freshness", "Live.").await;
    let mut conn = connect(served.database.url()).expect("the database is there");
    for statement in ["ALTER TABLE orders RENAME TO elsewhere", "UPDATE employees SET name = name"] {
        conn.batch_execute(statement).expect("the tables are there");
    }
    chrome.wait_for_text("#freshness", "Live updates have stopped. This is how it was at ").await;
    chrome.wait_for_text("#refresh", "Refresh").await;
    assert_eq!(violations(&chrome).await, Vec::<String>::new());
    conn.batch_execute("ALTER TABLE elsewhere RENAME TO orders").expect("the table is there");
    chrome.wait_for_text("#freshness", "Live.").await;
    // After signing out elsewhere, the page leads to the sign-in page.
    served.database.run("DELETE FROM sessions");
    chrome.wait_for_text("h2", "Sign in").await;
    chrome.quit().await;
}

/// As when the network is lost: the connection stays open, and nothing comes.
#[tokio::test]
async fn the_page_notices_when_updates_stop() {
    let served = serve().await;
    let chrome = Chrome::start(&served.address, DESKTOP).await;
    chrome.sign_in("1234").await;
    chrome.open("/tonight").await;
    chrome.wait_for_text("#freshness", "Live.").await;
    // `source` and `connect` belong to the script.
    returned(&chrome, "connect = () => {}; source.close()").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    chrome.wait_for_text("#freshness", "Live updates have stopped.").await;
    chrome.quit().await;
}

#[tokio::test]
async fn without_scripts_the_page_is_complete_and_a_link_reloads_it() {
    let mut served = serve().await;
    let chrome = Chrome::start(&served.address, Setting { script: false, ..PHONE }).await;
    chrome.sign_in("1234").await;
    chrome.click("//select[@id='table_id']/option[starts-with(., 'Table 7 ')]").await;
    chrome.click("//button[.='Assign table']").await;
    chrome.click("//a[.='See tables tonight']").await;
    chrome.wait_for_text("#table-7", "7 Margot").await;
    chrome.wait_for_text("#freshness", "As of ").await;
    served.database.run(ASSIGN);
    chrome.click("//noscript/a[.='Refresh']").await;
    chrome.wait_for_text("#table-4", "4 Robin").await;
    chrome.quit().await;
}

/// The button that had the focus is gone when another cook was faster.
#[tokio::test]
async fn the_focus_stays_on_a_button_or_goes_to_the_heading_and_never_to_another_button() {
    let mut served = serve().await;
    let lines = "INSERT INTO order_details (order_id, menu_item_id, name, price_cents, quantity)
                 SELECT 1, id, name, price_cents, 2 FROM menu_items WHERE id <= 2";
    for statement in [ASSIGN, lines] {
        served.database.run(statement);
    }
    let chrome = Chrome::start(&served.address, DESKTOP).await;
    chrome.sign_in("2345").await;
    chrome.open("/kitchen").await;
    chrome.wait_for_text("#freshness", "Live.").await;
    returned(&chrome, "document.querySelector('#done-2').focus()").await;
    let focus = "return document.activeElement.id";
    served.database.run("UPDATE order_details SET cooked = 2 WHERE id = 1");
    chrome.wait_for_text("#changes", "Dr. Pepper for table 4 is done or removed.").await;
    assert_eq!(returned(&chrome, focus).await, "done-2");
    served.database.run("UPDATE order_details SET quantity = 3 WHERE id = 2");
    chrome.wait_for_text("#line-2 .more", "1 more").await;
    chrome.wait_for_text("#changes", "Table 4: 3 × ").await;
    assert_eq!(returned(&chrome, focus).await, "done-2");
    served.database.run("UPDATE order_details SET cooked = quantity");
    chrome.wait_for_text(".empty", "Nothing to cook.").await;
    assert_eq!(returned(&chrome, focus).await, "kitchen");
    chrome.quit().await;
}

#[tokio::test]
async fn a_dish_can_be_marked_as_done_and_unmarked_without_scripts() {
    mark_and_undo(Setting { script: false, ..PHONE }).await;
}

#[tokio::test]
async fn a_dish_can_be_marked_as_done_and_unmarked_on_a_live_page() {
    mark_and_undo(DESKTOP).await;
}

async fn mark_and_undo(setting: Setting) {
    let mut served = serve().await;
    let line = "INSERT INTO order_details (order_id, menu_item_id, name, price_cents, quantity)
                VALUES (1, 1, 'Dr. Pepper', 350, 2)";
    for statement in [ASSIGN, line] {
        served.database.run(statement);
    }
    let chrome = Chrome::start(&served.address, setting).await;
    chrome.sign_in("2345").await;
    chrome.open("/kitchen").await;
    chrome.click("//button[.='Done']").await;
    chrome.wait_for_text(".empty", "Nothing to cook.").await;
    chrome.click("//button[.='Undo']").await;
    chrome.wait_for_text(".dish", "2 × Dr. Pepper").await;
    chrome.quit().await;
}

#[tokio::test]
async fn both_pages_fit_on_320_pixels_in_each_state() {
    let mut served = serve_restaurant(&full_house()).await;
    for earlier in 0..4 {
        open_order(served.database.conn(), LONG_NAME, earlier);
    }
    let chrome = Chrome::start(&served.address, Setting { width: 320, ..PHONE }).await;
    chrome.sign_in("1234").await;
    let mut found = Vec::new();
    chrome.open("/tonight#table-61").await;
    chrome.wait_for_text("#freshness", "Live.").await;
    found.extend(audit(&chrome).await);
    chrome.open("/kitchen").await;
    chrome.click("(//button[.='Done'])[1]").await;
    chrome.wait_for_text(".cooked h2", "Done last").await;
    served.database.run("UPDATE order_details SET quantity = quantity + 1 WHERE quantity < 999");
    chrome.wait_for_text(".more", "1 more").await;
    returned(&chrome, "connect = () => {}; source.close()").await;
    chrome.wait_for_text("#freshness", "Live updates have stopped.").await;
    found.extend(audit(&chrome).await);
    assert_eq!(found, Vec::<String>::new());
    chrome.quit().await;
}
