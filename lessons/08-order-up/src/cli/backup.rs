//! Copies the database while it is in use.

use std::path::Path;

use anyhow::{Result, bail};
use groundwork::Db;

/// Copies everything that is committed by now to one new file, which is itself a database.
#[cfg(not(feature = "postgres"))]
pub fn backup(conn: &mut Db, file: &Path) -> Result<()> {
    use anyhow::Context;
    use diesel::RunQueryDsl;
    use diesel::sql_types::Text;

    if file.exists() {
        bail!("{} exists already; name a file that does not.", file.display());
    }
    let name = file.to_str().context("the file's name is not Unicode; choose another.")?;
    let copied = diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(conn);
    copied.with_context(|| format!("cannot write {}", file.display()))?;
    println!("{} holds everything up to now.", file.display());
    Ok(())
}

#[cfg(feature = "postgres")]
pub fn backup(_conn: &mut Db, file: &Path) -> Result<()> {
    bail!(
        "PostgreSQL comes with a program of its own for this: \
         pg_dump --format=custom --file={} \"$DATABASE_URL\"",
        file.display()
    );
}
