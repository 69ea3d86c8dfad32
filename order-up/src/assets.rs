//! The style sheet, the icon and the script. They are compiled into the program, so it runs from any folder.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use groundwork::order_up::hex;

pub const STYLE: &str = include_str!("../static/style.css");
pub const ICON: &str = include_str!("../static/icon.svg");
pub const LIVE: &str = include_str!("../static/live.js");

/// Finds dishes while one types.
pub const FIND: &str = include_str!("../static/find.js");

/// The path of the style sheet. It changes with the contents, so browsers may keep a file forever.
pub static STYLE_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/style.css", version(STYLE)));
pub static ICON_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/icon.svg", version(ICON)));
pub static LIVE_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/live.js", version(LIVE)));
pub static FIND_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/find.js", version(FIND)));

fn version(contents: &str) -> String {
    hex::encode(&Sha256::digest(contents)[..6])
}
