//! The tables of a step.

use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::MigrationHarness;

use super::{Backend, Database};

impl Database {
    /// Runs the `up.sql` of each migration that has not run.
    ///
    /// # Panics
    ///
    /// When one is refused, with its name and the database's words.
    pub fn migrate(&mut self, migrations: &dyn MigrationSource<Backend>) {
        if let Err(error) = self.try_to_migrate(migrations) {
            panic!("the migrations do not run: {error}");
        }
    }

    /// Runs the `up.sql` of each migration that has not run, up to one that is refused.
    ///
    /// # Errors
    ///
    /// The name of that one, and the database's words.
    pub fn try_to_migrate(&mut self, migrations: &dyn MigrationSource<Backend>) -> Result<(), String> {
        self.lend(|conn| {
            conn.run_pending_migrations(Source(migrations)).map(drop).map_err(|error| error.to_string())
        })
    }

    /// Runs the `down.sql` of all migrations but the earlier ones, the last first.
    ///
    /// # Panics
    ///
    /// When one is refused, with its name and the database's words.
    pub fn revert_to(
        &mut self,
        earlier: &dyn MigrationSource<Backend>,
        migrations: &dyn MigrationSource<Backend>,
    ) {
        if let Err(error) = self.run_down(Some(earlier), migrations) {
            panic!("the migrations cannot be undone: {error}");
        }
    }

    /// Runs every `down.sql`, the last first, up to one that is refused.
    ///
    /// # Errors
    ///
    /// The database's words.
    pub fn try_to_revert(&mut self, migrations: &dyn MigrationSource<Backend>) -> Result<(), String> {
        self.run_down(None, migrations)
    }

    /// Runs the `down.sql` of all migrations but the earlier ones.
    fn run_down(
        &mut self,
        earlier: Option<&dyn MigrationSource<Backend>>,
        migrations: &dyn MigrationSource<Backend>,
    ) -> Result<(), String> {
        let done = self.lend(|conn| {
            let earlier = earlier.map_or(Ok(0), |earlier| earlier.migrations().map(|all| all.len()))?;
            for _ in earlier..migrations.migrations()?.len() {
                conn.revert_last_migration(Source(migrations))?;
            }
            diesel::migration::Result::Ok(())
        });
        done.map_err(|error| error.to_string())
    }

    /// Runs every `down.sql`, the last first.
    ///
    /// # Panics
    ///
    /// When one is refused, with its name and the database's words; when a table is left over that the fixture did not
    /// make, as the next `up.sql` would be blamed for it; and when one took an earlier migration from Diesel's list.
    pub fn revert(&mut self, migrations: &dyn MigrationSource<Backend>) {
        self.run_all(&format!("INSERT INTO {LIST} (version) VALUES ('{EARLIER}')"));
        if let Err(error) = self.run_down(None, migrations) {
            panic!("the migrations cannot be undone: {error}");
        }
        if self.run(&format!("DELETE FROM {LIST} WHERE version = '{EARLIER}'")) != "done, 1 row(s)" {
            panic!("down.sql has run, and an earlier migration is no longer in Diesel's list: {LIST}");
        }
        let mut left = self.table_names();
        left.retain(|table| !self.of_fixture.contains(table));
        if !left.is_empty() {
            panic!("down.sql has run, and there is still a table {}", left.join(" and a table "));
        }
    }
}

/// Diesel's list of the migrations that have run.
const LIST: &str = "__diesel_schema_migrations";
/// A version before all that folders have.
const EARLIER: &str = "-";

/// Any source of migrations as one type, so that the code that runs them is compiled here, once, and not in each gate.
struct Source<'a>(&'a dyn MigrationSource<Backend>);

impl MigrationSource<Backend> for Source<'_> {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<Backend>>>> {
        self.0.migrations()
    }
}
