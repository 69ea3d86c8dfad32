//! Who may come in, and which forms are theirs.

mod backend;
mod me;
mod required;
pub mod sign_in;

pub use backend::{Backend, Employee};
pub use me::{Fields, Me};
pub use required::required;

pub type AuthSession = axum_login::AuthSession<Backend>;
