//! Copies the database while it is in use.

use std::path::Path;

use anyhow::{Result, bail};

/// Copies everything that has been committed so far to one new file, which is itself a database.
///
/// The copy is written beside `file` first, and renamed when it is complete. So a file with that name is always a
/// complete copy, and a failed copy leaves nothing behind.
#[cfg(not(feature = "postgres"))]
pub fn backup(folder: &Path, file: &Path) -> Result<()> {
    use std::fs::{self, File};

    use anyhow::Context;
    use diesel::RunQueryDsl;
    use diesel::sql_types::Text;
    use groundwork::connect;
    use order_up::database_file::{DatabaseFile, database_file};

    use super::{private, settings};

    let url = settings::database_url(folder)?;
    if let DatabaseFile::At(database) = database_file(&url)
        && !database.exists()
    {
        bail!("there is no database at {}, so there is nothing to copy.", database.display());
    }
    if file.exists() {
        bail!("{} already exists; choose another file name.", file.display());
    }
    let name = file.to_str().context("the file's name is not valid Unicode; choose another.")?;
    let unfinished = format!("{name}.part");
    // An earlier copy that was never finished.
    let _ = fs::remove_file(&unfinished);
    let copy = || {
        // SQLite copies into an empty file. Only its owner can read this one.
        private::create(unfinished.as_ref())?;
        // Without running migrations: the copy is of the database as it is.
        diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(&unfinished).execute(&mut connect(&url)?)?;
        File::open(&unfinished)?.sync_all()?;
        anyhow::Ok(fs::rename(&unfinished, file)?)
    };
    let copied = copy();
    if copied.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    copied.with_context(|| format!("cannot write {name}"))?;
    println!("Wrote the backup to {name}.");
    Ok(())
}

#[cfg(feature = "postgres")]
pub fn backup(_folder: &Path, file: &Path) -> Result<()> {
    bail!(
        "on PostgreSQL, use its own backup program: \
         pg_dump --format=custom --file={} \"$DATABASE_URL\"",
        file.display()
    );
}
