//! What is taken from an archive.

use std::fs;
use std::path::{Path, PathBuf};

use grade::intake::{Intake, Submission};
use tempfile::TempDir;

use crate::material::course;
use crate::pack::{self, Form};

fn zip(folder: &TempDir, files: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join("mine.zip");
    pack::write(&path, Form::Zip, files);
    path
}

fn take(path: &Path) -> Intake {
    let course = course();
    Submission::open(path, &course, None).take(&course.lessons[0])
}

/// The files that are taken, by name.
fn taken(path: &Path) -> Vec<(String, Vec<u8>)> {
    match take(path) {
        Intake::Taken(taken) => taken.into_iter().collect(),
        Intake::Unreadable(why) | Intake::Nothing(why) | Intake::ReaderFailed(why) => panic!("{why}"),
    }
}

fn unreadable(path: &Path) -> String {
    match take(path) {
        Intake::Unreadable(why) => why,
        Intake::Taken(taken) => panic!("taken: {:?}", taken.keys()),
        Intake::Nothing(what) | Intake::ReaderFailed(what) => panic!("{what}"),
    }
}

const LIB: &str = "lessons/01-database/src/lib.rs";

#[test]
fn the_listed_files_of_an_archive_are_extracted() {
    let folder = tempfile::tempdir().unwrap();
    let lib: &[u8] = b"// mine";
    let path = zip(
        &folder,
        &[
            ("mine/lessons/01-database/src/lib.rs", lib),
            ("mine/lessons/01-database/build.rs", lib),
            ("mine/tests/gates/01_database.rs", lib),
        ],
    );
    assert_eq!(taken(&path), [("src/lib.rs".to_owned(), lib.to_vec())]);
}

#[test]
fn a_path_that_leaves_the_archive_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        zip(&folder, &[(LIB, b"// mine"), ("lessons/../../../lessons/01-database/src/x.rs/../../../y", b"")]);
    assert_eq!(taken(&path).len(), 1);
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = zip(&folder, &[(LIB, &vec![b' '; 64 << 20])]);
    assert!(fs::metadata(&path).unwrap().len() < 256 << 10, "it looks small");
    assert_eq!(unreadable(&path), "`src/lib.rs` is larger than 256 KiB");
}

#[test]
fn an_unreadable_archive_is_reported_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let whole = pack::packed(Form::Zip, &[(LIB.to_owned(), b"// mine".to_vec())].into());
    let tar = pack::packed(Form::TarGz, &[(LIB.to_owned(), vec![b'x'; 100_000])].into());
    let cases: [(&str, &[u8], &str); 12] = [
        ("a.zip", &whole[..whole.len() / 2], "it is damaged or cut off"),
        ("a.tar.gz", &tar[..tar.len() / 2], "is damaged"),
        ("a.zip", b"", "it is empty; hand it in again"),
        ("a.zip", b"not an archive", "it is not an archive, although its name says so"),
        ("a.zip", b"<!DOCTYPE html><title>Sign in</title>", "it is a web page and not an archive"),
        (
            "a.rar",
            b"Rar!\x1a\x07\x01\0",
            "it is a RAR archive, which the grader does not open; hand in a .zip or .tar.gz",
        ),
        ("a.zip", b"Rar!\x1a\x07\x01\0", "it is a RAR archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "it is a 7z archive"),
        ("a.tar.xz", b"\xfd7zXZ\0\0\x04", "it is compressed with xz"),
        ("a.tar.bz2", b"BZh91AY&SY", "it is compressed with bzip2"),
        ("lib.rs", b"fn main() {}", "it is a single file; hand in a folder"),
        (
            "notes.docx",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "it contains no lesson, only no file",
        ),
    ];
    for (name, bytes, why) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let said = unreadable(&path);
        assert!(said.contains(why), "{name}: {said}");
    }
}

#[test]
fn files_that_are_left_out_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    for (files, why) in [
        (
            vec![("a/lessons/01-database/src/lib.rs", &b"1"[..]), ("b/lessons/01-database/src/lib.rs", b"2")],
            "the submission contains the lesson 2 times, with different files: `a/lessons/01-database`, `b/lessons/01-database`; hand in one",
        ),
        (
            vec![("solutions/01-database/src/lib.rs", &b""[..])],
            "it contains no lesson, only `solutions/01-database/src/lib.rs`",
        ),
        (
            vec![("home work.docx", &b""[..]), ("essay.pdf", b"")],
            "it contains no lesson, only `essay.pdf`, `home work.docx`",
        ),
        (vec![("hw.rar", &b"Rar!\x1a\x07"[..])], "`hw.rar` is a RAR archive"),
    ] {
        let said = unreadable(&zip(&folder, &files));
        assert!(said.contains(why), "{said}");
    }
    let path = zip(&folder, &[("lessons/03-models/src/lib.rs", b"")]);
    let Intake::Nothing(what) = take(&path) else { panic!("something is there") };
    assert_eq!(what, "nothing was handed in for this lesson; the submission contains 03-models");
}

