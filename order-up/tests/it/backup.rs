//! Copies of a SQLite database, and which databases can be copied.

use crate::program::Program;

#[test]
fn backup_copies_only_a_database_that_exists() {
    let program = Program::new();
    let copy = program.file("copy.db");
    let backup = ["backup", copy.to_str().expect("the folder's path is Unicode")];
    let said = program.refused(&backup, "");
    assert!(said.contains("there is no database at ") && said.contains("order-up.db"), "{said}");
    assert!(!copy.exists() && !program.file("order-up.db").exists());

    // A database of an earlier version is copied as it is.
    program.done(&["seed"], "");
    program.execute("ALTER TABLE employees DROP COLUMN session_key");
    program.execute("DELETE FROM __diesel_schema_migrations WHERE version LIKE '%000005'");
    let columns = |file: &std::path::Path| {
        gates::rows(&mut program.connect(file), "name", "pragma_table_info('employees')")
    };
    let before = columns(&program.file("order-up.db"));
    program.done(&backup, "");
    assert_eq!((columns(&program.file("order-up.db")), columns(&copy)), (before.clone(), before));
}

/// The disk is full, or the program is killed. Afterwards there is space again.
#[cfg(unix)]
#[test]
fn a_failed_backup_leaves_no_copy_and_does_not_block_the_next_one() {
    let program = Program::new();
    program.done(&["seed"], "");
    program.execute("INSERT INTO spent_tokens VALUES (hex(randomblob(500000)), 0)");
    let copy = program.file("copy.db");
    let backup = ["backup", copy.to_str().expect("the folder's path is Unicode")];
    // No file may be larger than this. A program that writes more gets an error, or is killed.
    for shell in ["trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"", "ulimit -f 200; exec \"$0\" \"$@\""] {
        let direct = program.command(&backup);
        let mut full = std::process::Command::new("/bin/sh");
        let output =
            full.env_clear().args(["-c", shell]).arg(direct.get_program()).args(direct.get_args()).output();
        let output = output.expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && !copy.exists(), "{shell}: {said}");
        if shell.starts_with("trap") {
            assert!(said.contains("cannot write ") && !program.file("copy.db.part").exists(), "{said}");
        } else {
            assert!(program.file("copy.db.part").exists(), "{said}");
        }
    }
    program.done(&backup, "");
    assert_eq!(program.employees(&copy), program.employees(&program.file("order-up.db")));
    assert!(!program.file("copy.db.part").exists());
}

#[test]
fn a_database_in_memory_is_refused() {
    let program = Program::new();
    for url in [":memory:", "sqlite://:memory:", "file::memory:?cache=shared", "file:order-up?mode=memory"] {
        std::fs::write(program.file(".env"), format!("DATABASE_URL='{url}'\n")).expect("it can be written");
        for command in [&["migrate"][..], &["seed"], &["backup", "copy.db"], &["--address", "127.0.0.1:0"]] {
            let said = program.refused(command, "");
            let words = format!("DATABASE_URL is {url:?}; name a file, such as sqlite://order-up.db");
            assert!(said.contains(&words), "{command:?}: {said}");
        }
    }
}
