//! What counts as a leaving, by the program that makes it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use kata::leftovers::{has_mark, is_in_leftovers, is_leftover};

/// By the program that makes them.
const LEFTOVERS: &[(&str, &[&str])] = &[
    ("Finder", &[".DS_Store", "._lib.rs", ".localized", "Icon\r", "__MACOSX", ".Trashes", "lib copy.rs"]),
    ("other disks on macOS", &[".AppleDouble", ".DocumentRevisions-V100", ".VolumeIcon.icns"]),
    ("WSL", &["lib.rs:Zone.Identifier", "Zoom.lnk", "ehthumbs_vista.db"]),
    (
        "Seafile, Resilio, Drive",
        &["lib (SFConflict ann@x.org 2026-03-01-10-10-10).rs", "lib.rs.!sync", ".tmp.driveupload"],
    ),
    ("iCloud, Google Docs", &[".lib.rs.icloud", "notes.gdoc"]),
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

/// Names of source; some look like leftovers.
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
    "row.part",
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
fn leftovers_are_distinguished_from_source_by_their_name() {
    for (program, names) in LEFTOVERS {
        for name in *names {
            assert!(is_leftover(name), "{program} leaves {name:?}");
        }
    }
    for name in SOURCE {
        assert!(!is_leftover(name), "{name:?} is source");
    }
}

#[test]
fn everything_inside_a_leftover_folder_is_a_leftover() {
    assert!(is_in_leftovers(Path::new("src/.idea/workspace.xml")));
    assert!(is_in_leftovers(Path::new("src/lib.rs~")));
    assert!(!is_in_leftovers(Path::new("src/target/lib.rs")));
}

#[test]
fn a_programs_private_folder_is_recognized_by_its_contents() {
    let root = tempfile::tempdir().unwrap();
    for (folder, mark) in
        [("data", "PG_VERSION"), ("mysql", "ibdata1"), ("env", "pyvenv.cfg"), ("out", "CACHEDIR.TAG")]
    {
        let folder = root.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        assert!(!has_mark(&folder), "{}", folder.display());
        std::fs::write(folder.join(mark), "17\n").unwrap();
        assert!(has_mark(&folder), "{}", folder.display());
    }
}

#[test]
fn the_course_hands_out_no_leftovers() {
    let root = kata::course::find_root().unwrap();
    let record = kata::record::Record::read(&root).unwrap();
    assert!(record.paths().any(|file| file.ends_with("lib.rs")));
    for file in record.paths() {
        assert!(!is_in_leftovers(file), "{}", file.display());
    }
}

/// Those of `names` that git ignores in a folder of a lesson.
fn ignored(names: &[String]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder.path()).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
        git
    };
    assert!(git(&["init", "--quiet"]).status().unwrap().success());
    let ignore = kata::course::find_root().unwrap().join(".gitignore");
    std::fs::copy(ignore, folder.path().join(".gitignore")).unwrap();
    let mut child = git(&["check-ignore", "--no-index", "--stdin", "-z"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let paths: String = names.iter().map(|name| format!("lessons/05-crud/src/{name}\0")).collect();
    child.stdin.take().unwrap().write_all(paths.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let paths = text.split_terminator('\0');
    paths.map(|path| path.strip_prefix("lessons/05-crud/src/").unwrap().to_owned()).collect()
}

#[test]
fn git_ignores_leftovers_and_shows_source() {
    // Git never shows a `.git`, and a pattern cannot hold the character that ends a line.
    let names = |all: &[&str]| {
        let named = all.iter().filter(|name| !["", ".git", "Icon\r"].contains(name));
        named.map(|name| (*name).to_owned()).collect::<Vec<_>>()
    };
    let leftovers: Vec<_> = LEFTOVERS.iter().flat_map(|(_, all)| names(all)).collect();
    let ignored_leftovers = ignored(&leftovers);
    let shown: Vec<_> = leftovers.iter().filter(|name| !ignored_leftovers.contains(name)).collect();
    assert!(shown.is_empty(), "git shows {shown:?}");
    let mut source = names(SOURCE);
    // Settings are in it, and git ignores them.
    source.retain(|name| !matches!(name.as_str(), ".env" | ".db"));
    assert!(ignored(&source).is_empty(), "git ignores {:?}", ignored(&source));
}
