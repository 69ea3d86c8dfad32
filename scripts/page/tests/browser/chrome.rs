//! A browser for one test of the page.

pub use crate::driver::{Chrome, Setting};

pub const NARROW: Setting = Setting { width: 320, height: 640, dark: false, script: true };
pub const TABLET: Setting = Setting { width: 768, height: 1024, dark: false, script: true };
pub const DESKTOP: Setting = Setting { width: 1280, height: 800, dark: false, script: true };
pub const WALL: Setting = Setting { width: 3840, height: 2160, dark: false, script: true };

/// Whether the device asks for less motion.
#[derive(Clone, Copy, PartialEq)]
pub enum Motion {
    Allowed,
    Reduced,
}

impl Setting {
    pub fn without_script(self) -> Self {
        Self { script: false, ..self }
    }
}

impl Chrome {
    /// Starts a browser for the pages below `address`.
    ///
    /// # Panics
    ///
    /// When chromedriver or Chromium is not installed, with the command that installs them.
    pub async fn start(address: &str, setting: Setting, motion: Motion) -> Self {
        let motion = match motion {
            Motion::Allowed => "--force-prefers-no-reduced-motion",
            Motion::Reduced => "--force-prefers-reduced-motion",
        };
        Self::start_with(address, setting, &[motion, "--hide-scrollbars"], 20).await
    }

    /// What an expression of the page's own language yields.
    pub async fn eval(&self, expression: &str) -> serde_json::Value {
        self.execute(&format!("return {expression}"), vec![]).await.expect("the script runs")
    }
}
