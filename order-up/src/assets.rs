//! The style sheet and the icon. They are compiled into the program, so it runs from any folder.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use groundwork::order_up::hex;

pub const STYLE: &str = include_str!("../static/style.css");
pub const ICON: &str = include_str!("../static/icon.svg");

/// The path of the style sheet. It changes with the contents, so browsers may keep a file forever.
pub static STYLE_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/style.css", version(STYLE)));
pub static ICON_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/icon.svg", version(ICON)));

fn version(contents: &str) -> String {
    hex::encode(&Sha256::digest(contents)[..6])
}
