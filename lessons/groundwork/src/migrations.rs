//! The tables that earlier lessons made, and how a lesson adds its own.

use diesel::migration::{Migration, MigrationSource, Result};
use diesel_migrations::EmbeddedMigrations;

use crate::database::Backend;

/// The migrations in the folder `migrations` of the package that calls this macro, for this build's database, as an
/// `EmbeddedMigrations`. They become part of the program. (The module of the same name is another thing.)
#[cfg(not(feature = "postgres"))]
#[macro_export]
macro_rules! migrations {
    () => {
        diesel_migrations::embed_migrations!("migrations/sqlite")
    };
}
#[cfg(feature = "postgres")]
#[macro_export]
macro_rules! migrations {
    () => {
        diesel_migrations::embed_migrations!("migrations/postgres")
    };
}

/// The table `books`, as lesson 3 made it.
#[cfg(all(feature = "lesson-3", not(feature = "postgres")))]
pub const BOOKS: EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations/03-models/sqlite");
#[cfg(all(feature = "lesson-3", feature = "postgres"))]
pub const BOOKS: EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations/03-models/postgres");

/// The table `authors`, and the column of `books` that refers to it, as lesson 4 made them.
#[cfg(all(feature = "lesson-4", not(feature = "postgres")))]
pub const AUTHORS: EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations/04-relationships/sqlite");
#[cfg(all(feature = "lesson-4", feature = "postgres"))]
pub const AUTHORS: EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations/04-relationships/postgres");

/// The table `sessions`, as lesson 7 made it.
#[cfg(all(feature = "lesson-7", not(feature = "postgres")))]
pub const SESSIONS: EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations/07-sessions/sqlite");
#[cfg(all(feature = "lesson-7", feature = "postgres"))]
pub const SESSIONS: EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations/07-sessions/postgres");

/// The table `spent_tokens`, of the module `order_up::form_token`.
#[cfg(all(feature = "order-up", not(feature = "postgres")))]
pub const SPENT_TOKENS: EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations/08-order-up/sqlite");
#[cfg(all(feature = "order-up", feature = "postgres"))]
pub const SPENT_TOKENS: EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations/08-order-up/postgres");

/// The migrations of one or more lessons, the earliest first. Pass it to Diesel wherever Diesel takes the migrations of
/// one package.
pub struct Migrations(pub &'static [EmbeddedMigrations]);

impl MigrationSource<Backend> for Migrations {
    fn migrations(&self) -> Result<Vec<Box<dyn Migration<Backend>>>> {
        let mut all = Vec::new();
        for migrations in self.0 {
            all.extend(MigrationSource::<Backend>::migrations(migrations)?);
        }
        Ok(all)
    }
}
