//! What counts as a leaving, by the program that makes it.

use std::path::Path;

use super::{is_in_leavings, is_leaving, is_leavings_folder};

/// By the program that makes them.
const LEAVINGS: &[(&str, &[&str])] = &[
    ("Finder", &[".DS_Store", "._lib.rs", ".localized", "Icon\r", "__MACOSX", ".Trashes", "lib copy.rs"]),
    ("macOS, saving", &["lib.rs.sb-1a2b3c4d-e5F6g7"]),
    (
        "Explorer",
        &["desktop.ini", "Desktop.ini", "Thumbs.db", "$RECYCLE.BIN", "lib - Copy.rs", "up - Kopie.sql"],
    ),
    (
        "Linux",
        &[
            ".directory",
            ".Trash-1000",
            ".goutputstream-A1B2C3",
            "lost+found",
            ".nfs000000000a1b",
            "core.4711",
        ],
    ),
    ("Emacs", &["#lib.rs#", ".#lib.rs", "lib.rs~", "lib.rs.~1~"]),
    (
        "Vim",
        &[
            ".lib.rs.swp",
            ".lib.rs.swo",
            ".lib.rs.swa",
            ".lib.rs.swx",
            "lib.rs~",
            ".lib.rs.un~",
            "4913",
            "Session.vim",
        ],
    ),
    ("nano", &[".lib.rs.swp", "lib.rs.save", "lib.rs.save.1"]),
    (
        "other editors",
        &[".lib.rs.kate-swp", ".lib.rs.kak.a1B2c3", "lib.rs___jb_tmp___", ".idea", ".vscode", "lib.rs.bak"],
    ),
    ("LibreOffice, Word", &[".~lock.notes.odt#", "~$notes.docx"]),
    ("git, patch", &["lib.rs.orig", "lib.rs.rej", "lib_BACKUP_4711.rs", "lib_REMOTE_4711.rs", ".git"]),
    (
        "Dropbox",
        &[
            "lib (Ann's conflicted copy 2026-03-01).rs",
            "lib (conflicted copy).rs",
            "home (Case Conflict).html",
            "lib (In Konflikt stehende Kopie von Ann 2026-03-01).rs",
            ".dropbox.cache",
        ],
    ),
    (
        "Syncthing",
        &[
            "lib.sync-conflict-20260301-101010-ABCDEFG.rs",
            ".syncthing.lib.rs.tmp",
            "~syncthing~lib.rs.tmp",
            ".stfolder",
        ],
    ),
    (
        "Nextcloud",
        &["lib (conflicted copy 2026-03-01 101010).rs", "lib_conflict-20260301-101010.rs", ".sync_0a1b.db"],
    ),
    ("OneDrive", &["lib-DESKTOP-AB12CD3.rs", "lib-LAPTOP-AB12CD3-2.rs", "lib-Anns-MacBook-Pro.rs"]),
    (
        "iCloud, Google Drive",
        &["lib 2.rs", "up 3.sql", "lib (1).rs", "lib [Conflict].rs", "Copy of lib.rs", "Cargo 2.toml"],
    ),
    ("databases", &["shop.db", "shop.db-wal", "shop.sqlite3", "shop.sqlite3-journal", "pgdata", ".pgdata"]),
    ("the course", &["books.rs.new", "gate__crud__a.snap.new", "gate.rs.pending-snap"]),
    (
        "other tools",
        &["__pycache__", "node_modules", "nohup.out", "app.log", "rustc-ice-2026.txt", "default_1.profraw"],
    ),
];

/// Names of source; some look like leavings.
const SOURCE: &[&str] = &[
    "lib.rs",
    "target.rs",
    "target",
    "conflict.rs",
    "copy.rs",
    "new.rs",
    "new",
    "old.rs",
    "log.rs",
    "log",
    "tags",
    "core.rs",
    "core",
    "save.rs",
    "backup_4711.rs",
    "v_2.rs",
    "LOCAL.rs",
    "page 2.html",
    "copy of a page.html",
    "icon.svg",
    "icon-desktop-wide.svg",
    "db.rs",
    "db",
    ".db",
    "sqlite",
    "sqlite.rs",
    ".env",
    ".env.example",
    ".derived",
    "up.sql",
    "setup.sql",
    "00000000000001_create_books",
    "metadata.toml",
    "Cargo.toml",
    "style.css",
    "c#.txt",
    "#",
    "##",
    "~",
    "",
    "2.rs",
    "README.md",
];

#[test]
fn leavings_are_told_from_source_by_their_name() {
    for (program, names) in LEAVINGS {
        for name in *names {
            assert!(is_leaving(name), "{program} leaves {name:?}");
        }
    }
    for name in SOURCE {
        assert!(!is_leaving(name), "{name:?} is source");
    }
}

#[test]
fn what_lies_in_leavings_is_one() {
    assert!(is_in_leavings(Path::new("src/.idea/workspace.xml")));
    assert!(is_in_leavings(Path::new("src/lib.rs~")));
    assert!(!is_in_leavings(Path::new("src/target/lib.rs")));
}

#[test]
fn a_folder_that_a_program_keeps_for_itself_is_known_by_what_it_holds() {
    let root = tempfile::tempdir().unwrap();
    for (folder, mark) in
        [("data", "PG_VERSION"), ("mysql", "ibdata1"), ("env", "pyvenv.cfg"), ("out", "CACHEDIR.TAG")]
    {
        let folder = root.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        assert!(!is_leavings_folder(&folder), "{}", folder.display());
        std::fs::write(folder.join(mark), "17\n").unwrap();
        assert!(is_leavings_folder(&folder), "{}", folder.display());
    }
    assert!(is_leavings_folder(Path::new("lessons/05-crud/pgdata")));
}

#[test]
fn the_course_hands_out_source() {
    let root = crate::course::find_root().unwrap();
    let record = crate::derive::record::Record::read(&root).unwrap();
    assert!(record.paths().any(|file| file.ends_with("lib.rs")));
    for file in record.paths() {
        assert!(!is_in_leavings(file), "{}", file.display());
    }
}
