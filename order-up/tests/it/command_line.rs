//! The commands of the person who runs the restaurant.

use std::process::Output;

use gates::at_once;

use crate::program::Program;

#[test]
fn migrate_creates_the_tables_once() {
    let program = Program::new();
    assert!(!program.done(&["migrate"], "").contains("; migrations that ran: 0."));
    assert!(program.done(&["migrate"], "").contains("; migrations that ran: 0."));
    assert_eq!(program.employees(&program.file("order-up.db")), "name | employee_number | role");
}

#[test]
fn of_several_migrations_at_once_only_one_runs() {
    let program = Program::new();
    let commands = [1, 2, 3].map(|_| program.command(&["migrate"]));
    let said = at_once(commands.into(), |mut command| match command.output() {
        Ok(Output { status, stdout, .. }) if status.success() => {
            String::from_utf8_lossy(&stdout).into_owned()
        }
        other => panic!("{other:?}"),
    });
    let idle = said.iter().filter(|said| said.contains("; migrations that ran: 0.")).count();
    assert_eq!(idle, 2, "{said:?}");
}

#[test]
fn seed_fills_only_an_empty_database() {
    let program = Program::new();
    assert!(program.done(&["seed"], "").contains("Margot (1234)"));
    let employees = program.employees(&program.file("order-up.db"));
    assert!(employees.contains("Margot | 1234 | manager\nRobin | 2345 | server"), "{employees}");
    assert!(program.refused(&["seed"], "").contains("there are already employees"));
    assert_eq!(program.employees(&program.file("order-up.db")), employees);
}

#[test]
fn create_employee_reads_the_password_and_refuses_a_number_in_use() {
    let program = Program::new();
    let alex = ["create-employee", "--name", "Alex", "--number", "7", "--manager"];
    assert!(program.done(&alex, "orange juice\n").contains("Alex can sign in with the number 7."));
    assert!(program.refused(&alex, "orange juice\n").contains("another employee has the number 7"));
    for name in [" ".to_owned(), "ä".repeat(101)] {
        let said = program.refused(&["create-employee", "--name", &name, "--number", "8"], "orange juice\n");
        assert!(said.contains("1 to 100 characters"));
    }
    let sam = ["create-employee", "--name", "Sam", "--number", "8"];
    assert!(program.refused(&sam, "short\n").contains("Use 8 to 200 characters."));
    let employees = program.employees(&program.file("order-up.db"));
    assert_eq!(employees, "name | employee_number | role\nAlex | 7 | manager");
}

/// 7 MiB and 5 passes, as the OWASP Password Storage Cheat Sheet advises. The other tests hash more cheaply.
#[test]
fn p9_a_stolen_hash_is_expensive_to_crack() {
    let program = Program::new();
    program.done(&["seed"], "");
    program.done(&["create-employee", "--name", "Kim", "--number", "7"], "orange juice\n");
    program.done(&["set-password", "--number", "1234"], "orange juice\n");
    let mut conn = program.connect(&program.file("order-up.db"));
    let hashes = gates::rows(&mut conn, "hashed_password", "employees");
    let hashes: Vec<_> = hashes.lines().skip(1).collect();
    assert_eq!(hashes.len(), 5);
    assert!(hashes.iter().all(|it| it.starts_with("$argon2id$v=19$m=7168,t=5,p=1$")), "{hashes:?}");
}

#[test]
fn set_password_refuses_what_the_page_would_refuse() {
    let program = Program::new();
    program.done(&["seed"], "");
    let set = ["set-password", "--number", "1234"];
    assert!(program.refused(&set, "short\n").contains("Use 8 to 200 characters."));
    assert!(program.refused(&set, "password\n").contains("Everybody knows this one."));
    assert!(program.refused(&set, "").contains("Use 8 to 200 characters."));
    let stored = || {
        let mut conn = program.connect(&program.file("order-up.db"));
        gates::rows(&mut conn, "hashed_password", "employees WHERE employee_number = 1234")
    };
    let before = stored();
    assert!(program.done(&set, "orange juice\n").contains("Margot can now sign in with the new password"));
    assert_ne!(stored(), before);
    let unknown = program.refused(&["set-password", "--number", "99"], "orange juice\n");
    assert!(unknown.contains("no current employee has the number 99"));
}

#[test]
fn a_password_that_is_not_text_is_refused() {
    let program = Program::new();
    program.done(&["seed"], "");
    let (is_fine, said) = program.run(&["set-password", "--number", "1234"], b"orange \xff juice\n");
    assert!(!is_fine && said.contains("UTF-8"), "{said}");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_password_is_typed_twice() {
    let program = Program::new();
    program.done(&["seed"], "");
    let set = ["set-password", "--number", "1234"];
    let (is_fine, said) = program.on_terminal(&set, &["orange juice", "orange jiuce"]);
    assert!(!is_fine && said.contains("the two passwords do not match"), "{said}");
    let (is_fine, said) = program.on_terminal(&set, &["orange juice", "orange juice"]);
    assert!(is_fine && said.contains("Margot can now sign in with the new password"), "{said}");
    for typed in [&["\x04"][..], &["orange juice", "\x04"]] {
        let (is_fine, said) = program.on_terminal(&set, typed);
        assert!(!is_fine && said.contains("unexpected end of file"), "Ctrl-D ends it: {said}");
    }
}

#[test]
fn a_line_that_is_not_a_setting_is_reported() {
    let program = Program::new();
    for (settings, line) in [("hunter2\n", 1), ("TIME_ZONE=Europe/Rome\nhunter2\n", 2)] {
        std::fs::write(program.file(".env"), settings).expect("the file can be written");
        for command in [&["migrate"][..], &["--address", "127.0.0.1:0"]] {
            let said = program.refused(command, "");
            assert!(said.contains(&format!(".env, line {line}: ")) && !said.contains("hunter2"), "{said}");
        }
        assert_eq!(std::fs::read_to_string(program.file(".env")).ok().as_deref(), Some(settings));
    }
}

#[test]
fn settings_are_read_however_an_editor_saved_them() {
    let program = Program::new();
    let lines = "\u{feff}# A comment.\r\nTIME_ZONE=Mars\r\n";
    let utf_16: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, refusal) in [
        (lines.as_bytes(), "TIME_ZONE"),
        ("\u{feff}TIME_ZONE=Mars\n".as_bytes(), "TIME_ZONE"),
        ("\u{feff}A=1\r\nhunter2\r\n".as_bytes(), ".env, line 2: "),
        (&utf_16, ".env is not saved as UTF-8. Save it as UTF-8 in your editor"),
    ] {
        std::fs::write(program.file(".env"), bytes).expect("the file can be written");
        let said = program.refused(&["--address", "127.0.0.1:0"], "");
        assert!(said.contains(refusal), "{refusal}: {said}");
        // The secret key is added to settings that can be read, and never to those that cannot.
        let now = std::fs::read(program.file(".env")).expect("the file is there");
        assert!(now.starts_with(bytes), "{refusal}");
    }
}

