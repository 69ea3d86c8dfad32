//! Files that other programs leave in a folder: editors, file managers, sync tools, databases.
//!
//! This is the one list of them. The guide does not run a lesson again for such a file, and a program that
//! collects a student's work can leave it out: no build reads a file of such a name.

use std::path::Path;

/// Whole names, in lower case, of files and folders.
const NAMES: &[&str] = &[
    // File managers and systems.
    ".ds_store",
    ".localized",
    ".apdisk",
    ".directory",
    ".fseventsd",
    ".spotlight-v100",
    ".temporaryitems",
    ".trashes",
    ".appledouble",
    ".documentrevisions-v100",
    ".volumeicon.icns",
    "icon\r",
    "__macosx",
    "desktop.ini",
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "@eadir",
    // Sync tools.
    ".dropbox",
    ".dropbox.attr",
    ".dropbox.cache",
    ".stfolder",
    ".stignore",
    ".stversions",
    ".owncloudsync.log",
    ".nextcloudsync.log",
    ".sync.ffs_db",
    // Editors and version control. Vim makes `4913` to find out whether it may write to a folder.
    "4913",
    "5036",
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".idea",
    ".vscode",
    ".vs",
    ".fleet",
    ".zed",
    ".history",
    ".netrwhist",
    "session.vim",
    "nohup.out",
    // Databases and other languages' tools.
    "pgdata",
    ".pgdata",
    "__pycache__",
    ".venv",
    "node_modules",
    ".direnv",
    ".ipynb_checkpoints",
];

/// How a name begins, in lower case.
const STARTS: &[&str] = &[
    ".#",
    "._",
    "~$",
    ".~lock.",
    ".nfs0",
    ".fuse_hidden",
    ".trash-",
    ".goutputstream-",
    ".syncthing.",
    "~syncthing~",
    ".sync_",
    ".tmp.drive",
    "rustc-ice-",
];

/// How a name ends, in lower case.
const ENDS: &[&str] = &[
    "~",
    // A mark of where a file was downloaded from; in WSL it is a file of its own.
    ":zone.identifier",
    ".lnk",
    // In the place of a file that iCloud has moved away.
    ".icloud",
    ".gdoc",
    ".!sync",
    ".swx",
    ".kate-swp",
    ".orig",
    ".rej",
    ".bak",
    ".bk",
    ".old",
    ".save",
    ".tmp",
    ".temp",
    ".crdownload",
    // What `cargo kata update` could not merge, and what a gate under `cargo test` has seen.
    ".new",
    ".pending-snap",
    "___jb_tmp___",
    "___jb_old___",
    "___jb_bak___",
    ".log",
    ".profraw",
    ".stackdump",
    ".db",
    ".db-shm",
    ".db-wal",
    ".db-journal",
    ".sqlite",
    ".sqlite-shm",
    ".sqlite-wal",
    ".sqlite-journal",
    ".sqlite3",
    ".sqlite3-shm",
    ".sqlite3-wal",
    ".sqlite3-journal",
];

/// What sync tools write into the name of a copy when two computers have changed a file. Dropbox says it
/// in the language of its user.
const CONFLICTS: &[&str] = &[
    "conflicted copy",
    ".sync-conflict-",
    "[conflict]",
    "(case conflict",
    "(sfconflict ",
    "_conflict-",
    "in konflikt stehende kopie",
    "copie en conflit",
    "copia en conflicto",
    "copia in conflitto",
    "cópia em conflito",
    "conflicterende kopie",
    "kopia powodująca konflikt",
    "конфликтующая копия",
];

/// OneDrive puts `-` and the name of the computer before the extension. Windows and macOS begin most such
/// names with one of these.
const COMPUTERS: [&str; 3] = ["-DESKTOP-", "-LAPTOP-", "-MacBook-"];

/// What file managers call a copy, in several languages.
const COPIES: [&str; 6] = ["copy", "kopie", "copie", "copia", "cópia", "копия"];

