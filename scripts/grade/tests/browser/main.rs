//! The gradebook and the feedback in a real browser: Chromium, driven by chromedriver. Linux.
//!
//!     sudo apt-get install chromium chromium-driver
//!     npm install --prefix target/axe axe-core@4.14.1
//!     SCREENSHOTS=target/screenshots cargo test -p grade --features browser --test browser
//!
//! also keeps a picture of each page.

// A copy of the course may lack these tests, so the manifest does not name them.
#![cfg(feature = "browser")]

mod audits;
#[path = "../../../../order-up/tests/browser/axe.rs"]
mod axe;
mod classes;
#[path = "../../../../order-up/tests/browser/driver.rs"]
mod driver;
mod keyboard;
#[path = "../it/material.rs"]
#[allow(dead_code, reason = "the other tests need more of it")]
mod material;
#[path = "../it/verdicts.rs"]
#[allow(dead_code, reason = "the other tests need more of it")]
mod verdicts;

use std::time::Duration;

use classes::Written;
use driver::{Chrome, Setting};
use fantoccini::wd::TimeoutConfiguration;

const PHONE: Setting = Setting { width: 360, height: 740, dark: false, script: true };
const DESKTOP: Setting = Setting { width: 1440, height: 900, dark: false, script: true };
/// A sheet of A4 without its margins.
const PORTRAIT: Setting = Setting { width: 718, height: 1047, dark: false, script: true };
const LANDSCAPE: Setting = Setting { width: 1047, height: 718, dark: false, script: true };

/// A browser for what was written.
async fn open(written: &Written, setting: Setting) -> Chrome {
    let address = format!("file://{}/", written.folder.path().display());
    let arguments = ["--force-prefers-reduced-motion", "--hide-scrollbars"];
    let chrome = Chrome::start_with(&address, setting, &arguments, 20).await;
    // A large page takes axe long on a busy machine.
    let timeouts = TimeoutConfiguration::new(Some(Duration::from_secs(300)), None, None);
    chrome.update_timeouts(timeouts).await.expect("the browser waits");
    chrome
}

impl Chrome {
    /// What an expression of the page's own language yields.
    async fn eval(&self, expression: &str) -> serde_json::Value {
        self.execute(&format!("return {expression}"), vec![]).await.expect("the script runs")
    }
}
