//! Folders of submissions as learning platforms and people make them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use grade::intake::uploads::Uploads;
use grade::verdict::SubmissionVerdict;

use crate::material::{completed, course, grade, place, write};
use crate::pack::{Form, packed};

/// Makes these files, each with something of a lesson in it if it is an archive.
fn make(folder: &Path, files: &[&str]) {
    let lesson = [("lessons/01-database/src/lib.rs".to_owned(), b"// mine".to_vec())].into();
    for file in files {
        let content = if file.ends_with(".zip") { packed(Form::Zip, &lesson) } else { b"// mine".to_vec() };
        place(folder, file, &content);
    }
}

fn find(paths: &[PathBuf], out: &Path) -> (Vec<String>, Vec<String>) {
    let uploads = Uploads::find(paths, &course(), None, out).unwrap();
    (uploads.all.into_iter().map(|upload| upload.name).collect(), uploads.left_out)
}

/// What is found in a folder with these files: submissions, and what is left out.
fn found(files: &[&str]) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), files);
    find(&[folder.path().to_owned()], Path::new("/nowhere"))
}

#[test]
fn with_the_flag_one_each_path_is_one_submission() {
    for files in
        [&["a.zip", "b.zip"][..], &["ann/lessons/05-crud/src/lib.rs", "bob.zip"], &["notes.txt"], &[]]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ann");
        fs::create_dir(&path).unwrap();
        make(&path, files);
        let uploads = Uploads::of_named(&[path.clone(), path.clone()], &course());
        let named: Vec<_> = uploads.all.iter().map(|upload| (upload.name.as_str(), &upload.path)).collect();
        assert_eq!((named, uploads.left_out.len()), (vec![("ann", &path)], 0), "{files:?}");
    }
}

#[test]
fn every_platforms_export_is_read_as_a_folder_of_submissions() {
    for (platform, files, submissions, left_out) in [
        (
            "Moodle, in folders",
            &[
                "Ann Lee_12345_assignsubmission_file_/course.zip",
                "Ann Lee_12345_assignsubmission_onlinetext_/onlinetext.html",
                "Zoë_12346_assignsubmission_file_/lessons/01-database/src/lib.rs",
            ][..],
            &["Ann Lee_12345_assignsubmission_file_", "Zoë_12346_assignsubmission_file_"][..],
            &["Ann Lee_12345_assignsubmission_onlinetext_"][..],
        ),
        (
            "Moodle, files alone",
            &["Ann Lee_12345_assignsubmission_file_course.zip"],
            &["Ann Lee_12345_assignsubmission_file_course"],
            &[],
        ),
        (
            "Canvas",
            &["leeann_12345_678_course.zip", "leezoe_LATE_12346_679_course-1.zip", "grades.csv"],
            &["leeann_12345_678_course", "leezoe_LATE_12346_679_course-1"],
            &["grades.csv"],
        ),
        (
            "Gradescope",
            &[
                "submission_1/lessons/01-database/src/lib.rs",
                "submission_2/course.zip",
                "submission_metadata.yml",
            ],
            &["submission_1", "submission_2"],
            &["submission_metadata.yml"],
        ),
        (
            "Blackboard",
            &["HW1_ann_attempt_2026-05-01-12-00-00.txt", "HW1_ann_attempt_2026-05-01-12-00-00_course.zip"],
            &["HW1_ann_attempt_2026-05-01-12-00-00_course"],
            &["HW1_ann_attempt_2026-05-01-12-00-00.txt"],
        ),
        (
            "Brightspace",
            &["123-456 - Ann Lee - May 1, 2026 1200 PM/course.zip", "index.html"],
            &["123-456 - Ann Lee - May 1, 2026 1200 PM"],
            &["index.html"],
        ),
        (
            "GitHub Classroom",
            &["homework-ann/lessons/01-database/src/lib.rs", "homework-zoe/README.md"],
            &["homework-ann", "homework-zoe"],
            &[],
        ),
        (
            "a person",
            &[
                "ann.zip",
                "bob/course-main/lessons/01-database/src/lib.rs",
                "eve.rar",
                "joe/x.rs",
                ".DS_Store",
                "__MACOSX/._ann.zip",
                "Zoe (conflicted copy).zip",
                "al.old/course.zip",
            ],
            &["Zoe (conflicted copy)", "al.old", "ann", "bob", "eve", "joe"],
            &[".DS_Store", "__MACOSX"],
        ),
    ] {
        let (names, others) = found(files);
        assert_eq!(names, submissions, "{platform}");
        assert_eq!(others, left_out, "{platform}");
    }
}

