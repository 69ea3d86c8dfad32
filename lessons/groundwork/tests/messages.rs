//! What people read when the database or the settings are wrong. No message shows a password.

use std::error::Error;
use std::fs;
use std::path::Path;

use groundwork::dotenv::{self, DotenvError};
use groundwork::{Config, ConfigError, ConnectError, connect};

/// The message that `url` gets. The password of every URL here is `Rosebud`, or begins with it.
fn message(url: &str) -> String {
    let error = connect(url).map(|_| ()).expect_err("the URL is refused");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("Rosebud"), "the password shows: {text}");
    }
    error.to_string()
}

mod dotenv_file {
    use super::*;

    fn read(text: impl AsRef<[u8]>) -> Result<String, DotenvError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, text).unwrap();
        Ok(dotenv::read(&file)?.remove("DATABASE_URL").unwrap())
    }

    /// The message without the folder, which is a new one each time.
    fn message(text: impl AsRef<[u8]>) -> String {
        let error = read(text).unwrap_err().to_string();
        let (folder, file) = error.split_once(".env").unwrap();
        assert!(Path::new(folder).is_absolute(), "{error}");
        format!(".env{file}")
    }

    #[test]
    fn a_missing_file_contains_no_settings() {
        assert!(dotenv::read(Path::new("/course/.env")).unwrap().is_empty());
    }

    #[test]
    fn a_line_that_is_not_a_setting_is_reported_by_its_number() {
        insta::assert_snapshot!(message("# comment\n\nSECRET_KEY=a b Rosebud\nDATABASE_URL=x\n"), @".env, line 3: this is not of the form NAME=value. Put a value that holds spaces, # or $ between single quotes.");
    }

    #[test]
    fn an_unclosed_quote_is_reported_by_its_line_number() {
        insta::assert_snapshot!(message("A=1\nDATABASE_URL=\"Rosebud\n\nB=2\n"), @".env, line 2: this is not of the form NAME=value. Put a value that holds spaces, # or $ between single quotes.");
    }

    #[test]
    fn a_file_is_read_the_same_however_an_editor_saved_it() {
        let lines = "# A comment.\n\nDATABASE_URL='two\nlines'\nA=1\n";
        let crlf = lines.replace('\n', "\r\n");
        for text in [lines, &crlf, &lines.replacen('\n', "\r\n", 1)] {
            for mark in ["", "\u{feff}"] {
                assert_eq!(read(format!("{mark}{text}")).unwrap(), "two\nlines", "{mark:?} {text:?}");
                let error = message(format!("{mark}{text}Rosebud b\n"));
                assert!(error.contains(".env, line 6: "), "{mark:?} {text:?}: {error}");
            }
        }
        assert_eq!(read("\u{feff}DATABASE_URL=first").unwrap(), "first");
    }

    #[test]
    fn a_file_in_another_encoding_is_refused_with_advice() {
        let utf_16: Vec<u8> = "\u{feff}A=1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&utf_16[..], b"A=\xE4\n"] {
            let advice =
                "Save it as UTF-8 in your editor; in PowerShell, write it with `Set-Content -Encoding utf8`.";
            assert_eq!(message(bytes), format!(".env is not saved as UTF-8. {advice}"));
        }
    }

    #[test]
    fn a_folder_in_its_place_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = dotenv::read(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot read {}: ", folder.path().display())), "{error}");
    }

    #[test]
    fn the_file_is_at_the_top_of_the_workspace() {
        let folder = dotenv::path().parent().unwrap().to_owned();
        assert!(folder.join("lessons/groundwork").is_dir(), "{}", folder.display());
    }
}

#[test]
fn a_missing_setting_is_named_with_the_file() {
    let error = Config::load([], Path::new("/course/.env")).unwrap_err();
    assert!(matches!(error, ConfigError::Missing { .. }));
    insta::assert_snapshot!(error, @"DATABASE_URL is not set. Add a line DATABASE_URL=… to /course/.env, or set the variable in your shell; .env.example shows what it may hold.");
}

#[test]
fn an_error_keeps_its_cause() {
    let url = if cfg!(feature = "postgres") {
        "postgresql://127.0.0.1:1/books"
    } else {
        "/no/such/folder/books.db"
    };
    let error = connect(url).map(|_| ()).unwrap_err();
    let cause = error.source().expect("the database's own error");
    assert!(cause.is::<diesel::ConnectionError>(), "{cause}");
}

#[cfg(not(feature = "postgres"))]
mod sqlite {
    use super::*;

    #[test]
    fn a_postgresql_url_gets_a_message_about_the_feature() {
        insta::assert_snapshot!(message("postgresql://book_user:Rosebud@localhost/books"), @"DATABASE_URL begins with `postgresql:`, and this program was built for SQLite. Use a URL such as sqlite://app.db; for PostgreSQL, add `--features postgres` to the cargo command.");
    }

