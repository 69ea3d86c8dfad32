//! What gates and the programs that start them agree on: what a gate leaves behind, the seal on it, and where
//! databases and throwaway servers are.
//!
//! It is a package of its own because the guide needs only this much of the gates. `gates` has other features for each
//! selection of packages, and the guide would be compiled again with each.

#![warn(clippy::missing_errors_doc)]

mod pointer;
pub mod postgres;
pub mod provoked;
pub mod scratch;
pub mod seal;
pub mod trace;

/// The seed of the snapshots in the tree: the year in which *Alice in Wonderland* came out.
pub const PUBLISHED_SEED: u64 = 1865;