/// PostgreSQL has no usual database.
#[cfg(not(feature = "postgres"))]
#[test]
fn the_settings_can_name_a_different_database() {
    let program = Program::new();
    let other = program.file("other.db");
    let settings = format!("DATABASE_URL='sqlite://{}'\n", other.display());
    std::fs::write(program.file(".env"), settings).expect("the file can be written");
    program.done(&["migrate"], "");
    assert!(other.exists() && !program.file("order-up.db").exists());
}

/// All settings are text, so a variable that is not text belongs to another program.
#[cfg(all(unix, not(feature = "postgres")))]
#[test]
fn a_variable_that_is_not_text_is_ignored() {
    use std::os::unix::ffi::OsStrExt;

    let program = Program::new();
    let no_text = std::ffi::OsStr::from_bytes(b"other-\xff.db");
    let output = program.command(&["migrate"]).env("DATABASE_URL", no_text).output();
    assert!(output.is_ok_and(|output| output.status.success()) && program.file("order-up.db").exists());
}

#[cfg(all(unix, not(feature = "postgres")))]
#[test]
fn backup_refuses_a_name_that_sqlite_could_not_write_as_it_is() {
    use std::os::unix::ffi::OsStrExt;

    let program = Program::new();
    program.done(&["seed"], "");
    let name = std::ffi::OsStr::from_bytes(b"copy-\xff.db");
    let output = program.command(&["backup"]).arg(program.file(name)).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).expect("it runs");
    assert!(said.contains("not valid Unicode"), "{said}");
}

#[cfg(not(feature = "postgres"))]
#[test]
fn backup_writes_a_new_file_that_is_a_database_and_keeps_one_that_is_there() {
    let program = Program::new();
    program.done(&["seed"], "");
    let copy = program.file("copy.db");
    let backup = ["backup", copy.to_str().expect("the folder's path is Unicode")];
    assert!(program.done(&backup, "").contains("Wrote the backup to"));
    assert_eq!(program.employees(&copy), program.employees(&program.file("order-up.db")));
    let nowhere = program.file("no/copy.db");
    let nowhere = nowhere.to_str().expect("the folder's path is Unicode");
    assert!(
        program.refused(&["backup", nowhere], "").contains(&format!("cannot write {nowhere}\n  caused by: "))
    );
    std::fs::write(&copy, "something else").expect("the file can be written");
    assert!(program.refused(&backup, "").contains("already exists; choose another file name"));
    assert_eq!(std::fs::read_to_string(&copy).ok().as_deref(), Some("something else"));
}

#[test]
fn tables_of_another_program_are_left_alone() {
    let program = Program::new();
    let file = program.file("order-up.db");
    program.done(&["migrate"], "");
    program.execute("DELETE FROM __diesel_schema_migrations");
    let sam = ["create-employee", "--name", "Sam", "--number", "7"];
    assert!(program.refused(&sam, "orange juice\n").contains("already exists"));
    assert!(program.refused(&["migrate"], "").contains("already exists"));
    assert_eq!(program.employees(&file), "name | employee_number | role");
}

#[test]
fn missing_tables_are_reported() {
    let program = Program::new();
    program.done(&["migrate"], "");
    program.execute("ALTER TABLE employees RENAME TO gone");
    #[cfg(not(feature = "postgres"))]
    let words = "error: no such table: employees\n";
    #[cfg(feature = "postgres")]
    let words = "error: relation \"employees\" does not exist\n";
    for command in [
        &["seed"][..],
        &["create-employee", "--name", "Sam", "--number", "7"],
        &["set-password", "--number", "7"],
    ] {
        assert_eq!(program.refused(command, "orange juice\n"), words);
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_password_that_the_database_refuses_is_reported() {
    let program = Program::new();
    program.done(&["seed"], "");
    program.execute("CREATE TRIGGER kept BEFORE UPDATE ON employees BEGIN SELECT RAISE(ABORT, 'kept'); END");
    assert_eq!(program.refused(&["set-password", "--number", "1234"], "orange juice\n"), "error: kept\n");
}

/// PostgreSQL has a program of its own for it.
#[cfg(feature = "postgres")]
#[test]
fn backup_names_the_program_to_use_instead() {
    assert!(
        Program::new()
            .refused(&["backup", "copy.dump"], "")
            .contains("pg_dump --format=custom --file=copy.dump")
    );
}