#[test]
fn a_copy_of_the_course_is_one_submission_and_a_student_called_lessons_is_another() {
    let is_one = |files: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ann");
        make(&path, files);
        find(&[path], Path::new("/nowhere")).0 == ["ann"]
    };
    assert!(is_one(&["lessons/01-database/src/lib.rs", "README.md"]));
    assert!(is_one(&["01-database/src/lib.rs", "05-crud/src/lib.rs"]));
    assert!(!is_one(&["lessons/lessons/01-database/src/lib.rs", "bob/lessons/01-database/src/lib.rs"]));
    assert!(!is_one(&["bob/01-database/src/lib.rs"]));
    // A class that is sorted by lessons is not a lesson.
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), &["05-crud/ann.zip", "05-crud/bob.zip"]);
    assert_eq!(find(&[folder.path().join("05-crud")], Path::new("/nowhere")).0, ["ann", "bob"]);
}

#[test]
fn submissions_with_the_same_name_get_different_names() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path();
    let files = [
        "ann/course.zip",
        "bob/course.zip",
        "x/eve.zip",
        "y/eve.zip",
        "y/eve/lessons/01-database/src/lib.rs",
        "Joe.zip",
        "joe.tar",
    ];
    make(all, &files);
    let paths = [
        "ann/course.zip",
        "bob/course.zip",
        "x/eve.zip",
        "y/eve.zip",
        "y/eve",
        "Joe.zip",
        "joe.tar",
        "ann/course.zip",
    ];
    let (names, _) = find(&paths.map(|path| all.join(path)), Path::new("/nowhere"));
    assert_eq!(names, ["ann", "bob", "x_eve.zip", "y_eve.zip", "eve", "Joe", "joe~2"]);
}

#[test]
fn the_folder_of_results_is_not_a_submission() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path();
    make(
        all,
        &["ann.zip", "verdicts/ann/verdict.json", "last week/bob/verdict.json", "last week/seeds.json"],
    );
    place(all, "last week/.lock", b"");
    place(all, "last week.key", b"");
    // A student can name files in a folder so, but put none beside it.
    make(all, &["eve/seeds.json", "eve/.lock", "eve/lessons/01-database/src/lib.rs"]);
    let (names, left_out) = find(&[all.to_owned()], &all.join("verdicts"));
    assert_eq!(names, ["ann", "eve"]);
    assert_eq!(left_out, ["last week", "last week.key"]);
}

