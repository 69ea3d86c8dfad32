//! Every page, in both colour schemes: what axe finds, and whether a finger hits what it aims at.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::chrome::{Chrome, DESKTOP, PHONE, Setting};
use crate::served::serve;

const PAGES: [&str; 12] = [
    "/",
    "/?all=1",
    "/?again=1",
    "/orders/1",
    "/menu",
    "/menu/1",
    "/tables",
    "/employees",
    "/employees/2",
    "/history",
    "/account",
    "/no-such-page",
];

#[tokio::test]
async fn axe_finds_no_violation_by_day() {
    each_page(DESKTOP, Check::Axe).await;
}

#[tokio::test]
async fn axe_finds_no_violation_by_night() {
    each_page(Setting { dark: true, ..PHONE }, Check::Axe).await;
}

#[tokio::test]
async fn fingers_hit_what_they_aim_at() {
    each_page(PHONE, Check::Targets).await;
    each_page(DESKTOP, Check::Targets).await;
}

/// Opens each page, those of who has not signed in first, with an order of many kinds on the board.
async fn each_page(setting: Setting, check: Check) {
    let served = serve().await;
    let chrome = Chrome::start(&served.address, setting).await;
    chrome.open("/session/").await;
    assert_eq!(is_dark(&chrome).await, setting.dark);
    check.run(&chrome, "/session/").await;
    chrome.sign_in().await;
    chrome.click("//button[.='Assign table']").await;
    chrome.wait_for_text(".ticket h3", "Table 1").await;
    chrome.click("//label[contains(., 'Jambalaya')]").await;
    chrome.click("//li[contains(., 'Table 1')]//button[.='Add to order']").await;
    chrome.wait_for_text(".ticket .total", "$21.98").await;
    for page in PAGES {
        chrome.open(page).await;
        check.run(&chrome, page).await;
    }
    // With a mistake in a form, and its explanation.
    chrome.open("/tables").await;
    chrome.type_into("//input[@id='number']", "1").await;
    chrome.type_into("//input[@id='capacity']", "0").await;
    chrome.click("//button[.='Add table']").await;
    chrome.wait_for_text(".error", "A whole number").await;
    check.run(&chrome, "/tables, refused").await;
    chrome.quit().await;
}

async fn is_dark(chrome: &Chrome) -> bool {
    let dark = chrome.execute("return matchMedia('(prefers-color-scheme: dark)').matches", vec![]).await;
    dark.expect("the script runs") == true
}

#[derive(Clone, Copy)]
enum Check {
    Axe,
    Targets,
}

impl Check {
    async fn run(self, chrome: &Chrome, page: &str) {
        let found = match self {
            Self::Axe => violations(chrome).await,
            Self::Targets => small_targets(chrome).await,
        };
        assert_eq!(found, Vec::<String>::new(), "{page}");
    }
}

/// What axe calls a violation: the rule, and the element.
async fn violations(chrome: &Chrome) -> Vec<String> {
    chrome.execute(&axe(), vec![]).await.expect("axe can be read");
    let found = chrome.execute_async(RUN_AXE, vec![]).await.expect("axe runs");
    found.as_array().into_iter().flatten().map(Value::to_string).collect()
}

const RUN_AXE: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document).then(
        ({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html + ' ' + node.failureSummary))),
        error => done(['axe: ' + error]),
    );
";

fn axe() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/axe/node_modules/axe-core/axe.min.js");
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}; `npm install --prefix target/axe axe-core@4.14.1` puts it there", file.display())
    })
}

/// What can be tapped and is less than 44 pixels wide or high, and whether the page is wider than the screen.
async fn small_targets(chrome: &Chrome) -> Vec<String> {
    let found = chrome.execute(SMALL, vec![]).await.expect("the script runs");
    found.as_array().into_iter().flatten().map(Value::to_string).collect()
}

const SMALL: &str = "
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const small = [...document.querySelectorAll('a, button, input:not([type=hidden]), select')].filter(it => {
        if (it.classList.contains('skip')) return false;
        // A box is tapped by its label, which is around it.
        const { width, height } = (it.type === 'checkbox' ? it.closest('label') : it).getBoundingClientRect();
        return width > 0 && (width < 44 || height < 44);
    });
    const found = small.map(it => it.outerHTML);
    return wide > 0 ? [`the page is ${wide} pixels too wide`, ...found] : found;
";
