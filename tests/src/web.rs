//! What the gates of web apps see: a browser without a network, its pages, forms and boards.

#[cfg(feature = "html")]
mod board;
mod browser;
#[cfg(feature = "html")]
mod form;
#[cfg(feature = "html")]
mod nearby;
#[cfg(feature = "html")]
mod page;
#[cfg(feature = "html")]
mod saved_page;
mod server;

#[cfg(feature = "html")]
pub use board::{Board, Order};
pub use browser::{Answer, Browser};
#[cfg(feature = "html")]
pub use form::Form;
pub use server::{Server, Settings};
