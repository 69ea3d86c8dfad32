//! Another device for a page that is open: its size and its scheme. The tests of the page for the lessons use it, too.

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::driver::{Chrome, Setting};

impl Chrome {
    /// Shows the page as a device of this size does, by day or by night. Whether scripts run stays as it is.
    pub async fn turn_into(&self, Setting { width, height, dark, .. }: Setting) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        let scheme = if dark { "dark" } else { "light" };
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        for (command, parameters) in
            [("Emulation.setDeviceMetricsOverride", size), ("Emulation.setEmulatedMedia", scheme)]
        {
            let command = OfChromium { command, parameters };
            self.issue_cmd(command).await.expect("the browser shows another device");
        }
        // It has drawn the page once more.
        let is_drawn =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.execute_async(is_drawn, vec![]).await.expect("the script runs");
    }
}

/// Where axe looks at a state: at all of it as the first of these settings shows it, and at its colors as the second
/// does. Axe takes much longer than all else, and what it finds hardly depends on the device. So it looks at one of
/// them by day and at the other by night, and at the next state the other way around.
pub fn for_axe([first, second]: [Setting; 2], state: usize) -> [Setting; 2] {
    if state.is_multiple_of(2) { [first, second.by_night()] } else { [second, first.by_night()] }
}

/// A command of Chromium's own protocol, which chromedriver hands on.
///
/// Source: <https://chromedevtools.github.io/devtools-protocol/tot/Emulation/>.
#[derive(Debug)]
struct OfChromium {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for OfChromium {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.expect("a session has begun");
        base.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}
