//! A browser for one test of Order Up.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::elements::Element;

pub use crate::driver::{Chrome, Setting};

pub const SMALL_PHONE: Setting = Setting { width: 320, height: 568, dark: false, script: true };
pub const PHONE: Setting = Setting { width: 360, height: 740, dark: false, script: true };
pub const TABLET: Setting = Setting { width: 768, height: 1024, dark: false, script: true };
pub const LANDSCAPE: Setting = Setting { width: 1024, height: 768, dark: false, script: true };
pub const DESKTOP: Setting = Setting { width: 1280, height: 900, dark: false, script: true };

impl Chrome {
    /// Starts a browser for the app at `address`.
    ///
    /// # Panics
    ///
    /// When chromedriver or Chromium is not installed, with the command that installs them.
    pub async fn start(address: &str, setting: Setting) -> Self {
        Self::start_with(address, setting, &[], 10).await
    }

    /// Whether a page's own script runs.
    pub async fn runs_scripts(&self) -> bool {
        self.goto("data:text/html,<script>document.title='on'</script>").await.expect("the page opens");
        self.title().await.expect("a page has a title") == "on"
    }

    /// The text of all elements that a CSS selector finds.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.find_all(Locator::Css(css)).await.unwrap_or_default() {
            // An element may be gone with its page by now.
            texts.extend(element.text().await.ok());
        }
        texts
    }

    /// What an XPath finds, as soon as it is on the page: the one before may still be there.
    async fn found(&self, xpath: &str) -> Element {
        let wait = self.wait().at_most(Duration::from_secs(5));
        let found = wait.for_element(Locator::XPath(xpath)).await;
        found.unwrap_or_else(|error| panic!("{xpath}: {error}"))
    }

    /// Clicks what an XPath finds, in the middle of the screen, where a person would have scrolled it to.
    pub async fn click(&self, xpath: &str) {
        for _ in 0..10 {
            let found = self.found(xpath).await;
            let element = serde_json::to_value(&found).expect("an element has a name");
            let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
            let clicked = match self.execute(scroll, vec![element]).await {
                Ok(_) => found.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return,
                // It was on the page before, which is gone.
                Err(error) if error.is_stale_element_reference() => {}
                Err(error) => panic!("{xpath}: {error}"),
            }
        }
        panic!("{xpath}: each time it is found, its page is gone");
    }

    /// Types into what an XPath finds.
    pub async fn type_into(&self, xpath: &str, text: &str) {
        let field = self.found(xpath).await;
        field.send_keys(text).await.unwrap_or_else(|error| panic!("{xpath}: {error}"));
    }

    /// Waits until one of the elements that a CSS selector finds begins with `text`.
    ///
    /// # Panics
    ///
    /// When none does within five seconds, with what there is.
    pub async fn wait_for_text(&self, css: &str, text: &str) {
        let mut last = Vec::new();
        for _ in 0..100 {
            // While the next page is loading, an element may be of the one before.
            last = self.texts(css).await;
            if last.iter().any(|found| found.starts_with(text)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no {css:?} says {text:?}: {last:?}");
    }

    pub async fn sign_in(&self, employee_number: &str) {
        self.open("/session/").await;
        for (field, text) in [("employee_number", employee_number), ("password", "password")] {
            let field = self.find(Locator::Id(field)).await.expect("the form has the field");
            field.send_keys(text).await.expect("one can type into it");
        }
        self.click("//button[.='Sign in']").await;
        self.wait_for_text("#assign", "Assign table").await;
    }
}