    #[test]
    fn an_unknown_kind_of_url_is_named() {
        insta::assert_snapshot!(message("mysql://book_user:Rosebud@localhost/books"), @"DATABASE_URL begins with `mysql:`, and this program was built for SQLite. Use a URL such as sqlite://app.db; for PostgreSQL, add `--features postgres` to the cargo command.");
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        insta::assert_snapshot!(message("/no/such/folder/books.db"), @"cannot connect to the SQLite file /no/such/folder/books.db: unable to open database file. Check that its folder exists and that you may write there.");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_read_only_folder_is_an_error() {
        // Not even the superuser may make a file here.
        insta::assert_snapshot!(message("/proc/books.db"), @"cannot connect to the SQLite file /proc/books.db: unable to open database file. Check that its folder exists and that you may write there.");
    }

    #[test]
    #[cfg(unix)]
    fn a_database_that_cannot_be_written_to_is_an_error() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("books.db");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let opened = connect(file.to_str().unwrap()).map(|_| ());
        if fs::write(folder.path().join("probe"), "").is_ok() {
            // The superuser may write everywhere, so there is nothing to refuse.
            assert!(opened.is_ok(), "{opened:?}");
        } else {
            assert!(matches!(opened, Err(ConnectError::NotUsable { .. })), "{opened:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_a_database_is_an_error_and_stays_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("letter.txt");
        fs::write(&file, "Dear Alice, this is a letter. ".repeat(40)).unwrap();
        let before = fs::read(&file).unwrap();
        let text = message(file.to_str().unwrap()).replace(file.to_str().unwrap(), "letter.txt");
        insta::assert_snapshot!(text, @"cannot use the SQLite file letter.txt: file is not a database. Check that it is a SQLite file and that you may write to it and to its folder, or name a file that does not exist yet.");
        assert_eq!(fs::read(&file).unwrap(), before);
    }

    #[test]
    fn eight_connections_can_open_a_new_file_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("books.db");
        let opened = gates::at_once(vec![(); 8], |()| connect(file.to_str().unwrap()).map(|_| ()));
        assert!(opened.iter().all(Result::is_ok), "{opened:?}");
    }

    #[test]
    fn a_sqlite_url_is_a_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("books.db");
        connect(&format!("sqlite://{}", file.display())).unwrap();
        assert!(file.exists());
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use gates::postgres::Throwaway;

    #[test]
    fn a_sqlite_url_gets_a_message_about_the_feature() {
        insta::assert_snapshot!(message("sqlite://bookshop.db"), @"DATABASE_URL begins with `sqlite:`, and this program was built for PostgreSQL. Use a URL such as postgresql://role:password@localhost/database, or leave `--features postgres` out of the cargo command.");
    }

    #[test]
    fn a_path_is_not_a_url() {
        insta::assert_snapshot!(message("bookshop.db"), @"DATABASE_URL is not a URL that can be read. Write it like postgresql://role:password@localhost/database, and write characters such as @ : / ? # % in a password as %40 %3A %2F %3F %23 %25.");
    }

    #[test]
    fn a_server_that_does_not_answer_is_named() {
        insta::assert_snapshot!(message("postgresql://book_user:Rosebud@127.0.0.1:1/books"), @r#"cannot connect to the PostgreSQL database `books` on 127.0.0.1:1 as `book_user`: connection to server at "127.0.0.1", port 1 failed: Connection refused. Check that the server runs, and the role, password and database in DATABASE_URL."#);
    }

    #[test]
    fn a_wrong_password_is_refused() {
        let server = Throwaway::start().unwrap();
        let (_, host) = server.url().rsplit_once('@').unwrap();
        let (address, _) = host.split_once('/').unwrap();
        assert!(connect(server.url()).is_ok());
        let text = message(&format!("postgresql://postgres:Rosebud@{host}"));
        let port = address.rsplit(':').next().unwrap();
        insta::assert_snapshot!(text.replace(port, "5432"), @r#"cannot connect to the PostgreSQL database `postgres` on 127.0.0.1:5432 as `postgres`: connection to server at "127.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "postgres". Check that the server runs, and the role, password and database in DATABASE_URL."#);
    }

    /// URLs that libpq would print whole, password included.
    #[test]
    fn a_url_that_cannot_be_read_is_not_shown() {
        for url in [
            "postgresql://book_user:Rosebud@[::1/books",
            "postgresql://book_user:Rosebud/x@localhost/books",
            "postgresql://book_user:Rosebud%zz@localhost/books",
            "postgresql://book_user:Rosebud#x@localhost/books",
            "postgresql://book_user:Rosebud?x@localhost/books",
            "postgresql://book_user:12/Rosebud@localhost/books",
            "postgresql://book_user:12?Rosebud@localhost/books",
            "postgresql://book_user:Rose bud@localhost/books",
            "postgresql://book_user:Rosebud@localhost/books?nonsense",
            "postgresql://book_user:Rosebud@local@host/books",
            "postgresql://",
            "",
        ] {
            let refused = connect(url).map(|_| ());
            assert!(matches!(refused, Err(ConnectError::NotAUrl)), "{url}: {refused:?}");
        }
        insta::assert_snapshot!(message("postgresql://book_user:Rosebud@[::1/books"), @"DATABASE_URL is not a URL that can be read. Write it like postgresql://role:password@localhost/database, and write characters such as @ : / ? # % in a password as %40 %3A %2F %3F %23 %25.");
    }

    /// libpq's own text for the same: without our check it would be in the log.
    #[test]
    fn libpq_would_have_shown_the_password() {
        use diesel::Connection;
        let error =
            gates::Db::establish("postgresql://book_user:Rosebud@[::1/books").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("Rosebud"), "{error}");
    }

    #[test]
    fn encryption_without_tls_in_the_build_is_explained() {
        insta::assert_snapshot!(message("postgresql://book_user:Rosebud@127.0.0.1:1/books?sslmode=require"), @"cannot connect to the PostgreSQL database `books` on 127.0.0.1:1 as `book_user`: the URL asks for an encrypted connection (sslmode), and this program was built without TLS; build it with `--features postgres-tls`, or leave sslmode out if the server is on this machine. Check that the server runs, and the role, password and database in DATABASE_URL.");
    }

    #[test]
    fn a_database_that_does_not_exist_is_named() {
        let server = Throwaway::start().unwrap();
        let (server_url, _database) = server.url().rsplit_once('/').unwrap();
        let text = connect(&format!("{server_url}/books")).map(|_| ()).unwrap_err().to_string();
        assert!(text.contains("database \"books\" does not exist"), "{text}");
    }
}
