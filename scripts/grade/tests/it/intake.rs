//! What is taken from an archive.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use grade::intake::{Intake, Submission};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::material::course;

fn zip(folder: &TempDir, files: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join("mine.zip");
    let mut archive = ZipWriter::new(File::create(&path).unwrap());
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap();
    path
}

fn refusal(path: &Path) -> String {
    match Submission::open(path).unwrap().take(&course().lessons[0]).unwrap() {
        Intake::Refused(refusal) => refusal.0,
        Intake::Taken(taken) => panic!("taken: {:?}", taken.keys()),
        Intake::Nothing => panic!("nothing is there"),
    }
}

#[test]
fn the_listed_files_of_an_archive_are_taken() {
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
    let Intake::Taken(taken) = Submission::open(&path).unwrap().take(&course().lessons[0]).unwrap() else {
        panic!("not taken");
    };
    assert_eq!(taken.keys().collect::<Vec<_>>(), ["src/lib.rs"]);
}

#[test]
fn a_path_that_leads_out_of_an_archive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        zip(&folder, &[("lessons/01-database/src/lib.rs", b""), ("lessons/../../../etc/cron.d/mine", b"")]);
    assert!(refusal(&path).contains("leads out of the archive"));
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = zip(&folder, &[("lessons/01-database/src/lib.rs", &vec![b' '; 64 << 20])]);
    assert!(fs::metadata(&path).unwrap().len() < 256 << 10, "it looks small");
    assert!(refusal(&path).contains("is larger than 256 KiB"));
}

#[test]
fn a_damaged_archive_is_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.zip");
    fs::write(&path, "no archive").unwrap();
    assert!(Submission::open(&path).is_err());
}

#[test]
fn what_the_scan_takes_for_an_escape() {
    let escapes = |text: &str| {
        let taken = [("src/routes/files.rs".to_owned(), text.to_owned())].into();
        grade::intake::scan::scan(&taken).is_some()
    };
    assert!(escapes(r#"const A: &str = include_str!("../../../x");"#));
    assert!(escapes(r##"const A: &str = include_str!(r#"/etc/../etc/passwd"#);"##));
    assert!(escapes("#![cfg_attr(all(), path = \"../x.rs\")] mod x;"));
    assert!(!escapes(r#"const A: &str = include_str!("../../static/style.css");"#));
    assert!(!escapes("#![forbid(unsafe_code)] // unsafe\nconst A: &str = \"unsafe\";"));
}
