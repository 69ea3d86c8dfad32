//! Order Up: a restaurant's orders, from seating the guests to closing the bill.
//!
//!     cargo kata run 8
//!
//! `README.md` says what to build, stage by stage, and `TOOLS.md` lists the tools.

mod app;
mod error;
pub mod seed;
mod welcome;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::middleware;
use axum::routing::get;
use groundwork::Pool;
use groundwork::error_log::log_errors;
use groundwork::migrations::{Migrations, SESSIONS, SPENT_TOKENS};
use groundwork::order_up::panic_page;

pub use app::App;
pub use error::AppError;
pub use groundwork::order_up::{Clock, Config};
pub use seed::{retire, seed};

/// The tables: those of sessions and forms, which are given, and your own.
pub const MIGRATIONS: Migrations = Migrations(&[SESSIONS, SPENT_TOKENS, groundwork::migrations!()]);

/// The app for these settings, ready to be served or tested.
pub fn app(config: Config, clock: Clock) -> Router {
    let pool = Pool::new(&config.settings);
    let pages = Router::new()
        .route("/", get(welcome::show))
        .route("/style.css", get(style_sheet))
        .layer(middleware::from_fn(log_errors))
        .with_state(App { config, clock, pool });
    panic_page::around(pages)
}

async fn style_sheet() -> ([(axum::http::HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "text/css")], include_str!("../static/style.css"))
}
