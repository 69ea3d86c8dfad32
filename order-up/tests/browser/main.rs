//! Order Up in a real browser: Chromium, driven by chromedriver. Linux.
//!
//!     sudo apt-get install chromium chromium-driver
//!     npm install --prefix target/axe axe-core@4.14.1
//!     cargo test -p order-up --features browser --test browser

mod audits;
mod axe;
mod back;
mod chrome;
mod device;
mod driver;
mod find;
mod full_house;
mod in_sight;
mod keyboard;
mod large_amounts;
mod live;
mod pages;
mod served;
mod walk_through;
