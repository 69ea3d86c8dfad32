//! The files beside the pages. They are a part of the program, so it runs from anywhere.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use sha2::{Digest, Sha256};
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::security::form_token::hex;

const STYLE: &str = include_str!("../../static/style.css");
const ICON: &str = include_str!("../../static/icon.svg");

/// The address of the style sheet. It changes with the contents, so browsers may keep a file for ever.
pub static STYLE_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/style.css", version(STYLE)));
pub static ICON_URL: LazyLock<String> = LazyLock::new(|| format!("/static/{}/icon.svg", version(ICON)));

pub fn router() -> Router<App> {
    Router::new()
        .route(&STYLE_URL, get(async || file("text/css; charset=utf-8", STYLE)))
        .route(&ICON_URL, get(async || file("image/svg+xml", ICON)))
        .route("/favicon.ico", get(async || Redirect::permanent(&ICON_URL)))
        // Pages are not compressed: beside a secret token, the length of a compressed page tells of it.
        .layer(CompressionLayer::new())
}

fn file(kind: &'static str, contents: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], contents)
}

fn version(contents: &str) -> String {
    hex(&Sha256::digest(contents)[..6])
}
