//! Order Up: a restaurant's tables, from seating guests to closing the bill.
//!
//!     cargo kata run 8
//!
//! `README.md` says what to build, stage by stage, and `TOOLS.md` what there is to build it with.

mod board;
mod door;
mod error;
mod menu;
mod orders;
pub mod seed;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::middleware;
use axum::routing::{get, post};
use groundwork::error_log::log_errors;
use groundwork::migrations::{Migrations, SESSIONS, SPENT_TOKENS};
use groundwork::order_up::{Passwords, panic_page};
use groundwork::{DatabaseStore, Pool};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

pub use error::AppError;
pub use groundwork::order_up::{Clock, Config};
pub use seed::{retire, seed};

/// The tables: those of sessions and forms, which are given, and your own.
pub const MIGRATIONS: Migrations = Migrations(&[SESSIONS, SPENT_TOKENS, groundwork::migrations!()]);

/// What all handlers share.
#[derive(Clone)]
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub pool: Pool,
    pub passwords: Passwords,
}

/// The app for these settings, ready to be served or tested.
pub fn app(config: Config, clock: Clock) -> Router {
    let pool = Pool::new(&config.settings);
    let sessions = SessionManagerLayer::new(DatabaseStore::new(pool.clone()))
        .with_name("session")
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::hours(12)))
        .with_secure(false);
    let app = App { config, clock, pool, passwords: Passwords::start() };
    let for_managers = Router::new()
        .route("/menu", get(menu::show).post(menu::add))
        .route("/menu/{price}/remove", post(menu::remove))
        .layer(middleware::from_fn(menu::for_managers));
    let for_employees = Router::new()
        .route("/", get(board::show))
        .route("/orders", post(orders::assign))
        .route("/orders/{order}", get(board::bill))
        .route("/orders/{order}/close", post(orders::close))
        .route("/orders/{order}/lines", post(orders::add))
        .route("/session/end", post(door::sign_out))
        .merge(for_managers)
        .fallback(door::nothing_here)
        .method_not_allowed_fallback(door::nothing_here)
        .layer(middleware::from_fn_with_state(app.clone(), door::required));
    let pages = for_employees
        .route("/session/", get(door::show).post(door::sign_in))
        .layer(sessions)
        .route("/style.css", get(style_sheet))
        .layer(middleware::from_fn(log_errors))
        .with_state(app);
    panic_page::around(pages)
}

async fn style_sheet() -> ([(axum::http::HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "text/css")], include_str!("../static/style.css"))
}