#[test]
fn a_folder_that_resembles_a_lesson_gets_its_own_row() {
    for (files, submissions) in [
        (
            &["05-crud-12345/src/lib.rs", "ann/lessons/01-database/src/lib.rs"][..],
            &["05-crud-12345", "ann"][..],
        ),
        (&["05-crud-12345/src/lib.rs", "ann.zip"], &["05-crud-12345", "ann"]),
        (&["lessons/01-database/src/lib.rs", "ann/lessons/01-database/src/lib.rs"], &["ann", "lessons"]),
        // The others lie one folder deeper.
        (&["05-crud/src/lib.rs", "ann/my-course/lessons/05-crud/src/lib.rs"], &["05-crud", "ann"]),
        (&["lessons/05-crud/src/lib.rs", "ann_1_file_/work.zip"], &["ann_1_file_", "lessons"]),
        // One student's copies.
        (&["05-crud/src/lib.rs", "05-crud-2/src/lib.rs", "05-crud.zip"], &["all"]),
        (
            &["Cargo.toml", "lessons/01-database/src/lib.rs", "solutions/01-database/src/lib.rs", "old.zip"],
            &["all"],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let all = folder.path().join("all");
        make(&all, files);
        let (mut names, _) = find(&[all], Path::new("/nowhere"));
        names.sort();
        assert_eq!(names, submissions, "{files:?}");
    }
    // Accents are stored in two ways, and some characters cannot be seen.
    let (names, _) = found(&["Zoe\u{308}.zip", "Zo\u{eb}.zip", "ann\u{3164}.zip", "ann.zip"]);
    assert_eq!(names, ["Zoe\u{308}", "Zo\u{eb}~2", "ann", "ann_u{3164}"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_neighbor_is_a_submission() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), &["ann/lessons/01-database/src/lib.rs"]);
    std::os::unix::fs::symlink("ann", folder.path().join("bob")).unwrap();
    assert_eq!(find(&[folder.path().to_owned()], Path::new("/nowhere")).0, ["ann", "bob"]);
}

/// A class as it is: what can be graded is, and the rest is named in every format.
#[test]
fn an_unreadable_submission_does_not_affect_the_other_verdicts() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    let right = completed(&course, &course.lessons[0]);
    write(&all.join("ann/course-main"), &right);
    let files: BTreeMap<_, _> = right
        .iter()
        .map(|(path, text)| (path.to_str().unwrap().replace('\\', "/"), text.clone().into_bytes()))
        .collect();
    let zip = packed(Form::Zip, &files);
    place(&all, "Zoe_1_assignsubmission_file_/course.zip", &zip);
    place(&all, "cut.zip", &zip[..zip.len() / 2]);
    place(&all, "packed.rar", b"Rar!\x1a\x07\x01\0");
    place(&all, "essay/essay.pdf", b"%PDF");
    place(&all, "lib.rs", b"fn main() {}");
    place(&all, "gradebook.csv.zip", &zip);
    fs::create_dir_all(all.join("empty")).unwrap();
    let arguments = [
        all.to_str().unwrap(),
        "--lesson",
        "1",
        "--min-tier",
        "C",
        "--out",
        out.to_str().unwrap(),
        "--format",
        "junit,csv,summary",
    ];
    let output = grade(&arguments);
    assert_eq!(output.status.code(), Some(2), "they are graded, and some cannot be");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let table = fs::read_to_string(out.join("gradebook.csv")).unwrap();
    let summary = fs::read_to_string(out.join("summary.md")).unwrap();
    for (name, points, why) in [
        ("ann", 7, ""),
        ("Zoe_1_assignsubmission_file_", 7, ""),
        ("gradebook.csv~", 7, ""),
        ("cut", 0, "it is damaged or cut off"),
        ("packed", 0, "it is a RAR archive, which the grader does not open; hand in a .zip or .tar.gz file"),
        ("essay", 0, "it contains no lesson, only `essay.pdf`"),
        ("lib.rs", 0, "it is a single file; hand in a folder, or a .zip or .tar.gz file of it"),
        ("empty", 0, "it contains no lesson, only no file"),
    ] {
        let text = fs::read_to_string(out.join(name).join("verdict.json")).unwrap();
        let verdict: SubmissionVerdict = serde_json::from_str(&text).unwrap();
        assert_eq!((verdict.submission.as_str(), verdict.points), (name, points), "{name}");
        let gate = verdict.lessons[0].first_not_passed();
        let expected = if why.is_empty() { "PASS" } else { "UNREADABLE" };
        assert_eq!(gate.map_or("PASS", |gate| gate.verdict.name()), expected, "{name}");
        let junit = fs::read_to_string(out.join(name).join("junit.xml")).unwrap();
        for (format, text) in [("output", &said), ("csv", &table), ("summary", &summary), ("junit", &junit)] {
            let text = text.replace("&#96;", "`").replace("&#126;", "~");
            assert!(format == "junit" || text.contains(name), "{name} is not in {format}");
            assert!(text.contains(why), "{name}: {format} does not say why");
        }
    }
}
