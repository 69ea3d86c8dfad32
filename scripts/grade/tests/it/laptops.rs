//! What a student's computer, an archiver or a learning platform makes of right work is right work.

use std::path::Path;

use grade::intake::taken::Taken;
use grade::intake::{Intake, Submission};

use crate::material::{completed, course, place};
use crate::pack::{self, Form};

const LESSON: &str = "lessons/07-sessions";

/// The lesson's files, and perhaps others, as they lie on a disk.
fn solution() -> Vec<(String, Vec<u8>)> {
    let course = course();
    let files = completed(&course, course.lesson("7").unwrap());
    files.into_iter().map(|(path, text)| (path.to_str().unwrap().to_owned(), text.into_bytes())).collect()
}

fn take(path: &Path) -> Result<Taken, String> {
    let course = course();
    match Submission::open(path, &course, None).take(course.lesson("7").unwrap()) {
        Intake::Taken(taken) => Ok(taken),
        Intake::Unreadable(why) | Intake::Nothing(why) | Intake::ReaderFailed(why) => Err(why),
    }
}

/// What is taken of these files in a folder, which it is not on every system, and in two archives.
#[track_caller]
fn taken(files: &[(String, Vec<u8>)]) -> Vec<(&'static str, Taken)> {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for (form, name) in [(Form::Zip, "ann.zip"), (Form::TarGz, "ann.tar.gz"), (Form::Folder, "ann")] {
        let path = folder.path().join(name);
        match form {
            Form::Folder => files.iter().for_each(|(file, bytes)| place(&path, file, bytes)),
            form => {
                let files: Vec<_> =
                    files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
                pack::write(&path, form, &files);
            }
        }
        all.push((name, take(&path).unwrap_or_else(|why| panic!("{name}: {why}"))));
    }
    all
}

/// By the program that leaves them: paths in the lesson.
const LEFT: &[(&str, &[&str])] = &[
    ("Finder", &["src/.DS_Store", "src/._lib.rs", "src/Icon\r", "templates/.localized", "src/lib copy.rs"]),
    ("Finder on another disk", &["src/.AppleDouble/._lib.rs", "src/.VolumeIcon.icns"]),
    ("Explorer", &["src/Thumbs.db", "src/desktop.ini", "src/lib - Copy.rs", "templates/Zoom.lnk"]),
    (
        "a Linux desktop",
        &["src/.directory", "src/.goutputstream-A1B2C3", "src/.nfs000000000a1b", "src/core.4711"],
    ),
    ("Vim", &["src/.lib.rs.swp", "src/.lib.rs.swo", "src/lib.rs~", "src/.lib.rs.un~", "src/4913"]),
    ("Emacs", &["src/#lib.rs#", "src/.#lib.rs", "src/lib.rs.~2~"]),
    ("nano", &["src/lib.rs.save", "src/lib.rs.save.1"]),
    ("Kate and Kakoune", &["src/.lib.rs.kate-swp", "src/.lib.rs.kak.a1B2c3"]),
    ("JetBrains", &["src/lib.rs___jb_tmp___", "src/lib.rs___jb_old___"]),
    ("Notepad++", &["src/nppBackup/lib.rs.2026-05-01_101010.bak", "src/lib.rs.bak"]),
    ("LibreOffice and Word", &["templates/.~lock.notes.odt#", "templates/~$notes.docx", "src/~WRL0001.tmp"]),
    ("Dropbox", &["src/lib (Ann's conflicted copy 2026-05-01).rs", "src/.dropbox.attr"]),
    ("OneDrive", &["src/lib-DESKTOP-AB12CD3.rs", "src/lib-LAPTOP-AB12CD3-2.rs"]),
    ("Google Drive", &["src/lib (1).rs", "src/Copy of lib.rs", "templates/notes.gdoc"]),
    ("iCloud", &["src/lib 2.rs", "src/.notes.rs.icloud"]),
    ("Nextcloud", &["src/lib (conflicted copy 2026-05-01 101010).rs", "src/.sync_0a1b.db"]),
    ("Syncthing", &["src/lib.sync-conflict-20260501-101010-ABCDEFG.rs", "src/.syncthing.lib.rs.tmp"]),
    ("Seafile", &["src/lib (SFConflict ann@x.org 2026-05-01-10-10-10).rs"]),
    ("Resilio", &["src/lib.rs.!sync"]),
    ("a browser", &["src/lib.rs.crdownload"]),
    ("git and patch", &["src/lib.rs.orig", "src/lib.rs.rej", "src/lib_LOCAL_4711.rs"]),
    ("WSL", &["src/lib.rs:Zone.Identifier", "templates/home.html:Zone.Identifier"]),
    ("a database", &["src/shop.db", "src/shop.db-wal", "migrations/shop.sqlite3-journal"]),
    (
        "the app itself",
        &["src/app.log", "src/nohup.out", "src/rustc-ice-2026-05-01.txt", "src/default.profraw"],
    ),
];