#[test]
fn an_untouched_export_has_no_changed_files() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let lessons: Vec<_> = course.lessons.iter().collect();
    for (name, no_solutions) in [("complete", false), ("students", true)] {
        let copy = folder.path().join(name);
        kata::export::export(&course, &copy, no_solutions).unwrap();
        let changed = || Submission::open(&copy, &course, None).ignored(&course.root, &lessons);
        assert_eq!(changed(), [""; 0], "{name}");
        for (path, more) in [
            ("Cargo.toml", "# mine\n"),
            ("Cargo.lock", "[[package]]\nname = \"more\"\nversion = \"1.0.0\"\n"),
            ("tests/src/lib.rs", "// mine\n"),
        ] {
            let text = fs::read_to_string(copy.join(path)).unwrap();
            fs::write(copy.join(path), format!("{text}{more}")).unwrap();
            assert_eq!(changed(), [path], "{name}");
            fs::write(copy.join(path), text).unwrap();
        }
    }
}

#[test]
fn names_that_are_too_long_for_a_disk_are_left_out_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let src = "lessons/01-database/src";
    for name in [
        format!("{src}/{}.rs", "n".repeat(300)),
        format!("{src}/{}x.rs", "d/".repeat(5_000)),
        format!("{}{src}/x.rs", "d/".repeat(20_000)),
        format!("{src}/{}x.rs", "long-name-of-a-folder/".repeat(30).repeat(4)),
    ] {
        let path = zip(&folder, &[(LIB, b"// mine"), (&name, b"")]);
        let names: Vec<_> = taken(&path).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["src/lib.rs"]);
        let course = course();
        let ignored = Submission::open(&path, &course, None).ignored(&course.root, &[&course.lessons[0]]);
        assert!(ignored[0].len() > 100 && name.starts_with(&ignored[0][..100]), "{ignored:?}");
    }
    let path = zip(
        &folder,
        &[
            (LIB, b"// mine"),
            ("lessons/01-database/src/a", b""),
            ("lessons/01-database/src/a/b.rs", b""),
            ("lessons/01-database/src/x\0y.rs", b""),
        ],
    );
    let names: Vec<_> = taken(&path).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["src/a/b.rs", "src/lib.rs"]);
}

#[test]
fn the_outermost_copy_counts_and_identical_copies_count_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let of = |files: &[(&str, &[u8])]| taken(&zip(&folder, files))[0].1.clone();
    assert_eq!(of(&[("old/lessons/01-database/src/lib.rs", b"old"), (LIB, b"new")]), b"new");
    assert_eq!(of(&[("a/01-database/src/lib.rs", b"a\r\n"), ("b/01-database/src/lib.rs", b"a\n")]), b"a\n");
    assert_eq!(
        of(&[("01-database/src/lib.rs", b"loose"), ("course/lessons/01-database/src/lib.rs", b"course")]),
        b"course"
    );
}

