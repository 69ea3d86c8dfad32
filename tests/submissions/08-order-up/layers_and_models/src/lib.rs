//! Order Up: a restaurant's tables, from seating guests to closing the bill.
//!
//!     cargo kata run 8
//!
//! `README.md` says what to build, stage by stage, and `TOOLS.md` what there is to build it with.

mod board;
mod error;
mod menu;
mod models;
mod money;
mod orders;
mod schema;
mod security;
pub mod seed;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::middleware;
use axum::routing::{get, post};
use axum_login::AuthManagerLayerBuilder;
use groundwork::error_log::log_errors;
use groundwork::migrations::{Migrations, SESSIONS, SPENT_TOKENS};
use groundwork::order_up::{Passwords, panic_page};
use groundwork::{DatabaseStore, Pool};
use tower_http::csrf::CsrfLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

pub use error::AppError;
pub use groundwork::order_up::{Clock, Config};
pub use seed::{retire, seed};

use error::Refusal;
use security::sign_in;

/// The tables: those of sessions and forms, which are given, and your own.
pub const MIGRATIONS: Migrations = Migrations(&[SESSIONS, SPENT_TOKENS, groundwork::migrations!()]);

/// What all handlers share.
#[derive(Clone)]
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub pool: Pool,
}

/// The app for these settings, ready to be served or tested.
pub fn app(config: Config, clock: Clock) -> Router {
    let pool = Pool::new(&config.settings);
    let sessions = SessionManagerLayer::new(DatabaseStore::new(pool.clone()))
        .with_name("session")
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::hours(12)))
        .with_secure(false);
    let backend = security::Backend { pool: pool.clone(), passwords: Passwords::start() };
    let app = App { config, clock, pool };

    let for_managers = Router::new()
        .route("/menu", get(menu::show).post(menu::add))
        .route("/menu/{id}/remove", post(menu::remove))
        .layer(middleware::from_fn(menu::for_managers));
    let for_employees = Router::new()
        .route("/", get(board::show))
        .route("/orders", post(orders::assign))
        .route("/orders/{id}", get(orders::bill))
        .route("/orders/{id}/lines", post(orders::add))
        .route("/orders/{id}/close", post(orders::close))
        .route("/session/end", post(sign_in::sign_out))
        .merge(for_managers)
        .fallback(async || AppError::from(Refusal::NoSuchPage))
        .layer(middleware::from_fn_with_state(app.clone(), security::required));
    let pages = Router::new()
        .route("/session/", get(sign_in::show).post(sign_in::sign_in))
        .merge(for_employees)
        .layer(AuthManagerLayerBuilder::new(backend, sessions).build())
        .layer(CsrfLayer::new())
        .route("/style.css", get(style_sheet))
        .layer(middleware::from_fn(log_errors))
        .with_state(app);
    panic_page::around(pages)
}

async fn style_sheet() -> ([(axum::http::HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "text/css")], include_str!("../static/style.css"))
}
