//! Order Up: tables, tabs and a menu, on one page.

use axum::Router;
use diesel::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use groundwork::order_up::{Clock, Config};

mod db;
mod pages;
pub mod seed;
mod web;

pub use db::open;
pub use seed::{retire, seed};

pub type Db = SqliteConnection;
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

pub fn app(config: Config, clock: Clock) -> Router {
    web::router(config, clock)
}