#[test]
#[cfg(unix)]
fn an_unreadable_folder_is_named_and_a_pipe_is_not_opened() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("lessons/01-database/src");
    fs::create_dir_all(source.join("shut")).unwrap();
    fs::write(source.join("lib.rs"), "// mine").unwrap();
    fs::set_permissions(source.join("shut"), fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads everything.
    if fs::read_dir(source.join("shut")).is_err() {
        assert!(unreadable(folder.path()).contains("`src/shut` cannot be read: Permission denied"));
    }
    fs::set_permissions(source.join("shut"), fs::Permissions::from_mode(0o755)).unwrap();
    nix::unistd::mkfifo(&source.join("pipe.rs"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert_eq!(unreadable(folder.path()), "`src/pipe.rs` is not a regular file");
}

#[test]
fn the_scan_finds_paths_that_leave_the_lesson() {
    let escapes = |text: &str| {
        let taken = [("src/routes/files.rs".to_owned(), text.as_bytes().to_vec())].into();
        grade::intake::scan::scan(&taken).is_some()
    };
    assert!(escapes(r#"const A: &str = include_str!("../../../x");"#));
    assert!(escapes(r##"const A: &str = include_str!(r#"/../x"#);"##));
    assert!(escapes(r#"const A: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/../../x"));"#));
    assert!(escapes("#[cfg_attr(all(), path = \"../../../x.rs\")] mod x;"));
    assert!(escapes("#[path = \"../../../x.rs\"] mod x;"));
    assert!(!escapes("#[path = \"../shelf/books.rs\"] mod books;"));
    assert!(!escapes(r#"const A: &str = include_str!("../../static/style.css");"#));
    assert!(!escapes(
        r#"const A: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/a/../../x"));"#
    ));
    assert!(!escapes("#[cfg_attr(all(), path = \"x.rs\", doc = \"../../../../x\")] mod x;"));
    assert!(!escapes("#[cfg_attr(path, doc = \"../../../../x\")] mod x;"));
    assert!(!escapes("#![forbid(unsafe_code)] // unsafe\nconst A: &str = \"unsafe\";"));
}

#[test]
fn too_deeply_nested_brackets_are_left_to_the_compiler() {
    let brackets = |open: &str, close: &str| open.repeat(130_000) + &close.repeat(130_000);
    for text in [
        brackets("(", ")"),
        brackets("{", "}"),
        "(".repeat(200_000),
        format!("include_str!({})", brackets("[", "]")),
        format!("#[path = {}] mod x;", brackets("(", ")")),
    ] {
        let taken = [("src/notes.rs".to_owned(), text.into_bytes())].into();
        assert_eq!(grade::intake::scan::scan(&taken), None);
    }
}

#[test]
fn a_tar_is_read_the_way_tar_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("course/lessons/01-database/src");
    fs::create_dir_all(&tree).unwrap();
    fs::write(tree.join("lib.rs"), "// mine").unwrap();
    fs::hard_link(tree.join("lib.rs"), tree.join("twin.rs")).unwrap();
    let mut whole = tar::Builder::new(Vec::new());
    whole.append_dir_all("course", folder.path().join("course")).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Link);
    header.set_size(0);
    whole
        .append_link(
            &mut header,
            "course/lessons/01-database/src/again.rs",
            "course/lessons/01-database/src/lib.rs",
        )
        .unwrap();
    let first = whole.into_inner().unwrap();
    let second = pack::packed(
        Form::Tar,
        &[("course/lessons/01-database/src/more.rs".to_owned(), b"// more".to_vec())].into(),
    );
    // Compressed in two pieces, as `gzip -c a b` and some uploads do, with one archive behind the other.
    let both = [first, second].concat();
    let (a, b) = both.split_at(700);
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let path = folder.path().join("mine.tar.gz");
    fs::write(&path, [gzip(a), gzip(b)].concat()).unwrap();
    let names = |path: &Path| taken(path).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let all = ["src/again.rs", "src/lib.rs", "src/more.rs", "src/twin.rs"];
    assert_eq!(names(&path), all);
    // Some media fill files up.
    fs::write(&path, [gzip(a), gzip(b), vec![0; 700]].concat()).unwrap();
    assert_eq!(names(&path), all);
    // It ends in the middle of a file.
    let end = both.windows(7).rposition(|bytes| bytes == b"// more").unwrap() + 3;
    for (name, cut) in [("cut.tar", both[..end].to_vec()), ("cut.tar.gz", gzip(&both[..end]))] {
        fs::write(folder.path().join(name), cut).unwrap();
        let why = unreadable(&folder.path().join(name));
        assert!(why.contains("damaged"), "{why}");
    }
}

#[test]
fn names_are_compared_as_on_windows_and_macos() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        zip(&folder, &[("lessons/01-database/SRC/Lib.rs", b"1"), ("lessons/01-database/Setup.SQL", b"2")]);
    let known = ["src/lib.rs", "setup.sql"].map(str::to_owned);
    let named = grade::intake::taken::with_course_names(&taken(&path).into_iter().collect(), known.iter());
    assert_eq!(named.keys().collect::<Vec<_>>(), ["setup.sql", "src/lib.rs"]);
    let both = [("src/Lib.rs".to_owned(), Vec::new()), ("src/lib.rs".to_owned(), Vec::new())].into();
    assert_eq!(grade::intake::taken::with_course_names(&both, known.iter()).len(), 2);
    // A file cannot lie in the place of another's folder.
    for (one, other) in [("SRC/lib.rs", "src/lib.rs/x.rs"), ("Src/Lib.rs/x.rs", "SRC/lib.rs")] {
        let both = [one, other].map(|path| (path.to_owned(), Vec::new())).into();
        let named = grade::intake::taken::with_course_names(&both, known.iter());
        assert_eq!(named.keys().collect::<Vec<_>>(), both.keys().collect::<Vec<_>>());
    }
}

#[test]
fn folders_around_a_lesson_may_be_called_anything() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    header.set_mode(0o644);
    let name = b"\xdcbung/lessons/01-database/src/lib.rs";
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_cksum();
    archive.append(&header, &b"1"[..]).unwrap();
    let path = folder.path().join("mine.tar");
    fs::write(&path, archive.into_inner().unwrap()).unwrap();
    assert_eq!(taken(&path).len(), 1);
}

#[test]
fn a_self_extracting_zip_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let packed = pack::packed(Form::Zip, &[(LIB.to_owned(), b"// mine".to_vec())].into());
    let path = folder.path().join("mine.exe");
    fs::write(&path, [b"MZ program".to_vec(), packed].concat()).unwrap();
    assert_eq!(taken(&path).len(), 1);
}

#[test]
fn messages_about_an_archive_are_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = pack::packed(Form::Tar, &[(LIB.to_owned(), b"// mine".to_vec())].into());
    // The field of the checksum, which the reader quotes.
    tar[148..156].copy_from_slice(b"\x1b[2J\n::x");
    let names = "lessons/01-database/src/\u{1b}[2J\n##[error].rs";
    for (name, bytes) in [
        ("a.tar", tar),
        ("a.zip", pack::packed(Form::Zip, &[(names.to_owned(), vec![b' '; 300 << 10])].into())),
        ("b.zip", pack::packed(Form::Zip, &[("\u{1b}[31m::error::\n".to_owned(), Vec::new())].into())),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let said = unreadable(&path);
        assert!(!said.contains(char::is_control), "{said:?}");
    }
}
