//! Copies the database while it is in use.

use std::path::Path;

use groundwork::Db;

use super::Done;

/// Everything that is committed by now, in one new file, which is itself a database.
#[cfg(not(feature = "postgres"))]
pub fn backup(conn: &mut Db, file: &Path) -> Done<()> {
    use diesel::RunQueryDsl;
    use diesel::sql_types::Text;

    if file.exists() {
        return Err(format!("{} exists already; name a file that does not.", file.display()).into());
    }
    let name = file.to_str().ok_or("the file's name is no Unicode; choose another.")?;
    let copied = diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(conn);
    copied.map_err(|error| format!("cannot write {}: {error}.", file.display()))?;
    println!("{} holds everything up to now.", file.display());
    Ok(())
}

#[cfg(feature = "postgres")]
pub fn backup(_conn: &mut Db, file: &Path) -> Done<()> {
    Err(format!(
        "PostgreSQL comes with a program of its own for this: \
         pg_dump --format=custom --file={} \"$DATABASE_URL\"",
        file.display()
    )
    .into())
}
