//! No code: this package settles the features of dependencies that several packages have in common.
//!
//! Cargo chooses a dependency's features for each selection of packages, and compiles it again where they
//! differ. What is listed in this package's `Cargo.toml` has the same features in every selection, so moving between
//! the guide, the lessons and the whole workspace compiles nothing twice. `cargo kata check` reports what is missing
//! from the list.
