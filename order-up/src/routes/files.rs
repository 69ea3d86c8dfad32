//! Serves the files beside the pages.

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::assets::{FIND, FIND_URL, ICON, ICON_URL, LIVE, LIVE_URL, STYLE, STYLE_URL};

pub fn router() -> Router<App> {
    Router::new()
        .route(&STYLE_URL, get(async || file("text/css; charset=utf-8", STYLE)))
        .route(&ICON_URL, get(async || file("image/svg+xml", ICON)))
        .route(&LIVE_URL, get(async || file("text/javascript; charset=utf-8", LIVE)))
        .route(&FIND_URL, get(async || file("text/javascript; charset=utf-8", FIND)))
        .route("/favicon.ico", get(async || Redirect::permanent(&ICON_URL)))
        // Pages are not compressed: a compressed page's length would leak the secret token in it.
        .layer(CompressionLayer::new())
}

fn file(kind: &'static str, contents: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], contents)
}