/// Whether another program has left the file or folder of this name. Folders count as a whole.
///
/// A name alone decides, so a name that a student may give to source is never a leaving: `src/target.rs`,
/// `conflict.rs`, `templates/page 2.html`.
pub fn is_leftover(name: &str) -> bool {
    let lower = name.to_lowercase();
    NAMES.contains(&lower.as_str())
        || STARTS.iter().any(|start| lower.starts_with(start))
        || ENDS.iter().any(|end| lower.ends_with(end) && lower.len() > end.len())
        || is_swap_file(&lower)
        || is_numbered_backup(&lower)
        || is_merge_tools(name)
        || is_conflict(name, &lower)
        || is_copy(&lower)
        || (lower.len() > 2 && lower.starts_with('#') && lower.ends_with('#'))
}

/// Whether the file at this path is a leaving, or lies in a folder that is one.
pub fn is_in_leftovers(path: &Path) -> bool {
    path.components().any(|part| is_leftover(&part.as_os_str().to_string_lossy()))
}

/// Files that mark the folder that they are in as one that a program keeps for itself: a PostgreSQL or
/// MySQL server's data, a Python environment, and caches such as cargo's `target`.
const MARKS: [&str; 4] = ["PG_VERSION", "ibdata1", "pyvenv.cfg", "CACHEDIR.TAG"];

/// Whether a program keeps the folder at this path for itself, by what the folder holds.
pub fn has_mark(folder: &Path) -> bool {
    MARKS.iter().any(|mark| folder.join(mark).is_file())
}

/// Vim's: `.lib.rs.swp`, and `.swo`, `.swn` … where there are several.
fn is_swap_file(name: &str) -> bool {
    let mut end = name.chars().rev();
    matches!(end.next(), Some('a'..='p')) && name.len() > 4 && name[..name.len() - 1].ends_with(".sw")
}

/// Nano's `lib.rs.save.1`, macOS's `lib.rs.sb-1a2b3c4d-e5F6g7`, Kakoune's `.lib.rs.kak.a1B2c3`.
fn is_numbered_backup(name: &str) -> bool {
    let after = |mark: &str| name.split_once(mark).map(|(_, rest)| rest);
    after(".save.").is_some_and(is_number)
        || after("core.").is_some_and(|rest| name.starts_with("core.") && is_number(rest))
        || after("vgcore.").is_some_and(|rest| name.starts_with("vgcore.") && is_number(rest))
        || after(".kak.").is_some_and(|rest| name.starts_with('.') && rest.len() == 6)
        || after(".sb-").is_some_and(|rest| {
            rest.split_once('-')
                .is_some_and(|(id, _)| id.len() == 8 && id.chars().all(|c| c.is_ascii_hexdigit()))
        })
}

/// `lib_LOCAL_4711.rs`, beside the file that `git mergetool` works on.
fn is_merge_tools(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let Some((rest, number)) = stem.rsplit_once('_') else { return false };
    is_number(number) && ["_BACKUP", "_BASE", "_LOCAL", "_REMOTE"].iter().any(|side| rest.ends_with(side))
}

fn is_conflict(name: &str, lower: &str) -> bool {
    CONFLICTS.iter().any(|mark| lower.contains(mark))
        || COMPUTERS.iter().any(|computer| name.contains(computer))
}

/// A copy that a sync tool or a file manager has numbered: `lib 2.rs`, `lib (1).rs`, `lib - Copy.rs`. Only
/// of files whose name decides whether they are read; a template may be called `page 2.html`.
fn is_copy(name: &str) -> bool {
    let Some((stem, "rs" | "sql" | "toml")) = name.rsplit_once('.') else { return false };
    let Some((_, last)) = stem.rsplit_once(' ') else { return false };
    let number = last.strip_prefix('(').and_then(|last| last.strip_suffix(')')).unwrap_or(last);
    is_number(number) || COPIES.contains(&last) || stem.starts_with("copy of ")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}
