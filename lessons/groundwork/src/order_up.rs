//! Helper code for Order Up that no lesson teaches. Your app in lesson 8 uses it, and so does the
//! finished one in `order-up`.
//!
//! `lessons/08-order-up/TOOLS.md` shows how each is used.

pub mod clock;
pub mod config;
pub mod form_token;
pub mod hex;
pub mod own_tables;
pub mod panic_page;
pub mod passwords;
pub mod random;
pub mod restaurant;
pub mod secret_key;
pub mod timestamp;

pub use clock::Clock;
pub use config::{Config, ConfigError};
pub use passwords::Passwords;
pub use restaurant::{Dish, OpenOrder, Ordered, Person, Restaurant, Seats};
pub use secret_key::SecretKey;
pub use timestamp::Timestamp;
