//! Chromium, driven by chromedriver: what every test in a browser does. The tests of the page for the lessons use it,
//! too.

use std::ops::Deref;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::error::NewSessionError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// A browser that shows nothing, in a container, too, and that calls nobody.
const ARGUMENTS: [&str; 6] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
];

/// How the browser is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub script: bool,
}

impl Setting {
    pub fn by_night(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// A browser for one test.
pub struct Chrome {
    client: Client,
    driver: Child,
    address: String,
}

impl Chrome {
    /// Starts a browser for the pages below `address`, with these arguments, within so many seconds.
    ///
    /// # Panics
    ///
    /// When chromedriver or Chromium is not installed, with the command that installs them.
    pub async fn start_with(address: &str, setting: Setting, arguments: &[&str], seconds: u32) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("there is a free port")
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver runs; `sudo apt-get install chromium chromium-driver` installs it");
        let Setting { width, height, dark, script } = setting;
        // Where scripts are off, no site may run one.
        let scripts = if script { 1 } else { 2 };
        let scheme = if dark { 0 } else { 1 };
        let (size, scheme) = (
            format!("--window-size={width},{height}"),
            format!("--blink-settings=preferredColorScheme={scheme}"),
        );
        let arguments = [&ARGUMENTS, arguments, &[&*size, &scheme]].concat();
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": arguments,
                // A window has at least 500 pixels of width; a device may have fewer.
                "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false } },
                "prefs": { "profile.managed_default_content_settings.javascript": scripts },
            },
        });
        let capabilities = capabilities.as_object().expect("an object").clone();
        let url = format!("http://127.0.0.1:{port}");
        for _ in 0..seconds * 10 {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&url).await {
                Ok(client) => return Self { client, driver, address: address.to_owned() },
                Err(NewSessionError::SessionNotCreated(why)) => panic!("there is no browser: {why}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("Chromium did not start within {seconds} seconds; is it installed?");
    }

    pub async fn open(&self, path: &str) {
        self.goto(&format!("{}{path}", self.address)).await.expect("the page opens");
    }

    /// Ends the browser; chromedriver, when it is killed, leaves it running.
    pub async fn quit(self) {
        self.client.clone().close().await.expect("the browser closes");
    }
}

impl Deref for Chrome {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