#[test]
fn leftovers_of_programs_beside_the_source_change_nothing() {
    let solution = solution();
    let expected = taken(&solution)[0].1.clone();
    for (program, paths) in LEFT {
        let mut files = solution.clone();
        for path in *paths {
            files.push((format!("{LESSON}/{path}"), b"\0\x01not source \xff".to_vec()));
        }
        for (form, taken) in taken(&files) {
            let more: Vec<_> = taken.keys().filter(|path| !expected.contains_key(*path)).collect();
            assert!(taken == expected, "{program}, {form}: {more:?}");
        }
    }
}

/// What a student has put there: paths in the lesson, and how large it is.
const OWN: &[(&str, usize)] = &[
    ("templates/favicon.ico", 1_200),
    ("templates/logo.PNG", 400 << 10),
    ("src/Bildschirmfoto 2026-05-01 um 10.10.10.png", 200 << 10),
    ("src/scheme.pdf", 250 << 10),
    ("src/target/mod.rs", 10),
    ("src/notes.txt", 10),
    ("src/.gitkeep", 0),
    ("src/.gitignore", 10),
    ("src/Über mich.md", 10),
    ("src/tests/mod.rs", 10),
    ("src/solutions.rs", 10),
    ("templates/page 2.html", 10),
    ("templates/vendor/style.css", 10),
    ("migrations/README.md", 10),
];

#[test]
fn other_files_of_a_student_beside_the_source_are_not_an_error() {
    let solution = solution();
    let expected = taken(&solution)[0].1.clone();
    let mut files = solution;
    files.extend(OWN.iter().map(|(path, size)| (format!("{LESSON}/{path}"), vec![b'\x01'; *size])));
    // More pictures than a lesson may have files, and larger than a lesson may be.
    let pictures = (0..150).map(|number| (format!("{LESSON}/templates/{number}.jpg"), vec![1; 20 << 10]));
    for (what, more) in [("some", Vec::new()), ("many", pictures.collect::<Vec<_>>())] {
        for (form, taken) in taken(&[files.clone(), more].concat()) {
            let lost: Vec<_> =
                expected.iter().filter(|(path, text)| taken.get(*path) != Some(text)).collect();
            assert!(lost.is_empty(), "{what}, {form}: {lost:?}");
        }
    }
}

/// How archivers, hosting and learning platforms name the folders around the files.
const AROUND: &[&str] = &[
    "lessons/07-sessions",
    "course-main/lessons/07-sessions",
    "ann-course-1a2b3c4/lessons/07-sessions",
    "Jane Doe_12345_assignsubmission_file_/course/lessons/07-sessions",
    "home/ann/Desktop/My Course (final)/lessons/07-sessions",
    "C:\\Users\\ann\\course\\lessons\\07-sessions",
    ".\\course\\lessons\\07-sessions",
    "./course/lessons/07-sessions",
    "course/target/../lessons/07-sessions",
    "07-sessions",
    "07_sessions",
    "07-Sessions",
    "07-sessions (1)",
    "07-sessions 2",
    "07-sessions copy",
    "07-sessions - Copy",
    "07-sessions-main",
    "07-sessions-1",
    "lesson-07-sessions",
    "solutions/lessons/07-sessions",
    "a/b/c/d/e/f/g/07-sessions",
    "anything at all",
];

#[test]
fn the_folders_around_a_lesson_may_have_unusual_names() {
    let solution = solution();
    let expected = taken(&solution)[0].1.clone();
    let folder = tempfile::tempdir().unwrap();
    for around in AROUND {
        let separator = if around.contains('\\') { "\\" } else { "/" };
        let files = solution.iter().map(|(path, bytes)| {
            let inside = path.strip_prefix(LESSON).unwrap_or(path).replace('/', separator);
            (format!("{around}{inside}"), bytes.clone())
        });
        let files: Vec<_> = files.collect();
        let path = folder.path().join("ann.zip");
        pack::write(
            &path,
            Form::Zip,
            &files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect::<Vec<_>>(),
        );
        let taken = take(&path).unwrap_or_else(|why| panic!("{around}: {why}"));
        assert!(taken == expected, "{around}: {:?}", taken.keys());
    }
}
