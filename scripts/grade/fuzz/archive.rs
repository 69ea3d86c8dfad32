//! The reader of archives. The first byte decides what the file's name ends with.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use grade::intake::{Intake, Submission};
use kata::course::Course;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")).unwrap());
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|bytes: &[u8]| {
    let Some((first, archive)) = bytes.split_first() else { return };
    let ending = [".zip", ".tar", ".tar.gz", ""][usize::from(first % 4)];
    let path = FOLDER.path().join(format!("ann{ending}"));
    std::fs::write(&path, archive).unwrap();
    let submission = Submission::open(&path, &COURSE, None);
    if let Some(fault) = submission.fault() {
        assert!(!fault.sentence().contains(char::is_control));
    }
    for lesson in &COURSE.lessons {
        if let Intake::Unreadable(why) | Intake::Nothing(why) = submission.take(lesson) {
            assert!(!why.contains(char::is_control), "{why:?}");
        }
    }
    let lessons: Vec<_> = COURSE.lessons.iter().collect();
    submission.ignored(&COURSE.root, &lessons);
});
